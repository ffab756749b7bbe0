"""Sending from a mailbox that was opened from settings and secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pectui.config import Flags, Places, load_settings
from pectui.domain.outgoing import Outgoing
from pectui.engine.send_events import Finished, Known, SendState
from pectui.errors import ConfigError, RefusedHereError
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import Session, open_session, system_clock
from tests.test_session import environment

MESSAGE = Outgoing(("mario@pec.example",), "Avviso", "Testo")


@pytest.fixture
def app() -> SandboxApp:
    return create_app(Options(messages=3), credentials=DEMO_CREDENTIALS, clock=system_clock)


@pytest.fixture
def url(app: SandboxApp) -> Iterator[str]:
    with ServerThread(app) as server:
        yield server.url


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config" / "config.toml", tmp_path / "cache", tmp_path / "state")


async def opened(environ: dict[str, str], places: Places, **flags: object) -> Session:
    settings = load_settings(Flags(**flags), environ, places)  # type: ignore[arg-type]
    return await open_session(settings, environ=environ, places=places)


async def sent(session: Session, *messages: Outgoing) -> Finished:
    events = [event async for event in session.sendings.send(messages, {})]
    assert isinstance(events[-1], Finished)
    return events[-1]


class TestSending:
    async def test_what_went_out_is_known_to_the_next_program(
        self, url: str, app: SandboxApp, places: Places
    ) -> None:
        session = await opened(environment(url), places)
        assert (await sent(session, MESSAGE)).outcome.complete
        await session.aclose()
        later = await opened(environment(url), places)
        before = await later.sendings.standing(MESSAGE.digest)
        assert before is not None
        assert (before.state, before.code) == (SendState.SENT, app.mailbox.sent[0].code)
        assert later.sendings.book.recipients_since(before.at) == 1
        await later.aclose()

    async def test_another_profile_of_the_same_mailbox_knows_it_too(
        self, url: str, app: SandboxApp, places: Places
    ) -> None:
        session = await opened(environment(url), places)
        await sent(session, MESSAGE)
        await session.aclose()
        other = await opened(environment(url, PECTUI_PROFILE="sandbox"), places)
        events = [event async for event in other.sendings.send([MESSAGE], {})]
        assert any(isinstance(event, Known) for event in events)
        assert len(app.mailbox.sent) == 1
        await other.aclose()

    async def test_what_nobody_heard_of_is_settled_by_the_inbox(
        self, url: str, app: SandboxApp, places: Places
    ) -> None:
        app.set_faults(parse_fault("send:reset-after"))
        session = await opened(environment(url), places)
        assert (await sent(session, MESSAGE)).outcome.unknown == 1
        app.set_faults()
        assert [one.code for one in await session.sendings.settle()] == [app.mailbox.sent[0].code]
        assert (await sent(session, MESSAGE)).outcome.complete
        assert len(app.mailbox.sent) == 1
        await session.aclose()

    async def test_a_secret_that_is_nowhere_leaves_a_message_pending(
        self, url: str, app: SandboxApp, places: Places
    ) -> None:
        environ = environment(url, PECTUI_PROFILE="production")
        del environ["PECTUI_PASSWORD"]
        session = await opened(environ, places)
        outcome = (await sent(session, MESSAGE)).outcome
        assert (outcome.pending, outcome.unknown) == (1, 0)
        assert isinstance(outcome.stopped_by, ConfigError)
        await session.aclose()
        assert not app.requests

    async def test_a_read_only_profile_sends_nothing(self, url: str, app: SandboxApp, places: Places) -> None:
        session = await opened(environment(url), places, read_only=True)
        with pytest.raises(RefusedHereError, match="read-only"):
            session.sendings.send([MESSAGE], {})
        assert not app.requests
        await session.aclose()

    async def test_nothing_is_sent_from_a_user_name_that_is_no_address(
        self, url: str, app: SandboxApp, places: Places
    ) -> None:
        environ = environment(url)
        del environ["PECTUI_SENDER"]
        session = await opened(environ, places)
        with pytest.raises(ConfigError, match="no sender"):
            session.sendings.send([MESSAGE], {})
        await session.aclose()

    async def test_the_demo_sends_to_its_own_sandbox_and_leaves_nothing(self, places: Places) -> None:
        session = await opened({}, places, demo=True)
        assert (await sent(session, MESSAGE)).outcome.complete
        assert (await session.sendings.standing(MESSAGE.digest)) is not None
        assert not places.state.exists()
        await session.aclose()
