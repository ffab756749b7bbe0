"""Dates as mail writes them, made comparable: every date that can be read has a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9].*)?", re.DOTALL | re.IGNORECASE)
_USUAL = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"([1-9][0-9]{3}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) (?!-0000)([+-][0-9]{2})([0-9]{2})"
)
"""What nearly every mail has; the library takes three times as long for it."""
_MONTHS = {
    name: at
    for at, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
_LONGEST = 200
"""Characters. No date is longer; what is, was written to waste time."""


def parse_date(raw: str) -> datetime | None:
    """The date of RFC 5322 or ISO 8601 in `raw`, None where there is none.

    A date without a zone, or with the zone `-0000`, is UTC. Years 2 to 9998 only, so that every result can be
    moved to every zone.
    """
    text = raw.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        if usual := _USUAL.fullmatch(text):
            date = _usual(usual)
        else:
            date = datetime.fromisoformat(text) if _ISO.fullmatch(text) else parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        # The library's parser fails in all of these ways on dates that are none.
        return None
    if not 1 < date.year < 9999:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _usual(found: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, hours, minutes = found.groups()
    zone = _zone(hours, minutes)
    return datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=zone)


@lru_cache(maxsize=64)
def _zone(hours: str, minutes: str) -> timezone:
    ahead = timedelta(hours=int(hours[1:]), minutes=int(minutes))
    return timezone(-ahead if hours[0] == "-" else ahead)


def code_date(code: str) -> datetime | None:
    """The time that a send's code begins with, `YYYYMMDDhhmmss`, taken for Italy's; None where it is none.

    Where a machine has no time zones, it is the standard time: an hour off in summer.
    """
    # Taken apart by hand: a whole mailbox is gone through, and strptime takes twenty times as long.
    fields = (code[:4], code[4:6], code[6:8], code[8:10], code[10:12], code[12:14])
    if not all(field.isascii() and field.isdigit() for field in fields):
        return None
    year, month, day, hour, minute, second = map(int, fields)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_italy())
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _italy() -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo("Europe/Rome")
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=1))
