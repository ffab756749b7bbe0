"""What `pectui campaign` was asked for, taken from the command line and the body's file."""

from __future__ import annotations

import argparse
from pathlib import Path

from pectui.domain.campaign.letter import Letter
from pectui.domain.cost import RECIPIENTS_A_DAY
from pectui.errors import UsageError
from pectui.session.campaign_files import read_body

_HELP = "See `pectui campaign --help`."
_WRITE = ("check", "run")
_SEND = ("run", "resume")


def check(arguments: argparse.Namespace) -> None:
    """UsageError where a flag means nothing for what is asked for."""
    action = arguments.action
    for flag, given, actions in (
        ("--subject", arguments.subject is not None, _WRITE),
        ("--body", arguments.body is not None, _WRITE),
        ("--body-file", arguments.body_file is not None, _WRITE),
        ("--html", arguments.html, _WRITE),
        ("--allow-empty", arguments.allow_empty, _WRITE),
        ("--daily-limit", arguments.daily_limit is not None, (*_WRITE, "resume")),
        ("--dry-run", arguments.dry_run, _SEND),
        ("--resend-unknown", arguments.resend_unknown, _SEND),
        ("--force", arguments.force, _SEND),
        ("--yes", arguments.yes, _SEND),
    ):
        if given and action not in actions:
            raise UsageError(
                f"{flag} means nothing with `campaign {action}`",
                "",
                _HELP,
            )


def letter_of(arguments: argparse.Namespace) -> Letter:
    """Subject and body as they were given. UsageError where one is missing or can't be read."""
    if arguments.subject is None:
        raise UsageError("A campaign needs a subject", "", "Give --subject.")
    if arguments.body is None and arguments.body_file is None:
        raise UsageError("A campaign needs a body", "", "Give --body or --body-file.")
    body = arguments.body if arguments.body is not None else read_body(Path(arguments.body_file))
    return Letter(arguments.subject, body, arguments.html, arguments.allow_empty)


def daily_limit_of(arguments: argparse.Namespace, before: int | None = RECIPIENTS_A_DAY) -> int | None:
    """Recipients that may go out in a day, `before` where nothing is said; None: as many as there are."""
    limit: int | None = arguments.daily_limit
    return before if limit is None else limit or None
