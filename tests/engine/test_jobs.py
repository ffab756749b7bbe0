"""Jobs as their journals tell them, whatever a kill, an older pectui or somebody else has left in the folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.message import Header
from pectui.engine.jobs import FolderJobs, JobRecord, JobState, read_journal
from pectui.engine.journal import line_of
from pectui.engine.outcome import AlreadyGone, Deleted, Failed, Refused, Unfinished
from pectui.errors import RefusedHereError, StoreError
from tests.engine import programs
from tests.engine.conftest import NOW

_MESSAGE = {
    "date": "Mon, 2 Mar 2026 09:00:00 +0100",
    "subject": "s",
    "sender": "a@pec.example",
    "recipient": "b@pec.example",
    "text_sha256": None,
}


def message(number: int, **facts: Any) -> dict[str, Any]:
    return {"chosen": number, "id": number, **_MESSAGE, **facts}


def header(number: int) -> Header:
    return Header(number, _MESSAGE["date"] or "", "s", "a@pec.example", "b@pec.example")


PLAN: dict[str, Any] = {
    "profile": "comune",
    "environment": "production",
    "mailbox": "comune@pec.example",
    "host": "api.example",
    "plan": {"messages": 4},
    "messages": [message(number, page=1, has_twin=number == 3) for number in (1, 2, 3, 4)],
    "sends": [{"code": "2026030209000012", "chosen": [1, 2]}],
    "already_gone": [7],
    "refused": [{"id": 8, "reason": "twins"}],
    "kept": [{"id": 9, "reason": "an answer"}],
}


_FOREIGN: list[dict[str, Any]] = [
    {"step": "something new", "id": 2},
    {"step": ["deleted"], "id": 2},
    {"step": "deleted"},
    {"step": "deleted", "id": [2]},
    {"step": "failed", "id": 2},
    {"step": "delete"},
    {"step": "delete", "chosen": [2], "id": 2},
    {"step": "delete_send", "chosen": 2},
    {"step": "text", "chosen": 99, "text_sha256": "a"},
    *({**PLAN, "step": "plan", name: 5} for name in PLAN if isinstance(PLAN[name], list)),
    *({**PLAN, "step": "plan", name: [5]} for name in ("messages", "sends", "refused", "kept")),
]


def lines(*steps: tuple[str, dict[str, Any]]) -> list[str]:
    return [line_of(NOW + timedelta(seconds=at), name, facts) for at, (name, facts) in enumerate(steps)]


def record(*steps: tuple[str, dict[str, Any]], running: bool = False) -> JobRecord:
    return read_journal("job", lines(("plan", PLAN), *steps), running=running)


def step(name: str, number: int, **facts: Any) -> tuple[str, dict[str, Any]]:
    if name in ("delete", "text"):
        return name, {"chosen": number, "id": number, **facts}
    return name, {"id": number, "reason": "", **facts}


class TestWhatAJournalTells:
    """Everything that it takes to show a job, and to go on with it."""

    def test_the_plan(self) -> None:
        job = record()
        assert (job.profile, job.environment, job.mailbox, job.host) == (
            "comune",
            "production",
            "comune@pec.example",
            "api.example",
        )
        assert [item.header for item in job.items] == [header(number) for number in (1, 2, 3, 4)]
        assert [(item.page, item.has_twin) for item in job.items] == [
            (1, number == 3) for number in (1, 2, 3, 4)
        ]
        assert job.sends == (("2026030209000012", (1, 2)),)
        assert job.events == (AlreadyGone(7), Refused(8, "twins"))
        assert job.kept == (Unfinished(9, "an answer"),)
        assert (job.total, len(job.left)) == (6, 4)

    def test_what_became_of_each(self) -> None:
        job = record(
            step("deleted", 1),
            step("already_gone", 2),
            step("refused", 3, reason="no"),
            step("failed", 4, reason="oh"),
        )
        assert job.events[2:] == (Deleted(1), AlreadyGone(2), Refused(3, "no"), Failed(4, "oh"))
        assert job.left == ()

    def test_a_text_that_was_read_on_the_way(self) -> None:
        job = record(("text", {"chosen": 3, "text_sha256": "abc"}))
        assert [item.text_hash for item in job.items] == [None, None, "abc", None]

    def test_a_delete_whose_end_nobody_wrote_down(self) -> None:
        job = record(
            step("delete", 4, above=[5, *header(5).facts]), step("deleted", 4), step("delete", 3, above=None)
        )
        assert job.begun == {3}
        assert [(one.chosen_id, one.id, one.above) for one in job.steps] == [(4, 4, header(5)), (3, 3, None)]

    def test_a_whole_send_that_was_begun(self) -> None:
        job = record(("delete_send", {"code": "2026030209000012", "chosen": [1, 2]}), step("deleted", 1))
        assert job.begun == {2}


class TestHowItStands:
    """Running is who has the lock; the rest is told by the last line."""

    @pytest.mark.parametrize(
        ("last", "state"),
        [
            (("end", {"deleted": 4, "failed": 0}), JobState.FINISHED),
            (("cancelled", {"deleted": 1, "failed": 3}), JobState.STOPPED),
            (("resumed", {"left": 2}), JobState.INTERRUPTED),
            (step("deleted", 1), JobState.INTERRUPTED),
        ],
    )
    def test_by_the_last_line(self, last: tuple[str, dict[str, Any]], state: JobState) -> None:
        assert record(last).state is state
        assert record(last, running=True).state is JobState.RUNNING

    def test_a_job_that_was_gone_on_with_is_not_as_it_was_left(self) -> None:
        assert record(("cancelled", {}), ("resumed", {})).state is JobState.INTERRUPTED
        assert record(("cancelled", {}), ("resumed", {}), ("end", {})).state is JobState.FINISHED

    def test_only_what_stopped_with_something_left_can_be_gone_on_with(self) -> None:
        all_done = [step("deleted", number) for number in (1, 2, 3, 4)]
        assert record(step("deleted", 1)).can_be_resumed
        assert record(step("deleted", 1), ("cancelled", {})).can_be_resumed
        assert not record(step("deleted", 1), running=True).can_be_resumed
        assert not record(*all_done).can_be_resumed
        assert not record(*all_done[:3], ("end", {})).can_be_resumed

    def test_it_ended_with_its_last_line_unless_it_runs(self) -> None:
        job = record(step("deleted", 1))
        assert (job.began_at, job.ended_at) == (NOW, NOW + timedelta(seconds=1))
        assert record(step("deleted", 1), running=True).ended_at is None


class TestALineThatIsNoStep:
    """It is passed over, and all others are read."""

    @pytest.mark.parametrize("cut", range(1, 60, 7))
    def test_the_last_line_torn_by_a_kill(self, cut: int) -> None:
        whole = lines(("plan", PLAN), step("deleted", 1), step("deleted", 2))
        job = read_journal("job", [*whole[:-1], whole[-1][:-cut]], running=False)
        assert job.events[2:] == (Deleted(1),)
        assert [item.chosen_id for item in job.left] == [2, 3, 4]

    def test_a_torn_plan_is_no_plan(self) -> None:
        job = read_journal("job", [lines(("plan", PLAN))[0][:-1]], running=False)
        assert (job.items, job.state, job.can_be_resumed) == ((), JobState.INTERRUPTED, False)

    @pytest.mark.parametrize(
        "line",
        [
            "",
            "null",
            "[]",
            "3",
            '"a word"',
            "{}",
            '{"step": "deleted", "id": 2}',
            "[" * 100_000,
            "\ufffd\ufffd",
        ]
        + [json.dumps({"at": NOW.isoformat(), **foreign}) for foreign in _FOREIGN]
        + [json.dumps({"at": "yesterday", "step": "deleted", "id": 2})],
        ids=lambda line: line[:40],
    )
    def test_foreign_lines(self, line: str) -> None:
        steps = lines(("plan", PLAN), step("deleted", 1), step("deleted", 3))
        for at in range(4):
            job = read_journal("job", [*steps[:at], line, *steps[at:]], running=False)
            assert job.events[2:] == (Deleted(1), Deleted(3))
            assert [item.chosen_id for item in job.left] == [2, 4]
            assert (job.total, len(job.sends), len(job.kept), job.mailbox) == (6, 1, 1, PLAN["mailbox"])

    def test_a_plan_of_an_older_pectui(self) -> None:
        steps = lines(("plan", {"messages": [message(1), message(2)]}), step("deleted", 1))
        job = read_journal("job", steps, running=False)
        assert ([item.chosen_id for item in job.left], job.mailbox, job.sends) == ([2], "", ())

    @given(st.data())
    def test_any_json_whatever(self, data: st.DataObject) -> None:
        anything = st.recursive(
            st.none() | st.booleans() | st.integers(-2, 5) | st.text(max_size=3),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=5,
        )
        name = data.draw(st.sampled_from(sorted(PLAN)))
        spoiled = {**PLAN, name: data.draw(anything)}
        foreign = st.dictionaries(
            st.sampled_from(["step", "id", "chosen", "above", "reason", "code"]), anything
        )
        steps = [("plan", spoiled), *(("deleted", one) for one in data.draw(st.lists(foreign, max_size=3)))]
        job = read_journal("job", lines(*steps), running=False)
        assert {item.chosen_id for item in job.left} <= {1, 2, 3, 4}
        for word in (job.profile, job.environment, job.mailbox, job.host):
            assert isinstance(word, str)


class TestInAFolder:
    """A journal each; the system's lock says who runs."""

    def write(self, folder: Path, job: str, *steps: tuple[str, dict[str, Any]]) -> None:
        (folder / f"{job}.jsonl").write_text("\n".join(lines(*steps)) + "\n")

    def jobs(self, folder: Path) -> FolderJobs:
        return FolderJobs(folder, lambda: NOW)

    def test_the_latest_first(self, tmp_path: Path) -> None:
        for day in (3, 1, 2):
            self.write(tmp_path, f"2026030{day}-090000-abcdef", ("plan", PLAN))
        (tmp_path / "a note.txt").write_text("not a job")
        assert [one.job[7:8] for one in self.jobs(tmp_path).records()] == ["3", "2", "1"]

    def test_no_folder_no_jobs(self, tmp_path: Path) -> None:
        assert self.jobs(tmp_path / "none").records() == []
        assert self.jobs(tmp_path / "none").record("20260302-090000-abcdef") is None

    @pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/b", "..", ""])
    def test_a_name_is_no_path(self, tmp_path: Path, name: str) -> None:
        self.write(tmp_path, "secret", ("plan", PLAN))
        (tmp_path / "jobs").mkdir()
        assert self.jobs(tmp_path / "jobs").record(name) is None

    def test_a_journal_that_grows_is_read_again(self, tmp_path: Path) -> None:
        jobs = self.jobs(tmp_path)
        journal = jobs.begin("mailbox")
        journal.write("plan", PLAN)
        assert journal.job is not None
        before = jobs.record(journal.job)
        journal.write("deleted", {"id": 1, "reason": ""})
        after = jobs.record(journal.job)
        journal.close()
        closed = jobs.record(journal.job)
        assert before is not None
        assert after is not None
        assert closed is not None
        assert (len(before.left), len(after.left)) == (4, 3)
        assert (after.state, closed.state) == (JobState.RUNNING, JobState.INTERRUPTED)

    def test_one_that_may_not_be_read_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "20260302-090000-abcdef.jsonl").mkdir()
        with pytest.raises(StoreError, match="can't be read"):
            self.jobs(tmp_path).record("20260302-090000-abcdef")

    def test_a_torn_line_spoils_no_other_when_it_is_gone_on_with(self, tmp_path: Path) -> None:
        name = "20260302-090000-abcdef"
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines(("plan", PLAN), step("deleted", 1)))[:-5])
        journal = self.jobs(tmp_path).reopen(name, "mailbox")[0]
        journal.write("resumed", {"left": 4})
        journal.write("deleted", {"id": 2, "reason": ""})
        journal.close()
        job = self.jobs(tmp_path).record(name)
        assert job is not None
        assert [item.chosen_id for item in job.left] == [1, 3, 4]


