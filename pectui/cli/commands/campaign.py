"""`pectui campaign check FILE.csv`: what each row of a table would send, and what is wrong with it. Asks nobody."""

from __future__ import annotations

from pathlib import Path

from pectui.cli.campaigns.check import Day, print_check
from pectui.cli.campaigns.wanted import daily_limit_of, letter_of
from pectui.cli.invocation import Invocation
from pectui.session.campaign_files import load_campaign


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    letter = letter_of(arguments)
    campaign = load_campaign(Path(arguments.file), letter)
    print_check(campaign, Day(daily_limit_of(arguments), None), as_json=arguments.json)
    return 1 if campaign.problems else 0
