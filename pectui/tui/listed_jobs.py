"""What view 4 lists: what runs and how far it got, the exports of this run, and what the journals tell.

Journals are read off the event loop, when a job begins or ends and when somebody asks for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from pectui.engine.jobs import JobRecord, JobState
from pectui.tui.campaign_told import ListedCampaign, details_of_campaign, row_of_campaign
from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink
from pectui.tui.job_told import (
    Journalled,
    Moment,
    details_of_progress,
    details_of_record,
    row_of_progress,
    row_of_record,
)
from pectui.tui.paint import Span
from pectui.tui.running import Progress, Work
from pectui.tui.widgets.job_pane import JobDetails
from pectui.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from pectui.session import Session
    from pectui.tui.screens.jobs import JobsScreen
    from pectui.tui.widgets.job_row import JobRow

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class ListedJobs:
    """The rows of `screen`."""

    def __init__(self, screen: JobsScreen) -> None:
        self._screen = screen
        self._journalled: Sequence[Journalled] = ()
        self._campaigns: Sequence[ListedCampaign] = ()
        self._shown: dict[str, Progress | Journalled | ListedCampaign] = {}

    def read(self, *, to_new: bool = False) -> None:
        """Reads the journals again, and lists what there is then."""
        if self._screen.session is not None:
            work = partial(self._read, to_new)
            self._screen.pectui.begin(self._screen, work, group="journals", failed=self._failed)

    def show(self, *, to_new: bool = False) -> None:
        """Lists what is known: what runs first, then the latest. `to_new`: the cursor goes to what has begun since."""
        rows: list[JobRow] = []
        before, moment = self._shown, self._moment
        self._shown = {}
        running = [one for one in self._running if one.total is not None or one.work is not Work.SYNC]
        for progress in running:
            rows.append(row_of_progress(progress, self._take(progress), moment))
        begun = next((name for name, one in self._shown.items() if one not in before.values()), None)
        ended: list[Progress | Journalled | ListedCampaign] = [
            one for one in self._journalled if not self._runs(one)
        ]
        ended += self._campaigns
        ended += self._screen.pectui.running.exports
        for one in sorted(ended, key=_began_at, reverse=True):
            name = self._take(one)
            if isinstance(one, Journalled):
                rows.append(row_of_record(one, moment))
            elif isinstance(one, ListedCampaign):
                rows.append(row_of_campaign(one, moment))
            else:
                rows.append(row_of_progress(one, name, moment))
        self._screen.show_rows(rows, begun if to_new else None)

    @property
    def running_count(self) -> int:
        """How many rows are of what this program does now."""
        return sum(isinstance(one, Progress) and one.ending is None for one in self._shown.values())

    def found(self, name: str | None) -> Progress | Journalled | ListedCampaign | None:
        """What the row called `name` stands for."""
        return self._shown.get(name) if name is not None else None

    def details(self, name: str | None) -> JobDetails | None:
        """What is told beside the list of the row called `name`."""
        found, session = self.found(name), self._screen.session
        if found is None or name is None or session is None:
            return None
        if isinstance(found, Journalled):
            return details_of_record(found, self._moment, session.own)
        if isinstance(found, ListedCampaign):
            return details_of_campaign(found, self._moment, session.own)
        return details_of_progress(found, name, self._moment, session.own)

    @property
    def _running(self) -> Sequence[Progress]:
        return self._screen.pectui.running.progresses

    @property
    def _moment(self) -> Moment:
        app = self._screen.pectui
        return Moment(app.clock(), app.zone)

    def _take(self, job: Progress | Journalled | ListedCampaign) -> str:
        """The name of its row."""
        if isinstance(job, Journalled):
            name = job.record.job
        elif isinstance(job, ListedCampaign):
            name = job.job.job
        else:
            name = job.job or f"{job.work.value} {job.began_at.isoformat()}"
        self._shown[name] = job
        return name

    def _runs(self, job: Journalled) -> bool:
        """Whether it is what this program deletes now: its row is there already."""
        deletions = [one.job for one in self._running if one.work is Work.DELETION]
        unnamed = None in deletions and job.record.state is JobState.RUNNING
        return unnamed or job.record.job in deletions

    async def _read(self, to_new: bool) -> None:
        session = self._screen.session
        assert session is not None
        records, campaigns = await session.jobs(), await session.sendings.campaigns.jobs()
        known = {id(one.record): one for one in self._journalled}
        self._journalled = await asyncio.to_thread(_journalled, records, known, session)
        self._campaigns = await asyncio.to_thread(lambda: list(map(ListedCampaign, campaigns)))
        self._screen.list.set_placeholder(*_NOTHING)
        self.show(to_new=to_new)

    def _failed(self, notice: Notice) -> None:
        told = (Span(notice.title, Ink.BAD), Span(notice.detail), Span(notice.hint, Ink.MUTED))
        self._screen.list.set_placeholder(*told)
        self._screen.tell(notice)
        self.show()


_NOTHING = (
    Span(Shown("No jobs yet"), Ink.STRONG),
    Span(Shown("Deletions and exports stand here, with what became of each message."), Ink.MUTED),
)


def _journalled(
    records: Sequence[JobRecord], known: dict[int, Journalled], session: Session
) -> Sequence[Journalled]:
    # What was read before and has not changed is the same record.
    return [known.get(id(one)) or Journalled(one, here=session.is_of_this_mailbox(one)) for one in records]


def _began_at(job: Progress | Journalled | ListedCampaign) -> datetime:
    if isinstance(job, ListedCampaign):
        return job.job.began_at
    return job.record.began_at or _LONG_AGO if isinstance(job, Journalled) else job.began_at
