"""The axis below a graph: how far back it goes, where a day, a week or a month begins, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from enum import Enum

from pectui.tui.foreign import Shown, shown
from pectui.tui.moment import day, month, time_of_day, weekday


class Reach(Enum):
    """How far back a graph goes, the shortest first."""

    DAY = timedelta(days=1)
    WEEK = timedelta(days=7)
    MONTH = timedelta(days=31)
    QUARTER = timedelta(days=92)
    YEAR = timedelta(days=366)

    @property
    def length(self) -> timedelta:
        return self.value

    @property
    def words(self) -> Shown:
        """`The last 24 hours`."""
        return _WORDS[self]

    def other(self, steps: int) -> Reach:
        """The one so many steps longer, or shorter; the last one stays."""
        reaches = list(Reach)
        return reaches[max(0, min(len(reaches) - 1, reaches.index(self) + steps))]

    @classmethod
    def covering(cls, past: timedelta) -> Reach:
        """The shortest that shows all of so long a past; a month where it takes more."""
        return next((one for one in (cls.DAY, cls.WEEK) if past <= one.length), cls.MONTH)


_WORDS = {
    Reach.DAY: Shown("The last 24 hours"),
    Reach.WEEK: Shown("The last 7 days"),
    Reach.MONTH: Shown("The last 31 days"),
    Reach.QUARTER: Shown("The last 3 months"),
    Reach.YEAR: Shown("The last year"),
}


def ticks(reach: Reach, now: datetime, zone: tzinfo | None, width: int) -> tuple[Shown, Shown]:
    """The line of the axis and the names below it, each `width` cells wide; a name stands at its tick or nowhere."""
    axis, names = ["─"] * width, [" "] * width
    begin = now - reach.length
    free = 0
    for moment, name in _named(reach, now, zone):
        cell = int((moment - begin) / reach.length * width)
        if free <= cell and cell + len(name) <= width:
            axis[cell] = "┬"
            names[cell : cell + len(name)] = name
            free = cell + len(name) + 2
    return shown("".join(axis)), shown("".join(names))


def _named(reach: Reach, now: datetime, zone: tzinfo | None) -> Iterator[tuple[datetime, Shown]]:
    begin = now - reach.length
    if reach is Reach.DAY:
        for one in _days(begin, now, zone):
            for hour in range(0, 24, 3):
                moment = _local(one, zone, hour)
                if begin <= moment <= now:
                    yield moment, time_of_day(moment, zone)
        return
    for one in _days(begin, now, zone):
        moment = _local(one, zone)
        if begin > moment:
            continue
        if reach is Reach.YEAR:
            if one.day == 1:
                yield moment, month(moment, zone)
        elif reach is Reach.QUARTER:
            if one.day in (1, 15):
                yield moment, day(moment, now, zone)
        elif reach is Reach.MONTH:
            if one.weekday() == 0:
                yield moment, day(moment, now, zone)
        else:
            yield moment, shown(f"{weekday(moment, zone)} {one.day}")


def _days(begin: datetime, end: datetime, zone: tzinfo | None) -> Iterator[date]:
    one, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    while one <= last:
        yield one
        one += timedelta(days=1)


def _local(one: date, zone: tzinfo | None, hour: int = 0) -> datetime:
    naive = datetime(one.year, one.month, one.day, hour)
    # Without a zone of its own Python takes it for the system's.
    return naive.replace(tzinfo=zone) if zone is not None else naive.astimezone()
