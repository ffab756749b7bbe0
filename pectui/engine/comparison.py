"""The remembered listing held against what was read of the service's: which pages must be read to tell what changed.

Between two messages that both sides have, as many messages on both sides are taken for the same ones. Where the
numbers differ, the page in the middle is read, and so on by halves: three deleted messages among ten thousand are
found with some twenty pages. One that went and one that came between the same two hide each other: only a reading of
every page finds those.

Where ids are proven stable, a message is recognised by its id. Else by its facts and its place: ids may have moved,
and then all ids between two recognised messages must have moved by the same step.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.message import Header
from pectui.engine.rising import longest_rising
from pectui.engine.survey import Survey

Pair = tuple[int, int]
"""A height and the place in what is known, both counted from the oldest, of one message."""


_BOTTOM: Pair = (-1, -1)
"""Below the oldest message there is nothing on either side."""

_WALK = 4
"""Pages read at once on the way down to what is known, where nothing tells how far that is."""


class Unrecognisable(Exception):
    """What is known and what was read don't fit together in any way: everything must be read."""


class Comparison:
    """`known` is what is remembered, the oldest first; `complete` if it reaches down to the oldest message."""

    def __init__(self, known: Sequence[Header], survey: Survey, *, complete: bool) -> None:
        self._known = known
        self._survey = survey
        self._complete = complete
        self._places = {header.id: place for place, header in enumerate(known)}
        self._alike: dict[tuple[str, str, str, str], list[int]] | None = None
        self._pairs: list[Pair] = []

    def ids_shift(self) -> bool:
        """Whether an id that is known was seen to hold another message."""
        return any(self._holds_another(row) for row in self._survey.rows.values() if row is not None)

    def pages_to_read(self) -> list[int]:
        """The pages to read next, those of the newest messages first; none once all is settled."""
        self._pairs = self._recognised()
        wanted: dict[int, None] = {}
        for low, high, below, above in self._gaps():
            wanted.update(dict.fromkeys(self._unsettled(low, high, below, above)))
        return list(wanted)

    def result(self) -> list[Header]:
        """What the service lists, the oldest first, once all is settled. Below what is known nothing is said."""
        listed: list[Header] = []
        height = 0
        for low, high, below, above in self._gaps():
            listed += self._read_rows(height, low)
            if below is not None and above is not None:
                step = self._step(below) or 0
                listed += [_renamed(one, one.id - step) for one in self._known[below[1] + 1 : above[1]]]
            else:
                listed = []  # the open end: what is below it was never read
            height = high
        listed += self._read_rows(height, self._survey.total)
        if len({header.id for header in listed}) != len(listed):
            raise Unrecognisable
        return listed

    def _read_rows(self, low: int, high: int) -> list[Header]:
        rows = self._survey.rows
        return [row for height in range(low, high) if (row := rows.get(height)) is not None]

    def _gaps(self) -> Iterator[tuple[int, int, Pair | None, Pair | None]]:
        """What was not read: from, to, and the recognised messages on both sides with only read ones between."""
        gaps = list(self._survey.unread())
        for number, (low, high) in enumerate(gaps):
            floor = gaps[number - 1][1] if number else 0
            ceiling = gaps[number + 1][0] if number + 1 < len(gaps) else self._survey.total
            at = bisect_left(self._pairs, (low,))
            below = self._pairs[at - 1] if at and self._pairs[at - 1][0] >= floor else None
            above = self._pairs[at] if at < len(self._pairs) and self._pairs[at][0] < ceiling else None
            yield low, high, (_BOTTOM if low == 0 and self._complete else below), above

    def _unsettled(self, low: int, high: int, below: Pair | None, above: Pair | None) -> list[int]:
        pages = self._survey.pages_of(low, high - 1)
        if below is not None and above is not None:
            known = above[1] - below[1] - 1
            if known == high - low and self._steps_agree(below, above):
                return []
            return [pages[len(pages) // 2]] if known else pages
        if above is not None:
            if low > 0:
                return [pages[len(pages) // 2]]
            # What is known ends somewhere here, and reading what is below its end is a scan's task.
            expected = above[0] - above[1]
            return [self._survey.page_of(min(max(low, expected), high - 1))] if above[1] else []
        if below is not None:
            # New mail, and somewhere below it the newest message that is known.
            expected = below[0] + len(self._known) - 1 - below[1]
            return self._survey.pages_of(max(low, expected), high - 1) if expected < high else pages[:_WALK]
        if low > 0:
            return [pages[len(pages) // 2]]
        return [] if self._pairs else pages[:_WALK]

    def _steps_agree(self, below: Pair, above: Pair) -> bool:
        step = self._step(above)
        return step == self._step(below)

    def _step(self, pair: Pair) -> int | None:
        """By how much the id of a recognised message went down."""
        if pair == _BOTTOM:
            return 0
        row = self._survey.rows[pair[0]]
        return None if row is None else self._known[pair[1]].id - row.id

    # Recognising

    def _recognised(self) -> list[Pair]:
        rows = [(height, row) for height, row in sorted(self._survey.rows.items()) if row is not None]
        if any(row.id > self._survey.total for _, row in rows):
            if self.ids_shift():
                raise Unrecognisable
            pairs = [(height, self._places[row.id]) for height, row in rows if row.id in self._places]
            if len(longest_rising([place for _, place in pairs])) < len(pairs):
                raise Unrecognisable  # the service's order is another one now
            return pairs
        return _rising(self._by_facts(dict(rows)))

    def _by_facts(self, rows: Mapping[int, Header]) -> Iterable[Pair]:
        if self._alike is None:
            self._alike = {}
            for place, header in enumerate(self._known):
                self._alike.setdefault(header.facts, []).append(place)
        seen: dict[tuple[str, str, str, str], int] = {}
        for row in rows.values():
            seen[row.facts] = seen.get(row.facts, 0) + 1
        found = dict(
            _rising(
                (height, places[0])
                for height, row in rows.items()
                if len(places := self._alike.get(row.facts, [])) == 1 and seen[row.facts] == 1
            )
        )
        self._spread(found, rows, sorted(found), 1)
        self._spread(found, rows, sorted(found, reverse=True), -1)
        self._take_stretches_of_twins(found, rows)
        return sorted(found.items())

    def _spread(
        self, found: dict[int, int], rows: Mapping[int, Header], heights: Iterable[int], step: int
    ) -> None:
        """From each recognised message on to its neighbours, as long as they are alike on both sides."""
        for start in heights:
            height, place = start + step, found[start] + step
            while height not in found and self._is_alike(rows.get(height), place):
                found[height] = place
                height, place = height + step, place + step

    def _take_stretches_of_twins(self, found: dict[int, int], rows: Mapping[int, Header]) -> None:
        """Where nothing tells one message from another, their place does, if only one place is possible."""
        anchors = sorted([_BOTTOM, *found.items()]) if self._complete else sorted(found.items())
        for stretch in _stretches(sorted(height for height in rows if height not in found)):
            at = bisect_left(anchors, (stretch[0],))
            if not at:
                continue
            least = anchors[at - 1][1] - anchors[at - 1][0]
            most = (
                anchors[at][1] - anchors[at][0] if at < len(anchors) else len(self._known) - 1 - stretch[-1]
            )
            fitting = (
                shift
                for shift in range(min(least, most), max(least, most) + 1)
                if all(self._is_alike(rows[height], height + shift) for height in stretch)
            )
            shifts = list(islice(fitting, 2))
            if len(shifts) == 1:
                found.update((height, height + shifts[0]) for height in stretch)

    def _is_alike(self, row: Header | None, place: int) -> bool:
        return row is not None and 0 <= place < len(self._known) and self._known[place].facts == row.facts

    def _holds_another(self, row: Header) -> bool:
        place = self._places.get(row.id)
        if place is None or self._known[place].facts == row.facts:
            return False
        return not Fingerprint.of(self._known[place]).matches(row)


def _rising(pairs: Iterable[Pair]) -> list[Pair]:
    listed = list(pairs)
    return [listed[at] for at in longest_rising([place for _, place in listed])]


def _stretches(heights: Sequence[int]) -> Iterator[list[int]]:
    stretch: list[int] = []
    for height in heights:
        if stretch and height != stretch[-1] + 1:
            yield stretch
            stretch = []
        stretch.append(height)
    if stretch:
        yield stretch


def _renamed(header: Header, message_id: int) -> Header:
    if header.id == message_id:
        return header
    return Header(message_id, header.date, header.subject, header.sender, header.recipient)
