"""What `pectui campaign` takes. It loads argparse alone: see `cli.arguments`."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False  # typing's own costs 4 ms of each start
if TYPE_CHECKING:
    from collections.abc import Callable

_ACTIONS = ("check", "run", "resume", "status", "report")


def add_campaign(command: argparse.ArgumentParser, count: Callable[[str], int]) -> None:
    """What is done with which table, and the letter. `count` reads a number of recipients."""
    add, body = command.add_argument, command.add_mutually_exclusive_group()
    add("action", choices=_ACTIONS, metavar="ACTION", help=", ".join(_ACTIONS))
    add("file", metavar="FILE.csv", help="UTF-8, UTF-16 or cp1252; comma, semicolon or tab")
    add("--subject", metavar="S", help="the subject, with placeholders")
    body.add_argument("--body", metavar="T", help="the text, with placeholders")
    body.add_argument("--body-file", metavar="FILE", help="a file that holds it")
    add("--html", action="store_true", help="the text is HTML; what the cells hold is escaped in it")
    add("--allow-empty", action="store_true", help="an empty cell may fill a placeholder")
    add(
        "--daily-limit",
        type=count,
        metavar="N",
        help="recipients a day that your plan has (3500, as Standard; 0: no limit)",
    )
    add("--dry-run", action="store_true", help="show what would be sent, send nothing")
    add("--yes", action="store_true", help="don't ask (needed where nobody can be asked)")
    add("--force", action="store_true", help="also rows that went out: their recipients get them twice")
    add(
        "--resend-unknown",
        action="store_true",
        help="also rows that may have gone out: their recipients may get them twice",
    )
