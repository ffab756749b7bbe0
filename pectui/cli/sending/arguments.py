"""What `pectui send` takes. It loads argparse alone: see `cli.arguments`."""

from __future__ import annotations

import argparse


def add_send(command: argparse.ArgumentParser) -> None:
    """The flags of one message."""
    add, body = command.add_argument, command.add_mutually_exclusive_group(required=True)
    add("--to", action="append", required=True, metavar="A[,B]", help="recipients; may be given again")
    add("--subject", required=True, metavar="S", help="the subject, one line")
    body.add_argument("--body", metavar="T", help="the text")
    body.add_argument("--body-file", metavar="F", help="a file that holds it; - for stdin")
    add("--html", action="store_true", help="the text is HTML")
    add("--attach", action="append", default=[], metavar="F", help="a file to attach; may be given again")
    add("--dry-run", action="store_true", help="show what would be sent, send nothing")
    add("--yes", action="store_true", help="don't ask")
    add("--force", action="store_true", help="also if the same was sent before")
    add("--resend-unknown", action="store_true", help="also if the same may have been sent before")
