"""The first reading of a whole mailbox, over real connections from a server that takes its time."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from pectui.config import Flags, Places, load_settings
from pectui.engine.progress import SyncFinished
from pectui.sandbox.app import Receive, SandboxApp, Scope, Send, create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import open_session, system_clock

PAGES = 30


class Watched:
    """The sandbox, a moment later; it knows how many questions were put to it at once."""

    def __init__(self) -> None:
        self.app: SandboxApp = create_app(Options(messages=25 * PAGES), clock=system_clock)
        self.most = 0
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._inside += 1
        self.most = max(self.most, self._inside)
        await asyncio.sleep(0.01)
        # Left before the answer is out: whoever has read it may ask the next question.
        self._inside -= 1
        await self.app(scope, receive, send)


@pytest.mark.parametrize("concurrency", [1, 3, 4])
async def test_each_page_is_asked_for_once_and_as_many_at_once_as_the_profile_says(
    concurrency: int, tmp_path: Path
) -> None:
    places = Places(tmp_path / "config.toml", tmp_path / "cache", tmp_path / "state")
    watched = Watched()
    with ServerThread(watched) as server:
        places.config_file.write_text(
            f'[profiles.slow]\nenvironment = "sandbox"\nbase_url = "{server.url}"\n'
            f'username = "{DEMO_CREDENTIALS.username}"\nconcurrency = {concurrency}\n'
        )
        environ = {"PECTUI_TOKEN": DEMO_CREDENTIALS.token, "PECTUI_PASSWORD": DEMO_CREDENTIALS.password}
        settings = load_settings(Flags(profile="slow"), environ, places)
        session = await open_session(settings, environ=environ, places=places)
        events = [event async for event in session.sync()]
        await session.aclose()
    assert isinstance(events[-1], SyncFinished)
    assert (events[-1].outcome.messages, events[-1].outcome.agrees) == (25 * PAGES, True)
    assert watched.most == concurrency
    pages = Counter(watched.app.targets)
    assert len(pages) == PAGES
    assert set(pages.values()) == {1}
