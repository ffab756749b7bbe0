"""How a deletion ended, in words: what went, what stayed and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pectui.domain.message import Message
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.marking import messages
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from pectui.engine.outcome import DeleteOutcome, Unfinished

_NOT_TRIED = "not tried"
SHOWN_REASONS = 3
"""Different reasons that are told."""


def reasons_of(items: Iterable[Unfinished]) -> Shown:
    """Each different reason once, the most frequent first; how often, where it is more than one time."""
    counts = Counter(item.reason for item in items)
    told = [f"{reason} ({count:,} times)" if count > 1 else reason for reason, count in counts.most_common()]
    more = f"; and {len(told) - SHOWN_REASONS:,} more" if len(told) > SHOWN_REASONS else ""
    return shown("; ".join(told[:SHOWN_REASONS]) + more)


def told_of_one(message: Message, outcome: DeleteOutcome) -> Notice:
    """What became of one message that was to be deleted."""
    subject = shown(message.subject)
    if outcome.deleted:
        return Notice(Shown("Deleted"), subject)
    if outcome.already_gone:
        return Notice(Shown("It was already gone"), subject)
    if outcome.refused:
        title = Shown("Not deleted: pectui refused")
    elif any(item.reason.startswith("unknown") for item in outcome.failed):
        title = Shown("It is unknown whether it was deleted")
    else:
        title = Shown("Not deleted")
    return Notice(title, reasons_of((*outcome.refused, *outcome.failed)), _hint(outcome), Severity.ERROR)


def told_of_many(outcome: DeleteOutcome) -> Notice:
    """What became of many: the counts, and why some stayed."""
    deleted, left = len(outcome.deleted), (*outcome.refused, *outcome.failed)
    title = (
        f"Deleted {messages(deleted)}"
        if not left
        else f"Deleted {deleted:,} of {messages(outcome.requested)}"
    )
    if outcome.cancelled or outcome.stopped_by is not None:
        title = f"Stopped: deleted {deleted:,} of {messages(outcome.requested)}"
    details: list[str] = []
    if gone := len(outcome.already_gone):
        details.append(f"{gone:,} {'was' if gone == 1 else 'were'} gone already")
    if outcome.refused:
        details.append(f"{len(outcome.refused):,} refused: {reasons_of(outcome.refused)}")
    tried = [item for item in outcome.failed if not item.reason.startswith(_NOT_TRIED)]
    if tried:
        details.append(f"{len(tried):,} not deleted, or not known to be: {reasons_of(tried)}")
    if untried := len(outcome.failed) - len(tried):
        details.append(f"{untried:,} not tried")
    severity = Severity.ERROR if tried or outcome.refused or outcome.stopped_by else Severity.INFORMATION
    return Notice(shown(title), shown(". ".join(details)), _hint(outcome), severity)


def told_of_none(refused: Sequence[Unfinished], gone: int) -> Notice:
    """Of all that was chosen nothing can be deleted."""
    if not refused:
        was = "It was" if gone == 1 else f"All {gone:,} were"
        return Notice(shown(f"{was} already gone"))
    title = "Not deleted" if len(refused) == 1 else f"None of {messages(len(refused) + gone)} can be deleted"
    return Notice(shown(title), reasons_of(refused), severity=Severity.ERROR)


def _hint(outcome: DeleteOutcome) -> Shown:
    return shown(outcome.stopped_by.hint) if outcome.stopped_by else NOTHING
