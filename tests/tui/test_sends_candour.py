"""View 2 never claims more than is known: of what the service returned, of what is hidden, of what one reads."""

from __future__ import annotations

from tests.tui.stage import Stage, eventually, playing, settled
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
