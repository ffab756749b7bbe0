"""What is refused before anything is sent, and the question that only a person can answer."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from pectui.cli.deleting.guards import MANY
from pectui.cli.deleting.words import where
from pectui.cli.invocation import Invocation
from pectui.cli.output import local_time
from pectui.cli.sending.plan import cost, people
from pectui.cli.sending.wanted import STDIN
from pectui.domain.outgoing import Outgoing
from pectui.engine.send_book import Attempt
from pectui.engine.send_events import SendState
from pectui.errors import RefusedHereError
from pectui.session import Session, refuse
from pectui.text.clean import clean_line

_NOTHING = "Nothing was sent"


def refuse_at_once(invocation: Invocation) -> None:
    """What will be refused in the end is refused before anything is asked or read."""
    arguments = invocation.arguments
    if arguments.dry_run:
        return
    if arguments.offline:
        refuse(_NOTHING)
    profile = invocation.settings.profile
    if profile is not None and profile.read_only:
        raise RefusedHereError(
            _NOTHING,
            f"the profile {profile.name} is read-only",
            "Take away `read_only` or --read-only if you do want to send.",
        )
    if not arguments.yes and (arguments.body_file == STDIN or not invocation.can_ask):
        raise RefusedHereError(
            _NOTHING,
            "nobody confirmed it",
            "There is nobody to ask: give --yes if you mean it, or look first with --dry-run.",
        )


def refuse_twice(attempt: Attempt | None, *, force: bool, resend_unknown: bool) -> None:
    """RefusedHereError where the same content went out before, or may have, and nobody says that it shall again."""
    if attempt is None:
        return
    to = clean_line(", ".join(attempt.recipients[:3])) + (
        " and others" if len(attempt.recipients) > 3 else ""
    )
    when = local_time(attempt.at)
    if attempt.state is SendState.SENT and not force:
        code = f", code {attempt.code}" if attempt.code else ""
        raise RefusedHereError(
            _NOTHING,
            f"the same was sent to {to} on {when}{code}",
            "If you do want to send it once more, give --force.",
        )
    if attempt.state is SendState.UNKNOWN and not resend_unknown:
        raise RefusedHereError(
            _NOTHING,
            f"the same may have been sent to {to} on {when}: {clean_line(attempt.reason)}",
            "Receipts can come late: look later with `pectui sends`. --resend-unknown sends it all the same, "
            "perhaps a second time.",
        )


def ask(message: Outgoing, session: Session, strong: Callable[[str], str]) -> None:
    """Only a `y` is a yes; above 25 recipients only their number is. RefusedHereError for any other answer."""
    count = len(message.recipients)
    confirm(f"Send it to {people(count)} from {where(session, strong)} for {cost(message, session)}?", count)


def confirm(question: str, count: int) -> None:
    """The same of whatever goes to `count` recipients."""
    wanted = "y" if count <= MANY else str(count)
    words = "y" if count <= MANY else f"the number {count}"
    # While the question waits, asyncio would only note a Ctrl-C: here it must end the command at once.
    noted = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.stderr.write(f"{question} Type {words} to confirm: ")
        sys.stderr.flush()
        answer = sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, noted)
    if answer.strip() != wanted:
        raise RefusedHereError(_NOTHING, "it was not confirmed", f"Only {words} confirms.")
