"""A reading of every page on its way from the newest message down: what it has found is kept bit by bit.

Above the line that it has reached, the remembered listing is what was found; below it, it is what was known before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.listing import Placed
from pectui.domain.message import Header
from pectui.engine.placing import Edit, edit, renumbered


class Sweep:
    """`below` is what is remembered under the line `down_to`, the highest rank first; `above` what is over it."""

    def __init__(self, above: Iterable[Header], below: Sequence[Placed], down_to: int | None) -> None:
        self.down_to = down_to
        """The rank down to which the remembered listing is what was found."""
        self.ids_shift = False
        """Whether an id was seen to hold another message than it is remembered for."""
        self.repeated_ids: set[int] = set()
        """Ids that the service listed with different messages."""
        self._below = list(below)
        self._places = self._index()
        self._found = {header.id: header for header in above}
        self._waiting: list[Header] = []

    @property
    def is_waiting(self) -> bool:
        """Whether something was found that is not kept yet."""
        return bool(self._waiting)

    @property
    def found(self) -> int:
        """How many messages were found, those above the line included."""
        return len(self._found)

    def take(self, rows: Iterable[Header]) -> int:
        """The next rows, from the newest down; how many of them were not found before."""
        fresh = 0
        for row in rows:
            found = self._found.get(row.id)
            if found is None:
                self._found[row.id] = row
                self._waiting.append(row)
                self._compare(row)
                fresh += 1
            elif found != row:
                self.repeated_ids.add(row.id)
        return fresh

    def kept_so_far(self) -> Edit | None:
        """What makes the remembered listing read as what was found, as far down as both sides have a message."""
        if not self._below:
            return self._take_down(len(self._waiting), 0)
        known = [
            (at, place)
            for at, row in enumerate(self._waiting)
            if (place := self._places.get(row.id)) is not None
        ]
        if not known:
            return None
        at = known[-1][0]
        return self._take_down(at + 1, max(place for _, place in known) + 1)

    def kept_to_the_end(self) -> Edit:
        """The same for all: what is remembered below and was not found is gone."""
        below, rows, line = self._below, self._waiting, self.down_to
        done = self._take_down(len(rows), len(below))
        if done is None:
            done = renumbered(below, rows, above=line)
            self._below, self._waiting = [], []
        return done

    def _take_down(self, rows: int, places: int) -> Edit | None:
        rest = self._below[places:]
        done = edit(
            self._below[:places],
            self._waiting[:rows],
            above=self.down_to,
            below=rest[0].rank if rest else None,
        )
        if done is None:
            return None
        moved = {one.header.id for one in done.put}
        self._below = [one for one in rest if one.header.id not in moved]
        self._places = self._index()
        self._waiting = self._waiting[rows:]
        self.down_to = self.down_to if done.lowest is None else done.lowest
        return done

    def _index(self) -> dict[int, int]:
        return {one.header.id: place for place, one in enumerate(self._below)}

    def _compare(self, row: Header) -> None:
        place = self._places.get(row.id)
        if place is not None and not self.ids_shift:
            known = self._below[place].header
            self.ids_shift = known.facts != row.facts and not Fingerprint.of(known).matches(row)
