"""A campaign among the jobs, by its journal: its row, and how each row of its table stands."""

from __future__ import annotations

from functools import cached_property

from pectui.engine.jobs import JobState
from pectui.engine.send_events import SendState
from pectui.engine.send_jobs import CAMPAIGN, CampaignJob
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.job_items import ITEM_LOOKS, Item, ItemState, JobItems
from pectui.tui.job_told import FINISHED, LOOKS, PARTLY, Moment, done_of
from pectui.tui.moment import full_date, short_date
from pectui.tui.paint import Line, Span
from pectui.tui.widgets.job_pane import Fact, JobDetails
from pectui.tui.widgets.job_row import JobLook, JobRow

_STATES = {
    SendState.UNKNOWN: ItemState.UNKNOWN,
    SendState.REFUSED: ItemState.REFUSED,
    SendState.FAILED: ItemState.FAILED,
    SendState.PENDING: ItemState.LEFT,
    SendState.SENT: ItemState.SENT,
}
_PROBLEMS = (SendState.UNKNOWN, SendState.REFUSED, SendState.FAILED)


class ListedCampaign:
    """A campaign of the mailbox that is open, and its rows counted."""

    def __init__(self, job: CampaignJob) -> None:
        self.job = job
        self.counts = {state: job.numbers.as_json()[state.value] for state in SendState}

    @cached_property
    def items(self) -> JobItems:
        """How each row stands."""
        items = JobItems()
        for one in self.job.standing:
            about = f"line {one.row.line}, {one.row.recipient}"
            items.add(Item(_STATES[one.state], one.row.line, None, one.reason, about))
        return items

    @property
    def look(self) -> JobLook:
        if self.job.state is not JobState.FINISHED:
            return LOOKS[self.job.state]
        return PARTLY if any(self.counts[state] for state in _PROBLEMS) else FINISHED


def row_of_campaign(one: ListedCampaign, moment: Moment) -> JobRow:
    """Its row in the list."""
    job = one.job
    return JobRow(
        name=job.job,
        look=one.look,
        work=Shown("send"),
        when=short_date(job.began_at, moment.today, moment.zone),
        done=done_of(job.numbers.rows - job.numbers.pending, job.numbers.rows),
        about=(*_problems(one), Span(shown(f"{CAMPAIGN} {_name(job)}"), Ink.MUTED)),
    )


def details_of_campaign(one: ListedCampaign, moment: Moment, own: frozenset[str]) -> JobDetails:
    """What is told of it beside the list."""
    job = one.job
    facts: list[Fact] = [(Shown("Began"), full_date(job.began_at, moment.zone), Ink.PLAIN)]
    if job.ended_at is not None:
        facts.append((Shown("Ended"), full_date(job.ended_at, moment.zone), Ink.PLAIN))
    facts += [
        (Shown("Table"), shown(job.plan.file), Ink.PLAIN),
        (Shown("Subject"), shown(job.plan.letter.subject), Ink.PLAIN),
        (Shown("Job"), shown(job.job), Ink.MUTED),
    ]
    told = ", ".join(f"{count:,} {state.value}" for state, count in one.counts.items() if count)
    resume = shown(f"pectui campaign resume {_name(job)} goes on with what is left")
    return JobDetails(
        name=job.job,
        look=one.look,
        title=one.look.plain,
        result=((Shown("Result"), shown(told), Ink.PLAIN),),
        facts=tuple(facts),
        hint=resume if job.can_be_resumed else NOTHING,
        items=one.items,
        own=own,
    )


def _name(job: CampaignJob) -> str:
    return job.plan.file.rpartition("/")[2]


def _problems(one: ListedCampaign) -> Line:
    found = [(ITEM_LOOKS[_STATES[state]], one.counts[state]) for state in _PROBLEMS if one.counts[state]]
    return tuple(Span(shown(f"{look.sign}{count:,} {look.word} "), look.ink) for look, count in found)
