"""`pectui campaign`: what each row of a table would send, sending it, going on, and what became of it."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from pectui.cli.campaigns.check import Day, print_check
from pectui.cli.campaigns.report import print_report, read_receipts
from pectui.cli.campaigns.sending import found, print_numbers, resume_campaign, run_campaign
from pectui.cli.campaigns.wanted import check, daily_limit_of, letter_of
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import say
from pectui.cli.sending.guards import refuse_at_once
from pectui.domain.campaign.rows import CheckedCampaign
from pectui.engine.campaigns import numbers_of
from pectui.environment import Environment
from pectui.session.campaign_files import load_campaign


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    check(arguments)
    if arguments.action in ("run", "resume"):
        refuse_at_once(invocation)
        sending = run_campaign if arguments.action == "run" else resume_campaign
        return run_to_end(sending(invocation.with_secrets()))
    if arguments.action == "status":
        return run_to_end(_status(_offline(invocation)))
    if arguments.action == "report":
        return run_to_end(_report(invocation.with_secrets()))
    campaign = load_campaign(Path(arguments.file), letter_of(arguments)).checked
    profile, limit = invocation.settings.profile, daily_limit_of(arguments)
    if profile is None or profile.environment is Environment.DEMO or not profile.username:
        return _print_check(invocation, campaign, Day(limit, None))  # no mailbox is needed to look at a table
    return run_to_end(_check(_offline(invocation), campaign))


async def _check(invocation: Invocation, campaign: CheckedCampaign) -> int:
    async with invocation.session() as session:
        gone = await session.sendings.campaigns.gone_today()
        day = Day(daily_limit_of(invocation.arguments), gone, session.profile.recipient_price)
        return _print_check(invocation, campaign, day)


def _print_check(invocation: Invocation, campaign: CheckedCampaign, day: Day) -> int:
    print_check(campaign, day, as_json=invocation.arguments.json)
    return 1 if campaign.problems else 0


async def _status(invocation: Invocation) -> int:
    arguments = invocation.arguments
    async with invocation.session() as session:
        job = await found(session, Path(arguments.file))
    print_numbers(job.standing, as_json=arguments.json)
    return 0 if numbers_of(job.standing).complete else 1


async def _report(invocation: Invocation) -> int:
    arguments = invocation.arguments
    async with invocation.session() as session:
        job = await found(session, Path(arguments.file))
        sends, warnings = await read_receipts(session, job.standing, as_json=arguments.json)
        for warning in warnings:
            say(f"pectui: {warning}")
    print_report(job.standing, sends, as_json=arguments.json)
    return 0


def _offline(invocation: Invocation) -> Invocation:
    """The same without anybody to be asked: journals lie on this machine."""
    return replace(invocation, arguments=Namespace(**{**vars(invocation.arguments), "offline": True}))
