"""Keys that arrive together: typed fast, sent in one piece by a slow line, or pasted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events

from pectui.engine.prepare import Prepared
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from pectui.tui.screens.delete import DeleteScreen
from pectui.tui.screens.help import HelpScreen
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.leave import LeaveScreen
from tests.terminal import PECTUI, Terminal, clean_environment
from tests.tui.stage import Stage, eventually, playing, settled

MESSAGES = 60


@pytest.fixture
def sandbox() -> SandboxApp:
    return create_app(Options(messages=MESSAGES), clock=system_clock)


@pytest.fixture
def terminal(sandbox: SandboxApp, tmp_path: Path) -> Iterator[Terminal]:
    """The program on a mailbox of its own, all of it read."""
    with ServerThread(sandbox) as server:
        environment = clean_environment(
            tmp_path,
            PECTUI_TOKEN=DEMO_CREDENTIALS.token,
            PECTUI_USERNAME=DEMO_CREDENTIALS.username,
            PECTUI_PASSWORD=DEMO_CREDENTIALS.password,
            PECTUI_BASE_URL=server.url,
        )
        with Terminal(PECTUI, environment) as terminal:
            terminal.wait_for("synced ")
            terminal.settle()
            yield terminal


def press_at_once(stage: Stage, *keys: str) -> None:
    """Presses `keys` before the program gets to any of them."""
    for key in keys:
        stage.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def burst(stage: Stage, *keys: str) -> None:
    """The same, and waits until everything that follows has happened."""
    assert stage.pilot is not None
    press_at_once(stage, *keys)
    await settled(stage.pilot)


def leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.wait() == 0


class TestAnswers:
    """The first key decides, and the program goes on."""

    @pytest.mark.parametrize(("keys", "deleted"), [("yj", 1), ("yy", 1), ("nn", 0), ("ny", 0), ("jy", 0)])
    def test_the_delete_dialog(
        self, terminal: Terminal, sandbox: SandboxApp, keys: str, deleted: int
    ) -> None:
        terminal.press("d")
        terminal.wait_for("any other key no")
        terminal.settle()
        terminal.press(keys)
        terminal.wait_for("Deleted" if deleted else "Nothing was deleted")
        terminal.settle()
        assert sandbox.count("DELETE") == deleted
        assert len(sandbox.mailbox.mails) == MESSAGES - deleted
        leave(terminal)

    @pytest.mark.parametrize("keys", ["nn", "ny", "jy"])
    async def test_leaving_while_a_deletion_runs(self, keys: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press("d")
            stage.hold("delete")
            assert stage.pilot is not None
            await stage.pilot.press("y")
            await stage.asked()
            await stage.pilot.press("q")
            await eventually(lambda: isinstance(stage.app.screen, LeaveScreen))
            press_at_once(stage, *keys)
            await stage.pilot.pause()
            await eventually(lambda: isinstance(stage.app.screen, InboxScreen))
            assert stage.waiting
            stage.release()
            await settled(stage.pilot)
            assert isinstance(stage.app.screen, InboxScreen)
            assert stage.app.is_running
            assert stage.sandbox.count("DELETE") == 1

    async def test_the_help(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("question_mark")
            assert isinstance(stage.app.screen, HelpScreen)
            await burst(stage, "escape", "escape")
            assert isinstance(stage.app.screen, InboxScreen)

    async def test_what_was_pressed_before_the_question_is_no_answer_to_it(self) -> None:
        async with playing(Stage()) as stage:
            early = events.Key("y", "y")
            await stage.press("d")
            assert isinstance(stage.app.screen, DeleteScreen)
            stage.app.post_message(early)
            assert stage.pilot is not None
            await settled(stage.pilot)
            assert isinstance(stage.app.screen, DeleteScreen)
            await burst(stage, "n", "y")
            assert stage.sandbox.count("DELETE") == 0


class TestSearching:
    """What follows the `/` is typed, never done."""

    @pytest.mark.parametrize("word", ["quota", "TARI", "delib", "n p,w:?'/", "città"])
    def test_every_key_behind_the_slash_goes_into_the_line(
        self, terminal: Terminal, sandbox: SandboxApp, word: str
    ) -> None:
        asked = len(sandbox.requests)
        terminal.press(f"/{word}")
        terminal.wait_for(f"filter: {word}")
        terminal.wait_for(lambda text: f"Search / {word}" in " ".join(text.split()))
        terminal.settle()
        assert ("GET", "/inbox") not in sandbox.requests[asked:]
        terminal.press("\x1b")
        terminal.wait_for("page 1/3")
        leave(terminal)

    def test_enter_and_backspace_too(self, terminal: Terminal, sandbox: SandboxApp) -> None:
        terminal.press("/tarx\x7fi\r")
        terminal.wait_for("search: tari")
        terminal.settle()
        leave(terminal)

    async def test_keys_before_the_slash_are_done_first(self) -> None:
        async with playing(Stage()) as stage:
            below = stage.inbox.list.rows[2].key
            await burst(stage, "j", "j", "slash", "o", "r", "d")
            assert stage.inbox.search.filter == "ord"
            await stage.press("escape")
            assert stage.inbox.cursor_key == below

    async def test_so_it_is_when_the_line_is_there_already(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("slash", "o", "tab")
            assert stage.inbox.list.has_focus
            await burst(stage, "slash", "r", "d")
            assert stage.inbox.search.filter == "ord"


class TestWhatEnterOffers:
    """The footer of the line one types into."""

    @pytest.mark.parametrize("offline", [True, False])
    async def test_the_service_is_offered_only_where_it_can_be_asked(self, offline: bool) -> None:
        stage = Stage(offline=offline, faults=[] if offline else ["reset-before"])
        await stage.remember()
        async with playing(stage, (120, 40)) as stage:
            await stage.press("slash", "o")
            assert "ask the service" not in stage.lines()[-1]
            await stage.press("enter")
            assert "nothing can be searched there now" in stage.text()
            if not offline:
                stage.fault()
                await stage.press("escape", "escape", "r", "slash", "o")
                assert "Enter ask the service" in stage.lines()[-1]


class TestAMessageThatMoved:
    """Its old id is not another message."""

    async def prepared(self, stage: Stage) -> Prepared:
        await stage.press("j", "j")
        stage.sandbox.mailbox.delete(1)
        await stage.press("d")
        assert isinstance(stage.app.screen, DeleteScreen)
        return stage.app.screen.prepared

    async def test_it_is_not_called_its_own_twin(self) -> None:
        async with playing(Stage(ids="sequence"), (120, 40)) as stage:
            assert any("has moved" in warning for warning in (await self.prepared(stage)).warnings)
            assert "has moved" in stage.text()
            assert "looks just like this one" not in stage.text()
