"""Jobs by their journals: what ran, how it ended, and what a job that was killed had still to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from pectui.domain.message import Header
from pectui.engine.journal import FileJournal, Journal, MemoryJournal, is_running, new_job
from pectui.engine.outcome import AlreadyGone, Deleted, Failed, ItemEvent, Refused, Unfinished
from pectui.errors import StoreError

MOST = 100
"""Jobs that are listed. Older ones can still be asked for by name."""


class JobState(StrEnum):
    """How a job stands. The values are the names that `--json` uses."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    """Cancelled, or ended by an error: it can be gone on with."""
    INTERRUPTED = "interrupted"
    """Its program ended in the middle of it: it can be gone on with."""


@dataclass(frozen=True, slots=True)
class JobItem:
    """A message of a job, as the plan had it."""

    chosen_id: int
    header: Header
    """With the id that it had when the plan was made."""
    page: int | None = None
    has_twin: bool = False
    text_hash: str | None = None
    listed_alike: int = 1
    """How many messages were listed that looked so, itself among them."""


@dataclass(frozen=True, slots=True)
class JobStep:
    """A DELETE that was begun."""

    chosen_id: int
    id: int
    """What the server called the message at that moment."""
    above: Header | None
    """A message that was listed above it then and looks different; None where that is not known."""


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What a journal tells of its job."""

    job: str
    began_at: datetime | None
    ended_at: datetime | None
    state: JobState
    profile: str = ""
    environment: str = ""
    mailbox: str = ""
    host: str = ""
    plan: Mapping[str, Any] = field(default_factory=dict)
    """The plan in numbers."""
    items: tuple[JobItem, ...] = ()
    sends: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Codes of sends that may go by one request, with the chosen ids of their messages."""
    planned: tuple[ItemEvent, ...] = ()
    """What the plan itself said would not be deleted: gone already, or refused."""
    results: tuple[ItemEvent, ...] = ()
    """What became of messages, as far as that was written down."""
    steps: tuple[JobStep, ...] = ()
    """Every DELETE of one message that was begun, the last one of each."""
    begun: frozenset[int] = frozenset()
    """Chosen ids whose DELETE was begun, and nobody wrote down what became of it."""
    kept: tuple[Unfinished, ...] = ()
    newest: Header | None = None
    """The newest message that was listed when the plan was made, if it was to stay and nothing looked like it."""
    landmarks: tuple[Header, ...] = ()
    """The newest ones that were to stay and that nothing looked like."""

    @property
    def events(self) -> tuple[ItemEvent, ...]:
        """All that is known of messages, what the plan said of them included."""
        return (*self.planned, *self.results)

    @property
    def total(self) -> int:
        """Messages that were asked for."""
        return len({*(item.chosen_id for item in self.items), *(event.id for event in self.events)})

    @property
    def left(self) -> tuple[JobItem, ...]:
        """What is still to be done."""
        told = {event.id for event in self.results}
        return tuple(item for item in self.items if item.chosen_id not in told)

    @property
    def can_be_resumed(self) -> bool:
        return self.state in (JobState.STOPPED, JobState.INTERRUPTED) and bool(self.left)


class Jobs(Protocol):
    """Where jobs are kept."""

    def begin(self, mailbox: str) -> Journal:
        """The journal of a new job in the mailbox. StoreError if there can be none; RefusedHereError while another job
        runs in the same mailbox: where ids shift, each would take the other's messages."""

    def reopen(self, job: str, mailbox: str) -> tuple[Journal, JobRecord]:
        """The journal of a job that is gone on with, and what it tells. RefusedHereError if it or another one runs."""

    def records(self) -> Sequence[JobRecord]:
        """The latest jobs, `MOST` at most, the latest first. What can't be read of one is left out."""

    def record(self, job: str) -> JobRecord | None:
        """One job; None if there is none of this name."""


class MemoryJobs:
    """Jobs that end with the program, for the demo."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._journals: dict[str, MemoryJournal] = {}

    def begin(self, mailbox: str) -> Journal:
        journal = self._journals[new_job(self._clock())] = MemoryJournal(self._clock)
        return journal

    def reopen(self, job: str, mailbox: str) -> tuple[Journal, JobRecord]:
        journal = self._journals[job]
        record = read_journal(job, journal.lines, running=False)
        journal.is_open = True
        return journal, record

    def records(self) -> Sequence[JobRecord]:
        return [self._read(job) for job in sorted(self._journals, reverse=True)]

    def record(self, job: str) -> JobRecord | None:
        return self._read(job) if job in self._journals else None

    def _read(self, job: str) -> JobRecord:
        journal = self._journals[job]
        return read_journal(job, journal.lines, running=journal.is_open)


class FolderJobs:
    """Jobs in a folder, a journal each."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock
        self._known: dict[str, tuple[object, JobRecord]] = {}
        """What was read, by the file's size and time: a job of ten thousand messages takes a tenth of a second."""

    def begin(self, mailbox: str) -> Journal:
        return FileJournal(self._folder, self._clock, mailbox)

    def reopen(self, job: str, mailbox: str) -> tuple[Journal, JobRecord]:
        journal = FileJournal(self._folder, self._clock, mailbox, job)
        try:
            # Read while it is locked: nobody else adds to it any more.
            lines = (self._folder / f"{job}.jsonl").read_text("ascii", "replace").splitlines()
        except OSError as error:
            journal.close()
            raise _unreadable(job, error) from error
        return journal, read_journal(job, lines, running=False)

    def records(self) -> Sequence[JobRecord]:
        latest = sorted(self._folder.glob("*.jsonl"), reverse=True)[:MOST]
        found = (self.record(path.stem) for path in latest)
        return [record for record in found if record is not None]

    def record(self, job: str) -> JobRecord | None:
        path = self._folder / f"{job}.jsonl"
        if path.parent != self._folder:
            return None  # a name is no path
        try:
            running = is_running(path)
            status = path.stat()
            edition = (status.st_size, status.st_mtime_ns, running)
            known = self._known.get(job)
            if known is not None and known[0] == edition:
                return known[1]
            lines = path.read_text("ascii", "replace").splitlines()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(job, error) from error
        record = read_journal(job, lines, running=running)
        self._known[job] = edition, record
        return record


