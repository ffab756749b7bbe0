"""A job in words: its row, and what is told of it beside the list, whether it runs or a journal tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property

from pectui.engine.jobs import JobRecord, JobState
from pectui.tui.foreign import NOTHING, Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.job_items import ITEM_LOOKS, ItemState, JobItems, items_of
from pectui.tui.moment import full_date, short_date
from pectui.tui.paint import Line, Span
from pectui.tui.running import Ending, Progress, Work
from pectui.tui.widgets.job_pane import Fact, JobDetails
from pectui.tui.widgets.job_row import JobLook, JobRow
from pectui.tui.widgets.message_row import today_of

_RUNNING = JobLook(Shown("»"), Shown("running"), Shown("Running"), Ink.ACCENT)
_ELSEWHERE = JobLook(
    Shown("»"), Shown("running"), Shown("Running in another pectui; r reads how far it got"), Ink.ACCENT
)
_STOPPED = JobLook(Shown("■"), Shown("stopped"), Shown("Stopped before its end"), Ink.WARN)
_INTERRUPTED = JobLook(
    Shown("!"), Shown("interrupted"), Shown("Interrupted: its program ended in the middle of it"), Ink.WARN
)
FINISHED = JobLook(Shown("✓"), Shown("finished"), Shown("Finished"), Ink.GOOD)
PARTLY = JobLook(Shown("±"), Shown("in part"), Shown("Finished; not all of it could be done"), Ink.WARN)
_FAILED = JobLook(Shown("✗"), Shown("failed"), Shown("Failed"), Ink.BAD)

_ENDINGS = {
    None: _RUNNING,
    Ending.FINISHED: FINISHED,
    Ending.PARTLY: PARTLY,
    Ending.STOPPED: _STOPPED,
    Ending.FAILED: _FAILED,
}
LOOKS = {
    JobState.RUNNING: _ELSEWHERE,
    JobState.STOPPED: _STOPPED,
    JobState.INTERRUPTED: _INTERRUPTED,
}
_PROBLEMS = (ItemState.FAILED, ItemState.MISSING, ItemState.REFUSED)
_LAST_FIRST = tuple(ItemState)[::-1]
_GO_ON = Shown("o goes on with what is left of it")
_CANCEL = {
    Work.DELETION: Shown("Ctrl-C ends it after the messages in hand"),
    Work.SEND: Shown("Ctrl-C stops it if nothing has left yet"),
    Work.EXPORT: Shown("Ctrl-C ends it; the same export goes on from there"),
    Work.SYNC: Shown("Ctrl-C ends it; what was read is kept"),
}
_PANE_BAR, _ROW_BAR = 20, 10
"""Cells."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When and for whom something is told."""

    now: datetime
    zone: tzinfo | None

    @property
    def today(self) -> date:
        """The day it is for the user."""
        return today_of(self.now, self.zone)


class Journalled:
    """A job that a journal tells, and its messages counted: of ten thousand that is nothing to be done at each key."""

    def __init__(self, record: JobRecord, *, here: bool) -> None:
        """`here`: it is of the mailbox that is open."""
        self.record = record
        self.here = here
        self.counts = items_of(record).counts

    @cached_property
    def items(self) -> JobItems:
        """What became of each message."""
        return items_of(self.record)

    @property
    def look(self) -> JobLook:
        """How it stands."""
        if self.record.state is not JobState.FINISHED:
            return LOOKS[self.record.state]
        return PARTLY if any(self.counts[state] for state in _PROBLEMS) else FINISHED


def row_of_progress(progress: Progress, name: str, moment: Moment) -> JobRow:
    """The row of what runs, or of an export that ended."""
    about: list[Span] = []
    bar: Line = ()
    if progress.items is not None:
        about += _problems(progress.items.counts)
    if progress.ending is None:
        about += _rate(progress, moment.now)
        bar = _bar(progress, _ROW_BAR)
    elif progress.result:
        about.append(Span(progress.result[0], _ENDINGS[progress.ending].ink))
    return JobRow(
        name=name,
        look=_ENDINGS[progress.ending],
        work=shown(progress.work.value),
        when=short_date(progress.began_at, moment.today, moment.zone),
        done=done_of(progress.done, progress.total, progress.unit),
        about=tuple(about),
        bar=bar,
    )


def row_of_record(job: Journalled, moment: Moment) -> JobRow:
    """The row of a job that a journal tells."""
    problems = _problems(job.counts)
    about: list[Span] = []
    if job.here and not problems and (sends := job.record.plan.get("sends")):
        about.append(Span(shown(f"of {_counted(sends, 'send')}"), Ink.MUTED))
    if not job.here:
        about.append(Span(shown(f"other mailbox: {job.record.mailbox}{' ' * bool(problems)}"), Ink.MUTED))
    total = sum(job.counts.values()) - job.counts[ItemState.KEPT]
    return JobRow(
        name=job.record.job,
        look=job.look,
        work=shown(Work.DELETION.value),
        when=short_date(job.record.began_at, moment.today, moment.zone),
        done=done_of(total - job.counts[ItemState.LEFT], total),
        about=(*about, *problems),
    )


