"""What runs in the background: what it is called, how far it got, who may end it, what leaving waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.notices import notice_of
from pectui.tui.paced import Paced
from pectui.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from pectui.tui.app import PectuiApp
    from pectui.tui.job_items import JobItems

SLOW_AFTER = 0.2
"""Seconds until background work is worth a word in the header: what is quicker would only flicker."""

LEAVING_WAITS = 10.0
"""Seconds that leaving waits for a deletion; a second signal or Ctrl-Q doesn't wait."""

_MEASURED_AFTER = timedelta(seconds=2)
"""What less time was needed for tells nothing of what is still to come."""


class Work(StrEnum):
    """What is done. The values are words for a person."""

    DELETION = "delete"
    EXPORT = "export"
    SEND = "send"
    SYNC = "sync"


class Ending(StrEnum):
    """How it ended."""

    FINISHED = "finished"
    PARTLY = "partly"
    """To its end, and not all of it could be done."""
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(eq=False, slots=True)
class Progress:
    """How far something got that takes its time. Whoever does it changes this, and then says `Running.moved`."""

    work: Work
    began_at: datetime
    verb: str
    """What the header says before the numbers, such as `deleting`."""
    unit: str = "message"
    total: int | None = None
    """None as long as nobody knows."""
    done: int = 0
    before: int = 0
    """How much of it was done before this run began."""
    job: str | None = None
    """The name of its journal."""
    what: Shown = NOTHING
    """What else is to be told of it, such as where an export goes."""
    measured_from: datetime | None = None
    """When what `done` counts began, where that was later than the whole."""
    go_on: Callable[[], object] | None = None
    """Does again what did not come to its end."""
    items: JobItems | None = None
    """What became of each message so far."""
    ending: Ending | None = None
    ended_at: datetime | None = None
    result: tuple[Shown, ...] = ()
    """What came of it: in one line, and why."""

    def label(self) -> Shown:
        """For the header."""
        if self.total is None:
            return shown(self.verb)
        if self.total == 1:
            return shown(f"{self.verb} 1 {self.unit}")
        return shown(f"{self.verb} {min(self.done, self.total):,}/{self.total:,}")

    def rate(self, now: datetime) -> float | None:
        """How much is done in a second; None while too little was done to tell."""
        elapsed = now - (self.measured_from or self.began_at)
        done = self.done - self.before
        return done / elapsed.total_seconds() if done > 0 and elapsed >= _MEASURED_AFTER else None

    def left(self, now: datetime) -> timedelta | None:
        """How long the rest takes at that pace."""
        rate = self.rate(now)
        return timedelta(seconds=(self.total - self.done) / rate) if rate and self.total else None

    def end(self, ending: Ending, *result: Shown) -> None:
        """How it ended."""
        self.ending, self.result = ending, tuple(line for line in result if line)


@dataclass(eq=False, slots=True)
class Job:
    """Something that runs in the background; `cancel` is what Ctrl-C does."""

    label: Callable[[], Shown]
    """Asked whenever it is shown: how far it got may be part of it."""
    cancel: Callable[[], object] | None
    must_finish: bool = False
    """A deletion: what was begun is seen to its end before the program leaves."""
    progress: Progress | None = None
    task: asyncio.Task[object] | None = field(default=None, repr=False)


class Running:
    """What runs behind the screens of `app`, and what of it has ended that leaves no journal."""

    def __init__(self, app: PectuiApp) -> None:
        self._app = app
        self._jobs: list[Job] = []
        self._tells_activity = False
        self._paced = Paced(app, self._show_progress)
        self.exports: list[Progress] = []
        """Those that ended since the program began, and what was sent by hand."""

    @property
    def progresses(self) -> list[Progress]:
        """How far that got which runs now, the latest first."""
        return [job.progress for job in reversed(self._jobs) if job.progress is not None]

    @property
    def holds_back(self) -> bool:
        """True while something runs that the user may want to see ended before leaving."""
        return any(_holds_back(job) for job in self._jobs)

    @property
    def deletes(self) -> bool:
        """Whether a deletion is under way."""
        return any(job.must_finish and not _is_send(job) for job in self._jobs)

    @property
    def sends(self) -> bool:
        """Whether a message is being sent."""
        return any(map(_is_send, self._jobs))

    @property
    def must_finish(self) -> set[asyncio.Task[object]]:
        """What leaving waits for."""
        return {job.task for job in self._jobs if job.must_finish and job.task is not None}

    async def run(
        self, work: Callable[[], Awaitable[None]], job: Job, failed: Callable[[Notice], None]
    ) -> None:
        """The outer edge of everything that runs in the background: no exception gets past it."""
        job.task = asyncio.current_task()
        self._jobs.append(job)
        if job.progress is not None:
            self._app.views.jobs_changed()
        timer = self._app.set_timer(SLOW_AFTER, self._show_activity) if job.label() else None
        try:
            await work()
        except asyncio.CancelledError:
            _end(job, Ending.STOPPED)
            raise
        except Exception as error:  # the edge: told and logged, and the screen stays usable
            notice = notice_of(error)
            _end(job, Ending.FAILED, notice.title, notice.detail)
            failed(notice)
        finally:
            self._jobs.remove(job)
            if timer is not None:
                timer.stop()
                self._show_activity()
            if job.progress is not None:
                self._ended(job.progress)

    def moved(self) -> None:
        """To be called when something got further: it is shown a few times a second at most."""
        self._paced()

    def labels_changed(self) -> None:
        """To be called when a label reads differently now. What is quick is still not worth a word."""
        if self._tells_activity:
            self._show_activity()

    def cancel(self, progress: Progress | None = None) -> tuple[Shown, Job] | None:
        """Ends what `progress` is of, else what began last. None if there is nothing of that kind."""
        for job in reversed(self._jobs):
            label = job.label()
            if label and job.cancel is not None and progress in (None, job.progress):
                job.cancel()
                return label, job
        return None

    def finish(self) -> None:
        """What must be seen to its end begins nothing further."""
        for job in self._jobs:
            if job.must_finish and job.cancel is not None:
                job.cancel()

    async def wait_for_the_end(self, tasks: set[asyncio.Task[object]]) -> None:
        """Waits for them, but not for ever."""
        await asyncio.wait(tasks, timeout=LEAVING_WAITS)

    def _ended(self, progress: Progress) -> None:
        progress.ended_at = self._app.clock()
        if progress.work in (Work.EXPORT, Work.SEND):
            self.exports.insert(0, progress)
        self._app.views.jobs_changed()

    def _show_progress(self) -> None:
        self.labels_changed()
        self._app.views.progress_changed()

    def _show_activity(self) -> None:
        labels = [label for job in self._jobs if (label := job.label())]
        self._tells_activity = bool(labels)
        self._app.views.show_activity(labels[-1] if labels else NOTHING)


def _holds_back(job: Job) -> bool:
    return job.must_finish or (job.progress is not None and job.progress.work is Work.EXPORT)


def _is_send(job: Job) -> bool:
    return job.progress is not None and job.progress.work is Work.SEND


def _end(job: Job, ending: Ending, *result: Shown) -> None:
    if job.progress is not None and job.progress.ending is None:
        job.progress.end(ending, *result)


def job_of(
    label: Shown | Callable[[], Shown],
    cancel: Callable[[], object],
    progress: Progress | None,
    *,
    must_finish: bool,
) -> Job:
    """What is told of it is `label`, unless its `progress` says more."""
    if progress is not None:
        return Job(progress.label, cancel, must_finish, progress)
    return Job(label if callable(label) else partial(Shown, label), cancel, must_finish)
