"""What is refused before anything is asked, and the question that only a person can answer."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from pectui.cli.deleting.wanted import STDIN
from pectui.cli.deleting.words import messages, where
from pectui.cli.invocation import Invocation
from pectui.engine.prepare import Prepared
from pectui.errors import RefusedHereError
from pectui.session import Session, refuse

MANY = 25
"""Above this many messages the number is typed, not a letter."""

_NOTHING = "Nothing was deleted"
_NOBODY_TO_ASK = "There is nobody to ask: give --yes if you mean it, or look first with --dry-run."
_IDS_ON_STDIN = (
    "The ids come from stdin, so nobody can answer there: give --yes, or look first with --dry-run."
)


def refuse_at_once(invocation: Invocation) -> None:
    """What will be refused in the end is refused before anything is asked."""
    arguments = invocation.arguments
    if arguments.offline:
        refuse(_NOTHING)
    if arguments.dry_run:
        return
    refuse_read_only(invocation)
    if not arguments.yes and (arguments.from_file == STDIN or not invocation.can_ask):
        hint = _IDS_ON_STDIN if arguments.from_file == STDIN else _NOBODY_TO_ASK
        raise RefusedHereError(_NOTHING, "nobody confirmed it", hint)


def refuse_read_only(invocation: Invocation) -> None:
    """RefusedHereError where nothing may be deleted from the profile's mailbox."""
    profile = invocation.settings.profile
    if profile is not None and profile.read_only:
        raise RefusedHereError(
            _NOTHING,
            f"the profile {profile.name} is read-only",
            "Take away `read_only` or --read-only if you do want to delete.",
        )


def ask(prepared: Prepared, session: Session, strong: Callable[[str], str]) -> None:
    """Only a `y` is a yes; above 25 messages only their number is. RefusedHereError for any other answer."""
    count = len(prepared.targets)
    wanted = "y" if count <= MANY else str(count)
    words = "y" if count <= MANY else f"the number {count}"
    # While the question waits, asyncio would only note a Ctrl-C: here it must end the command at once, also if it comes
    # as soon as the question can be read.
    noted = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.stderr.write(f"Delete {messages(count)} from {where(session, strong)}? Type {words} to confirm: ")
        sys.stderr.flush()
        answer = sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, noted)
    if answer.strip() != wanted:
        raise RefusedHereError(_NOTHING, "it was not confirmed", f"Only {words} confirms.")
