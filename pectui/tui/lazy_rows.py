"""Rows of a list that may be a hundred thousand long: a message is interpreted where its row is painted."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from datetime import date, tzinfo
from typing import overload

from pectui.domain.interpret import interpret
from pectui.domain.message import Header
from pectui.tui.places import place_of
from pectui.tui.widgets.message_row import MessageRow

_KEPT = 300
"""Rows that stay interpreted: more than any terminal has lines."""


class MessageRows(tuple[MessageRow, ...]):
    """The rows of a page."""

    __slots__ = ()

    def place_of(self, key: Hashable, near: int) -> int | None:
        """Where the row called `key` is, also if its id is another by now."""
        return place_of([row.message.header for row in self], key, near) if isinstance(key, Header) else None


class LazyRows(Sequence[MessageRow]):
    """The rows of `headers`; `places` says where each stands in the remembered listing."""

    def __init__(
        self,
        headers: Sequence[Header],
        places: Sequence[int],
        own: frozenset[str],
        today: date,
        zone: tzinfo | None,
    ) -> None:
        self.headers = headers
        self.places = places
        self._own = own
        self._today = today
        self._zone = zone
        self._made: dict[int, MessageRow] = {}

    def __len__(self) -> int:
        return len(self.headers)

    @overload
    def __getitem__(self, index: int) -> MessageRow: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[MessageRow]: ...

    def __getitem__(self, index: int | slice) -> MessageRow | Sequence[MessageRow]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        row = self._made.get(index)
        if row is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            header = self.headers[index]
            row = self._made[index] = MessageRow(interpret(header, self._own), self._today, self._zone)
        return row

    def place_of(self, key: Hashable, near: int) -> int | None:
        """Where the row called `key` is, also if its id is another by now."""
        return place_of(self.headers, key, near) if isinstance(key, Header) else None

    def without(self, gone: Collection[Header]) -> LazyRows:
        """The rows but those of `gone`."""
        ids = {header.id for header in gone}
        left = [
            (header, place)
            for header, place in zip(self.headers, self.places, strict=True)
            if header.id not in ids or header not in gone
        ]
        headers, places = [header for header, _ in left], [place for _, place in left]
        return LazyRows(headers, places, self._own, self._today, self._zone)
