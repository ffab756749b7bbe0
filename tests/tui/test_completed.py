"""What may go of completed sends, marked by one key of view 2."""

from __future__ import annotations

from pectui.domain.belonging import Role
from pectui.domain.completed import completed
from pectui.domain.send import SendState
from pectui.tui.screens.completed import CompletedScreen
from pectui.tui.screens.delete_many import DeleteManyScreen
from pectui.tui.screens.sends import SendsScreen
from tests.tui.stage import NOW, Stage, eventually, playing, settled

SIZE = (100, 30)


def view(stage: Stage) -> SendsScreen:
    assert isinstance(stage.app.screen, SendsScreen)
    return stage.app.screen


def marked(stage: Stage) -> set[int]:
    return {header.id for header in stage.inbox.marking.marks.headers}


class TestTheQuestion:
    """30 days unless somebody types another number."""

    async def test_it_offers_30_days(self) -> None:
        async with playing(Stage(), SIZE) as stage:
            await stage.press("2", "f")
            assert isinstance(stage.app.screen, CompletedScreen)
            assert "Older than how many days? 30_" in stage.text()
            await stage.press("7")
            assert "Older than how many days? 7_" in stage.text()
            await stage.press("backspace")
            assert "Older than how many days? _" in stage.text()
            await stage.press("enter", "5", "escape")
            assert isinstance(stage.app.screen, SendsScreen)
            assert marked(stage) == set()

    async def test_it_is_usable_in_a_small_terminal(self) -> None:
        async with playing(Stage(), (40, 12)) as stage:
            await stage.press("2", "f", "down", "pagedown")
            assert "Older than how many days? 30_" in stage.text()
            assert "r read first" in stage.text()

    async def test_the_palette_finds_it(self) -> None:
        async with playing(Stage(), SIZE) as stage:
            await stage.press("2", "ctrl+p")
            await stage.type("completed")
            await stage.press("enter")
            await eventually(lambda: isinstance(stage.app.screen, CompletedScreen))


class TestMarking:
    """Only what is surely delivered."""

    async def test_what_was_not_read_is_told_and_not_marked(self) -> None:
        async with playing(Stage(200), SIZE) as stage:
            await stage.press("2", "f", "1", "enter")
            sends = view(stage).listed.arranging.sends
            assert sends is not None
            found = completed(sends, NOW, 1)
            assert found.unread
            assert marked(stage) == {header.id for header in found.headers}
            assert f"{len(found.unread)} " in stage.text()
            assert "not all texts were read: f, then r reads them first" in stage.text()

    async def test_r_reads_them_first(self) -> None:
        async with playing(Stage(200), SIZE) as stage:
            await stage.press("2", "f", "1", "r")
            sends = view(stage).listed.arranging.sends
            assert sends is not None
            found = completed(sends, NOW, 1)
            assert not found.unread
            assert len(found.codes) > 3
            assert marked(stage) == {header.id for header in found.headers}
            assert (
                f"{len(found.headers)} messages of {len(found.codes)} completed sends are marked"
                in stage.text()
            )
            for code in found.codes:
                summary = sends.summary(code, NOW)
                assert summary is not None
                assert summary.state is SendState.DELIVERED
                assert summary.recipients_known
            roles = {
                one.role
                for code in found.codes
                for one in sends.members(code)
                if one.header.id in marked(stage)
            }
            assert roles <= {Role.ACCEPTANCE, Role.DELIVERY, Role.OWN_COPY}

    async def test_what_was_marked_goes_by_the_same_plan(self) -> None:
        async with playing(Stage(200), SIZE) as stage:
            await stage.press("2", "f", "1", "r", "d")
            screen = stage.app.screen
            assert isinstance(screen, DeleteManyScreen)
            count = len(screen.prepared.targets)
            assert count == len(marked(stage))
            await stage.press(*str(count), "enter")
            assert len(stage.sandbox.mailbox.mails) == 200 - count
            assert f"Deleted {count} messages" in stage.text()

    async def test_reading_tells_how_far_it_is_and_can_be_cancelled(self) -> None:
        async with playing(Stage(200), SIZE) as stage:
            await stage.press("2", "f", "1")
            stage.hold("receipts", after=4)
            assert stage.pilot is not None
            await stage.pilot.press("r")
            await stage.asked()
            await eventually(lambda: "reading sends " in stage.lines()[0])
            await stage.pilot.press("ctrl+c")
            stage.release()
            await settled(stage.pilot)
            assert marked(stage) == set()
            assert "Cancelled: reading sends" in stage.text()

    async def test_none_that_is_old_enough(self) -> None:
        async with playing(Stage(20), SIZE) as stage:
            await stage.press("2", "f", "9", "9", "9", "enter")
            assert "No receipt of a completed send is older than 999 days" in stage.text()

    async def test_offline_nothing_is_read(self) -> None:
        stage = Stage(60, offline=True)
        await stage.remember()
        async with playing(stage, SIZE) as stage:
            await stage.press("2", "f", "1", "r")
            assert "pectui is offline: no send can be read now" in stage.text()
            assert stage.sandbox.requests == []
