"""A reading of every page on its way from the newest message down: what it has found is kept bit by bit.

Above the line that it has reached, the remembered listing is what was found; below it, it is what was known before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

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
        self._below = below
        self._reached = 0
        self._places = {one.header.id: place for place, one in enumerate(below)}
        self._moved_up: set[int] = set()
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

    def brings(self, rows: Iterable[Header]) -> bool:
        """Whether one of `rows` was not found before."""
        return any(row.id not in self._found for row in rows)

    @property
    def would_remove(self) -> bool:
        """Whether anything that is remembered below the line was not found."""
        return any(one.header.id not in self._found for one in self._rest(len(self._below)))

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
        if self._reached == len(self._below):
            return self._take_down(len(self._waiting), self._reached)
        known = [
            (at, place)
            for at, row in enumerate(self._waiting)
            if (place := self._places.get(row.id, -1)) >= self._reached and row.id not in self._moved_up
        ]
        if not known:
            return None
        return self._take_down(known[-1][0] + 1, max(place for _, place in known) + 1)

    def kept_to_the_end(self) -> Edit:
        """The same for all: what is remembered below and was not found is gone."""
        done = self._take_down(len(self._waiting), len(self._below))
        if done is None:
            done = renumbered(self._rest(len(self._below)), self._waiting, above=self.down_to)
            self._reached, self._waiting = len(self._below), []
        return done

    def _take_down(self, rows: int, reached: int) -> Edit | None:
        following = (
            one.rank for one in islice(self._below, reached, None) if one.header.id not in self._moved_up
        )
        done = edit(
            self._rest(reached), self._waiting[:rows], above=self.down_to, below=next(following, None)
        )
        if done is None:
            return None
        self._moved_up.update(
            one.header.id for one in done.put if self._places.get(one.header.id, -1) >= reached
        )
        self._reached = reached
        self._waiting = self._waiting[rows:]
        self.down_to = self.down_to if done.lowest is None else done.lowest
        return done

    def _rest(self, reached: int) -> list[Placed]:
        """What is remembered below the line, down to the place that is to be reached."""
        stretch = self._below[self._reached : reached]
        return [one for one in stretch if one.header.id not in self._moved_up]

    def _compare(self, row: Header) -> None:
        place = self._places.get(row.id)
        if place is not None and not self.ids_shift:
            known = self._below[place].header
            self.ids_shift = known.facts != row.facts and not Fingerprint.of(known).matches(row)
