"""When a mailbox will be full at its present pace, said only where its past tells one.

What is deleted by hand is no pace: steps down are left out, with their time, and the rest is put together. The slope
is Theil's and Sen's, the median over pairs of moments that lie far apart. It counts only if the growth is about as
large in each part of the past that is looked at, if median and mean agree, and if the last week was no other; else
there is no trend. So a single mass send, noise, a quiet week between large ones, or a pace that has just changed yields
nothing, and regular mass sends yield their average.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from pectui.domain.quota_history import QuotaSample

_DAY = 86_400.0
_SHORTEST = 6.9 * _DAY
"""Seconds of history that there must be: in less than a week nobody sees what weekends do."""

_FEWEST = 8
_LATEST = timedelta(days=3650)
_POINTS = 120
"""Moments that pairs are made of: some thousand pairs at most, however long the history is."""

_DROP = 8.0
"""A step down is a deletion if it is so many times as large as steps usually differ, and noise if not."""

_DISAGREEMENT = 0.08
"""How far the median of the pace may be from its mean."""

_UNSEEN = 0.5
"""The longest time between two samples, as a part of all: what nobody saw may have been a single mass send."""

_TURN = 0.2
"""How far the last week may be from the pace of longer ones: what is further has just become faster or slower."""

_LEAP = 5.0
"""A day on which as much came as else in so many is a mass send."""


class _Window(NamedTuple):
    """How far back is looked, in how many parts, and how uncertain the pace may be by their differences."""

    days: float
    parts: int
    uncertainty: float


# The last days come first. Where they tell nothing, longer ones do; parts of whole weeks are alike though nobody works
# on Sundays, and parts of two weeks though something big is sent once a week.
_WINDOWS = (_Window(7, 7, 0.08), _Window(28, 4, 0.06), _Window(84, 6, 0.08))


LOOKS_BACK = timedelta(days=_WINDOWS[-1].days, seconds=1)
"""How much of the past a forecast needs."""


class NoTrend(StrEnum):
    """Why there is no forecast."""

    TOO_SHORT = "less than a week is known"
    FLAT = "it does not grow"
    UNSTEADY = "it does not grow steadily"
    SLOW = "it is not full within ten years"
    NO_LIMIT = "its limit is unknown"


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the mailbox is full if it goes on so, and nothing is deleted. Times are in UTC."""

    bytes_per_day: float
    full_at: datetime
    earliest: datetime
    latest: datetime

    def days(self, now: datetime) -> tuple[float, float, float]:
        """Days from `now` until it is full; at the earliest; at the latest. Never below zero."""
        moments = (self.full_at, self.earliest, self.latest)
        full, earliest, latest = (max(0.0, (one - now).total_seconds() / _DAY) for one in moments)
        return full, earliest, latest


def when_full(found: Forecast, now: datetime) -> str:
    """For people: `full in about 34 days (30 to 39) at this pace`, in hours where it is soon."""
    days, earliest, latest = found.days(now)
    if latest < 2:
        hours = round(24 * days)
        return f"full in about {hours} hour{'' if hours == 1 else 's'}" if hours else "full within the hour"
    first, about, last = (round(one) for one in (earliest, days, latest))
    reach = f" ({first} to {last})" if first != last else ""
    return f"full in about {about} day{'' if about == 1 else 's'}{reach} at this pace"


class _Point(NamedTuple):
    """Seconds and bytes since the beginning, without deletions."""

    time: float
    growth: float


class _Pace(NamedTuple):
    slope: float
    """Bytes a second."""
    uncertainty: float
    """How far it may be off, as a part of it."""


def forecast(samples: Iterable[QuotaSample], now: datetime) -> Forecast | NoTrend:
    """The forecast by the samples up to `now`; what is dated later is the work of a clock that was wrong."""
    known = sorted((one for one in samples if now - LOOKS_BACK <= one.at <= now), key=lambda one: one.at)
    if len(known) < _FEWEST or _seconds(known) < _SHORTEST:
        return NoTrend.TOO_SHORT
    last = known[-1]
    if not last.limit_bytes:
        return NoTrend.NO_LIMIT
    pace = _latest_pace(known)
    if isinstance(pace, NoTrend):
        return pace
    free = max(0, last.limit_bytes - last.used_bytes)
    seconds = free / pace.slope
    if seconds / (1 - pace.uncertainty) > _LATEST.total_seconds():
        return NoTrend.SLOW
    return Forecast(
        bytes_per_day=pace.slope * _DAY,
        full_at=last.at + timedelta(seconds=seconds),
        earliest=last.at + timedelta(seconds=seconds / (1 + pace.uncertainty)),
        latest=last.at + timedelta(seconds=seconds / (1 - pace.uncertainty)),
    )


