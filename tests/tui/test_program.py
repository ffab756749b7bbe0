"""The program around the inbox: keys that work everywhere, keys of one's own, badges, leaving."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from pectui.tui.screens.help import HelpScreen
from pectui.tui.screens.inbox import InboxScreen
from tests.tui.stage import NOW, PRODUCTION, Stage, eventually, playing


class TestProgramKeys:
    """? : Ctrl-P · Ctrl-C · q Ctrl-Q."""

    async def test_help_lists_every_key_that_works(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("question_mark")
            assert isinstance(stage.app.screen, HelpScreen)
            text = stage.text()
            for key in (
                "j ↓",
                "k ↑",
                "g Home",
                "G End",
                "Ctrl-D",
                "Ctrl-U",
                "PgDn",
                "PgUp",
                "n →",
                "p ←",
                "Tab",
            ):
                assert f" {key} " in text, key
            for key in (
                "Enter",
                "Esc",
                "d",
                "/",
                "w",
                "r",
                "R",
                "v",
                "y",
                "q",
                "?",
                ": Ctrl-P",
                "Ctrl-C",
                "Ctrl-Q",
            ):
                assert f" {key} " in text, key

    @pytest.mark.parametrize("key", ["escape", "q", "enter", "question_mark"])
    async def test_help_closes(self, key: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press("question_mark", key)
            assert isinstance(stage.app.screen, InboxScreen)

    async def test_help_scrolls_where_it_is_longer_than_the_screen(self) -> None:
        async with playing(Stage(), (40, 12)) as stage:
            await stage.press("question_mark")
            assert "quit at once" not in stage.text()
            await stage.press("G")
            assert "quit at once" in stage.text()

    @pytest.mark.parametrize("key", ["colon", "ctrl+p"])
    async def test_the_palette_runs_what_the_keys_run(self, key: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press(key)
            await stage.type("next page")
            await stage.press("enter")
            await eventually(lambda: stage.app.screen is stage.inbox)
            await eventually(lambda: stage.lines()[-2].startswith(" page 2/3"))

    async def test_the_palette_offers_nothing_of_textuals_own(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("ctrl+p")
            await eventually(lambda: "Delete marked, or this" in stage.text())
            for foreign in ("Theme", "Screenshot", "Maximize", "Keys"):
                assert foreign not in stage.text()

    async def test_no_cursor_blinks(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("slash")
            assert not stage.app.screen.query_one(Input).cursor_blink
            await stage.press("escape", "ctrl+p")
            assert not stage.app.screen.query_one(Input).cursor_blink

    async def test_q_leaves(self) -> None:
        async with playing(Stage()) as stage:
            await stage.pilot.press("q")  # type: ignore[union-attr]
            assert stage.app._exit

    async def test_ctrl_q_quits_at_once(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("question_mark")
            await stage.pilot.press("ctrl+q")  # type: ignore[union-attr]
            assert stage.app._exit

    async def test_ctrl_c_says_that_nothing_runs(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("ctrl+c")
            assert "Nothing runs that could be cancelled" in stage.text()
            assert stage.app.is_running

    async def test_a_notice_goes_by_esc(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("ctrl+c", "escape")
            assert "Nothing runs" not in stage.text()


class TestKeysOfOnesOwn:
    """`[keys]` of the configuration."""

    async def test_a_key_is_changed_everywhere(self) -> None:
        async with playing(Stage(keys={"inbox.next_page": "x", "move.down": "s"}), (140, 40)) as stage:
            await stage.press("s")
            assert stage.inbox.list.cursor == 1
            await stage.press("n")
            assert stage.lines()[-2].startswith(" page 1/3")
            await stage.press("x")
            assert stage.lines()[-2].startswith(" page 2/3")
            assert "x next" in stage.lines()[-1]
            await stage.press("question_mark")
            assert " x " in stage.text()

    async def test_a_clash_is_told(self) -> None:
        async with playing(Stage(keys={"inbox.copy": "d"})) as stage:
            assert "d is both inbox.delete and inbox.copy" in stage.text()
            assert stage.app.is_running

    async def test_an_unknown_id_is_told_with_the_nearest(self) -> None:
        async with playing(Stage(keys={"inbox.nextpage": "x"})) as stage:
            assert "inbox.next_page" in stage.text()


class TestBadges:
    """Which mailbox one is about to change is never hidden."""

    @pytest.mark.parametrize("width", [20, 40, 80, 200])
    async def test_production_is_red_in_any_width(self, width: int) -> None:
        async with playing(Stage(profile=PRODUCTION), (width, 24)) as stage:
            assert stage.lines()[0].startswith(" PRODUCTION ")
            strip = stage.inbox.header.render_line(0)
            badge = next(segment for segment in strip if "PRODUCTION" in segment.text)
            assert badge.style is not None
            assert badge.style.bgcolor is not None
            red, green, blue = badge.style.bgcolor.get_truecolor()
            assert red > 2 * green
            assert red > 2 * blue

    async def test_the_profile_is_named_where_it_has_a_name_of_its_own(self) -> None:
        async with playing(Stage(profile=PRODUCTION), (100, 24)) as stage:
            assert "acme · comunicazioni@" in stage.lines()[0]


def test_the_clock_of_these_tests_stands_still() -> None:
    assert Stage().clock() == NOW
