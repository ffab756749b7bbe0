"""What happens when the user goes on while a deletion is being prepared or carried out."""

from __future__ import annotations

from pectui.tui.screens.delete import DeleteScreen
from tests.tui.stage import Stage, eventually, playing, settled


async def goes_on(stage: Stage, *keys: str) -> None:
    """Presses d, then `keys` while the service has not yet answered what the plan needs."""
    assert stage.pilot is not None
    stage.hold("receipts")
    await stage.pilot.press("d")
    await stage.asked()
    await stage.pilot.press(*keys)
    assert stage.waiting
    stage.release()
    await settled(stage.pilot)


class TestWhileThePlanIsMade:
    """No dialog opens under somebody's fingers."""

    async def test_typing_a_search_is_no_answer(self) -> None:
        async with playing(Stage()) as stage:
            await goes_on(stage, "slash", "y")
            assert not isinstance(stage.app.screen, DeleteScreen)
            assert len(stage.sandbox.mailbox.mails) == 60

    async def test_typing_into_the_palette_is_no_answer(self) -> None:
        async with playing(Stage()) as stage:
            await goes_on(stage, "colon", "y")
            assert not isinstance(stage.app.screen, DeleteScreen)
            assert len(stage.sandbox.mailbox.mails) == 60

    async def test_another_message_under_the_cursor_is_no_answer(self) -> None:
        async with playing(Stage()) as stage:
            await goes_on(stage, "j", "j")
            assert not isinstance(stage.app.screen, DeleteScreen)


class TestWhatWasDeleted:
    """It doesn't come back on a page that was read before."""

    async def test_on_the_page_to_which_a_search_goes_back(self) -> None:
        async with playing(Stage()) as stage:
            chosen = stage.inbox.following.message
            assert chosen is not None
            await stage.press("slash", *"TARI", "enter", "d", "y", "escape", "escape", "escape")
            assert chosen.header not in {row.key for row in stage.inbox.list.rows}
            assert "59 messages" in stage.text()

    async def test_on_a_page_before_this_one(self) -> None:
        async with playing(Stage()) as stage:
            first = stage.inbox.following.message
            assert first is not None
            await stage.press("n", "slash")
            await stage.type("TARI 2026")
            await stage.press("tab")
            doomed = stage.under_cursor()
            await stage.press("d", "y")
            assert len(stage.sandbox.mailbox.mails) == 59
            assert doomed not in {row.key.id for row in stage.inbox.list.rows}  # type: ignore[attr-defined]  # a header
            await stage.press("escape", "escape", "p")
            assert stage.lines()[-2].startswith(" page 1/3 · 59 messages")
            assert doomed not in {row.key.id for row in stage.inbox.list.rows}  # type: ignore[attr-defined]  # a header


class TestCancelling:
    """Ctrl-C during a deletion promises no more than it can hold."""

    async def test_the_message_in_hand_is_finished_and_told(self) -> None:
        async with playing(Stage(ids="sequence")) as stage:
            assert stage.pilot is not None
            await stage.press("d")
            stage.hold("delete")
            await stage.pilot.press("y")
            await stage.asked()
            await stage.pilot.press("ctrl+c")
            await eventually(lambda: "Stopping after the message in hand" in stage.text())
            stage.release()
            await settled(stage.pilot)
            assert "Deleted" in stage.text()
            assert len(stage.sandbox.mailbox.mails) == 59


class TestALowTerminal:
    """What a deletion costs is in sight wherever `y` is."""

    async def test_the_warning_stands_before_the_facts(self) -> None:
        async with playing(Stage(), (40, 12)) as stage:
            await stage.press("d")
            text = stage.text()
            assert "This is the last proof" in text
            assert "y delete" in text
