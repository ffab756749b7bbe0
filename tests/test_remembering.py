"""What a session remembers: the listing it follows, the texts it keeps, and a memory that fails."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pectui.config import Flags, Places, load_settings
from pectui.domain.listing import Kept
from pectui.engine.listing import Listing
from pectui.engine.outcome import Finished
from pectui.engine.progress import SyncFinished, SyncOutcome
from pectui.errors import ConfigError, RefusedHereError, UnreachableError
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import Cache, Session, open_cache, open_session, system_clock
from tests.test_session import environment


class Desk:
    """A sandbox on loopback, and sessions that share one memory as programs on one machine do."""

    def __init__(self, app: SandboxApp, url: str, places: Places) -> None:
        self.app = app
        self.places = places
        self.url = url
        self._open: list[Session] = []

    async def session(self, *, offline: bool = False, keep_texts: bool = True) -> Session:
        environ = environment(self.url, PECTUI_PROFILE="sandbox")
        settings = load_settings(Flags(offline=offline), environ, self.places)
        assert settings.profile is not None
        settings = replace(settings, profile=replace(settings.profile, cache_bodies=keep_texts))
        session = await open_session(settings, environ=environ, places=self.places)
        self._open.append(session)
        return session

    async def close(self) -> None:
        for session in self._open:
            await session.aclose()

    def cache(self) -> Cache:
        profile = load_settings(Flags(), environment(self.url, PECTUI_PROFILE="sandbox"), self.places).profile
        assert profile is not None
        return open_cache(profile, self.places)

    async def kept(self) -> Kept:
        """What is on the disk, once everything that is open has written what it has to."""
        for session in self._open:
            await session.synced()
        return self.cache().kept()

    def count(self, path: str) -> int:
        return self.app.count("GET", path)


@pytest.fixture
def ids(request: pytest.FixtureRequest) -> dict[str, object]:
    return getattr(request, "param", {"first_uid": 1000})


@pytest.fixture
def app(ids: dict[str, object]) -> SandboxApp:
    options = Options(messages=60, **ids)  # type: ignore[arg-type]  # switches by their names
    return create_app(options, credentials=DEMO_CREDENTIALS, clock=system_clock)


@pytest.fixture
def url(app: SandboxApp) -> Iterator[str]:
    with ServerThread(app) as server:
        yield server.url


@pytest.fixture
async def desk(app: SandboxApp, url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(app, url, Places(tmp_path / "config" / "config.toml", tmp_path / "cache", tmp_path / "state"))
    yield desk
    await desk.close()


SHIFTING = pytest.mark.parametrize("ids", [{"ids": "sequence"}], indirect=True)


async def synced(session: Session, *, full: bool = False) -> SyncOutcome:
    events = [event async for event in session.sync(full=full)]
    assert isinstance(events[-1], SyncFinished)
    return events[-1].outcome


def held(listing: Listing) -> list[int]:
    return [header.id for header in listing.headers]


def there(desk: Desk) -> list[int]:
    ids = [desk.app.mailbox.id_of(mail) for mail in reversed(desk.app.mailbox.mails)]
    return [one for one in ids if one is not None]


class TestTheListing:
    async def test_is_there_for_the_next_program_and_offline(self, desk: Desk) -> None:
        await synced(await desk.session())
        for session in (await desk.session(), await desk.session(offline=True)):
            state = await session.synced()
            listing = await session.listing()
            assert (state.count, state.total, len(listing), listing.complete) == (60, 60, 60, True)
            assert [header.id for header in state.front[:25]] == [header.id for header in listing.page(1)]

    async def test_in_memory_follows_what_another_program_reads(self, desk: Desk) -> None:
        one, other = await desk.session(), await desk.session()
        await synced(one)
        assert len(await one.listing()) == 60
        desk.app.mailbox.deliver("nuovo")
        await synced(other)
        assert held(await one.listing()) == there(desk)

    async def test_loses_what_was_deleted_at_once_and_the_next_sync_costs_one_page(self, desk: Desk) -> None:
        session = await desk.session()
        await synced(session)
        page = await session.inbox().page(1)
        prepared = await session.prepare([page.messages[3]], known=page.messages)
        events = [event async for event in session.delete(prepared)]
        assert isinstance(events[-1], Finished)
        assert page.messages[3].id not in held(await session.listing())
        outcome = await synced(session)
        assert (outcome.pages, outcome.new, outcome.gone, outcome.agrees) == (1, 0, 0, True)
        assert held(await session.listing()) == there(desk)

    @SHIFTING
    async def test_is_right_again_after_a_deletion_that_moved_ids(self, desk: Desk) -> None:
        session = await desk.session()
        await synced(session)
        page = await session.inbox().page(2)
        prepared = await session.prepare([page.messages[3]], known=page.messages)
        assert [event async for event in session.delete(prepared)]
        await synced(session)
        assert held(await session.listing()) == there(desk)

    @SHIFTING
    async def test_does_not_change_what_an_id_was_shown_as(self, desk: Desk) -> None:
        """A sync in another program must not make `delete 40` mean another message than the one that was shown."""
        first = await desk.session()
        shown = (await first.inbox().page(1)).messages[20]
        await synced(first)
        assert desk.app.mailbox.delete(1)
        await synced(first)
        second = await desk.session()
        prepared = await second.prepare_ids([shown.id])
        for message in prepared.plan.messages:
            assert message.header.facts == shown.header.facts

    async def test_is_forgotten_when_asked(self, desk: Desk) -> None:
        session = await desk.session()
        await synced(session)
        assert (await desk.kept()).messages == 60
        assert desk.cache().clear().messages == 60
        assert (await desk.kept()).messages == 0
        assert len(await session.listing()) == 0
        assert (await synced(session)).new == 60


class TestTexts:
    async def test_are_read_offline_once_they_were_read(self, desk: Desk) -> None:
        online = await desk.session()
        await synced(online)
        message = (await online.inbox().page(1)).messages[0]
        reading = await online.read(message)
        assert reading.kept_at is None
        assert (await desk.kept()).texts == 1
        offline = await desk.session(offline=True)
        kept = await offline.read(message)
        assert (kept.text, kept.raw_body, kept.message) == (reading.text, reading.raw_body, message)
        assert kept.kept_at is not None
        assert (await offline.look_up(message.id)).text == reading.text

    async def test_that_were_never_read_are_not_there_offline(self, desk: Desk) -> None:
        online = await desk.session()
        await synced(online)
        message = (await online.inbox().page(1)).messages[0]
        offline = await desk.session(offline=True)
        with pytest.raises(UnreachableError, match="offline"):
            await offline.read(message)
        with pytest.raises(RefusedHereError):
            await offline.look_up(message.id)

    async def test_are_asked_for_once_where_ids_are_proven_stable(self, desk: Desk) -> None:
        session = await desk.session()
        await synced(session)
        message = (await session.inbox().page(1)).messages[0]
        first = await session.read(message)
        asked = desk.count(f"/inbox/{message.id}")
        second = await session.read(message)
        assert (asked, desk.count(f"/inbox/{message.id}")) == (1, 1)
        assert second.fingerprint == first.fingerprint

    @SHIFTING
    async def test_are_asked_for_again_where_ids_may_shift(self, desk: Desk) -> None:
        session = await desk.session()
        await synced(session)
        message = (await session.inbox().page(1)).messages[0]
        await session.read(message)
        await session.read(message)
        assert desk.count(f"/inbox/{message.id}") == 2

    @SHIFTING
    async def test_that_were_kept_are_gone_once_a_deletion_may_have_moved_their_ids(self, desk: Desk) -> None:
        session = await desk.session()
        await synced(session)
        page = await session.inbox().page(1)
        await session.read(page.messages[0])
        assert (await desk.kept()).texts == 1
        prepared = await session.prepare([page.messages[5]], known=page.messages)
        assert [event async for event in session.delete(prepared)]
        assert (await desk.kept()).texts == 0

    async def test_are_not_kept_where_the_profile_says_so(self, desk: Desk) -> None:
        session = await desk.session()
        message = (await session.inbox().page(1)).messages[0]
        await session.read(message)
        assert (await desk.kept()).texts == 1
        strict = await desk.session(keep_texts=False)
        assert (await desk.kept()).texts == 0, "what was kept before goes as well"
        await strict.read(message)
        assert (await desk.kept()).texts == 0


class TestOffline:
    async def test_nothing_is_read_from_the_service_or_deleted(self, desk: Desk) -> None:
        online = await desk.session()
        await synced(online)
        message = (await online.inbox().page(1)).messages[0]
        asked = len(desk.app.requests)
        offline = await desk.session(offline=True)
        with pytest.raises(RefusedHereError, match="not read"):
            offline.sync()
        with pytest.raises(RefusedHereError, match="Nothing was deleted"):
            await offline.prepare([message])
        with pytest.raises(RefusedHereError, match="Nothing was deleted"):
            await offline.prepare_ids([message.id])
        with pytest.raises(UnreachableError, match="offline"):
            await offline.quota()
        assert len(desk.app.requests) == asked


class TestAMemoryThatFails:
    async def test_is_told_once_and_a_sync_goes_on_without_it(self, desk: Desk) -> None:
        desk.places.cache.write_text("in the way")
        session = await desk.session()
        assert (await synced(session)).messages == 60
        desk.app.mailbox.deliver("nuovo")
        assert (await synced(session)).new == 1
        assert held(await session.listing()) == there(desk)
        assert len(session.warnings) == 1

    async def test_that_breaks_in_between_leaves_the_listing_that_was_known(self, desk: Desk) -> None:
        session = await desk.session()
        await synced(session)
        assert len(await session.listing()) == 60
        folder = next(path for path in desk.places.cache.iterdir() if path.is_dir())
        folder.rename(folder.with_name("elsewhere"))
        folder.write_text("in the way")
        desk.app.mailbox.deliver("nuovo")
        outcome = await synced(session)
        assert (outcome.new, outcome.pages) == (1, 1)
        assert held(await session.listing()) == there(desk)
        assert len(session.warnings) == 1

    async def test_leaves_no_id_that_means_an_earlier_message(self, desk: Desk) -> None:
        """What was shown last was not remembered: the ids that are remembered from before must not stand for it."""
        first = await desk.session()
        shown = (await first.inbox().page(1)).messages[0]
        await first.aclose()
        folder = next(path for path in desk.places.cache.iterdir() if path.is_dir())
        folder.rename(folder.with_name("elsewhere"))
        folder.write_text("in the way")
        second = await desk.session()
        await second.inbox().page(1)
        await second.aclose()
        folder.unlink()
        folder.with_name("elsewhere").rename(folder)

        third = await desk.session()
        with pytest.raises(RefusedHereError, match="Nothing was deleted"):
            third.delete(await third.prepare_ids([shown.id]))
        await third.inbox().page(1)
        prepared = await third.prepare_ids([shown.id])
        assert [one.header for one in prepared.plan.messages] == [shown.header]
        assert not prepared.forgotten

    async def test_is_cured_by_clearing_it(self, desk: Desk) -> None:
        mark = desk.cache()._mark
        mark.set()
        assert desk.cache()._mark.is_set
        desk.cache().clear()
        assert not mark.is_set


class TestASlowSecret:
    """A command may ask for a PIN before it gives the token."""

    async def test_does_not_hold_up_what_is_remembered(self, desk: Desk, tmp_path: Path) -> None:
        await synced(await desk.session())
        door = tmp_path / "door"
        os.mkfifo(door)
        environ = environment(desk.url, PECTUI_PROFILE="sandbox")
        token = environ.pop("PECTUI_TOKEN")
        settings = load_settings(Flags(), environ, desk.places)
        assert settings.profile is not None
        slow = replace(settings.profile, token_command=("cat", str(door)))
        session = await open_session(replace(settings, profile=slow), environ=environ, places=desk.places)
        assert (await session.synced()).count == 60
        waiting = asyncio.create_task(synced(session))
        assert len(await session.listing()) == 60
        assert not waiting.done()
        await asyncio.to_thread(door.write_text, token + "\n")
        assert (await waiting).agrees
        await session.aclose()

    async def test_that_is_nowhere_is_told_when_it_is_needed(self, desk: Desk) -> None:
        environ = environment(desk.url, PECTUI_PROFILE="sandbox")
        del environ["PECTUI_TOKEN"]
        settings = load_settings(Flags(), environ, desk.places)
        session = await open_session(settings, environ=environ, places=desk.places)
        with pytest.raises(ConfigError, match="token"):
            await synced(session)
        await session.aclose()
