"""New mail that the user has not noticed yet."""

from __future__ import annotations

from collections.abc import Sequence

from pectui.domain.listing import ListingChange
from pectui.domain.message import Header


class News:
    """Counts what came since the user last looked."""

    def __init__(self) -> None:
        self._fresh: set[Header] = set()
        self._before: Sequence[Header] | None = None
        self._named: dict[int, Header] | None = None
        self._facts: set[tuple[str, str, str, str]] | None = None

    @property
    def count(self) -> int:
        """How many messages are new."""
        return len(self._fresh)

    def __contains__(self, key: object) -> bool:
        return key in self._fresh

    def begin(self, known: Sequence[Header] | None) -> None:
        """A sync begins: what is not in `known` is new then. None: nothing is, this is the first reading."""
        self._before, self._named, self._facts = known, None, None

    def add(self, change: ListingChange) -> None:
        """The listing changed."""
        if self._before is None or not (change.put or change.removed):
            return
        gone = set(change.removed)
        if gone:
            self._fresh = {header for header in self._fresh if header.id not in gone}
        self._fresh.update(placed.header for placed in change.put if self._is_new(placed.header))

    def seen(self) -> None:
        """The user has looked."""
        self._fresh.clear()

    def _is_new(self, header: Header) -> bool:
        assert self._before is not None
        if self._named is None:
            self._named = {known.id: known for known in self._before}
        known = self._named.get(header.id)
        if known is None or known == header:
            return known is None
        # Ids shift on this server: what has another id now is no news.
        if self._facts is None:
            self._facts = {one.facts for one in self._before}
        return header.facts not in self._facts
