"""New mail that the user has not noticed yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

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
        self.drop_ids(change.removed)
        self._add((placed.header for placed in change.put), shift=change.synced.ids_shift)

    def compare(self, headers: Sequence[Header], *, shift: bool) -> None:
        """Another program changed the listing, which holds `headers` now. `shift` where ids may have moved."""
        there = set(headers)
        self._fresh &= there
        if self._before is not None:
            self._add(there.difference(self._before), shift=shift)

    def drop_ids(self, gone: Collection[int]) -> None:
        """These are not in the mailbox any more."""
        if gone and self._fresh:
            ids = set(gone)
            self._fresh = {header for header in self._fresh if header.id not in ids}

    def seen(self) -> None:
        """The user has looked."""
        self._fresh.clear()

    def _add(self, headers: Iterable[Header], *, shift: bool) -> None:
        if self._before is not None:
            self._fresh.update(header for header in headers if self._is_new(header, self._before, shift))

    def _is_new(self, header: Header, before: Sequence[Header], shift: bool) -> bool:
        if self._named is None:
            self._named = {known.id: known for known in before}
        if not shift and header.id not in self._named:
            return True
        # Where ids shift, what has another id now is no news.
        if self._facts is None:
            self._facts = {one.facts for one in before}
        return header.facts not in self._facts