def _unreadable(job: str, error: OSError) -> StoreError:
    return StoreError(
        "A job's journal can't be read", f"{job}: {error.strerror or error}", "Mend the rights of the file."
    )


def read_journal(job: str, lines: Iterable[str], *, running: bool) -> JobRecord:
    """What the journal's lines tell. A line that a kill left torn is passed over, as is what is no step at all."""
    reading = _Reading()
    for line in lines:
        try:
            step = json.loads(line)
            reading.take(step)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    return reading.record(job, running=running)


class _Reading:
    def __init__(self) -> None:
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._plan: dict[str, Any] = {}
        self._sends: tuple[tuple[str, tuple[int, ...]], ...] = ()
        self._kept: tuple[Unfinished, ...] = ()
        self._items: dict[int, JobItem] = {}
        self._newest: Header | None = None
        self._landmarks: tuple[Header, ...] = ()
        self._planned: tuple[ItemEvent, ...] = ()
        self._events: dict[int, ItemEvent] = {}
        self._begun: set[int] = set()
        self._steps: dict[int, JobStep] = {}
        self._ended: str | None = None

    def take(self, step: dict[str, Any]) -> None:
        self._last = datetime.fromisoformat(step["at"])
        self._first = self._first or self._last
        name = step["step"]
        if name == "plan":
            self._take_plan(step)
        elif name == "text":
            item = self._items[step["chosen"]]
            self._items[item.chosen_id] = replace(item, text_hash=step["text_sha256"])
        elif name == "delete":
            self._begun.add(step["chosen"])
            beside = step.get("above")
            above = Header(*beside) if beside else None
            self._steps[step["chosen"]] = JobStep(step["chosen"], step["id"], above)
        elif name == "not_done":
            self._begun.difference_update(step["chosen"])
        elif name == "delete_send":
            self._begun.update(step["chosen"])
        elif name in _EVENTS:
            self._events[step["id"]] = _event(name, step)
        elif name in ("end", "cancelled", "resumed"):
            self._ended = name

    def _take_plan(self, step: dict[str, Any]) -> None:
        items = [_item(facts) for facts in step["messages"]]
        self._sends = tuple((str(send["code"]), tuple(send["chosen"])) for send in step.get("sends", ()))
        self._kept = tuple(Unfinished(one["id"], one["reason"]) for one in step.get("kept", ()))
        told: list[ItemEvent] = [AlreadyGone(one) for one in step.get("already_gone", ())]
        told += [Refused(one["id"], one["reason"]) for one in step.get("refused", ())]
        newest = step.get("newest")
        self._newest = Header(*newest) if newest else None
        self._landmarks = tuple(Header(*one) for one in step.get("landmarks", ()))
        self._items.update({item.chosen_id: item for item in items})
        self._planned = tuple(told)
        self._plan = step

    def record(self, job: str, *, running: bool) -> JobRecord:
        about = {
            name: str(self._plan.get(name, "")) for name in ("profile", "environment", "mailbox", "host")
        }
        counts = self._plan.get("plan")
        return JobRecord(
            job=job,
            began_at=self._first,
            ended_at=None if running else self._last,
            state=self._state(running=running),
            **about,
            plan=counts if isinstance(counts, dict) else {},
            items=tuple(self._items.values()),
            sends=self._sends,
            planned=self._planned,
            results=tuple(self._events.values()),
            steps=tuple(self._steps.values()),
            begun=frozenset(self._begun - self._events.keys()),
            kept=self._kept,
            newest=self._newest,
            landmarks=self._landmarks,
        )

    def _state(self, *, running: bool) -> JobState:
        if running:
            return JobState.RUNNING
        if self._items and self._items.keys() <= self._events.keys():
            return JobState.FINISHED  # also where a kill left it without its last line
        ended = {"end": JobState.FINISHED, "cancelled": JobState.STOPPED}
        return ended.get(self._ended or "", JobState.INTERRUPTED)


_EVENTS: Final = frozenset({"deleted", "already_gone", "refused", "failed"})


def _item(facts: Mapping[str, Any]) -> JobItem:
    return JobItem(
        facts["chosen"],
        Header(facts["id"], facts["date"], facts["subject"], facts["sender"], facts["recipient"]),
        facts.get("page"),
        facts.get("has_twin", False),
        facts["text_sha256"],
        facts.get("listed_alike", 1),
    )


def _event(name: str, step: Mapping[str, Any]) -> ItemEvent:
    message_id: int = step["id"]
    if name == "deleted":
        return Deleted(message_id)
    if name == "already_gone":
        return AlreadyGone(message_id)
    return (Refused if name == "refused" else Failed)(message_id, step["reason"])