def details_of_progress(progress: Progress, name: str, moment: Moment, own: frozenset[str]) -> JobDetails:
    """What is told beside the list of what runs, or of an export that ended."""
    look = _ENDINGS[progress.ending]
    runs = progress.ending is None
    facts: list[Fact] = [(Shown("Began"), full_date(progress.began_at, moment.zone), Ink.PLAIN)]
    if progress.ended_at is not None:
        facts.append((Shown("Ended"), full_date(progress.ended_at, moment.zone), Ink.PLAIN))
    if progress.what:
        facts.append((Shown("What"), progress.what, Ink.PLAIN))
    if progress.job is not None:
        facts.append((Shown("Job"), shown(progress.job), Ink.MUTED))
    ink = Ink.PLAIN if progress.ending is Ending.FINISHED else Ink.WARN
    told = [(line, ink) for line in progress.result]
    if progress.items is not None:
        told.append((_counts(progress.items.counts), Ink.PLAIN))
    return JobDetails(
        name=name,
        look=look,
        title=shown(f"{look.plain}: {progress.label()}") if runs else look.plain,
        pace=_pace(progress, moment.now) if runs else (),
        result=tuple((NOTHING if at else Shown("Result"), *line) for at, line in enumerate(told)),
        facts=tuple(facts),
        hint=_CANCEL[progress.work] if runs else _GO_ON if progress.go_on is not None else NOTHING,
        items=progress.items,
        own=own,
    )


def details_of_record(job: Journalled, moment: Moment, own: frozenset[str]) -> JobDetails:
    """What is told beside the list of a job that a journal tells."""
    record = job.record
    host = f", {record.host}" if record.host else ""
    where = shown(f"{record.mailbox} ({record.profile}, {record.environment}{host})")
    facts: list[Fact] = [(Shown("Began"), full_date(record.began_at, moment.zone), Ink.PLAIN)]
    if record.ended_at is not None:
        facts.append((Shown("Ended"), full_date(record.ended_at, moment.zone), Ink.PLAIN))
    facts.append((Shown("Mailbox"), where, Ink.PLAIN if job.here else Ink.WARN))
    if plan := _plan(record):
        facts.append((Shown("Plan"), plan, Ink.PLAIN))
    facts.append((Shown("Job"), shown(record.job), Ink.MUTED))
    hint = NOTHING
    if record.can_be_resumed:
        hint = _GO_ON if job.here else shown(f"To go on with it, open its mailbox: profile {record.profile}")
    return JobDetails(
        name=record.job,
        look=job.look,
        title=job.look.plain,
        result=((Shown("Result"), _counts(job.counts), Ink.PLAIN),),
        facts=tuple(facts),
        hint=hint,
        items=job.items,
        own=own,
    )


def time_left(left: timedelta) -> str:
    """`45 s`, `3 min`, `2 h 5 min`."""
    seconds = max(1, round(left.total_seconds()))
    if seconds < 100:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def done_of(done: int, total: int | None, unit: str = "message") -> Shown:
    """`12/300`, or `300` where all of it is done."""
    if total is None:
        return NOTHING
    numbers = f"{total:,}" if done >= total else f"{done:,}/{total:,}"
    return shown(numbers if unit == "message" else f"{numbers} {unit}s")


def _problems(counts: Mapping[ItemState, int]) -> Line:
    """With their words where there are of one kind only: for more there is no room."""
    looks = [(ITEM_LOOKS[state], counts[state]) for state in _PROBLEMS if counts[state]]
    words = len(looks) == 1
    return tuple(
        Span(shown(f"{look.sign}{count:,}{f' {look.word}' * words} "), look.ink) for look, count in looks
    )


def _counts(counts: Mapping[ItemState, int]) -> Shown:
    told = (f"{counts[state]:,} {ITEM_LOOKS[state].plain}" for state in _LAST_FIRST if counts[state])
    return shown(", ".join(told)) or Shown("nothing yet")


def _pace(progress: Progress, now: datetime) -> Line:
    """A bar, how much is done in a second, how long the rest takes: as far as that is known."""
    return (*_bar(progress, _PANE_BAR), Span(spaces(1)), *_rate(progress, now))


def _bar(progress: Progress, width: int) -> Line:
    if not progress.total:
        return ()
    filled = min(width, width * progress.done // progress.total)
    return (Span(Shown("━" * filled), Ink.ACCENT), Span(Shown("─" * (width - filled)), Ink.FAINT))


def _rate(progress: Progress, now: datetime) -> Line:
    rate, left = progress.rate(now), progress.left(now)
    told = [] if rate is None else [f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"]
    told += [] if left is None else [f"{time_left(left)} left"]
    return (Span(shown(", ".join(told)), Ink.MUTED),) if told else ()


def _plan(record: JobRecord) -> Shown:
    plan = record.plan
    told = []
    if sends := plan.get("sends"):
        told.append(f"of {_counted(sends, 'send')}")
    for name, words in (
        ("last_proof_of", "last proof of delivery of"),
        ("replies", "answers:"),
        ("hidden", "not shown:"),
    ):
        count = plan.get(name)
        number = len(count) if isinstance(count, list) else count
        if number:
            told.append(f"{words} {number:,}")
    if plan.get("exported"):
        told.append("exported before")
    return shown(", ".join(told))


def _counted(number: object, unit: str) -> str:
    told = f"{number:,}" if isinstance(number, int) else str(number)
    return f"{told} {unit}{'s' * (number != 1)}"


def _host(record: JobRecord) -> str:
    return f", {record.host}" if record.host else ""
