"""What is refused before anything is sent, and the question that only a person can answer."""

from __future__ import annotations

from collections.abc import Callable

from pectui.cli import confirming
from pectui.cli.confirming import NOBODY_TO_ASK, refuse_read_only
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
    refuse_read_only(invocation, _NOTHING, "send")
    if not arguments.yes and (arguments.body_file == STDIN or not invocation.can_ask):
        raise RefusedHereError(
            _NOTHING,
            "nobody confirmed it",
            NOBODY_TO_ASK,
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
    confirming.confirm(question, count, _NOTHING)
