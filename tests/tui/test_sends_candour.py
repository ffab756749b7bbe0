"""View 2 never claims more than is known: of what the service returned, of what is hidden, of what one reads."""

from __future__ import annotations

import pytest

from tests.tui.stage import Stage, eventually, playing, settled
from tests.tui.test_sends import sends_listed, under_cursor, view
from tests.tui.test_sends_details import WIDE, asked, pane, sending


class TestWhatTheServiceReturned:
    """Of the texts that were asked for."""

    async def test_nothing_any_more_is_told(self) -> None:
        stage = Stage(messages=0)
        code = sending(stage, "ok@pec.example")
        async with playing(stage, WIDE) as stage:
            stage.sandbox.mailbox.delete_send(code)
            await stage.press("2")
            assert asked(stage) == 1
            assert "The service was asked, and returned none of its receipts." in pane(stage)
            assert "read yet" not in pane(stage)

    async def test_less_than_what_is_listed_is_told(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "ok@pec.example", "nobody@pec.example")
        async with playing(stage, WIDE) as stage:
            stage.sandbox.mailbox.delete(stage.inbox.list.rows[0].key.id)  # type: ignore[attr-defined]
            await stage.press("2")
            assert asked(stage) == 1
            assert "The service was asked, and did not return all of its receipts." in pane(stage)
            assert "read yet" not in pane(stage)

    async def test_what_came_since_is_not_read_yet(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "late@pec.example")
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            stage.fault("receipts:500")
            stage.clock.forward(13 * 3600)
            await stage.press("r")
            assert "~ Not all of its receipts were read yet." in pane(stage)


class TestWhatIsNotListed:
    """Because nobody has listed it yet."""

    async def test_receipts_that_are_not_listed_yet_are_not_called_gone(self) -> None:
        before = Stage(messages=0)
        sending(before, "ok@pec.example")
        async with playing(before) as before:
            await before.press("2")
        stage = Stage(messages=60, archive=before.archive)
        stage.hold("inbox")
        async with stage.app.run_test(size=WIDE) as pilot:
            stage.pilot = pilot
            await stage.asked()
            await pilot.press("2")
            await eventually(lambda: "Its receipts are not among what is listed so far" in pane(stage))
            stage.release()
            await settled(pilot)
            assert "Its receipts are not in the mailbox any more" in pane(stage)

    @pytest.mark.parametrize(
        ("columns", "counted"), [(120, " 11 sends so far "), (40, " 11 sends so far "), (34, "~11 sends ")]
    )
    async def test_counts_and_states_are_those_of_what_is_listed_so_far(
        self, columns: int, counted: str
    ) -> None:
        stage = Stage(messages=300)
        stage.hold("inbox", after=5)
        async with stage.app.run_test(size=(columns, 40)) as pilot:
            stage.pilot = pilot
            await stage.asked()
            await pilot.press("2")
            await eventually(lambda: "unknown" in stage.text() or "?5" in stage.text())
            assert stage.lines()[1].startswith(counted)
            await pilot.press("G", "k")
            await eventually(lambda: "nothing that is listed so far tells" in " ".join(pane(stage).split()))
            stage.release()
            await settled(pilot)
            assert stage.lines()[1].startswith(" 121 sends ")
            assert "so far" not in stage.text()


class TestWhatIsHidden:
    """By the filter, and by problems only."""

    async def test_a_filter_among_problems_says_that_it_looked_at_problems_only(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "ok@pec.example", subject="Prova")
        sending(stage, "nobody@pec.example", subject="Altro")
        async with playing(stage) as stage:
            await stage.press("2", "exclamation_mark", "slash")
            await stage.type("prova")
            assert "No problem holds prova" in stage.text()
            await stage.press("escape")
            assert len(sends_listed(stage)) == 1

    async def test_a_send_that_nobody_knows_lifts_no_filter(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("2", "exclamation_mark")
            listed = len(view(stage).list.rows)
            view(stage).listed.go_to("202611231000123")
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert "That send is not among what is remembered yet" in stage.text()
            assert len(view(stage).list.rows) == listed
            assert "problems only" in stage.lines()[-2]

    async def test_a_filter_that_is_lifted_stands_in_its_line_no_more(self) -> None:
        async with playing(Stage(300)) as stage:
            await stage.press("2", "slash")
            await stage.type("ordinanza")
            await stage.press("tab", "1", "s")
            assert "The filter hid that send: all are shown again" in stage.text()
            assert "Search /" not in stage.text()
            await stage.press("slash", "enter")
            assert not view(stage).listed.wish.text


class TestWhatOneReads:
    """Over the whole screen, while the mailbox changes."""

    async def test_no_other_send_takes_the_place_of_one_that_is_gone(self) -> None:
        stage = Stage(60, faults=["receipts:500"])
        async with playing(stage, (40, 12)) as stage:
            await stage.press("2", "j", "j", "tab")
            code = under_cursor(stage).summary.code
            details = view(stage).pane.details
            assert details is not None
            assert details.summary.code == code
            stage.sandbox.mailbox.delete_send(code)
            await stage.press("r")
            assert view(stage).is_reading
            details = view(stage).pane.details
            assert details is not None
            assert details.summary.code == code
            assert "The send that you read" in stage.text()
            await stage.press("escape", "escape")
            assert not view(stage).is_reading
            details = view(stage).pane.details
            assert details is not None
            assert details.summary.code == under_cursor(stage).key != code

    async def test_y_copies_nothing_else_than_what_is_read(self) -> None:
        async with playing(Stage(60)) as stage:
            await stage.press("2", "j", "j", "enter", "j", "enter")
            code = view(stage).listed.looked_at
            assert code
            stage.sandbox.mailbox.delete_send(code)
            await stage.press("r")
            assert view(stage).is_reading
            assert view(stage).listed.looked_at != code
            await stage.press("y", "s")
            assert stage.app.clipboard in ("", code)
            assert view(stage).is_reading
