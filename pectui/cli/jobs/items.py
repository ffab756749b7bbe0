"""What became of each message of a job, as its journal tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pectui.domain.message import Header
from pectui.engine.jobs import JobRecord
from pectui.engine.outcome import AlreadyGone, Deleted, Failed, ItemEvent, Refused

DELETE = "delete"
"""The one kind of job that there is."""

OUTCOMES = ("failed", "refused", "left", "already_gone", "deleted")
"""Those that somebody has to look at first. They are the names that `--json` uses."""

_BEGUN = "its deletion was begun, and nobody wrote down what became of it"
_NAMES: dict[type[ItemEvent], str] = {
    Deleted: "deleted",
    AlreadyGone: "already_gone",
    Refused: "refused",
    Failed: "failed",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One message of a job."""

    id: int
    """What it was called when it was chosen."""
    outcome: str
    reason: str
    header: Header | None
    """As the plan had it; None where there was no more than an id."""


def items_of(record: JobRecord) -> Iterator[Item]:
    """Every message that was asked for, in the plan's order."""
    told = {event.id: event for event in record.events}
    headers = {item.chosen_id: item.header for item in record.items}
    for message_id in dict.fromkeys((*headers, *told)):
        event = told.get(message_id)
        if event is None:
            reason = _BEGUN if message_id in record.begun else ""
            yield Item(message_id, "left", reason, headers[message_id])
        else:
            reason = event.reason if isinstance(event, Refused | Failed) else ""
            yield Item(message_id, _NAMES[type(event)], reason, headers.get(message_id))
