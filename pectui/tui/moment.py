"""Dates for people, in their own time zone: short in lists, whole in the preview. Months don't follow the locale."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

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


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:
        # A stranger's date at the very edge of the calendar: it stays in its own zone.
        return moment
