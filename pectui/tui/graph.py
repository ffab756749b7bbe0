"""The use of a mailbox over time, painted with blocks: what was seen, what was only true since, and the thresholds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
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


def graph_lines(graph: Graph, width: int, height: int) -> list[Line]:
    """The graph in exactly `height` lines, the last two of which are the axis of time."""
    room = max(1, width - _LABEL - 1)
    columns = _columns(graph, room)
    scale = _scale(graph, [one for one in columns if one is not None], max(1, height - 2))
    marks = {row: mark for mark in graph.marks if (row := scale.row_of(mark.octets)) is not None}
    lines = [_row(graph, scale, marks, columns, row) for row in reversed(range(scale.rows))]
    axis, labels = ticks(graph.reach, graph.now, graph.zone, room)
    return [
        *lines,
        (Span(spaces(_LABEL)), Span(Shown("└"), Ink.FAINT), Span(axis, Ink.FAINT)),
        (Span(spaces(_LABEL + 1)), Span(labels, Ink.MUTED)),
    ]


def has_gaps(graph: Graph, width: int) -> bool:
    """Whether some of it was seen by nobody."""
    columns = _columns(graph, max(1, width - _LABEL - 1))
    return any(one is not None and not one.is_seen for one in columns)


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


def _row(
    graph: Graph, scale: _Scale, marks: dict[int, Mark], columns: Sequence[_Column | None], row: int
) -> Line:
    mark = marks.get(row)
    dash = ("-" if graph.halves_only else "┄", mark.ink) if mark else (" ", Ink.PLAIN)
    blocks = _HALVES if graph.halves_only else _EIGHTHS
    drawn: list[tuple[str, Ink]] = []
    for column in columns:
        level = 0 if column is None else _level(column, scale, row, len(blocks) - 1)
        if not level or column is None:
            drawn.append(dash)
        else:
            drawn.append((blocks[level], _ink(graph, column, scale.top_of(row))))
    axis = Span(Shown("┤"), mark.ink if mark else Ink.FAINT)
    return (_label(graph, scale, mark, row), axis, *in_runs(drawn))


def _level(column: _Column, scale: _Scale, row: int, finest: int) -> int:
    """How much of its cell in that row a column fills. What there is at all shows, if only as the lowest block."""
    if not column.use:
        return 0
    level = round(max(0.0, min(1.0, scale.height(column.use) - row)) * finest)
    return level if row else max(1, level)


def _ink(graph: Graph, column: _Column, top: float) -> Ink:
    if not column.is_seen:
        return Ink.FAINT
    reached = [mark.ink for mark in graph.marks if mark.octets <= column.use and mark.octets < top]
    return reached[-1] if reached else Ink.AREA


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
