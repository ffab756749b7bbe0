"""The first reading of a whole mailbox, over real connections from a server that answers when it is told to."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from pectui.config import Flags, Places, load_settings
from pectui.engine.progress import SyncFinished, SyncOutcome
from pectui.sandbox.app import create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import Session, open_session, system_clock
from tests.gate import Gate

PAGES = 30


async def read(session: Session) -> SyncOutcome:
    events = [event async for event in session.sync()]
    assert isinstance(events[-1], SyncFinished)
    return events[-1].outcome


@pytest.mark.parametrize("concurrency", [1, 3, 4])
async def test_each_page_is_asked_for_once_and_as_many_at_once_as_the_profile_says(
    concurrency: int, tmp_path: Path
) -> None:
    places = Places(tmp_path / "config.toml", tmp_path / "cache", tmp_path / "state")
    app = create_app(Options(messages=25 * PAGES), clock=system_clock)
    gate = Gate(app)
    gate.hold("inbox", after=1)
    with ServerThread(gate) as server:
        places.config_file.write_text(
            f'[profiles.slow]\nenvironment = "sandbox"\nbase_url = "{server.url}"\n'
            f'username = "{DEMO_CREDENTIALS.username}"\nconcurrency = {concurrency}\n'
        )
        environ = {"PECTUI_TOKEN": DEMO_CREDENTIALS.token, "PECTUI_PASSWORD": DEMO_CREDENTIALS.password}
        settings = load_settings(Flags(profile="slow"), environ, places)
        session = await open_session(settings, environ=environ, places=places)
        reading = asyncio.create_task(read(session))
        for answered in range(1, PAGES):
            await gate.holds(min(concurrency, PAGES - answered))
            await asyncio.sleep(0.01)
            assert gate.waiting <= concurrency, "one more has come while none was answered"
            gate.release(1)
        outcome = await reading
        await session.aclose()
    assert (outcome.messages, outcome.agrees) == (25 * PAGES, True)
    pages = Counter(app.targets)
    assert len(pages) == PAGES
    assert set(pages.values()) == {1}
