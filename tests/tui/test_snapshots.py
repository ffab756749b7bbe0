"""The screen as a whole, compared with a picture that somebody looked at: `pytest --snapshot-update` after a change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import LayoutUpdate
from textual.color import Color
from textual.pilot import Pilot

from pectui.store.drafts import MemoryDrafts
from tests.tui.journals import delete_many, show_jobs, stage_with_jobs
from tests.tui.quotas import office
from tests.tui.stage import PRODUCTION, Stage, playing, settled, until
from tests.tui.written import keep, write_message

Compare = Callable[..., bool]


class TestTheInbox:
    """The list and the message beside or below it."""

    def test_at_80x24(self, snap_compare: Compare) -> None:
        assert snap_compare(Stage().app, terminal_size=(80, 24), run_before=until("j", "j"))

    def test_at_120x40(self, snap_compare: Compare) -> None:
        assert snap_compare(Stage(981).app, terminal_size=(120, 40), run_before=until("n", "j"))

    def test_at_40x12(self, snap_compare: Compare) -> None:
        assert snap_compare(Stage(profile=PRODUCTION).app, terminal_size=(40, 12), run_before=until("j"))

    def test_a_failure_over_the_whole_screen(self, snap_compare: Compare) -> None:
        keys = until("j", "j", "enter")
        assert snap_compare(Stage().app, terminal_size=(80, 24), run_before=keys)


class TestTheSends:
    """View 2: states, reasons, a send that is unfolded, what became of each recipient."""

    def test_at_80x24(self, snap_compare: Compare) -> None:
        keys = until("2", "exclamation_mark", "j", "j", "j", "k", "enter")
        assert snap_compare(Stage(981).app, terminal_size=(80, 24), run_before=keys)

    def test_at_120x40(self, snap_compare: Compare) -> None:
        keys = until("2", *"jjjjjjjjjjjj", *"kkkkkkkkk", "enter")
        assert snap_compare(Stage(981).app, terminal_size=(120, 40), run_before=keys)


class TestTheQuota:
    """View 3: a mailbox in the warning, its history with deletions, the forecast."""

    @pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
    def test_quota(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        app = office(60, profile=replace(PRODUCTION, quota_warn="70%")).app
        assert snap_compare(app, terminal_size=size, run_before=until("3", "minus"))


class TestTheJobs:
    """View 4: one that runs, one of which messages stayed, one that was killed, another mailbox's."""

    @pytest.mark.parametrize("size", [(80, 24), (120, 30), (40, 12)])
    def test_jobs(self, snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
        stage = stage_with_jobs(tmp_path, PRODUCTION)

        async def play(pilot: Pilot[Any]) -> None:
            stage.pilot = pilot
            await settled(pilot)
            await delete_many(stage)
            await show_jobs(stage, "j")

        assert snap_compare(stage.app, terminal_size=size, run_before=play)


class TestAMessage:
    """Its fields, a file, what is wrong with a recipient."""

    @pytest.mark.parametrize("size", [(80, 24), (40, 12)])
    def test_a_message(self, snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
        stage = Stage(3, profile=PRODUCTION, drafts=MemoryDrafts())

        async def play(pilot: Pilot[Any]) -> None:
            stage.pilot = pilot
            await settled(pilot)
            await write_message(stage, tmp_path)
            stage.compose.set_focus(stage.compose.to)
            await stage.paste("; anna@")
            await keep(stage)

        assert snap_compare(stage.app, terminal_size=size, run_before=play)

    @pytest.mark.parametrize("size", [(80, 24), (40, 12)])
    def test_the_last_look_at_it(self, snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
        stage = Stage(3, profile=PRODUCTION, drafts=MemoryDrafts())

        async def play(pilot: Pilot[Any]) -> None:
            stage.pilot = pilot
            await settled(pilot)
            await write_message(stage, tmp_path)
            await stage.press("ctrl+s")

        assert snap_compare(stage.app, terminal_size=size, run_before=play)


class TestFromMemory:
    """The whole list, offline: the sign, the stale mark, a text that was kept."""

    @pytest.mark.parametrize("size", [(80, 24), (120, 30)])
    def test_offline(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        stage = Stage(200, profile=PRODUCTION, offline=True)
        asyncio.run(stage.remember(texts=3))
        assert snap_compare(stage.app, terminal_size=size, run_before=until("w", "j"))


class TestWhatLiesOverIt:
    """Dialogs."""

    def test_the_plan_of_a_deletion_in_production(self, snap_compare: Compare) -> None:
        app: Any = Stage(profile=PRODUCTION).app
        assert snap_compare(app, terminal_size=(80, 24), run_before=until("d"))

    @pytest.mark.parametrize("size", [(80, 24), (40, 12)])
    def test_the_plan_for_many(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        app: Any = Stage(981, profile=PRODUCTION).app
        assert snap_compare(app, terminal_size=size, run_before=until("n", "A", "d", "9", "8"))

    @pytest.mark.usefixtures("here")
    def test_what_is_asked_before_an_export(self, snap_compare: Compare) -> None:
        assert snap_compare(Stage().app, terminal_size=(80, 24), run_before=until("e"))

    def test_help(self, snap_compare: Compare) -> None:
        assert snap_compare(Stage().app, terminal_size=(80, 24), run_before=until("question_mark"))


class TestWithoutAMailbox:
    """What stands there when nothing can be shown."""

    def test_the_first_page_is_refused(self, snap_compare: Compare) -> None:
        stage = Stage(faults=["inbox:401"])
        assert snap_compare(stage.app, terminal_size=(80, 24), run_before=until())

    def test_nothing_is_set_up(self, snap_compare: Compare) -> None:
        assert snap_compare(Stage(profile=None).app, terminal_size=(80, 24), run_before=until())


class TestWithoutColours:
    """NO_COLOR: signs, bold, dim and reverse tell what colours would."""

    def test_the_inbox(self, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        assert snap_compare(Stage().app, terminal_size=(80, 24), run_before=until("j", "j"))

    def test_the_quota(self, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        app = office(60, profile=replace(PRODUCTION, quota_warn="70%")).app
        assert snap_compare(app, terminal_size=(80, 24), run_before=until("3", "minus"))

    async def test_no_colour_reaches_the_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        async with playing(Stage(profile=PRODUCTION)) as stage:
            await stage.press("d")
            update = stage.app.screen._compositor.render_update(full=True)
            assert isinstance(update, LayoutUpdate)
            filters = stage.app.get_line_filters()
            for strips in update.strips:
                for strip in strips:
                    segments = list(strip)
                    for one in filters:
                        segments = one.apply(segments, Color(0, 0, 0))
                    for segment in segments:
                        assert (
                            segment.style is None or not segment.style.color or segment.style.color.is_default
                        )
