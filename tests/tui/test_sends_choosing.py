"""View 2: problems only, the order, the filter, and from a message to its send."""

from __future__ import annotations

from pectui.domain.send import SendState
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.widgets.send_row import MemberRow, SendRow
from tests.tui.stage import Stage, playing, settled
from tests.tui.test_sends import sends_listed, under_cursor, view


class TestChoosing:
    """! o / y."""

    async def test_problems_only_and_all_again(self) -> None:
        async with playing(Stage(981)) as stage:
            await stage.press("2", "exclamation_mark")
            rows = view(stage).list.rows
            assert rows
            assert all(isinstance(row, SendRow) and row.summary.is_problem for row in rows)
            assert (
                f" {len(rows)} of {view(stage).listed.chosen.total} sends · problems only"
                in stage.lines()[-2]
            )
            await stage.press("exclamation_mark")
            assert len(view(stage).list.rows) == view(stage).listed.chosen.total + 1

    async def test_where_there_is_none_it_says_so(self) -> None:
        async with playing(Stage(messages=0)) as stage:
            await stage.press("2", "exclamation_mark")
            assert "No send has a problem" in stage.text()

    async def test_the_order_goes_round(self) -> None:
        async with playing(Stage(981)) as stage:
            await stage.press("2", "o")
            assert " by state · " in stage.lines()[-2]
            states = [row.summary.state for row in sends_listed(stage)]
            order = list(dict.fromkeys(states))
            assert order[:3] == [SendState.FAILED, SendState.REFUSED, SendState.PARTIAL]
            assert order[-1] is SendState.DELIVERED
            await stage.press("o")
            assert " oldest first · " in stage.lines()[-2]
            codes = [row.summary.code for row in sends_listed(stage)]
            assert codes == sorted(codes, key=lambda code: code[:14])
            await stage.press("o")
            assert " by time · " in stage.lines()[-2]

    async def test_the_cursor_keeps_its_send_in_another_order(self) -> None:
        async with playing(Stage(981)) as stage:
            await stage.press("2", "j", "j", "j")
            code = under_cursor(stage).key
            await stage.press("o", "o")
            assert under_cursor(stage).key == code

    async def test_the_filter_narrows_as_one_types_enter_keeps_it_and_esc_clears_it(self) -> None:
        async with playing(Stage(981)) as stage:
            await stage.press("2", "slash")
            await stage.type("tari")
            rows = sends_listed(stage)
            assert rows
            assert all("tari" in row.summary.subject.casefold() for row in rows)
            assert "Enter keep the filter" in stage.lines()[-1]
            await stage.press("enter")
            assert view(stage).list.has_focus
            assert f"filter: tari · {len(rows)} of 395 sends" in stage.lines()[-2]
            await stage.press("escape")
            assert len(view(stage).list.rows) == 396

    async def test_the_filter_finds_codes_and_recipients_that_were_read(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2")
            summary = under_cursor(stage).summary
            address = summary.outcomes[0].address
            for wanted in (summary.code, address[:12]):
                await stage.press("slash")
                await stage.type(wanted)
                assert summary.code in [row.key for row in view(stage).list.rows]
                await stage.press("escape")

    async def test_what_nothing_matches_says_so(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "slash")
            await stage.type("xyzzy")
            assert "No send holds xyzzy" in stage.text()
            await stage.press("escape")
            assert under_cursor(stage)

    async def test_y_copies_the_code(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "j", "y")
            assert stage.app.clipboard == under_cursor(stage).key


class TestAMessagesSend:
    """s."""

    async def test_in_the_inbox_it_leads_to_the_send(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("n", "j", "j")
            message = stage.inbox.following.message
            assert message is not None
            await stage.press("s")
            assert under_cursor(stage).key == message.code

    async def test_keys_that_follow_at_once_are_meant_for_that_send(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("2", "G", "1")
            message = stage.inbox.following.message
            assert message is not None
            for key in ("s", "right", "j"):
                stage.app.simulate_key(key)
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert view(stage).listed.is_unfolded(message.code)
            row = view(stage).list.row
            assert isinstance(row, MemberRow)
            assert row.message.code == message.code

    async def test_problems_only_and_the_filter_are_lifted_where_they_hide_it(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("2", "exclamation_mark", "slash")
            await stage.type("zzz")
            await stage.press("enter", "1", "s")
            message = stage.inbox.following.message
            assert message is not None
            assert under_cursor(stage).key == message.code
            assert "Problems only and the filter hid that send: all are shown again" in stage.text()

    async def test_a_message_without_a_code_says_so(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver("Ciao", "x", sender="qualcuno@altrove.example")
        async with playing(stage) as stage:
            await stage.press("s")
            assert isinstance(stage.app.screen, InboxScreen)
            assert "This message belongs to no send" in stage.text()

    async def test_on_a_message_of_view_2_it_leads_to_its_row(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "j", "enter", "j", "j", "s")
            assert view(stage).list.cursor == 1
