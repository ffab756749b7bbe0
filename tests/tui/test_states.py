"""What the screen says when things are not as they should be, in every size."""

from __future__ import annotations

import pytest

from pectui.errors import ConfigError
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.welcome import WelcomeScreen
from tests.tui.stage import Stage, eventually, playing, settled

SIZES = ((20, 5), (40, 12), (80, 24), (100, 16), (120, 40), (200, 60))


class TestTheFirstPageFails:
    """What happened, why, what to do; `r` tries again."""

    @pytest.mark.parametrize(
        "fault", ["401", "402", "403", "429=1", "500", "502", "html", "truncated", "not-success", "empty", "odd-data",
                  "reset-before", "reset-after", "reset-during"]
    )  # fmt: skip
    async def test_it_is_told_in_place_and_the_screen_stays_usable(self, fault: str) -> None:
        async with playing(Stage(faults=[fault])) as stage:
            assert "r  try again" in stage.text()
            assert "the mailbox could not be read" in stage.lines()[-2]
            await stage.press("j", "d", "n", "slash", "v", "y", "tab", "escape")
            stage.fault()
            await stage.press("r")
            assert " page 1/3 · 60 messages" in stage.lines()[-2]
            assert len(stage.inbox.list.rows) == 25

    async def test_a_missing_secret_is_told_with_its_hint(self) -> None:
        stage = Stage()
        stage.setup_error = ConfigError("There is no token", "PECTUI_TOKEN is not set", "Set PECTUI_TOKEN.")
        async with playing(stage) as stage:
            assert "There is no token" in stage.text()
            assert "Set PECTUI_TOKEN." in stage.text()
            assert "DEMO" in stage.lines()[0]


