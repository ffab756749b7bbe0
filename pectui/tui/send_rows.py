"""The rows of view 2: sends, and below each unfolded one its messages. A row is made where it is painted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import accumulate
from typing import TypeAlias, overload

from pectui.domain.interpret import interpret
from pectui.domain.message import Header
from pectui.tui.choosing import Chosen
from pectui.tui.places import place_of
from pectui.tui.widgets.message_row import today_of
from pectui.tui.widgets.send_row import NO_CODE, MemberRow, NoCodeRow, SendRow, why_of

ListedRow: TypeAlias = SendRow | NoCodeRow | MemberRow

_KEPT = 300
"""Rows that stay made: more than any terminal has lines."""


class SendRows(Sequence[ListedRow]):
    """`chosen`, with the messages `unfolded` below the sends of these codes; `NO_CODE` is what belongs to none."""

    def __init__(
        self,
        chosen: Chosen,
        unfolded: Mapping[str, Sequence[Header]],
        *,
        own: frozenset[str],
        now: datetime,
        zone: tzinfo | None,
    ) -> None:
        self.chosen = chosen
        self._own = own
        self._now = now
        self._today = today_of(now, zone)
        self._zone = zone
        self._made: dict[int, ListedRow] = {}
        heads = len(chosen.sends) + bool(chosen.unassigned)
        open_heads = sorted(
            (head, headers)
            for code, headers in unfolded.items()
            if (head := self._head(code)) is not None and head < heads
        )
        self._heads = [head for head, _ in open_heads]
        self._members = [headers for _, headers in open_heads]
        self._before = [0, *accumulate(len(headers) for headers in self._members)]
        """Messages above each unfolded head, and of all."""
        self._tops = [head + above for head, above in zip(self._heads, self._before, strict=False)]
        """The places of the unfolded heads in the list."""
        self._count = heads + self._before[-1]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> ListedRow: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[ListedRow]: ...

    def __getitem__(self, index: int | slice) -> ListedRow | Sequence[ListedRow]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        row = self._made.get(index)
        if row is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            row = self._made[index] = self._make(index)
        return row

    def place_of(self, key: Hashable, near: int) -> int | None:
        """Where the row called `key` is: a code, or a message's header, also if its id is another by now."""
        if isinstance(key, str):
            head = self._head(key)
            return None if head is None else self._place(head)
        if isinstance(key, Header):
            for top, headers in zip(self._tops, self._members, strict=True):
                place = place_of(headers, key, near - top)
                if place is not None:
                    return top + 1 + place
        return None

    def code_at(self, place: int) -> str:
        """The code of the send to which the row at `place` belongs."""
        head, _ = self._split(place)
        return self.chosen.sends[head].code if head < len(self.chosen.sends) else NO_CODE

    def stretch(self, places: range) -> tuple[list[str], list[Header]]:
        """The codes of the sends whose rows stand at `places`, and the messages that do: no row is made for it."""
        codes: list[str] = []
        headers: list[Header] = []
        for place in places:
            head, member = self._split(place)
            if member is not None:
                headers.append(self._members[bisect_right(self._heads, head) - 1][member])
            elif head < len(self.chosen.sends):
                codes.append(self.chosen.sends[head].code)
        return codes, headers

    def _head(self, code: str) -> int | None:
        if code == NO_CODE:
            return len(self.chosen.sends) if self.chosen.unassigned else None
        return self.chosen.places.get(code)

    def _place(self, head: int) -> int:
        return head + self._before[bisect_right(self._heads, head - 1)]

    def _split(self, place: int) -> tuple[int, int | None]:
        """Which head the row at `place` is or stands below, and which of its messages it is."""
        block = bisect_right(self._tops, place) - 1
        if block < 0:
            return place, None
        below = place - self._tops[block]
        if 0 < below <= len(self._members[block]):
            return self._heads[block], below - 1
        return place - (self._before[block + 1] if below else self._before[block]), None

    def _make(self, place: int) -> ListedRow:
        head, member = self._split(place)
        block = bisect_right(self._heads, head) - 1
        unfolded = block >= 0 and self._heads[block] == head
        if member is not None:
            message = interpret(self._members[block][member], self._own)
            return MemberRow(message, self._today, self._zone)
        if head == len(self.chosen.sends):
            return NoCodeRow(len(self.chosen.unassigned), unfolded)
        summary = self.chosen.sends[head]
        return SendRow(summary, why_of(summary), unfolded, self._now, self._today, self._zone)
