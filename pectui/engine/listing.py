"""The remembered listing in memory: cut into pages for a person, and kept current while it changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pectui.domain.listing import ListingChange, Placed, Synced
from pectui.domain.message import Header

PAGE_SIZE = 25
"""Messages on a page, as the service states it."""


class Listing:
    """Every message that is remembered, the newest end of the service's order first."""

    def __init__(self, synced: Synced, placed: Iterable[Placed] = ()) -> None:
        self.synced = synced
        """How far it can be trusted."""
        self._placed = list(placed)
        self._headers: list[Header] | None = None

    def __len__(self) -> int:
        return len(self._placed)

    @property
    def placed(self) -> Sequence[Placed]:
        """The messages with their ranks, the highest first."""
        return self._placed

    @property
    def headers(self) -> Sequence[Header]:
        """The messages alone. Another object whenever the listing has changed."""
        if self._headers is None:
            self._headers = [one.header for one in self._placed]
        return self._headers

    @property
    def complete(self) -> bool:
        """Whether it reaches to the oldest message."""
        return self.synced.full_at is not None

    @property
    def pages(self) -> int:
        """How many pages of 25 it fills, at least 1."""
        return max(1, -(-len(self._placed) // PAGE_SIZE))

    def page(self, number: int) -> Sequence[Header]:
        """The messages of page `number`, counted from 1."""
        start = (number - 1) * PAGE_SIZE
        return [one.header for one in self._placed[start : start + PAGE_SIZE]]

    def covers(self, number: int) -> bool:
        """Whether page `number` is known as a whole."""
        return self.complete or number * PAGE_SIZE <= len(self._placed)

    def apply(self, change: ListingChange, synced: Synced) -> None:
        """Follows a change that was made to what is remembered; `synced` is what holds since."""
        self.synced = synced
        if not change.put and not change.removed:
            return
        gone = {*change.removed, *(one.header.id for one in change.put)}
        kept = [one for one in self._placed if one.header.id not in gone]
        if change.put:
            kept.extend(change.put)
            kept.sort(key=_rank, reverse=True)  # nearly sorted: a walk through it
        self._placed, self._headers = kept, None


def _rank(placed: Placed) -> int:
    return placed.rank
