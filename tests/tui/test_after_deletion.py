"""Where the cursor is once what it stood on was deleted."""

from __future__ import annotations

from tests.tui.stage import Stage, playing


class TestAWholePage:
    """All that was listed is gone; what comes into its place is the next page."""

    async def test_the_cursor_stays_at_its_place(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("a", *"jjjjjjj", "d", "y")
            assert len(stage.sandbox.mailbox.mails) == 35
            assert len(stage.inbox.list.rows) == 25
            assert stage.inbox.list.cursor == 7

    async def test_it_stays_in_sight_on_a_low_terminal(self) -> None:
        async with playing(Stage(), (80, 18)) as stage:
            await stage.press("a", "G", "k", "d", "y")
            assert stage.inbox.list.cursor == 23
            assert 23 in stage.inbox.list.places_in_sight

    async def test_the_last_page_of_all_leads_to_the_one_before(self) -> None:
        async with playing(Stage(60), (120, 40)) as stage:
            await stage.press("n", "n", "a", "j", "j", "d", "y")
            assert len(stage.sandbox.mailbox.mails) == 50
            assert "page 2/2" in stage.text()
            assert stage.inbox.list.cursor == 2