def _latest_pace(known: Sequence[QuotaSample]) -> _Pace | NoTrend:
    """The pace of the shortest window that tells one; else what the longest one says."""
    whole = _without_deletions(known)
    found: _Pace | NoTrend = NoTrend.TOO_SHORT
    for window in _WINDOWS:
        since = known[-1].at - timedelta(days=window.days, seconds=1)
        recent = [one for one in known if one.at >= since]
        if len(recent) < _FEWEST or _seconds(recent) < _SHORTEST or _has_a_hole(recent):
            continue
        path = _without_deletions(recent)
        if path[-1].time < _seconds(recent) / 2:
            continue  # it was deleted nearly all the time: what is left tells little
        found = _pace(path, window)
        if isinstance(found, _Pace) and (
            _has_turned(path, found.slope) or _leaves_out(whole, path, found.slope)
        ):
            found = NoTrend.UNSTEADY
        if isinstance(found, _Pace) or len(recent) == len(known):
            break
    return found


def _has_a_hole(samples: Sequence[QuotaSample]) -> bool:
    longest = max((later.at - one.at).total_seconds() for one, later in pairwise(samples))
    return longest > _UNSEEN * _seconds(samples)


def _has_turned(path: Sequence[_Point], slope: float) -> bool:
    """Whether the last week was another than the pace says: an end of growth, or a beginning."""
    end = path[-1].time
    week = min(end, 7 * _DAY)
    return abs((path[-1].growth - _growth_at(path, end - week)) / (slope * week) - 1) > _TURN


def _leaves_out(whole: Sequence[_Point], path: Sequence[_Point], slope: float) -> bool:
    """Whether there were mass sends, more than one, before what `path` shows, that its pace knows nothing of."""
    end = whole[-1].time - path[-1].time
    days = int(end / _DAY)
    largest = max(_growth_in_parts(path, max(1, int(path[-1].time / _DAY))))
    leap = max(_LEAP * slope * _DAY, 2 * largest)
    edges = [_growth_at(whole, end - day * _DAY) for day in range(days, -1, -1)]
    leaps = [later - one > leap for one, later in pairwise(edges)]
    return (
        sum(now and not before for before, now in pairwise([False, *leaps])) > 1
    )  # one may last into the next day


def _without_deletions(samples: Sequence[QuotaSample]) -> list[_Point]:
    steps = [
        ((later.at - one.at).total_seconds(), later.used_bytes - one.used_bytes)
        for one, later in pairwise(samples)
    ]
    usual = _median([rise for _, rise in steps])
    spread = 1.4826 * _median([abs(rise - usual) for _, rise in steps])
    time = growth = 0.0
    path = [_Point(time, growth)]
    for seconds, rise in steps:
        if rise >= 0 or rise >= -_DROP * spread:
            time += seconds
            growth += rise
            path.append(_Point(time, growth))
    return path


def _pace(path: Sequence[_Point], window: _Window) -> _Pace | NoTrend:
    slope = _theil_sen(path)
    parts = _growth_in_parts(path, window.parts)
    mean = sum(parts) / len(parts)
    if slope <= 0 or mean <= 0:
        return NoTrend.FLAT
    variance = sum((part - mean) ** 2 for part in parts) / (len(parts) - 1)
    error = sqrt(variance / len(parts)) / mean
    disagreement = abs(slope * path[-1].time / (mean * len(parts)) - 1)
    if error > window.uncertainty or disagreement > _DISAGREEMENT:
        return NoTrend.UNSTEADY
    return _Pace(slope, max(2 * error, disagreement))


def _theil_sen(path: Sequence[_Point]) -> float:
    """The median slope over all pairs of moments that lie at least half of the whole apart.

    Pairs that lie closer would show mass sends as standstill and leaps.
    """
    points = _spread_out(path)
    apart = path[-1].time / 2
    slopes: list[float] = []
    first = 0
    for at, later in enumerate(points):
        while first < at and later.time - points[first + 1].time >= apart:
            first += 1
        slopes += [
            (later.growth - one.growth) / (later.time - one.time)
            for one in points[: first + 1]
            if later.time - one.time >= apart
        ]
    return _median(slopes)


def _spread_out(path: Sequence[_Point]) -> list[_Point]:
    """The first of the points in each of `_POINTS` equal stretches, and the last of all."""
    stretch = path[-1].time / _POINTS
    chosen: dict[int, _Point] = {}
    for point in path[:-1]:
        chosen.setdefault(int(point.time / stretch), point)
    return [*chosen.values(), path[-1]]


def _growth_in_parts(path: Sequence[_Point], parts: int) -> list[float]:
    """How much it grew in each of so many equal parts of the time."""
    edges = [_growth_at(path, path[-1].time * part / parts) for part in range(parts + 1)]
    return [later - one for one, later in pairwise(edges)]


def _growth_at(path: Sequence[_Point], time: float) -> float:
    """By the points before and after it."""
    low, high = 0, len(path) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if path[middle].time <= time else (low, middle)
    one, later = path[low], path[high]
    if later.time <= one.time:
        return later.growth
    return one.growth + (later.growth - one.growth) * (time - one.time) / (later.time - one.time)


def _seconds(samples: Sequence[QuotaSample]) -> float:
    return (samples[-1].at - samples[0].at).total_seconds()


def _median(values: Iterable[float]) -> float:
    """`statistics` loads 20 times as much as this is."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
