"""Moments in words: when it was, and how long ago that is."""

from __future__ import annotations

from datetime import UTC, datetime

from pectui.cli.output import local_time

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def when(moment: datetime) -> str:
    """`2026-11-23 12:03, 3 hours ago`."""
    words = ago(datetime.now(UTC).timestamp() - moment.timestamp())
    return ", ".join(part for part in (local_time(moment), words) if part)


def iso(moment: datetime | None) -> str | None:
    """As `--json` writes it: ISO 8601 with the zone."""
    return None if moment is None else moment.isoformat()


def ago(seconds: float) -> str:
    """`3 hours ago`; "" for what is yet to come, since the clock of some machine is wrong then."""
    if seconds < -60:
        return ""
    for length, unit in _UNITS:
        count = int(seconds // length)
        if count > 0:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