@pytest.fixture
def working(tmp_path: Path) -> Iterator[tuple[Path, str, Any]]:
    """The folder, a job that another process works on, and that process."""
    with programs.start("working", tmp_path) as process:
        assert process.stdout is not None
        yield tmp_path, process.stdout.readline().strip(), process
        process.kill()


class TestTwoProcesses:
    """A job runs for as long as its process lives, however that ends."""

    def test_it_runs_until_its_process_is_killed(self, working: tuple[Path, str, Any]) -> None:
        folder, name, process = working
        jobs = FolderJobs(folder, lambda: NOW)
        assert states(jobs.records()) == [JobState.RUNNING]
        with pytest.raises(RefusedHereError, match="Another job runs"):
            jobs.reopen(name, "mailbox")
        process.kill()
        process.wait()
        assert states(jobs.records()) == [JobState.INTERRUPTED]
        jobs.reopen(name, "mailbox")[0].close()

    def test_to_look_at_it_disturbs_nobody(self, working: tuple[Path, str, Any]) -> None:
        folder, name, process = working
        descriptors = len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            FolderJobs(folder, lambda: NOW).record(name)
        assert len(os.listdir("/proc/self/fd")) == descriptors
        assert process.poll() is None


def states(records: Sequence[JobRecord]) -> list[JobState]:
    return [one.state for one in records]
