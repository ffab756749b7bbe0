"""The question that only a person can answer, and the profile from which nothing is done."""

from __future__ import annotations

import signal
import sys

from pectui.cli.invocation import Invocation
from pectui.errors import RefusedHereError

MANY = 25
"""Above this many messages or recipients their number is typed, not a letter."""

NOBODY_TO_ASK = "There is nobody to ask: give --yes if you mean it, or look first with --dry-run."


def confirm(question: str, count: int, otherwise: str) -> None:
    """Only a `y` is a yes; above 25 only the number `count` is. RefusedHereError, called `otherwise`, for any other."""
    wanted = "y" if count <= MANY else str(count)
    words = "y" if count <= MANY else f"the number {count}"
    # While the question waits, asyncio would only note a Ctrl-C: here it must end the command at once, also if it comes
    # as soon as the question can be read.
    noted = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.stderr.write(f"{question} Type {words} to confirm: ")
        sys.stderr.flush()
        answer = sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, noted)
    if answer.strip() != wanted:
        raise RefusedHereError(otherwise, "it was not confirmed", f"Only {words} confirms.")


def refuse_read_only(invocation: Invocation, otherwise: str, deed: str) -> None:
    """RefusedHereError, called `otherwise`, where nothing may be done in the profile's mailbox; `deed` is a verb."""
    profile = invocation.settings.profile
    if profile is not None and profile.read_only:
        raise RefusedHereError(
            otherwise,
            f"the profile {profile.name} is read-only",
            f"Take away `read_only` or --read-only if you do want to {deed}.",
        )
