"""The graph of a mailbox's use: what was seen stands there, at its time and its height, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from pectui.domain.quota_history import QuotaSample
from pectui.tui.foreign import Shown
from pectui.tui.graph import Graph, Mark, drawn
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, cells
from pectui.tui.time_axis import Reach, ticks

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1))
LIMIT = 1000
MARKS = (Mark(800, Shown("!"), Ink.WARN), Mark(900, Shown("!!"), Ink.BAD))
LEFT = 10
"""Cells of names and axis."""


def seen(*uses: int, every: timedelta = timedelta(days=1)) -> list[QuotaSample]:
    """The last one now."""
    ages = reversed(range(len(uses)))
    return [QuotaSample(NOW - age * every, use, LIMIT) for age, use in zip(ages, uses, strict=True)]


def graph(samples: Sequence[QuotaSample], reach: Reach = Reach.WEEK, limit: int | None = LIMIT) -> Graph:
    return Graph(samples, NOW, ZONE, reach, limit, MARKS)


def texts(of: Graph, columns: int = 70, rows: int = 10) -> list[str]:
    lines = drawn(of, columns + LEFT, rows + 2).lines
    assert len(lines) == rows + 2
    return ["".join(span.text for span in line) for line in lines]


def heights(of: Graph, columns: int = 70, rows: int = 10) -> list[int]:
    """Of each column, in eighths of a row; -1 where nothing stands."""
    lines = [line[LEFT:].ljust(columns) for line in texts(of, columns, rows)[:rows]]
    found = []
    for column in range(columns):
        blocks = [line[column] for line in lines if line[column] not in " ┄"]
        found.append(sum(" ▁▂▃▄▅▆▇█".index(block) for block in blocks) or -1)
    return found


def inks(line: Line) -> set[Ink]:
    return {span.ink for span in line if any(letter in "▁▂▃▄▅▆▇█" for letter in span.text)}


class TestHeights:
    @pytest.mark.parametrize("use", [0, 1, 100, 250, 505, 999, 1000])
    def test_each_is_as_high_as_the_use(self, use: int) -> None:
        expected = max(1, round(80 * use / LIMIT)) if use else -1
        assert set(heights(graph(seen(*[use] * 9)))) == {expected}

    def test_growth_and_a_deletion_are_a_slope_and_a_step(self) -> None:
        found = heights(graph(seen(100, 200, 300, 400, 500, 600, 300, 400)))
        steps = [later - one for one, later in pairwise(found)]
        assert min(steps) == -24
        assert [step for step in steps if step < 0] == [-24]
        assert sum(step > 0 for step in steps) == 6

    def test_before_anything_was_seen_nothing_stands(self) -> None:
        found = heights(graph(seen(500, 500, every=timedelta(days=3.5))))
        assert found[:34] == [-1] * 34
        assert set(found[36:]) == {40}

    def test_the_last_column_is_what_is_there_now(self) -> None:
        samples = seen(*[500] * 200, 900, 100, every=timedelta(minutes=5))
        assert heights(graph(samples, Reach.WEEK))[-1] == 8

    def test_above_the_limit_it_grows(self) -> None:
        found = texts(graph(seen(900, 1300)))
        assert "130%" in found[0]
        assert heights(graph(seen(900, 1300)))[-1] == 80

    def test_zoomed_a_small_change_fills_the_height(self) -> None:
        close = replace(graph(seen(500, 501, 502, 503, 504, 505, 506, 507)), is_close=True)
        found = heights(close)
        assert found[0] < 16
        assert found[-1] > 64
        assert texts(close)[0].split("┤")[0].strip() == "50.8%"

    def test_where_the_limit_is_unknown_it_tells_sizes(self) -> None:
        samples = [replace(one, limit_bytes=None) for one in seen(2048, 4096)]
        assert "KiB" in texts(graph(samples, limit=None))[0]

    def test_nothing_at_all(self) -> None:
        assert set(heights(graph([]))) == {-1}

    def test_terminals_without_fine_blocks_get_halves(self) -> None:
        coarse = texts(replace(graph(seen(333, 777)), halves_only=True))
        assert not set("▁▂▃▅▆▇┄") & set("".join(coarse))
        assert "█" in "".join(coarse)


class TestWhatWasNotSeen:
    def test_it_is_faint_and_told(self) -> None:
        samples = [one for one in seen(*[500] * 24 * 7, every=timedelta(hours=1)) if (NOW - one.at).days != 3]
        found = graph(samples)
        assert drawn(found, 80, 12).has_gaps
        assert inks(drawn(found, 80, 12).lines[8]) == {Ink.AREA, Ink.FAINT}

    @pytest.mark.parametrize("reach", list(Reach))
    def test_what_is_kept_of_somebody_who_always_asks_has_none(self, reach: Reach) -> None:
        every = timedelta(minutes=15)
        recent = seen(*[500] * 96, every=every)
        hourly = [QuotaSample(NOW - timedelta(hours=hour), 500, LIMIT) for hour in range(24 * 31, 24, -1)]
        daily = [QuotaSample(NOW - timedelta(days=day), 500, LIMIT) for day in range(367, 31, -1)]
        for width in (40, 80, 200):
            assert not drawn(graph([*daily, *hourly, *recent], reach), width, 12).has_gaps


class TestThresholds:
    def test_they_are_lines_with_names(self) -> None:
        lines = texts(graph(seen(*[100] * 9)))
        assert lines[0].startswith("  !! 90% ┤┄┄┄")
        assert lines[1].startswith("   ! 80% ┤┄┄┄")

    def test_what_lies_above_them_is_told_by_its_ink(self) -> None:
        lines = drawn(graph(seen(*[950] * 170, every=timedelta(hours=1))), 80, 12).lines
        assert [inks(line) for line in lines[:10]] == [{Ink.BAD}, {Ink.WARN}, *[{Ink.AREA}] * 8]

    def test_zoomed_away_from_them_they_are_not_there(self) -> None:
        assert "!" not in "".join(texts(replace(graph(seen(100, 200)), is_close=True)))


class TestTimeAxis:
    def test_a_reach_has_a_longer_and_a_shorter_one_until_its_end(self) -> None:
        assert [one.other(1) for one in Reach] == [*list(Reach)[1:], Reach.YEAR]
        assert [one.other(-1) for one in Reach] == [Reach.DAY, *list(Reach)[:-1]]

    @pytest.mark.parametrize("reach", list(Reach))
    @pytest.mark.parametrize("width", [1, 5, 12, 30, 70, 200])
    def test_each_name_stands_at_its_tick(self, reach: Reach, width: int) -> None:
        axis, names = ticks(reach, NOW, ZONE, width)
        assert len(axis) == len(names) == width
        starts = [at for at in range(width) if names[at] != " " and not names[max(0, at - 2) : at].strip()]
        assert [at for at in range(width) if axis[at] == "┬"] == starts

    def test_days_begin_at_midnight_where_the_user_is(self) -> None:
        axis, names = ticks(Reach.DAY, NOW, ZONE, 240)
        assert names[axis.index("┬", 99) :].startswith("00:00")
        assert axis.index("┬", 99) == 100, "ten hours after 13:00 UTC it is midnight in Rome"

    def test_a_january_is_called_by_its_year(self) -> None:
        _, names = ticks(Reach.YEAR, NOW, ZONE, 120)
        assert names.split() == [
            "Dec",
            "2026",
            "Feb",
            "Mar",
            "Apr",
            "May",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
            "Nov",
        ]


@pytest.mark.parametrize("width", [8, 12, 40, 80, 200])
@pytest.mark.parametrize("height", [3, 5, 40])
def test_it_fits(width: int, height: int) -> None:
    for line in drawn(graph(seen(10, 900, 1200)), width, height).lines:
        assert cells(line) <= max(width, LEFT + 1)
