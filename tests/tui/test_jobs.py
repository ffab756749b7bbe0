"""View 4: what runs and how far it got, what ended and how, what became of each message, going on after a kill."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pectui.config import Profile
from pectui.engine.jobs import FolderJobs
from pectui.tui.running import Progress, Work
from pectui.tui.screens.jobs import JobsScreen
from pectui.tui.screens.leave import LeaveScreen
from pectui.tui.screens.resume import ResumeScreen
from tests.tui.journals import write_journal
from tests.tui.stage import DEMO, NOW, PRODUCTION, Stage, eventually, playing, settled


def jobs_of(stage: Stage) -> JobsScreen:
    """View 4, which must be in front."""
    screen = stage.app.screen
    assert isinstance(screen, JobsScreen)
    return screen


def rows(stage: Stage) -> list[str]:
    """What the rows of view 4 say, without the blanks between."""
    screen = jobs_of(stage)
    lines = stage.lines()[1 : 1 + len(screen.list.rows)]
    width = screen.list.size.width
    return [re.sub(r"\s+", " ", line[:width]).strip() for line in lines]


def plain(stage: Stage) -> str:
    """All that stands there, on one line."""
    return re.sub(r"[\s│▐█]+", " ", stage.text())


async def deleting(stage: Stage, count: int, *, after: int) -> None:
    """A deletion of the first `count` messages, held once `after` of its DELETEs were answered."""
    assert stage.pilot is not None
    await stage.press("v", *("j" * (count - 1)), "v", "d")
    stage.hold("delete", after=after)
    await stage.pilot.press("y")
    await stage.asked()


async def interrupted(folder: Path, *, profile: Profile = DEMO) -> Stage:
    """A mailbox of 60 in which a program was killed in the middle of deleting 25, with four of them in hand."""
    stage = Stage(jobs=FolderJobs(folder, lambda: stage.clock()), profile=profile)
    async with playing(stage):
        await deleting(stage, 25, after=3)
        # As many as go at once: what came before them is in the journal.
        await stage.asked(4)
        (journal,) = folder.glob("*.jsonl")
        as_it_was = journal.read_bytes()
        await stage.pilot.press("ctrl+c")  # type: ignore[union-attr]
        stage.release()
        await settled(stage.pilot)  # type: ignore[arg-type]
    # A kill writes nothing more, whatever the service still does with what it was asked.
    journal.write_bytes(as_it_was)
    return stage


def left_of(folder: Path, stage: Stage) -> int:
    """How many messages of the one job there are still to be settled."""
    (record,) = FolderJobs(folder, stage.clock).records()
    assert 4 < len(record.left) < 25
    return len(record.left)


def again(stage: Stage, folder: Path, **changes: object) -> Stage:
    """The next run of the program, on the same mailbox and the same journals."""
    jobs = FolderJobs(folder, stage.clock)
    return Stage(jobs=jobs, sandbox=stage.sandbox, **changes)  # type: ignore[arg-type]


class TestTheList:
    """A row for each job."""

    async def test_without_jobs_it_says_what_will_stand_there(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("4")
            assert "No jobs yet" in stage.text()
            assert "0 jobs" in stage.text()

    async def test_a_finished_deletion_with_its_messages(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("v", "j", "j", "v", "d", "y", "4")
            assert rows(stage)[0].startswith("✓ finished delete 14:05 3")
            assert "Result 3 deleted" in plain(stage)
            assert stage.text().count("- deleted") == 3

    async def test_problems_stand_in_the_row_and_first_among_the_messages(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            stage.fault("delete:500:times=2")
            await stage.press("v", "j", "j", "j", "v", "d", "y", "4")
            assert rows(stage)[0].startswith("± in part delete 14:05 4 ✗1 failed")
            assert "3 deleted, 1 not deleted, or not known to be" in plain(stage)
            assert "Failed" in stage.text()
            assert 0 < stage.text().index("✗ failed") < stage.text().index("- deleted")

    async def test_one_comes_back_from_the_other_views_to_the_same_job(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("d", "y")
            stage.clock.forward(60)
            await stage.press("d", "y", "4", "j")
            key = jobs_of(stage).list.row.key  # type: ignore[union-attr]
            await stage.press("2", "1", "4")
            assert jobs_of(stage).list.row.key == key  # type: ignore[union-attr]
            assert [row[:2] for row in rows(stage)] == ["✓ ", "✓ "]

    async def test_view_2_and_view_4_take_each_others_place(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("2", "4", "2", "4")
            assert len(stage.app.screen_stack) == 2
            await stage.press("1")
            assert stage.app.screen is stage.inbox

    async def test_journals_that_cant_be_read_are_told(self, tmp_path: Path) -> None:
        (tmp_path / "20261123-130500-abcdef.jsonl").mkdir()
        stage = Stage(jobs=FolderJobs(tmp_path, lambda: stage.clock()))
        async with playing(stage) as stage:
            await stage.press("4")
            assert "A job's journal can't be read" in stage.text()
            assert "No jobs yet" not in stage.text()

    async def test_its_keys_are_in_help_and_palette(self) -> None:
        async with playing(Stage(), (100, 50)) as stage:
            await stage.press("4", "question_mark")
            assert "go on with the job" in stage.text()
            await stage.press("escape", "1", "colon")
            await stage.type("the jobs")
            await stage.press("enter", "enter")
            assert isinstance(stage.app.screen, JobsScreen)

    async def test_ten_thousand_messages_are_made_where_they_are_in_sight(self, tmp_path: Path) -> None:
        stage = Stage(jobs=FolderJobs(tmp_path, lambda: stage.clock()))
        write_journal(tmp_path, NOW, 10_000, DEMO)
        async with playing(stage):
            await stage.press("4", "enter", "G")
            assert "Notifica di accertamento IMU" in stage.lines()[-3]
            lines = jobs_of(stage).pane.lines
            assert len(lines) > 10_000
            assert not isinstance(lines, list)

    async def test_an_interrupted_one_tells_what_is_left(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path)
        left = left_of(tmp_path, stage)
        async with playing(stage, (120, 40)):
            await stage.press("4")
            assert rows(stage)[0] == f"! interrupted delete 14:05 {25 - left}/25 of 11 sends"
            assert f"{25 - left} deleted, {left} left" in plain(stage)
            assert stage.text().count("begun, and nobody") == 4


class TestWhatRuns:
    """Its progress, and ending it."""

    async def test_its_row_is_the_first_and_says_how_far_it_got(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("d", "y")
            stage.clock.forward(60)
            await deleting(stage, 10, after=4)
            await stage.pilot.press("4")  # type: ignore[union-attr]
            await eventually(lambda: "» running delete 14:06 4/10" in " ".join(rows(stage)[:1]))
            assert "2 jobs · 1 running" in stage.text()
            await eventually(lambda: "deleting 4/10" in stage.lines()[0])
            assert "Ctrl-C ends it after the messages in hand" in stage.text()
            assert "4 deleted" in plain(stage)
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert [row[:2] for row in rows(stage)] == ["✓ ", "✓ "]

    async def test_ctrl_c_ends_what_is_under_the_cursor(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await deleting(stage, 20, after=4)
            await stage.pilot.press("4", "ctrl+c")  # type: ignore[union-attr]
            await eventually(lambda: "Stopping after the message in hand" in stage.text())
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert rows(stage)[0].startswith("■ stopped delete")
            assert len(stage.sandbox.mailbox.mails) > 40

    async def test_it_goes_on_while_one_is_elsewhere(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await deleting(stage, 10, after=4)
            await stage.pilot.press("4", "2", "1")  # type: ignore[union-attr]
            await eventually(lambda: stage.app.screen is stage.inbox)
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert len(stage.sandbox.mailbox.mails) == 50

    async def test_leaving_asks(self) -> None:
        async with playing(Stage()) as stage:
            await deleting(stage, 10, after=4)
            await stage.pilot.press("4", "q")  # type: ignore[union-attr]
            await eventually(lambda: isinstance(stage.app.screen, LeaveScreen))
            assert "A message that is being deleted is finished first" in plain(stage)
            await stage.pilot.press("escape")  # type: ignore[union-attr]
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]

    async def test_a_long_sync_has_a_row_and_a_short_one_has_none(self) -> None:
        stage = Stage(300)
        async with playing(stage, (120, 40)):
            stage.hold("inbox", after=5)
            await stage.press("4")
            await stage.pilot.press("1", "R", "4")  # type: ignore[union-attr]
            await eventually(lambda: any("sync" in row for row in rows(stage)))
            assert any(re.search(r"» running sync 14:05 \d+/12 pages", row) for row in rows(stage))
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert rows(stage) == []


class TestPace:
    """How much is done in a second, how long the rest takes."""

    def test_what_an_earlier_run_has_done_tells_nothing_of_it(self) -> None:
        now = Stage(1).clock()
        progress = Progress(Work.DELETION, now, "deleting", total=900, done=520, before=500)
        later = now + timedelta(seconds=10)
        assert progress.rate(later) == 2
        assert progress.left(later) == timedelta(seconds=190)

    def test_nothing_is_promised_at_the_beginning(self) -> None:
        now = Stage(1).clock()
        progress = Progress(Work.DELETION, now, "deleting", total=900, done=1)
        assert progress.left(now + timedelta(seconds=1)) is None


class TestGoingOn:
    """o, on a job that ended before its end."""

    async def test_the_program_says_at_its_start_that_one_was_interrupted(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path)
        async with playing(stage, (100, 30)):
            assert "A deletion was interrupted" in stage.text()
            assert f"{left_of(tmp_path, stage)} messages of it are left. 4 shows it" in plain(stage)

    async def test_it_is_said_in_the_status_until_view_4_was_seen(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path)
        async with playing(stage, (100, 30)):
            await stage.press("escape")
            assert "A deletion was interrupted" not in stage.text()
            assert "! 1 interrupted, see 4" in stage.lines()[-2]
            await stage.press("space", "2")
            assert stage.lines()[-2].endswith("! 1 interrupted, see 4  1 marked ")
            await stage.press("4", "2")
            assert "interrupted" not in stage.text()
            await stage.press("1")
            assert "interrupted" not in stage.text()

    async def test_nothing_is_said_of_another_mailboxs(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path, profile=PRODUCTION)
        async with playing(stage, (100, 30)):
            assert "interrupted" not in stage.text()

    async def test_it_ends_as_an_undisturbed_run(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path)
        left = left_of(tmp_path, stage)
        async with playing(stage, (120, 40)):
            await stage.press("4", "o")
            assert isinstance(stage.app.screen, ResumeScreen)
            assert f"Go on, and delete {left} messages?" in stage.text()
            assert f"interrupted, {25 - left} of 25 messages are settled" in plain(stage)
            await stage.press("y")
            assert len(stage.sandbox.mailbox.mails) == 35
            assert rows(stage) == ["✓ finished delete 14:05 25 of 11 sends"]
            assert not stage.text().count("… left")

    async def test_only_y_goes_on(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path)
        async with playing(stage, (120, 40)):
            there = len(stage.sandbox.mailbox.mails)
            await stage.press("4", "o", "enter")
            assert "Nothing was deleted" in stage.text()
            assert len(stage.sandbox.mailbox.mails) == there

    async def test_what_was_cancelled_is_gone_on_with_in_the_same_run(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await deleting(stage, 20, after=4)
            await stage.pilot.press("4", "ctrl+c")  # type: ignore[union-attr]
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            await stage.press("o", "y")
            assert len(stage.sandbox.mailbox.mails) == 40
            assert len(rows(stage)) == 1

    async def test_another_mailboxs_is_refused_with_the_reason(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path, profile=PRODUCTION)
        async with playing(stage, (120, 40)):
            there = len(stage.sandbox.mailbox.mails)
            await stage.press("4")
            assert "other mailbox: " in rows(stage)[0]
            await stage.press("o")
            assert "This job can't be gone on with here" in stage.text()
            assert not isinstance(stage.app.screen, ResumeScreen)
            assert len(stage.sandbox.mailbox.mails) == there

    async def test_nothing_is_gone_on_with_where_nothing_may_be_deleted(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path, profile=replace(DEMO, read_only=True))
        async with playing(stage, (120, 40)):
            await stage.press("4", "o")
            assert "Nothing is deleted here" in stage.text()

    async def test_one_deletion_at_a_time(self, tmp_path: Path) -> None:
        stage = again(await interrupted(tmp_path), tmp_path)
        async with playing(stage, (120, 40)):
            await deleting(stage, 10, after=2)
            await stage.pilot.press("4")  # type: ignore[union-attr]
            await eventually(lambda: isinstance(stage.app.screen, JobsScreen) and len(rows(stage)) == 2)
            await stage.pilot.press("G", "o")  # type: ignore[union-attr]
            await eventually(lambda: "A deletion is running" in stage.text())
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]

    @pytest.mark.parametrize("ids", ["uid", "sequence"])
    async def test_a_finished_one_can_not_be_gone_on_with(self, ids: str) -> None:
        async with playing(Stage(ids=ids), (120, 40)) as stage:
            await stage.press("d", "y", "4")
            assert "go on" not in stage.text()
            await stage.press("o")
            assert isinstance(stage.app.screen, JobsScreen)
