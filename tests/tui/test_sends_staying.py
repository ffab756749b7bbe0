"""View 2 while the mailbox changes below it: the cursor keeps its place, what comes is followed, time passes."""

from __future__ import annotations

from tests.tui.stage import Stage, eventually, playing, settled
from tests.tui.test_sends import line_of_cursor, sends_listed, under_cursor, view
from tests.tui.test_sends_details import WIDE, asked, pane, sending


class TestTheMailboxChanges:
    """While one looks at the sends."""

    async def test_new_mail_leaves_the_cursor_on_its_send(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "j", "j")
            code = under_cursor(stage).key
            sending(stage, "ok@pec.example", subject="Nuovo")
            await stage.press("r")
            assert sends_listed(stage)[0].summary.subject == "Nuovo"
            assert (under_cursor(stage).key, view(stage).list.cursor) == (code, 3)

    async def test_and_on_its_message(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "j", "enter", "j")
            key = view(stage).list.row.key  # type: ignore[union-attr]
            sending(stage, "ok@pec.example", subject="Nuovo")
            await stage.press("r")
            assert view(stage).list.row.key == key  # type: ignore[union-attr]
            assert view(stage).list.cursor == 3

    async def test_a_receipt_that_comes_is_asked_for(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "ok@pec.example", "late@pec.example")
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            assert "Delivered  1 of 2" in pane(stage)
            before = asked(stage)
            stage.clock.forward(13 * 3600)
            await stage.press("r")
            assert "Delivered  2 of 2" in pane(stage)
            assert asked(stage) == before + 1

    async def test_it_refreshes_by_itself_in_view_2_as_well(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2")
            sending(stage, "ok@pec.example", subject="Nuovo")
            stage.inbox.syncing.refresh()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert sends_listed(stage)[0].summary.subject == "Nuovo"

    async def test_time_alone_makes_a_pending_one_incomplete(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "lost@pec.example")
        async with playing(stage) as stage:
            await stage.press("2")
            assert "pending" in line_of_cursor(stage)
            stage.clock.forward(25 * 3600)
            view(stage).listed.arranging.again()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert "incomplete" in line_of_cursor(stage)

    async def test_opened_before_anything_is_known_it_follows_as_pages_come(self) -> None:
        stage = Stage(300)
        stage.hold("inbox")
        async with stage.app.run_test(size=(80, 24)) as pilot:
            stage.pilot = pilot
            await stage.asked()
            await pilot.press("2")
            await eventually(lambda: "Reading the mailbox …" in stage.text())
            assert "No sends" not in stage.lines()[-2]
            stage.release()
            await settled(pilot)
            assert view(stage).listed.chosen.total > 50
            assert "synced" in stage.lines()[-2]

    async def test_a_mailbox_that_cant_be_read_says_why(self) -> None:
        async with playing(Stage(faults=["401"])) as stage:
            await stage.press("2")
            assert "r  try again" in stage.text()
            stage.fault()
            await stage.press("r")
            assert view(stage).listed.chosen.total
