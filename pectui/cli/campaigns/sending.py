"""`pectui campaign run` and `resume`: the checks, the plan, the question, the sending, and how it ended."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from pectui.cli.campaigns.check import TOLD, Day, check_lines, errors_document, print_check, problem_lines
from pectui.cli.campaigns.plan import numbers, plan_lines, rows, trouble_lines
from pectui.cli.campaigns.running import Pace, follow
from pectui.cli.campaigns.wanted import daily_limit_of, letter_of
from pectui.cli.deleting.running import Interruption
from pectui.cli.deleting.words import messages, where
from pectui.cli.invocation import Invocation
from pectui.cli.output import emphasis, print_json, print_text, say
from pectui.cli.sending.guards import confirm
from pectui.domain.campaign.problem import Problem
from pectui.domain.cost import cost_of, cost_words
from pectui.engine.campaigns import RowStanding, numbers_of
from pectui.engine.send_events import SendOutcome
from pectui.engine.send_jobs import CampaignJob
from pectui.engine.send_settling import doubtful
from pectui.errors import RefusedHereError, ServiceError, StoreError
from pectui.session import Session
from pectui.session.campaign_files import LoadedCampaign, load_campaign
from pectui.session.campaigns import PreparedCampaign

_LATER = 75
"""EX_TEMPFAIL: the day's recipients are used up."""


async def run_campaign(invocation: Invocation) -> int:
    """The table with the letter that was given."""
    arguments = invocation.arguments
    campaign = load_campaign(Path(arguments.file), letter_of(arguments))
    if campaign.checked.problems:
        return _wrong(campaign.checked.problems, as_json=arguments.json)
    async with invocation.session(_interrupted) as session:
        campaigns = session.sendings.campaigns
        before = await campaigns.find(Path(arguments.file))
        await _settle(session, arguments)
        prepared = await campaigns.prepare(
            campaign, daily_limit_of(arguments), None if before is None else before.plan
        )
        return await _carry_out(invocation, session, campaign, prepared)


async def resume_campaign(invocation: Invocation) -> int:
    """The table with the letter that was confirmed."""
    arguments = invocation.arguments
    path = Path(arguments.file)
    async with invocation.session(_interrupted) as session:
        job = await found(session, path)
        campaign = load_campaign(path, job.plan.letter)
        if campaign.checked.problems:
            return _wrong(campaign.checked.problems, as_json=arguments.json)
        await _settle(session, arguments)
        limit = daily_limit_of(arguments, job.plan.daily_limit)
        prepared = await session.sendings.campaigns.prepare(campaign, limit, job.plan)
        return await _carry_out(invocation, session, campaign, prepared)


async def found(session: Session, path: Path) -> CampaignJob:
    """The last campaign of the table. RefusedHereError if there is none."""
    job = await session.sendings.campaigns.find(path)
    if job is None:
        raise RefusedHereError(
            "No campaign of this table was found",
            f"none was begun from this mailbox with {path}",
            "`pectui campaign run` begins one.",
        )
    return job


def print_numbers(standing: Sequence[RowStanding], *, as_json: bool) -> None:
    """How many rows stand in which state, and which somebody has to look at."""
    outcome = numbers_of(standing)
    if as_json:
        print_json(outcome.as_json())
        return
    print_text(numbers(outcome))
    for line in trouble_lines(standing):
        print_text(line)


async def _carry_out(
    invocation: Invocation, session: Session, campaign: LoadedCampaign, prepared: PreparedCampaign
) -> int:
    arguments = invocation.arguments
    as_json = arguments.json
    again = {"resend_unknown": arguments.resend_unknown, "force": arguments.force}
    campaigns, limit, price = (
        session.sendings.campaigns,
        prepared.plan.daily_limit,
        session.profile.recipient_price,
    )
    day = Day(limit, prepared.gone_today, price)
    if arguments.dry_run:
        print_check(campaign.checked, day, as_json=as_json)
    elif not arguments.yes:
        for line in check_lines(campaign.checked, day):
            say(line)
    for line in plan_lines(prepared, **again, price=price):
        say(line)
    if arguments.dry_run:
        say("Nothing was sent: this is the plan only.")
        return 0
    going = prepared.going(**again)
    if not going:
        print_numbers(prepared.standing, as_json=as_json)
        return 0 if numbers_of(prepared.standing).complete else 1
    if not arguments.yes:
        whose = where(session, emphasis(arguments.color, sys.stderr))
        confirm(f"Send {rows(going)} from {whose} for {cost_words(cost_of(going, price))}?", going)
    interruption = Interruption()
    told = await follow(
        lambda cancelled: campaigns.send(prepared, cancelled, **again),
        Pace(going, price),
        interruption,
        as_json=as_json,
    )
    if told.outcome is not None and told.outcome.unknown and not interruption.came:
        await _settle(session, arguments)
    digests = [message.digest for message in prepared.to_send(**again)]
    failures = {digests[number - 1]: reason for number, reason in told.failures.items()}
    standing = await campaigns.standing(prepared.plan, failures)
    print_numbers(standing, as_json=as_json)
    now, day_is_over = numbers_of(standing), campaigns.day_is_over(limit)
    _tell(told.outcome, now, arguments.file, day_is_over=day_is_over)
    return _status(told.outcome, now, interruption.status, day_is_over=day_is_over)


async def _settle(session: Session, arguments: Namespace) -> None:
    """Has the inbox say of rows that nobody knows of whether they went out."""
    if arguments.dry_run:
        return
    if unclear := len(doubtful(session.sendings.book)):
        say(f"pectui: looking into the inbox for {messages(unclear)} that may have gone out")
    try:
        settled = await session.sendings.settle()
    except (ServiceError, StoreError, RefusedHereError) as error:
        say(f"pectui: the inbox could not be looked through for what went out: {error}")
        return
    if settled:
        say(f"pectui: {rows(len(settled))} went out after all: the inbox shows the acceptance")


def _tell(outcome: SendOutcome | None, now: SendOutcome, file: str, *, day_is_over: bool) -> None:
    """Why it ended before its end, and how it goes on."""
    if outcome is not None and outcome.stopped_by is not None:
        say(f"pectui: {outcome.stopped_by}. {outcome.stopped_by.hint}")
    if now.pending and day_is_over:
        say(f"pectui: the day's recipients are used up. It goes on tomorrow: pectui campaign resume {file}")
    elif now.pending:
        say(f"pectui: what is left can be gone on with: pectui campaign resume {file}")
    if now.unknown:
        say(
            "pectui: unknown means that nobody heard whether it went out. `campaign resume` looks for its receipts; "
            "--resend-unknown sends it once more, and its recipient may get it twice."
        )


def _status(outcome: SendOutcome | None, now: SendOutcome, interrupted: int, *, day_is_over: bool) -> int:
    if interrupted:
        return interrupted
    if now.complete:
        return 0
    if outcome is not None and outcome.stopped_by is not None and not outcome.sent:
        return outcome.stopped_by.exit_code
    return _LATER if now.pending and day_is_over else 1


def _wrong(problems: Sequence[Problem], *, as_json: bool) -> int:
    if as_json:
        print_json(errors_document(problems))
    else:
        for line in problem_lines(problems, "", TOLD):
            print_text(line)
        say("pectui: Nothing was sent: every row must be in order first.")
    return 1


def _interrupted(_: Session) -> str:
    return "interrupted. Nothing more was sent."
