"""What was read of the service's listing so far, in a measure that new mail doesn't move.

A message's *height* is how many messages the service lists that are older than it: 0 for the oldest. Places counted
from the first page change with each new mail; heights only change when something is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pectui.domain.listing import storable
from pectui.domain.message import Header, Listing


class Survey:
    """Pages of one state of the mailbox. `shrank` tells that it was not one state."""

    def __init__(self, *, total: int, page_size: int, oldest_first: bool) -> None:
        self.total = total
        """Messages that the service counts, as far as it said last."""
        self.shrank = False
        """Whether messages were deleted between two pages: then heights don't fit together."""
        self.warnings: list[str] = []
        self._size = page_size
        self.oldest_first = oldest_first
        """Whether the first page holds the oldest messages."""
        self._rows: dict[int, Header | None] = {}

    @property
    def rows(self) -> dict[int, Header | None]:
        """By height; None where the service counts a message and doesn't list one that can be read."""
        return self._rows

    def add(self, number: int, listing: Listing) -> None:
        """Page `number`, counted from 1, as it was just read."""
        if listing.total is not None:
            self.shrank = self.shrank or listing.total < self.total
            self.total = max(self.total, listing.total)
        total = self.total if listing.total is None else listing.total
        self.warnings += [told for told in listing.warnings if told not in self.warnings]
        for height, row in self._placed(number, listing, total):
            # Another message where one was seen before: something was deleted, and as much came meanwhile.
            self.shrank = self.shrank or self._rows.get(height, row) != row
            self._rows[height] = row

    def knows(self, number: int, listing: Listing) -> bool:
        """Whether page `number` shows nothing but what was read already, at the same heights."""
        total = self.total if listing.total is None else listing.total
        placed = self._placed(number, listing, total)
        return bool(listing.headers) and all(self._rows.get(height) == row for height, row in placed)

    def _placed(self, number: int, listing: Listing, total: int) -> Iterator[tuple[int, Header | None]]:
        first = (number - 1) * self._size
        for at in range(min(max(self._size, len(listing.headers)), max(0, total - first))):
            height = first + at if self.oldest_first else total - 1 - first - at
            yield height, storable(listing.headers[at]) if at < len(listing.headers) else None

    def page_of(self, height: int) -> int:
        """The page that lists what has this height."""
        place = height if self.oldest_first else self.total - 1 - height
        return place // self._size + 1

    def pages_of(self, low: int, high: int) -> list[int]:
        """The pages that list the heights from `low` to `high`, in the order from the newest to the oldest."""
        first, last = sorted((self.page_of(low), self.page_of(high)))
        numbers = list(range(first, last + 1))
        return numbers[::-1] if self.oldest_first else numbers

    def unread(self) -> Iterator[tuple[int, int]]:
        """The stretches of heights that were not read, from below: the first and the one behind the last."""
        low = 0
        for height in [*sorted(height for height in self._rows if height >= 0), self.total]:
            if height > low:
                yield low, height
            low = max(low, height + 1)

    def from_the_top(self, headers: Sequence[Header]) -> list[Header]:
        """A page's rows from the newest end down, as they can be remembered."""
        rows = [storable(header) for header in headers]
        return rows[::-1] if self.oldest_first else rows
