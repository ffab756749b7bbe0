"""What became of each message of a job, those first that somebody has to look at. Ten thousand are no effort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

from pectui.domain.message import Header
from pectui.engine.jobs import JobRecord
from pectui.engine.outcome import AlreadyGone, Deleted, ItemEvent, Refused
from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink

NOT_TRIED = "not tried"
"""How the reason begins of what a job ended before."""


class ItemState(StrEnum):
    """By how much somebody has to look at it."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    """Nobody knows whether it was sent."""
    MISSING = "missing"
    """Not exported."""
    REFUSED = "refused"
    LEFT = "left"
    """Not begun: the job ended before."""
    KEPT = "kept"
    GONE = "gone"
    DELETED = "deleted"
    COPIED = "copied"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class ItemLook:
    """Signs are one cell wide and differ from each other, so that nothing is told by colour alone."""

    sign: Shown
    word: Shown
    """At most eight cells."""
    plain: Shown
    """Behind a number."""
    ink: Ink


ITEM_LOOKS = {
    ItemState.FAILED: ItemLook(
        Shown("✗"), Shown("failed"), Shown("not deleted, or not known to be"), Ink.BAD
    ),
    ItemState.REFUSED: ItemLook(Shown("⊘"), Shown("refused"), Shown("refused"), Ink.BAD),
    ItemState.MISSING: ItemLook(Shown("✗"), Shown("missing"), Shown("missing"), Ink.BAD),
    ItemState.UNKNOWN: ItemLook(Shown("?"), Shown("unknown"), Shown("unknown"), Ink.BAD),
    ItemState.LEFT: ItemLook(Shown("…"), Shown("left"), Shown("left"), Ink.WARN),
    ItemState.KEPT: ItemLook(Shown("="), Shown("kept"), Shown("kept"), Ink.MUTED),
    ItemState.GONE: ItemLook(Shown("o"), Shown("gone"), Shown("gone already"), Ink.MUTED),
    ItemState.DELETED: ItemLook(Shown("-"), Shown("deleted"), Shown("deleted"), Ink.MUTED),
    ItemState.COPIED: ItemLook(Shown("+"), Shown("copied"), Shown("copied"), Ink.MUTED),
    ItemState.SENT: ItemLook(Shown("»"), Shown("sent"), Shown("sent"), Ink.MUTED),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A message of a job."""

    state: ItemState
    id: int
    """What it was called when it was chosen."""
    header: Header | None
    """As it was listed then, as far as that is known."""
    reason: str = ""
    about: str = ""
    """What it is called where it is no message that was listed."""


class JobItems(Sequence[Item]):
    """The messages of a job. It grows while the job runs."""

    def __init__(self) -> None:
        self._by_state: dict[ItemState, list[Item]] = {state: [] for state in ItemState}

    def add(self, item: Item) -> None:
        """This became of a message."""
        self._by_state[item.state].append(item)

    def of(self, state: ItemState) -> Sequence[Item]:
        """Those of one state."""
        return self._by_state[state]

    @property
    def counts(self) -> Mapping[ItemState, int]:
        """How many are in each state."""
        return {state: len(items) for state, items in self._by_state.items()}

    def __len__(self) -> int:
        return sum(map(len, self._by_state.values()))

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...

    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        for items in self._by_state.values():
            if index < len(items):
                return items[index]
            index -= len(items)
        raise IndexError


def item_of(event: ItemEvent, headers: Mapping[int, Header]) -> Item:
    """What an event says became of its message."""
    header = headers.get(event.id)
    if isinstance(event, Deleted):
        return Item(ItemState.DELETED, event.id, header)
    if isinstance(event, AlreadyGone):
        return Item(ItemState.GONE, event.id, header)
    if isinstance(event, Refused):
        return Item(ItemState.REFUSED, event.id, header, event.reason)
    state = ItemState.LEFT if event.reason.startswith(NOT_TRIED) else ItemState.FAILED
    return Item(state, event.id, header, event.reason)


def items_of(record: JobRecord) -> JobItems:
    """What became of the messages of a job, by its journal."""
    items = JobItems()
    headers = {item.chosen_id: item.header for item in record.items}
    for event in record.events:
        items.add(item_of(event, headers))
    for left in record.left:
        begun = left.chosen_id in record.begun
        reason = "begun, and nobody wrote down what became of it" if begun else ""
        items.add(Item(ItemState.LEFT, left.chosen_id, left.header, reason))
    for kept in record.kept:
        items.add(Item(ItemState.KEPT, kept.id, headers.get(kept.id), kept.reason))
    return items
