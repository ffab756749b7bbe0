"""e in the dialog of a deletion: its plan is exported first, and then the question is asked again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pectui.tui.screens.delete import DeleteScreen
from pectui.tui.screens.delete_many import DeleteManyScreen
from tests.tui.stage import Stage, eventually, playing, settled

NAME = "pectui-comunicazioni@pec.comune-esempio.example-2026-11-23"
SIX = ("v", *"jjjjj", "v")
"""Marks the first six messages; one of them is the last proof of delivery of its send."""
NOT_EXPORTED = "loses the last proof of delivery in this mailbox, and it was not exported"

pytestmark = pytest.mark.usefixtures("here")


async def asked(stage: Stage, *keys: str) -> DeleteScreen:
    """The question, with the service silent to whatever an export of it asks."""
    await stage.press(*keys, "d", "e")
    stage.hold("message", "receipts")
    await stage.pilot.press("enter")  # type: ignore[union-attr]
    await stage.asked()
    (dialog,) = (screen for screen in stage.app.screen_stack if isinstance(screen, DeleteScreen))
    return dialog


async def released(stage: Stage) -> None:
    stage.release()
    await settled(stage.pilot)  # type: ignore[arg-type]


class TestExportedFirst:
    """And then deleted, if that is still wanted."""

    async def test_many(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press(*SIX, "d")
            assert isinstance(stage.app.screen, DeleteManyScreen)
            assert NOT_EXPORTED in stage.said()
            await stage.press("e", "e", "enter")
            assert isinstance(stage.app.screen, DeleteManyScreen)
            assert "Exported 6 messages to " in stage.said()
            assert "copies of what the API returns, not the signed originals" in stage.said()
            assert "loses the last proof of delivery in this mailbox, and a copy was exported" in stage.said()
            assert len(stage.sandbox.mailbox.mails) == 60
            assert len(list((here / NAME / "messages").iterdir())) == 6
            await stage.press("y")
            assert len(stage.sandbox.mailbox.mails) == 54
            (record,) = await stage.inbox.session.jobs()  # type: ignore[union-attr]
            assert record.plan["exported"] is True

    async def test_one(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("d")
            assert "the last proof of delivery of send" in stage.said()
            assert "and it was not exported" in stage.said()
            await stage.press("e", "enter")
            assert "and a copy of it was exported" in stage.said()
            await stage.press("y")
            assert (here / NAME / "manifest.json").exists()
            assert len(stage.sandbox.mailbox.mails) == 59

    async def test_where_the_number_is_typed(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("A", "d", "e", "enter", "6", "0", "enter")
            assert (here / NAME / "manifest.json").exists()
            assert not stage.sandbox.mailbox.mails

    async def test_of_twins_just_the_one_that_goes(self, here: Path) -> None:
        stage = Stage(messages=0)
        for text in ("per Anna", "per Bruno"):
            stage.sandbox.mailbox.deliver(
                "CONSEGNA: gemelle",
                text,
                sender="posta-certificata@pec.example",
                date="Mon, 23 Nov 2026 13:00:00 +0100",
            )
        async with playing(stage, (100, 40)) as stage:
            going = next(mail for mail in stage.sandbox.mailbox.mails if mail.uid == stage.under_cursor())
            await stage.press("d", "e", "enter")
            (line,) = (here / NAME / "messages.jsonl").read_text("utf-8").splitlines()
            assert going.body in json.dumps(json.loads(line), ensure_ascii=False)
            await stage.press("y")
            assert going not in stage.sandbox.mailbox.mails
            assert len(stage.sandbox.mailbox.mails) == 1


class TestBeforeItIsOnTheDisk:
    """Nothing is confirmed."""

    async def test_no_key_means_yes(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            dialog = await asked(stage, *SIX)
            await stage.pilot.press("y", "y", "enter")  # type: ignore[union-attr]
            await eventually(lambda: "Ctrl-C stop the export" in stage.said())
            assert "Exporting 0/6 …" in stage.said()
            assert stage.app.screen is dialog
            await released(stage)
            assert stage.app.screen is dialog
            assert len(stage.sandbox.mailbox.mails) == 60
            assert (here / NAME / "manifest.json").exists()

    async def test_escape_says_no_and_lets_it_end(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await asked(stage, *SIX)
            await stage.pilot.press("escape")  # type: ignore[union-attr]
            await eventually(lambda: stage.app.screen is stage.inbox)
            # What comes in now is told to a dialog that is gone.
            stage.release(2)
            await stage.asked()
            await released(stage)
            assert "Exported 6 messages to " in stage.said()
            assert (here / NAME / "manifest.json").exists()
            assert len(stage.sandbox.mailbox.mails) == 60

    async def test_one_that_was_stopped_leaves_the_question_as_it_was(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            dialog = await asked(stage, *SIX)
            await stage.pilot.press("ctrl+c")  # type: ignore[union-attr]
            await released(stage)
            assert stage.app.screen is dialog
            assert "The export was stopped. What was read is in " in stage.said()
            assert NOT_EXPORTED in stage.said()
            assert not (here / NAME).exists()
            await stage.press("y")
            assert len(stage.sandbox.mailbox.mails) == 54

    async def test_ctrl_c_means_the_export_also_where_something_has_begun_since(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await asked(stage, *SIX)
            stage.hold()
            stage.inbox.syncing.begin(asked=True)
            await stage.asked(2)
            await stage.pilot.press("ctrl+c")  # type: ignore[union-attr]
            await eventually(lambda: "The export was stopped" in stage.said())
            await released(stage)
            assert not (here / NAME).exists()


class TestWhatIsTold:
    """Whether there is a copy, as far as there is."""

    async def test_what_was_exported_before(self) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press(*SIX, "e", "enter", "d")
            assert "All of it was exported before: copies, not the signed originals." in stage.said()
            assert "loses the last proof of delivery in this mailbox, and a copy was exported" in stage.said()
            assert "export first" not in stage.said()
            await stage.press("e")
            assert isinstance(stage.app.screen, DeleteManyScreen)
            assert len(stage.sandbox.mailbox.mails) == 60

    async def test_some_of_the_proofs(self) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("e", "enter", "A", "d")
            assert "17 sends lose the last proof of delivery in this mailbox" in stage.said()
            assert "and copies were exported of 1 of them" in stage.said()
            assert "All of it was exported" not in stage.said()

    async def test_what_could_not_be_exported(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("j", "space", "space", "d")
            lost = stage.inbox.marking.marks.headers[0]
            stage.sandbox.mailbox.delete(lost.id)
            await stage.press("e", "enter")
            assert "Exported 1 message to " in stage.said()
            assert "1 is missing: " in stage.said()
            assert isinstance(stage.app.screen, DeleteManyScreen)
            assert "export first" in stage.said()

    async def test_why_nothing_was_exported(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("d", "e")
            (here / f"{NAME}.unfinished").write_text("in the way")
            await stage.press("enter")
            assert isinstance(stage.app.screen, DeleteScreen)
            assert "The export can't be written. " in stage.said()
            assert "is not a folder. Choose another path, or move it out of the way." in stage.said()
            assert "and it was not exported" in stage.said()

    async def test_giving_up_the_export_comes_back_to_the_question(self, here: Path) -> None:
        async with playing(Stage(), (100, 40)) as stage:
            await stage.press("d", "e", "escape")
            assert isinstance(stage.app.screen, DeleteScreen)
            assert not list(here.iterdir())
            await stage.press("y")
            assert len(stage.sandbox.mailbox.mails) == 59

    async def test_the_keys_stay_in_sight_on_a_low_terminal(self) -> None:
        async with playing(Stage(), (40, 12)) as stage:
            await stage.press("d")
            assert "y delete ↓ more any other key no" in stage.said()