class TestLaterFailures:
    """What was read stays."""

    async def test_a_sync_that_fails(self) -> None:
        async with playing(Stage(messages=100)) as stage:
            await stage.press("n")
            stage.fault("inbox:500")
            await stage.press("r")
            notice = stage.inbox.notices.notice
            assert notice is not None
            assert stage.lines()[-2].startswith(" page 2/4 · 100 messages · ~ from memory, under 1 min old")
            stage.fault()
            await stage.press("escape", "r")
            assert stage.inbox.notices.notice is None
            assert stage.lines()[-2].startswith(" page 2/4 · 100 messages · synced 14:05")

    async def test_a_text_that_can_not_be_read_is_told_in_its_place(self) -> None:
        async with playing(Stage()) as stage:
            stage.fault("message:500")
            await stage.press("j")
            assert stage.inbox.preview.shot.problem
            assert stage.inbox.notices.notice is None
            stage.fault()
            await stage.press("k", "j")
            assert stage.inbox.preview.shot.reading is not None

    async def test_a_quota_that_can_not_be_read_is_a_question_mark(self) -> None:
        async with playing(Stage(faults=["quota:500"])) as stage:
            assert "quota ?" in stage.lines()[0]
            assert len(stage.inbox.list.rows) == 25

    async def test_an_unknown_limit_divides_nothing(self) -> None:
        async with playing(Stage(faults=["quota:nulls"])) as stage:
            assert "quota ?" in stage.lines()[0]

    async def test_an_error_of_our_own_is_told_and_the_screen_stays(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with playing(Stage()) as stage:

            async def broken() -> None:
                raise KeyError("secret-token")

            stage.app.begin(stage.inbox, broken, group="test")
            assert stage.pilot is not None
            await settled(stage.pilot)
            assert "Something went wrong inside pectui" in stage.text()
            assert "secret-token" not in stage.text()
            assert "An unexpected error" in caplog.text
            await stage.press("j")
            assert stage.inbox.list.cursor == 1


class TestTheEnd:
    """An error of the screen's own ends it with one sentence: a traceback would show local variables."""

    async def test_no_variable_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        stage = Stage()

        def broken() -> None:
            password = "pa55word"
            raise RuntimeError(password)

        async def play() -> None:
            async with playing(stage):
                stage.app.call_later(broken)
                assert stage.pilot is not None
                await stage.pilot.pause()

        with pytest.raises(RuntimeError):
            await play()
        told = capsys.readouterr()
        assert "the screen ended by an error of its own (RuntimeError)" in " ".join(told.err.split())
        assert "pa55word" not in told.err + told.out
        assert stage.app.return_code == 1


class TestEmptiness:
    """Nothing to show is said, not shown as nothing."""

    async def test_an_empty_mailbox(self) -> None:
        async with playing(Stage(messages=0)) as stage:
            assert "The mailbox is empty" in stage.text()
            assert " 0 messages" in stage.lines()[-2]
            await stage.press("j", "k", "G", "n", "p", "enter", "d", "v", "y", "r", "R")
            assert stage.app.is_running

    async def test_mail_that_comes_into_an_empty_mailbox(self) -> None:
        async with playing(Stage(messages=0)) as stage:
            stage.sandbox.mailbox.deliver("CONSEGNA: primo", "x")
            await stage.press("r")
            assert stage.subjects() == ["primo"]
            assert " page 1/1 · 1 message " in stage.lines()[-2]
            assert "primo" in stage.inbox.preview.lines[1][1].text

    async def test_a_message_without_anything(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver("", "", sender="", recipient="", date="")
        async with playing(stage) as stage:
            assert "(no subject)" in stage.text()
            assert "(no text)" in stage.text()


class TestWelcome:
    """Nothing is set up."""

    async def test_it_says_what_to_set_and_d_opens_the_demo(self) -> None:
        stage = Stage(profile=None)
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await eventually(lambda: "q leave" in stage.text())
            assert isinstance(stage.app.screen, WelcomeScreen)
            for told in ("PECTUI_TOKEN", "PECTUI_USERNAME", "PECTUI_PASSWORD", "d open the demo", "q leave"):
                assert told in stage.text()
            await pilot.press("d")
            await settled(pilot)
            assert isinstance(stage.app.screen, InboxScreen)
            assert " page 1/3" in stage.lines()[-2]

    async def test_q_leaves(self) -> None:
        stage = Stage(profile=None)
        async with stage.app.run_test() as pilot:
            await pilot.press("q")
            assert stage.app._exit


class TestSizes:
    """From 40x12 up everything works; below that nothing breaks."""

    @pytest.mark.parametrize("size", [(20, 5), (40, 12), (80, 24), (200, 60)])
    async def test_every_key_works_in_every_size(self, size: tuple[int, int]) -> None:
        async with playing(Stage(), size) as stage:
            for key in ("j", "n", "p", "enter", "v", "j", "escape", "tab", "tab", "question_mark", "escape", "d",
                        "escape", "slash", "t", "escape", "r", "y", "colon", "escape"):  # fmt: skip
                await stage.press(key)
            assert len(stage.lines()) == size[1]
            assert stage.inbox.list.rows

    async def test_resizing_keeps_cursor_and_badge(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("G", "k")
            there = stage.under_cursor()
            assert stage.pilot is not None
            for size in (*SIZES, *reversed(SIZES)):
                await stage.pilot.resize_terminal(*size)
                await settled(stage.pilot)
                assert stage.under_cursor() == there
                assert stage.lines()[0].startswith(" DEMO ")
                listed = stage.inbox.list
                assert listed.top <= listed.cursor < listed.top + max(1, listed.lines_in_sight)

    async def test_the_preview_stands_beside_from_100_columns(self) -> None:
        async with playing(Stage(), (100, 24)) as stage:
            assert stage.inbox.preview.region.y == stage.inbox.list.region.y
            assert stage.pilot is not None
            await stage.pilot.resize_terminal(99, 24)
            await eventually(lambda: stage.inbox.preview.region.y > stage.inbox.list.region.y)

    async def test_in_low_terminals_enter_opens_the_text(self) -> None:
        async with playing(Stage(), (80, 12)) as stage:
            assert not stage.inbox.preview.display
            await stage.press("enter")
            assert stage.inbox.preview.display
            assert "From" in stage.text()
            await stage.press("escape")
            assert not stage.inbox.preview.display

    async def test_a_text_that_has_the_focus_loses_it_when_it_vanishes(self) -> None:
        async with playing(Stage(), (80, 24)) as stage:
            await stage.press("tab")
            assert stage.pilot is not None
            await stage.pilot.resize_terminal(80, 12)
            await settled(stage.pilot)
            await stage.press("j")
            assert stage.inbox.list.has_focus
            assert stage.inbox.list.cursor == 1
