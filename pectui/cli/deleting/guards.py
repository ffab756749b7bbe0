"""What is refused before anything is asked, and the question that only a person can answer."""

from __future__ import annotations

from collections.abc import Callable

from pectui.cli import confirming
from pectui.cli.confirming import NOBODY_TO_ASK
from pectui.cli.deleting.wanted import STDIN
from pectui.cli.deleting.words import messages, where
from pectui.cli.invocation import Invocation
from pectui.engine.prepare import Prepared
from pectui.errors import RefusedHereError
from pectui.session import Session, refuse

_NOTHING = "Nothing was deleted"
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
        hint = _IDS_ON_STDIN if arguments.from_file == STDIN else NOBODY_TO_ASK
        raise RefusedHereError(_NOTHING, "nobody confirmed it", hint)


def refuse_read_only(invocation: Invocation) -> None:
    """RefusedHereError where nothing may be deleted from the profile's mailbox."""
    confirming.refuse_read_only(invocation, _NOTHING, "delete")


def ask(prepared: Prepared, session: Session, strong: Callable[[str], str]) -> None:
    """Only a `y` is a yes; above 25 messages only their number is. RefusedHereError for any other answer."""
    count = len(prepared.targets)
    confirming.confirm(f"Delete {messages(count)} from {where(session, strong)}?", count, _NOTHING)
