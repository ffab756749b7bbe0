"""Times as an Italian provider writes them, without a zone database: the same on every machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

_WINTER = timezone(timedelta(hours=1))
_SUMMER = timezone(timedelta(hours=2))
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rome(moment: datetime) -> datetime:
    """`moment` in Italy's time: summer time from the last Sunday of March to that of October, 01:00 UTC."""
    year = moment.astimezone(UTC).year
    summer = _last_sunday(year, 3) <= moment < _last_sunday(year, 10)
    return moment.astimezone(_SUMMER if summer else _WINTER)


def header_date(local: datetime) -> str:
    """As in a mail's header: `Wed, 26 Aug 2020 10:00:35 +0200` (never in the machine's own language)."""
    return (
        f"{_WEEKDAYS[local.weekday()]}, {local.day:02d} {_MONTHS[local.month - 1]} {local.year:04d} "
        f"{local.hour:02d}:{local.minute:02d}:{local.second:02d} {zone(local)}"
    )


def zone(local: datetime) -> str:
    """`+0200` or `+0100`."""
    return "+0200" if local.tzinfo is _SUMMER else "+0100"


def spoken(local: datetime) -> str:
    """As receipts say it: `26/08/2020 alle ore 10:00:35 (+0200)`."""
    return f"{local:%d/%m/%Y} alle ore {local:%H:%M:%S} ({zone(local)})"


def stamp(local: datetime) -> str:
    """`YYYYMMDDhhmmss`: how a send's code begins."""
    return (
        f"{local.year:04d}{local.month:02d}{local.day:02d}"
        f"{local.hour:02d}{local.minute:02d}{local.second:02d}"
    )


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
