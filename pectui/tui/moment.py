"""Dates for people, in their own time zone: short in lists, whole in the preview. Months don't follow the locale."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from pectui.tui.foreign import Shown

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def short_date(moment: datetime | None, today: date, zone: tzinfo | None) -> Shown:
    """Six cells at most: `14:05` today, `24 Nov` within the year, `Nov 19` before; `?` if unknown."""
    if moment is None:
        return Shown("?")
    local = _local(moment, zone)
    if local.date() == today:
        return Shown(f"{local:%H:%M}")
    if local.year == today.year:
        return Shown(f"{local.day:2d} {_MONTHS[local.month - 1]}")
    return Shown(f"{_MONTHS[local.month - 1]} {local:%y}")


def full_date(moment: datetime | None, zone: tzinfo | None) -> Shown:
    """`Tue 24 Nov 2026, 14:05:09 +01:00`."""
    if moment is None:
        return Shown("unknown")
    local = _local(moment, zone)
    offset = f"{local:%z}"
    day = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    return Shown(f"{day}, {local:%H:%M:%S} {offset[:3]}:{offset[3:5]}")


def time_of_day(moment: datetime, zone: tzinfo | None) -> Shown:
    """`14:05`."""
    return Shown(f"{_local(moment, zone):%H:%M}")


def clock_time(moment: datetime, now: datetime, zone: tzinfo | None) -> Shown:
    """`14:05` today, `12 Nov 14:05` before, with the year where it was another one."""
    if _local(moment, zone).date() == _local(now, zone).date():
        return time_of_day(moment, zone)
    return day_and_time(moment, now, zone)


def day_and_time(moment: datetime, now: datetime, zone: tzinfo | None) -> Shown:
    """`12 Nov 14:05`, with the year where it was another one: it stays true however long it stands there."""
    return Shown(f"{day(moment, now, zone)} {_local(moment, zone):%H:%M}")


def day(moment: datetime, now: datetime, zone: tzinfo | None) -> Shown:
    """`12 Nov`, with the year where it is another one than now."""
    local = _local(moment, zone)
    year = "" if local.year == _local(now, zone).year else f" {local.year}"
    return Shown(f"{local.day} {_MONTHS[local.month - 1]}{year}")


def month(moment: datetime, zone: tzinfo | None) -> Shown:
    """`Nov`; a January is called by its year."""
    local = _local(moment, zone)
    return Shown(str(local.year) if local.month == 1 else _MONTHS[local.month - 1])


def weekday(moment: datetime, zone: tzinfo | None) -> Shown:
    """`Tue`."""
    return Shown(_DAYS[_local(moment, zone).weekday()])


def age(elapsed: timedelta) -> Shown:
    """`5 min`, `3 h`, `2 days`, rounded down."""
    minutes = max(0, int(elapsed.total_seconds()) // 60)
    if minutes < 60:
        return Shown(f"{minutes} min" if minutes else "under 1 min")
    hours = minutes // 60
    return Shown(f"{hours} h" if hours < 48 else f"{hours // 24} days")


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:
        # A stranger's date at the very edge of the calendar: it stays in its own zone.
        return moment
