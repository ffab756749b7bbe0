"""What `pectui campaign` was asked for, taken from the command line and the body's file."""

from __future__ import annotations

import argparse
from pathlib import Path

from pectui.domain.campaign.letter import Letter
from pectui.domain.campaign.tariff import A_DAY
from pectui.errors import UsageError
from pectui.session.campaign_files import read_body

_HELP = "See `pectui campaign --help`."


def letter_of(arguments: argparse.Namespace) -> Letter:
    """Subject and body as they were given. UsageError where one is missing or can't be read."""
    if arguments.subject is None:
        raise UsageError("A campaign needs a subject", "", "Give --subject.")
    if arguments.body is None and arguments.body_file is None:
        raise UsageError("A campaign needs a body", "", "Give --body or --body-file.")
    body = arguments.body if arguments.body is not None else read_body(Path(arguments.body_file))
    return Letter(arguments.subject, body, arguments.html, arguments.allow_empty)


def daily_limit_of(arguments: argparse.Namespace) -> int | None:
    """Recipients that may go out in a day; None: as many as there are."""
    limit: int | None = arguments.daily_limit
    return A_DAY if limit is None else limit or None
