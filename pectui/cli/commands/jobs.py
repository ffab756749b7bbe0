"""`pectui jobs [ID] [--resume ID|last]`: what deletions did, and going on with one that was cut off."""

from __future__ import annotations

from pectui.cli.deleting.guards import refuse_read_only
from pectui.cli.deleting.outcome import print_outcome, status_of
from pectui.cli.deleting.running import Course, Interruption, carry_out
from pectui.cli.deleting.words import messages, where
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.jobs import document, text
from pectui.cli.output import say
from pectui.engine.jobs import MOST, JobRecord
from pectui.engine.send_jobs import CampaignJob
from pectui.errors import RefusedHereError, UsageError
from pectui.session import Session, open_campaign_jobs, open_jobs, refuse

_LAST = "last"
_LISTED = "`pectui jobs` lists them."


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    if arguments.resume is not None:
        for campaign in open_campaign_jobs(invocation.places):
            if campaign.job == arguments.resume:
                raise RefusedHereError(
                    f"Job {campaign.job} is a campaign",
                    "its table is looked at once more before it goes on",
                    f"Go on with it by: pectui campaign resume {campaign.plan.file}",
                )
        if arguments.job is not None:
            raise UsageError("Name one job only", "", "Give it to --resume, or leave --resume out.")
        if arguments.offline:
            refuse("Nothing was deleted")
        refuse_read_only(invocation)
        return run_to_end(_resume(invocation.with_secrets(), arguments.resume))
    # Journals lie on this machine: no mailbox is opened for them, and no secret looked for.
    jobs = open_jobs(invocation.places)
    campaigns = open_campaign_jobs(invocation.places)
    form = document if arguments.json else text
    if arguments.job is None:
        latest: list[JobRecord | CampaignJob] = [*jobs.records(), *campaigns]
        latest.sort(key=lambda one: one.job, reverse=True)
        form.print_jobs(latest[:MOST])
    else:
        named = [one for one in campaigns if one.job == arguments.job]
        form.print_job(named[0] if named else _known(jobs.record(arguments.job), arguments.job))
    return 0


async def _resume(invocation: Invocation, name: str) -> int:
    as_json = invocation.arguments.json
    interruption = Interruption()
    async with invocation.session() as session:
        record = await _last(session) if name == _LAST else _known(await session.job(name), name)
        left = len(record.left)
        if record.can_be_resumed and session.is_of_this_mailbox(record):
            whose = where(session, str)
            say(f"pectui: job {record.job}: {left} of {messages(record.total)} left, {whose}")
        course = Course(
            lambda cancelled: session.resume(record, cancelled=cancelled),
            ids=[item.chosen_id for item in record.left],
            settled=record.events,
            job=record.job,
        )
        outcome = await carry_out(course, interruption, as_json=as_json)
    print_outcome(outcome, as_json=as_json)
    return status_of(outcome, interruption.status)


async def _last(session: Session) -> JobRecord:
    for record in await session.jobs():
        if record.can_be_resumed and session.is_of_this_mailbox(record):
            return record
    raise RefusedHereError(
        "No job was resumed", "none of this mailbox ended before everything was done", _LISTED
    )


def _known(record: JobRecord | None, name: str) -> JobRecord:
    if record is None:
        raise RefusedHereError(f"There is no job {name[:60]}", "no journal has this name", _LISTED)
    return record
