"""e: copies of what is marked, or of what is under the cursor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pectui.tui.screens.export import ExportScreen
from pectui.tui.screens.jobs import JobsScreen
from pectui.tui.screens.leave import LeaveScreen
from tests.tui.stage import Stage, eventually, playing, settled

NAME = "pectui-comunicazioni@pec.comune-esempio.example-2026-11-23"


pytestmark = pytest.mark.usefixtures("here")


class TestTheDialog:
    """Form and path."""

    async def test_it_offers_a_new_folder_that_says_whose_and_when(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("e")
            assert isinstance(stage.app.screen, ExportScreen)
            assert "Export 1 message" in stage.text()
            assert f"New folder ~/work/{NAME}" in stage.said()
            assert "They are not the signed originals" in stage.said()

    async def test_a_second_one_of_the_day_gets_another_name(self, here: Path) -> None:
        (here / NAME).mkdir()
        async with playing(Stage()) as stage:
            await stage.press("e")
            assert f"~/work/{NAME}-2" in stage.text()

    @pytest.mark.parametrize(
        ("key", "file"),
        [("j", "messages.jsonl"), ("c", "messages.csv"), ("m", "messages.mbox"), ("e", "messages")],
    )
    async def test_a_letter_chooses_the_form(self, here: Path, key: str, file: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press("e", key, "enter")
            assert (here / NAME / file).exists()

    async def test_escape_exports_nothing(self, here: Path) -> None:
        async with playing(Stage()) as stage:
            await stage.press("e", "escape")
            assert stage.app.screen is stage.inbox
            assert not list(here.iterdir())

    async def test_the_path_can_be_typed(self, here: Path) -> None:
        async with playing(Stage()) as stage:
            await stage.press("e", "p", "ctrl+u")
            await stage.type("~/mine")
            await stage.press("enter")
            assert (here.parent / "mine" / "manifest.json").exists()

    async def test_keys_that_come_together_are_typed(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("e")
            await stage.pilot.press("p", "ctrl+u", "j", "e", "j")  # type: ignore[union-attr]
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert "New folder jej" in stage.said()

    async def test_what_is_there_is_never_overwritten(self, here: Path) -> None:
        (here / "mine").mkdir()
        async with playing(Stage()) as stage:
            await stage.press("e", "p", "ctrl+u")
            await stage.type("mine")
            await stage.press("enter")
            assert "mine is there already, and nothing is overwritten" in stage.said()
            assert not list((here / "mine").iterdir())
            await stage.type("2")
            await stage.press("enter")
            assert (here / "mine2" / "manifest.json").exists()

    @pytest.mark.parametrize(("typed", "why"), [("", "It needs a name"), ("x.csv", "An export is a folder")])
    async def test_what_can_not_be_is_told(self, typed: str, why: str) -> None:
        async with playing(Stage()) as stage:
            await stage.press("e", "p", "ctrl+u")
            if typed:
                await stage.press(*({".": "full_stop"}.get(letter, letter) for letter in typed))
            await stage.press("enter")
            assert why in stage.said()


class TestWhatIsExported:
    """The marked, else what is under the cursor."""

    async def test_the_marked_ones(self, here: Path) -> None:
        async with playing(Stage()) as stage:
            await stage.press("space", "space", "space", "G", "e")
            assert "Export 3 messages" in stage.text()
            await stage.press("enter")
            assert "Exported 3 messages to " in stage.said()
            assert "copies of what the API returns, not the signed originals" in stage.said()
            assert len((here / NAME / "messages.jsonl").read_text("utf-8").splitlines()) == 3
            assert len(stage.inbox.marking.marks) == 3

    async def test_a_range_that_was_begun(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("v", "j", "j", "j", "e")
            assert "Export 4 messages" in stage.text()

    async def test_a_send_in_view_2_with_its_answers(self, here: Path) -> None:
        async with playing(Stage(300), (120, 40)) as stage:
            await stage.press("2")
            sends = stage.app.screen
            code = sends.listed.looked_at  # type: ignore[attr-defined]
            count = len(sends.listed.members(code))  # type: ignore[attr-defined]
            assert count > 1
            await stage.press("e")
            assert f"Export {count} messages" in stage.text()
            await stage.press("enter")
            lines = (here / NAME / "messages.jsonl").read_text("utf-8").splitlines()
            assert len(lines) == count
            assert all(code in line for line in lines)

    async def test_the_message_under_the_cursor_in_view_2(self) -> None:
        async with playing(Stage(300), (120, 40)) as stage:
            await stage.press("2", "enter", "j", "e")
            assert "Export 1 message" in stage.text()

    async def test_offline_what_is_kept_and_the_rest_is_listed_as_missing(self, here: Path) -> None:
        stage = Stage(offline=True)
        await stage.remember(texts=2)
        async with playing(stage, (120, 40)):
            await stage.press("space", "space", "space", "e", "enter")
            assert "Exported 2 messages to " in stage.said()
            assert "1 is missing: " in stage.said()
            await stage.press("escape", "4")
            assert "✗ missing" in stage.text()
            assert "2 copied, 1 missing" in stage.said()


class TestWhileItRuns:
    """Behind what one does."""

    async def test_it_is_a_job_with_its_progress(self, here: Path) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("a", "e")
            stage.hold("message", "receipts", after=4)
            await stage.pilot.press("enter", "4")  # type: ignore[union-attr]
            await eventually(lambda: "» running" in stage.text())
            assert re.search(r"» running export 14:05 \d+/25 ", stage.said())
            assert "25 messages as json to " in stage.said()
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert "✓ finished" in stage.text()
            assert "25 copied" in stage.said()

    async def test_ctrl_c_stops_it_and_o_goes_on(self, here: Path) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("a", "e")
            stage.hold("message", "receipts", after=4)
            await stage.pilot.press("enter", "4")  # type: ignore[union-attr]
            await eventually(lambda: "» running" in stage.text())
            await stage.asked()
            await stage.pilot.press("ctrl+c")  # type: ignore[union-attr]
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert "■ stopped" in stage.text()
            assert not (here / NAME).exists()
            await stage.press("o")
            assert (here / NAME / "manifest.json").exists()

    async def test_leaving_asks(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("a", "e")
            stage.hold("message", "receipts")
            await stage.pilot.press("enter", "q")  # type: ignore[union-attr]
            await eventually(lambda: isinstance(stage.app.screen, LeaveScreen))
            assert "The export ends here" in stage.said()
            await stage.pilot.press("escape")  # type: ignore[union-attr]
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]

    async def test_one_at_a_time(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("a", "e")
            stage.hold("message", "receipts")
            await stage.pilot.press("enter", "e")  # type: ignore[union-attr]
            await eventually(lambda: "An export is running" in stage.text())
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]

    async def test_it_goes_on_from_a_row_only_once_and_stands_there_alone(self, here: Path) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("a", "e")
            (here / f"{NAME}.unfinished").write_text("in the way")
            await stage.press("enter", "4")
            (here / f"{NAME}.unfinished").unlink()
            await stage.pilot.press("o", "o")  # type: ignore[union-attr]
            await settled(stage.pilot)  # type: ignore[arg-type]
            screen = stage.app.screen
            assert isinstance(screen, JobsScreen)
            assert len(screen.list.rows) == 1
            assert "✓ finished" in stage.text()
            assert (here / NAME / "manifest.json").exists()


class TestWhatGoesWrong:
    """What, why, and what to do."""

    async def test_something_in_the_way(self, here: Path) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("e")
            (here / f"{NAME}.unfinished").write_text("in the way")
            await stage.press("enter")
            notice = stage.inbox.notices.notice
            assert notice is not None
            assert notice.title == "The export can't be written"
            assert f"{NAME}.unfinished is not a folder" in notice.detail
            assert notice.hint == "Choose another path, or move it out of the way."
            assert (here / f"{NAME}.unfinished").read_text() == "in the way"
            await stage.press("4")
            assert isinstance(stage.app.screen, JobsScreen)
            assert "✗ failed" in stage.text()

    async def test_a_folder_where_nothing_can_be_written(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("e", "p", "ctrl+u")
            await stage.type("/proc/mine")
            await stage.press("enter")
            assert "The export can't be written" in stage.said()
            assert "/proc/mine.unfinished: No such file or directory" in stage.said()
            assert "Or choose another path." in stage.said()

    async def test_a_path_through_a_file(self, here: Path) -> None:
        (here / "file").write_text("mine")
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("e", "p", "ctrl+u")
            await stage.type("file/mine")
            await stage.press("enter")
            assert "file/mine.unfinished: Not a directory" in stage.said()

    async def test_what_is_wrong_with_the_path_is_in_sight_on_a_low_terminal(self, here: Path) -> None:
        (here / "mine").mkdir()
        async with playing(Stage(), (40, 12)) as stage:
            await stage.press("e", "p", "ctrl+u")
            await stage.type("mine")
            await stage.press("enter")
            assert "mine is there already" in stage.said()

    async def test_a_service_that_fails(self, here: Path) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("a", "e")
            stage.fault("message:500", "receipts:500")
            await stage.press("enter", "4")
            assert "✗ failed" in stage.text()
            assert not (here / NAME).exists()
            stage.fault()
            await stage.press("o")
            assert len((here / NAME / "messages.jsonl").read_text("utf-8").splitlines()) == 25
