"""The screen as a whole, compared with a picture that somebody looked at: `pytest --snapshot-update` after a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.tui.stage import PRODUCTION, Stage, until

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


class TestWhatLiesOverIt:
    """Dialogs."""

    def test_the_plan_of_a_deletion_in_production(self, snap_compare: Compare) -> None:
        app: Any = Stage(profile=PRODUCTION).app
        assert snap_compare(app, terminal_size=(80, 24), run_before=until("d"))

    def test_help(self, snap_compare: Compare) -> None:
        assert snap_compare(Stage().app, terminal_size=(80, 24), run_before=until("question_mark"))


class TestWithoutAMailbox:
    """What stands there when nothing can be shown."""

    def test_the_first_page_is_refused(self, snap_compare: Compare) -> None:
        stage = Stage(faults=["inbox:401"])
        assert snap_compare(stage.app, terminal_size=(80, 24), run_before=until())

    def test_nothing_is_set_up(self, snap_compare: Compare) -> None:
        assert snap_compare(Stage(profile=None).app, terminal_size=(80, 24), run_before=until())
