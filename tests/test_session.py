"""A mailbox opened from settings and secrets, against the embedded sandbox on loopback and in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stamina

from pectui.config import Flags, Places, load_settings
from pectui.domain.fingerprint import key_of
from pectui.engine.outcome import DeleteOutcome, Finished
from pectui.engine.prepare import Prepared
from pectui.errors import ConfigError, NotFoundError, RefusedError, RefusedHereError, UnreachableError
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import Session, open_session, system_clock

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def app() -> SandboxApp:
    return create_app(Options(messages=60, ids="sequence"), credentials=DEMO_CREDENTIALS, clock=system_clock)


@pytest.fixture
def url(app: SandboxApp) -> Iterator[str]:
    with ServerThread(app) as server:
        yield server.url


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config" / "config.toml", tmp_path / "cache", tmp_path / "state")


def environment(url: str, **more: str) -> dict[str, str]:
    return {
        "PECTUI_TOKEN": DEMO_CREDENTIALS.token,
        "PECTUI_USERNAME": DEMO_CREDENTIALS.username,
        "PECTUI_PASSWORD": DEMO_CREDENTIALS.password,
        "PECTUI_SENDER": DEMO_ADDRESS,
        "PECTUI_BASE_URL": url,
        **more,
    }


async def opened(environ: dict[str, str], places: Places, flags: Flags | None = None) -> Session:
    settings = load_settings(flags or Flags(), environ, places)
    return await open_session(settings, environ=environ, places=places)


@pytest.fixture
async def session(url: str, places: Places) -> AsyncIterator[Session]:
    session = await opened(environment(url), places)
    yield session
    await session.aclose()


async def carried_out(session: Session, prepared: Prepared) -> DeleteOutcome:
    events = [event async for event in session.delete(prepared)]
    assert isinstance(events[-1], Finished)
    return events[-1].outcome


class TestTheMainJob:
    """List, read, delete, see the quota, over a real socket."""

    async def test_list_read_and_quota(self, session: Session) -> None:
        page = await session.inbox().page(1)
        assert (page.total, page.pages, len(page.messages)) == (60, 3, 25)
        reading = await session.read(page.messages[0])
        assert (reading.message, reading.moved) == (page.messages[0], False)
        quota = await session.quota()
        assert quota.limit_bytes == 1024**3
        assert quota.percent is not None

    async def test_delete_what_is_on_the_page(self, session: Session, app: SandboxApp) -> None:
        page = await session.inbox().page(1)
        chosen = page.messages[3]
        prepared = await session.prepare([chosen], known=page.messages)
        outcome = await carried_out(session, prepared)
        assert (outcome.deleted, len(app.mailbox.mails)) == ((chosen.id,), 59)
        assert outcome.job is not None

    async def test_an_address_is_known_for_the_header_line(self, session: Session) -> None:
        assert session.address == DEMO_ADDRESS


class TestIdsOnTheCommandLine:
    """An id means the message that the last listing showed under it, also from another process."""

    async def test_a_listed_id_is_followed_when_ids_shift(
        self, app: SandboxApp, url: str, places: Places
    ) -> None:
        first = await opened(environment(url), places)
        page = await first.inbox().page(1)
        await first.aclose()
        chosen = page.messages[0]
        subject, uid = chosen.header.subject, app.mailbox.mails[chosen.id - 1].uid
        assert app.mailbox.delete(1), "another client deletes the oldest one: all ids shift"

        second = await opened(environment(url), places)
        prepared = await second.prepare_ids([chosen.id])
        outcome = await carried_out(second, prepared)
        await second.aclose()
        assert outcome.deleted == (chosen.id,)
        assert prepared.plan.messages[0].header.subject == subject
        assert uid not in {mail.uid for mail in app.mailbox.mails}
        assert len(app.mailbox.mails) == 58

    @pytest.mark.parametrize("twin", [False, True])
    async def test_the_same_id_twice_deletes_one_message(
        self, app: SandboxApp, url: str, places: Places, twin: bool
    ) -> None:
        """After the first deletion the id holds the next message, which nobody chose."""
        listing = await opened(environment(url), places)
        messages = (await listing.inbox().page(1)).messages
        await listing.aclose()
        often = Counter(key_of(message) for message in messages)
        message_id = next(one.id for one in messages if (often[key_of(one)] > 1) == twin)
        outcomes = []
        for _ in range(2):
            session = await opened(environment(url), places)
            outcomes.append(await carried_out(session, await session.prepare_ids([message_id])))
            await session.aclose()
        assert outcomes[0].deleted == (message_id,)
        assert outcomes[1].deleted == ()
        assert [item.id for item in outcomes[1].refused] == ([message_id] if twin else [])
        assert len(app.mailbox.mails) == 59

    async def test_what_was_never_listed_is_looked_up(self, session: Session) -> None:
        prepared = await session.prepare_ids([7])
        assert [message.id for message in prepared.plan.messages] == [7]

    async def test_what_does_not_exist_is_gone(self, session: Session) -> None:
        prepared = await session.prepare_ids([100_000])
        assert (prepared.already_gone, prepared.targets) == ((100_000,), ())

    async def test_look_up_tells_if_the_id_holds_another_message_now(
        self, session: Session, app: SandboxApp
    ) -> None:
        page = await session.inbox().page(1)
        message_id = page.messages[5].id
        assert not (await session.look_up(message_id)).moved
        assert app.mailbox.delete(1)
        assert (await session.look_up(message_id)).moved

    async def test_what_was_shown_last_is_what_the_id_means(
        self, app: SandboxApp, url: str, places: Places
    ) -> None:
        first = await opened(environment(url), places)
        message_id = (await first.inbox().page(1)).messages[10].id
        assert app.mailbox.delete(1)
        shown = await first.look_up(message_id)
        await first.aclose()
        second = await opened(environment(url), places)
        prepared = await second.prepare_ids([message_id])
        await second.aclose()
        for message in prepared.plan.messages:
            assert message.header == shown.message.header

    async def test_the_state_folder_is_closed_to_others(self, session: Session, places: Places) -> None:
        await carried_out(session, await session.prepare_ids([7]))
        folders = [places.state, places.state / "jobs"]
        assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]

    async def test_looking_up_what_is_not_there(self, session: Session) -> None:
        with pytest.raises(NotFoundError):
            await session.look_up(100_000)


class TestRefusing:
    """What must not be done is not even begun."""

    async def test_a_read_only_profile_deletes_nothing(
        self, url: str, places: Places, app: SandboxApp
    ) -> None:
        session = await opened(environment(url), places, Flags(read_only=True))
        prepared = await session.prepare_ids([3])
        with pytest.raises(RefusedHereError, match="Nothing was deleted"):
            session.delete(prepared)
        await session.aclose()
        assert len(app.mailbox.mails) == 60

    async def test_without_a_profile_there_is_a_way_to_go_on(self, places: Places) -> None:
        with pytest.raises(ConfigError) as caught:
            await opened({}, places)
        assert "pectui demo" in caught.value.hint

    async def test_wrong_credentials(self, url: str, places: Places) -> None:
        session = await opened(environment(url, PECTUI_PASSWORD="wrong"), places)
        with pytest.raises(RefusedError) as caught:
            await session.inbox().page(1)
        assert caught.value.exit_code == 77
        await session.aclose()

    async def test_nobody_there(self, places: Places) -> None:
        with stamina.set_testing(True):
            session = await opened(environment("http://127.0.0.1:9"), places)
            with pytest.raises(UnreachableError):
                await session.quota()
            await session.aclose()


class TestAMemoryThatFails:
    """Without a memory pectui goes on, and says so once."""

    async def test_an_id_whose_listing_can_not_be_read_any_more_deletes_nothing(
        self, app: SandboxApp, url: str, places: Places
    ) -> None:
        listing = await opened(environment(url), places)
        message_id = (await listing.inbox().page(1)).messages[0].id
        await listing.aclose()
        tables = [path for path in places.cache.rglob("*.json") if path.name != "meta.json"]
        assert tables
        for path in tables:
            path.write_text(path.read_text()[:-20])
        assert app.mailbox.delete(1)
        for _ in range(2):  # the second time the broken file is set aside already
            session = await opened(environment(url), places)
            prepared = await session.prepare_ids([message_id])
            with pytest.raises(RefusedHereError, match="Nothing was deleted"):
                session.delete(prepared)
            await session.aclose()
        assert len(app.mailbox.mails) == 59

    async def test_a_file_where_the_folder_should_be(self, url: str, places: Places) -> None:
        places.cache.write_text("in the way")
        session = await opened(environment(url), places)
        await session.inbox().page(1)
        page = await session.inbox().page(2)
        await session.look_up(page.messages[0].id)
        await session.aclose()
        assert len(session.warnings) == 1
        assert "without remembering" in session.warnings[0]


class TestTheDemo:
    """In this process, without a network, a disk or a secret."""

    async def test_it_leaves_nothing_behind(self, places: Places, tmp_path: Path) -> None:
        session = await opened({}, places, Flags(demo=True))
        page = await session.inbox().page(1)
        outcome = await carried_out(session, await session.prepare([page.messages[0]]))
        await session.aclose()
        assert len(outcome.deleted) == 1
        assert outcome.job is None
        assert list(tmp_path.iterdir()) == []

    async def test_it_is_as_large_as_asked(self, places: Places) -> None:
        settings = load_settings(Flags(demo=True), {}, places)
        session = await open_session(replace(settings, demo_messages=40), environ={}, places=places)
        assert (await session.inbox().page(1)).total == 40
        await session.aclose()
