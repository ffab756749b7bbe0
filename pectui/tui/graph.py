"""The use of a mailbox over time, painted with blocks: what was seen, what was only true since, and the thresholds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from pectui.domain.quota import in_units
from pectui.domain.quota_history import KEPT_ALL, KEPT_HOURLY, QuotaSample
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, fit, in_runs
from pectui.tui.time_axis import Reach, ticks

_EIGHTHS, _HALVES = " ▁▂▃▄▅▆▇█", " ▄█"
_LABEL = 9
"""Cells left of the axis."""
LEAST_HEIGHT = 5
"""Lines below which a graph shows nothing."""
_HALF_FROM = 9
"""Lines from which the middle has a name, too."""
_CLOSE = 1.15
"""Of how far the use went up and down, how much is shown where the graph is drawn close."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold, in bytes."""

    octets: int
    sign: Shown
    ink: Ink


@dataclass(frozen=True, slots=True)
class Graph:
    """What is drawn. `samples` begin with the oldest."""

    samples: Sequence[QuotaSample]
    now: datetime
    zone: tzinfo | None
    reach: Reach
    limit: int | None
    marks: tuple[Mark, ...] = ()
    is_close: bool = False
    """Whether only the part is shown in which the use went up and down, not the whole mailbox."""
    halves_only: bool = False
    """For terminals that know no finer blocks."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A graph as lines."""

    lines: tuple[Line, ...]
    has_gaps: bool
    """Whether some of it was seen by nobody."""


@dataclass(frozen=True, slots=True)
class _Column:
    use: int
    is_seen: bool
    """False: nobody asked then; it is what was seen last."""


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    rows: int

    def height(self, use: float) -> float:
        """In rows from the bottom."""
        return self.rows * (min(max(use, self.low), self.high) - self.low) / (self.high - self.low)

    def row_of(self, use: float) -> int | None:
        """The row in which this use is reached, counted from the bottom; None where it is out of sight."""
        if not self.low <= use <= self.high:
            return None
        return min(self.rows - 1, int(self.height(use)))

    def top_of(self, row: int) -> float:
        return self.low + (self.high - self.low) * (row + 1) / self.rows


def drawn(graph: Graph, width: int, height: int) -> Drawn:
    """The graph in exactly `height` lines, the last two of which are the axis of time."""
    room = max(1, width - _LABEL - 1)
    columns = _columns(graph, room)
    known = [one for one in columns if one is not None]
    scale = _scale(graph, known, max(1, height - 2))
    axis, names = ticks(graph.reach, graph.now, graph.zone, room)
    lines = (
        *_rows(graph, scale, columns),
        (Span(spaces(_LABEL)), Span(Shown("└"), Ink.FAINT), Span(axis, Ink.FAINT)),
        (Span(spaces(_LABEL + 1)), Span(names, Ink.MUTED)),
    )
    return Drawn(lines, not all(one.is_seen for one in known))


def _columns(graph: Graph, count: int) -> list[_Column | None]:
    """What is known at the end of each of `count` equal stretches of time; None before anything was."""
    times = [one.at for one in graph.samples]
    step = graph.reach.length / count
    begin = graph.now - graph.reach.length
    columns: list[_Column | None] = []
    for number in range(count):
        end = graph.now if number == count - 1 else begin + step * (number + 1)
        place = bisect_right(times, end) - 1
        if place < 0:
            columns.append(None)
        else:
            seen = end - times[place] <= step + _kept_every(graph.now - end)
            columns.append(_Column(graph.samples[place].used_bytes, seen))
    return columns


def _kept_every(age: timedelta) -> timedelta:
    """How far samples of that age lie apart where somebody asked all the time."""
    if age <= KEPT_ALL:
        return timedelta(hours=1)
    return timedelta(hours=2) if age <= KEPT_HOURLY else timedelta(days=1)


def _scale(graph: Graph, columns: Sequence[_Column], rows: int) -> _Scale:
    uses = [one.use for one in columns]
    least, most = min(uses, default=0), max(uses, default=0)
    if graph.is_close or not graph.limit:
        middle = (least + most) / 2
        half = max((most - least) * _CLOSE / 2, most / 1000, 1)
        return _Scale(max(0, middle - half), middle + half, rows)
    return _Scale(0, max(graph.limit, most), rows)


def _rows(graph: Graph, scale: _Scale, columns: Sequence[_Column | None]) -> Iterator[Line]:
    """From the top. What is painted cell by cell is worked out before, once for each column."""
    blocks = _HALVES if graph.halves_only else _EIGHTHS
    finest = len(blocks) - 1
    marks = sorted(graph.marks, key=lambda mark: mark.octets)
    marked = {row: mark for mark in graph.marks if (row := scale.row_of(mark.octets)) is not None}
    inks = (Ink.AREA, *(mark.ink for mark in marks))
    levels = [_level(column, scale, finest) for column in columns]
    passed = [0 if one is None else sum(mark.octets <= one.use for mark in marks) for one in columns]
    unseen = [one is not None and not one.is_seen for one in columns]
    for row in reversed(range(scale.rows)):
        mark = marked.get(row)
        dash = ("-" if graph.halves_only else "┄", mark.ink) if mark else (" ", Ink.PLAIN)
        below, within = row * finest, sum(one.octets < scale.top_of(row) for one in marks)
        cells = [
            dash
            if level <= below
            else (blocks[min(level - below, finest)], Ink.FAINT if is_unseen else inks[min(reached, within)])
            for level, reached, is_unseen in zip(levels, passed, unseen, strict=True)
        ]
        axis = Span(Shown("┤"), mark.ink if mark else Ink.FAINT)
        yield (_label(graph, scale, mark, row), axis, *in_runs(cells))


def _level(column: _Column | None, scale: _Scale, finest: int) -> int:
    """How high a column is in the finest parts of rows; what there is at all shows."""
    if column is None or not column.use:
        return 0
    return max(1, round(scale.height(column.use) * finest))


def _label(graph: Graph, scale: _Scale, mark: Mark | None, row: int) -> Span:
    if mark is not None:
        return Span(fit(shown(f"{mark.sign} {_use(mark.octets, graph)} "), _LABEL, right=True), mark.ink)
    if row in (0, scale.rows - 1):
        use = _use(scale.high if row else scale.low, graph)
        return Span(fit(shown(f"{use} "), _LABEL, right=True), Ink.MUTED)
    if not graph.is_close and graph.limit and scale.rows >= _HALF_FROM and row == scale.rows // 2:
        return Span(fit(Shown("50% "), _LABEL, right=True), Ink.MUTED)
    return Span(spaces(_LABEL))


def _use(octets: float, graph: Graph) -> str:
    if not graph.limit:
        return in_units(int(octets)).replace(" ", "")
    percent = 100 * octets / graph.limit
    return f"{percent:.1f}%" if graph.is_close and percent % 1 else f"{percent:.0f}%"
