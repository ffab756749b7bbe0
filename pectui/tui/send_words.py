"""What became of a message that was sent, in words: it was, it wasn't and why, or nobody knows and what that means."""

from __future__ import annotations

from pectui.engine.send_events import Known, SendState, Sent, Settled, Waiting
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.widgets.notice import Notice, Severity

_UNKNOWN = Shown(
    "It is not sent again by itself. If its acceptance comes, it was; if none comes, that proves nothing yet."
)
_KEPT = Shown("The draft is kept.")


def told_of(event: Settled) -> Notice:
    """What became of the message."""
    if isinstance(event, Sent):
        return _sent(event)
    if event.state is SendState.SENT:
        named = f" as {event.code}" if event.code else ""
        told = shown(f"The same content went out before{named}: it was not sent again.")
        return Notice(Shown("It was sent already"), told, severity=Severity.WARNING)
    reason = shown(event.reason)
    if event.state is SendState.UNKNOWN:
        title = (
            "It may have been sent already"
            if isinstance(event, Known)
            else "It is unknown whether it was sent"
        )
        return Notice(shown(title), reason, _UNKNOWN, Severity.ERROR)
    title = "Refused: it was not sent" if event.state is SendState.REFUSED else "It was not sent"
    return Notice(shown(title), reason, _KEPT, Severity.ERROR)


def unanswered(reason: str) -> Notice:
    """The program gave up waiting for the answer."""
    return Notice(Shown("It is unknown whether it was sent"), shown(reason), _UNKNOWN, Severity.ERROR)


def unsent(why: Notice) -> Notice:
    """It surely did not leave, because of `why`."""
    detail = shown(f"{why.title}: {why.detail}" if why.detail else why.title)
    return Notice(Shown("It was not sent"), detail, why.hint or _KEPT, Severity.ERROR)


def waits(event: Waiting) -> Shown:
    """Why it has not left yet."""
    return shown(f"Not sent yet: {event.reason}. It is tried again in {event.seconds:.0f} s.")


def _sent(event: Sent) -> Notice:
    title = shown(f"Sent: {event.code}" if event.code else "Sent, and the service named no code")
    if event.is_short:
        told = f"The service says that it went to {event.count:,} of {event.wanted:,} recipients."
        return Notice(title, shown(told), severity=Severity.WARNING)
    if event.count is None:
        return Notice(title, NOTHING)
    return Notice(title, shown(f"To {event.count:,} recipient{'s' * (event.count != 1)}."))
