"""View 2 by its keys: switching, a row for each send, unfolding."""

from __future__ import annotations

import pytest

from pectui.domain.send import SendState
from pectui.tui.screens.help import HelpScreen
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.sends import SendsScreen
from pectui.tui.states import SEND_LOOKS
from pectui.tui.widgets.row_list import RowList
from pectui.tui.widgets.send_row import NO_CODE, MemberRow, SendRow
from tests.tui.stage import Stage, eventually, playing


def view(stage: Stage) -> SendsScreen:
    """View 2, which must be in front."""
    assert isinstance(stage.app.screen, SendsScreen)
    return stage.app.screen


def under_cursor(stage: Stage) -> SendRow:
    """The send under the cursor."""
    row = view(stage).list.row
    assert isinstance(row, SendRow)
    return row


def sends_listed(stage: Stage) -> list[SendRow]:
    """The rows of sends."""
    return [row for row in view(stage).list.rows if isinstance(row, SendRow)]


def line_of_cursor(stage: Stage) -> str:
    """How the row under the cursor looks."""
    sends = view(stage)
    return stage.lines()[2 + sends.list.cursor - sends.list.top]


class TestSwitching:
    """1 and 2, Esc, q."""

    async def test_2_shows_the_sends_and_1_the_inbox_again(self) -> None:
        async with playing(Stage()) as stage:
            assert "2 sends" in stage.lines()[-1]
            await stage.press("2")
            assert isinstance(stage.app.screen, SendsScreen)
            assert "1 inbox" in stage.lines()[-1]
            assert "2 sends" not in stage.lines()[-1]
            await stage.press("1")
            assert isinstance(stage.app.screen, InboxScreen)

    async def test_the_view_is_as_it_was_left(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "j", "j", "enter", "exclamation_mark")
            code, text = under_cursor(stage).key, stage.text()
            await stage.press("1", "j", "2")
            assert under_cursor(stage).key == code
            assert stage.text() == text

    async def test_esc_ends_at_the_list(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "tab")
            assert view(stage).preview.has_focus
            await stage.press("escape")
            assert view(stage).list.has_focus
            await stage.press("escape", "escape")
            assert isinstance(stage.app.screen, SendsScreen)

    async def test_q_leaves(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2")
            assert stage.pilot is not None
            await stage.pilot.press("q")
            assert stage.app._exit

    async def test_the_header_says_the_same_in_both_views(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            header = stage.lines()[0]
            assert "% " in header
            await stage.press("2")
            assert stage.lines()[0] == header

    async def test_help_tells_the_keys_of_the_view(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("2", "question_mark")
            assert isinstance(stage.app.screen, HelpScreen)
            text = stage.text()
            for line in ("1          the inbox", "2          the sends", "!          problems only"):
                assert line in text
            for line in (
                "o          by time, state or age",
                "s          a message's send",
                "→          show its",
            ):
                assert line in text
            await stage.press("escape", "1", "question_mark")
            assert "s          what became of its send" in stage.text()
            assert "by time, state or age" not in stage.text()

    async def test_the_palette_runs_what_the_keys_run(self) -> None:
        async with playing(Stage(981)) as stage:
            await stage.press("2", "ctrl+p")
            await stage.type("problems only")
            await stage.press("enter")
            await eventually(lambda: "problems only" in stage.lines()[-2])

    async def test_a_key_is_changed_and_a_clash_within_the_view_is_told(self) -> None:
        keys = {"sends.problems": "x", "sends.order": "y", "sends.filter": "n"}
        async with playing(Stage(keys=keys), (120, 40)) as stage:
            assert "y is both sends.order and sends.copy" in stage.text()
            assert " n is both" not in stage.text()
            await stage.press("2", "x")
            assert "problems only" in stage.lines()[-2]
            assert "x all" in stage.lines()[-1]


class TestTheRows:
    """One for each send, its state by sign and word, in the order of time."""

    async def test_there_is_one_row_for_each_send_and_one_for_what_has_no_code(self) -> None:
        async with playing(Stage(200)) as stage:
            await stage.press("2")
            codes = [row.key for row in view(stage).list.rows]
            assert len(codes) == len(set(codes))
            assert codes[-1] == NO_CODE
            assert codes[:-1] == sorted(codes[:-1], key=lambda code: str(code)[:14], reverse=True)
            assert stage.lines()[-2].startswith(f" {len(codes) - 1} sends · by time · synced 14:05")

    async def test_the_counts_stand_above_them_the_worst_first(self) -> None:
        async with playing(Stage(981), (140, 40)) as stage:
            await stage.press("2")
            chosen = view(stage).listed.chosen
            line = stage.lines()[1]
            assert line.startswith(f" {chosen.total} sends   ✗ {chosen.states[SendState.FAILED]} failed   ")
            assert line.index("failed") < line.index("partial") < line.index("late") < line.index("✓")
            assert sum(chosen.states.values()) == chosen.total
            assert "pending" not in line or chosen.states[SendState.PENDING]

    @pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12), (20, 8), (200, 50)])
    async def test_they_fit_in_any_terminal(self, size: tuple[int, int]) -> None:
        async with playing(Stage(200), size) as stage:
            await stage.press("2", "enter", "j", "j", "G")
            lines = stage.lines()
            assert len(lines) == size[1]
            assert all(len(line) == size[0] for line in lines)
            assert "▸" in stage.text()

    async def test_a_state_is_told_by_sign_and_word_and_what_is_provisional_wears_a_tilde(self) -> None:
        async with playing(Stage(981), (140, 40)) as stage:
            await stage.press("2")
            rows = [row for row in list(view(stage).list.rows)[:36] if isinstance(row, SendRow)]
            lines = stage.lines()[2:38]
            assert any(row.summary.is_provisional for row in rows)
            for row, line in zip(rows[1:], lines[1:], strict=False):
                state = (
                    f" ▸ {'~' if row.summary.is_provisional else ' '}{SEND_LOOKS[row.summary.state].sign} "
                )
                assert line.startswith(state + row.summary.state.value)

    async def test_the_sign_of_doubt_goes_when_the_text_was_read(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "j", "j")
            assert not under_cursor(stage).summary.is_provisional
            await stage.press("j")
            assert "~" not in line_of_cursor(stage)

    async def test_the_status_is_put_in_order_for_a_terminal_that_became_narrow(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2")
            assert " sends · by time · synced 14:05" in stage.lines()[-2]
            assert stage.pilot is not None
            await stage.pilot.resize_terminal(40, 12)
            await eventually(lambda: " sends · synced 14:05 · by time" in stage.lines()[-2])

    async def test_an_empty_mailbox_says_so(self) -> None:
        async with playing(Stage(messages=0)) as stage:
            await stage.press("2")
            assert "The mailbox is empty" in stage.text()
            assert "No sends" in stage.lines()[1]


class TestUnfolding:
    """Enter → ←, also for what has no code."""

    @pytest.mark.parametrize(("unfold", "fold"), [("enter", "enter"), ("right", "left"), ("right", "enter")])
    async def test_a_send_unfolds_and_folds(self, unfold: str, fold: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2")
            before = len(view(stage).list.rows)
            members = len(under_cursor(stage).summary.message_ids)
            await stage.press(unfold)
            rows = view(stage).list.rows
            assert len(rows) == before + members
            assert all(isinstance(row, MemberRow) for row in rows[1 : members + 1])
            assert "└ → accepted" in stage.lines()[3]
            await stage.press(fold)
            assert len(view(stage).list.rows) == before
            assert view(stage).list.cursor == 0

    async def test_it_happens_within_the_key(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2")
            view(stage).list.action_open()
            view(stage).action_unfold()
            assert isinstance(view(stage).list.rows[1], MemberRow)

    async def test_left_on_a_message_goes_to_its_send(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "j", "enter", "j", "j", "left")
            assert view(stage).list.cursor == 1
            assert isinstance(view(stage).list.row, SendRow)

    async def test_several_are_unfolded_and_each_row_is_found_where_it_stands(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("2", "enter", "G", "enter", "g")
            for _ in range(12):
                await stage.press("j")
                if isinstance(view(stage).list.row, SendRow):
                    await stage.press("right")
            rows = view(stage).list.rows
            for place, row in enumerate(rows):
                assert rows.place_of(row.key, place) == place  # type: ignore[attr-defined]
                assert rows.place_of(row.key, 0) == place  # type: ignore[attr-defined]

    async def test_what_has_no_code_stands_at_the_end_and_unfolds(self) -> None:
        stage = Stage(20)
        for number in range(3000):
            stage.sandbox.mailbox.deliver(f"Ciao {number}", "x", sender="qualcuno@altrove.example")
        async with playing(stage) as stage:
            await stage.press("2", "G")
            assert "No send code  3,0" in line_of_cursor(stage)
            await stage.press("enter", "j")
            assert "Ciao 2999" in line_of_cursor(stage)
            await stage.press("G", "s")
            assert "This message belongs to no send" in stage.text()

    async def test_a_message_opens_over_the_whole_screen_and_esc_goes_back(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "enter", "j", "enter")
            assert view(stage).preview.has_focus
            assert not view(stage).list.display
            assert "Accepted: the sender's provider took the message" in stage.text()
            await stage.press("escape")
            assert view(stage).list.has_focus
            assert view(stage).list.cursor == 1


class TestPainting:
    """Only what changed."""

    async def test_what_did_not_change_is_not_painted_again(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("2", "enter", "j")
            painted: list[object] = []
            rows: RowList = view(stage).list
            for widget in (rows, view(stage).preview):
                widget.refresh = lambda *regions, **_: painted.append(regions)  # type: ignore[assignment,method-assign]
            await stage.press("r")
            assert painted == []
