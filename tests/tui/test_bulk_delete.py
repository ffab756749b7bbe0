"""Deleting many from the screen: the plan, and what confirms it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from pectui.tui.kinds import look_of
from pectui.tui.screens.delete import DeleteScreen
from pectui.tui.screens.delete_many import DeleteManyScreen
from pectui.tui.screens.dialog import DialogText
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.sends import SendsScreen
from pectui.tui.widgets.send_row import SendRow
from tests.tui.stage import DEMO, PRODUCTION, Stage, playing, settled

PROVIDER = "posta-certificata@pecmassiva.example"
CODE = "2026112309300501"


def left(stage: Stage) -> set[int]:
    """The ids of what is in the mailbox."""
    return {mail.uid for mail in stage.sandbox.mailbox.mails}


def marked(stage: Stage) -> set[int]:
    return {header.id for header in stage.inbox.marking.marks.headers}


def plain(stage: Stage) -> str:
    """The text of the dialog, in sight or not, or of the screen, as one line."""
    screen = stage.app.screen
    if not isinstance(screen, DeleteScreen):
        return " ".join(stage.text().split())
    lines = screen.query_one(DialogText).lines
    return " ".join("".join(span.text for span in line).strip() for line in lines)


def a_send(stage: Stage, *, deliveries: int = 3) -> Stage:
    """A send with an own copy and an answer."""
    deliver = stage.sandbox.mailbox.deliver
    deliver(f"ACCETTAZIONE: Avviso {CODE}", "x", sender=PROVIDER)
    for number in range(deliveries):
        deliver(f"CONSEGNA: Avviso {CODE}", f"consegnato a {number}", sender=PROVIDER)
    deliver(f"POSTA CERTIFICATA: Re: Avviso {CODE}", "grazie", sender='"Per conto di: x@y.example"')
    return stage


class TestThePlan:
    """What is shown before anything happens."""

    async def test_it_says_how_many_of_what_and_what_is_not_shown(self) -> None:
        async with playing(Stage(200, profile=PRODUCTION), (100, 40)) as stage:
            await stage.press("A", "d")
            assert isinstance(stage.app.screen, DeleteManyScreen)
            text = plain(stage)
            assert "PRODUCTION acme   Delete 200 messages?" in text
            assert "sends lose the last proof of delivery in this mailbox, and it was not exported" in text
            assert "175 of them are not shown now" in text
            assert "somebody's answers to a send, not receipts" in text
            assert "of no known kind" in text
            kinds = stage.app.screen.prepared.plan.by_kind
            assert all(f" {count} {look_of(kind).word}" in text for kind, count in kinds.items())
            assert " more There is no trash" in " ".join(text.split())
            assert "no trash and no undo" in text

    async def test_one_marked_message_has_the_plan_of_one(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "d")
            assert isinstance(stage.app.screen, DeleteScreen)
            assert "Delete this message?" in stage.text()
            await stage.press("y")
            assert len(left(stage)) == 59

    @pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
    async def test_keys_and_number_stay_in_sight_in_any_terminal(self, size: tuple[int, int]) -> None:
        async with playing(Stage(981), size) as stage:
            await stage.press("A", "d", "9", "8")
            assert "Type 981 and press Enter: 98_" in stage.text()
            assert "981 Enter delete" in stage.text()
            assert "any other key no" in stage.text()
            dialog = stage.app.screen
            assert isinstance(dialog, DeleteManyScreen)
            for _ in range(20 if dialog.is_longer_than_its_box else 0):
                await stage.press("pagedown")
            assert stage.app.screen is dialog
            assert "instant." in stage.text()

    async def test_what_is_gone_already_is_told(self) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("space", "space", "space")
            stage.sandbox.mailbox.delete(min(marked(stage)))
            await stage.press("d")
            assert "Delete 2 messages?" in plain(stage)
            assert "1 more is gone already" in plain(stage)
            await stage.press("y")
            assert len(left(stage)) == 57
            assert marked(stage) == set()

    async def test_nothing_happens_where_all_are_gone(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "space")
            for number in marked(stage):
                stage.sandbox.mailbox.delete(number)
            await stage.press("d")
            assert isinstance(stage.app.screen, InboxScreen)
            assert "All 2 were already gone" in stage.text()
            assert marked(stage) == set()

    async def test_a_read_only_profile(self) -> None:
        async with playing(Stage(profile=replace(DEMO, read_only=True))) as stage:
            await stage.press("A", "d")
            assert "Nothing is deleted here" in stage.text()
            await stage.press("2", "D")
            assert "Nothing is deleted here" in stage.text()


class TestConfirming:
    """`y` up to 25, above that the number."""

    async def test_y_deletes_up_to_25(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("j", "j", "a")
            page = marked(stage)
            await stage.press("d", "y")
            assert left(stage).isdisjoint(page)
            assert len(left(stage)) == 35
            assert "Deleted 25 messages" in stage.text()
            assert marked(stage) == set()
            assert "marked" not in stage.lines()[-2]

    async def test_above_25_y_means_no(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("A", "d", "y")
            assert isinstance(stage.app.screen, InboxScreen)
            assert len(left(stage)) == 60
            assert "Nothing was deleted" in stage.text()
            assert len(marked(stage)) == 60

    async def test_the_number_and_enter_delete(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("A", "d", "6", "0", "enter")
            assert left(stage) == set()
            assert "Deleted 60 messages" in stage.text()
            assert "The mailbox is empty" in stage.text()

    @pytest.mark.parametrize(
        "keys",
        [("enter",), ("6", "enter"), ("6", "0", "0", "enter"), ("0", "6", "0", "enter"), ("6", "0", "space"),
         ("6", "0", "escape"), ("6", "0", "y"), ("6", "n"), ("6", "0", "tab"), ("٦", "0", "enter"), ("²",)],
    )  # fmt: skip
    async def test_everything_else_means_no(self, keys: tuple[str, ...]) -> None:
        async with playing(Stage()) as stage:
            await stage.press("A", "d", *keys)
            assert isinstance(stage.app.screen, InboxScreen)
            assert stage.sandbox.count("DELETE") == 0

    async def test_a_digit_can_be_taken_back(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("A", "d", "6", "1", "backspace", "0", "enter")
            assert left(stage) == set()

    async def test_what_is_typed_before_the_plan_is_there_counts_for_nothing(self) -> None:
        async with playing(Stage()) as stage:
            early = [events.Key(key, key if len(key) == 1 else None) for key in ("6", "0", "enter")]
            await stage.press("A", "d")
            assert isinstance(stage.app.screen, DeleteManyScreen)
            assert stage.pilot is not None
            for key in early:
                stage.app.post_message(key)
            await settled(stage.pilot)
            assert isinstance(stage.app.screen, DeleteManyScreen)
            assert "Enter: _" in stage.text()
            await stage.press("enter")
            assert stage.sandbox.count("DELETE") == 0

    async def test_a_plan_that_is_ready_when_somebody_went_on_is_shown_by_the_same_key(self) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("space", "space")
            assert stage.pilot is not None
            stage.hold("message")
            await stage.pilot.press("d")
            await stage.asked()
            await stage.pilot.press("j")
            stage.release()
            await settled(stage.pilot)
            assert isinstance(stage.app.screen, InboxScreen)
            assert "The plan for 2 messages is ready" in stage.text()
            asked = len(stage.sandbox.requests)
            await stage.press("d")
            assert isinstance(stage.app.screen, DeleteManyScreen)
            assert len(stage.sandbox.requests) <= asked + 1  # the text of the message under the cursor


class TestAWholeSend:
    """D in both views: receipts and own copies go, answers stay."""

    @pytest.mark.parametrize("view", [(), ("2",)])
    async def test_answers_stay(self, view: tuple[str, ...]) -> None:
        async with playing(a_send(Stage(0)), (100, 40)) as stage:
            await stage.press(*view, "D")
            assert "Delete 4 messages?" in plain(stage)
            assert "Of 1 send 4 Avviso" in plain(stage)
            assert "it carries the send's code and is no receipt of it" in plain(stage)
            await stage.press("y")
            assert [mail.subject for mail in stage.sandbox.mailbox.mails] == [
                f"POSTA CERTIFICATA: Re: Avviso {CODE}"
            ]

    async def test_d_on_a_send_with_nothing_marked_is_about_the_send(self) -> None:
        async with playing(a_send(Stage(0)), (100, 40)) as stage:
            await stage.press("2", "d")
            assert "Delete 4 messages?" in plain(stage)

    async def test_d_on_a_message_below_it_is_about_the_message(self) -> None:
        async with playing(a_send(Stage(0)), (100, 40)) as stage:
            await stage.press("2", "enter", "j", "d")
            assert "Delete this message?" in plain(stage)
            await stage.press("y")
            assert len(left(stage)) == 4
            assert isinstance(stage.app.screen, SendsScreen)

    async def test_a_message_of_no_send(self) -> None:
        stage = Stage(0)
        stage.sandbox.mailbox.deliver("Ciao", "x", sender="a@b.example")
        async with playing(stage) as stage:
            await stage.press("D")
            assert "belongs to no send" in stage.text()
            await stage.press("2", "D", "d")
            assert isinstance(stage.app.screen, SendsScreen)
            assert stage.sandbox.count("DELETE") == 0

    async def test_the_cursor_of_view_2_stays_at_its_place(self) -> None:
        async with playing(Stage(200), (100, 40)) as stage:
            await stage.press("2", "j", "j")
            sends = stage.app.screen
            assert isinstance(sends, SendsScreen)
            doomed, following = sends.list.rows[2], sends.list.rows[3]
            await stage.press("D", "y")
            assert isinstance(sends.list.row, SendRow)
            assert sends.list.cursor == 2
            # What was learned of a send outlives its receipts: its row stays.
            assert sends.list.row.key in (doomed.key, following.key)

    async def test_marks_of_one_view_are_deleted_in_the_other(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "space", "2", "d", "y")
            assert len(left(stage)) == 58
            assert "Deleted 2 messages" in stage.text()
