"""How a message and a finding are written: the documents of TinyDB's tables, and back. Knows no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pectui.domain.listing import storable
from pectui.domain.message import Header
from pectui.store.remembered import Finding, Remembered, Summary, in_utc


def message_row(header: Header, page: int | None, listed_at: str) -> dict[str, Any]:
    """The document of a message, listed when `written` says; its id is the document's."""
    clean = storable(header)
    return {
        "date": clean.date,
        "subject": clean.subject,
        "sender": clean.sender,
        "recipient": clean.recipient,
        "page": page,
        "listed_at": listed_at,
    }


def remembered_of(message_id: int, row: Mapping[str, Any]) -> Remembered | None:
    """What was remembered; None for a document that somebody else wrote: it counts as never listed."""
    texts = [row.get(name) for name in ("date", "subject", "sender", "recipient")]
    page, listed_at = row.get("page"), read(row.get("listed_at"))
    if listed_at is None or not all(isinstance(text, str) for text in texts):
        return None
    return Remembered(
        Header(message_id, *map(str, texts)), page if isinstance(page, int) else None, listed_at
    )


def summary_of(rows: Iterable[Mapping[str, Any]], size: int) -> Summary:
    """The summary of these messages, which take `size` bytes on the disk."""
    # Times are compared as they are written, all alike and in UTC: reading 100,000 of them takes longer than all else.
    times = [time for row in rows if isinstance(time := row.get("listed_at"), str)]
    return Summary(len(times), size, read(min(times, default=None)), read(max(times, default=None)))


def finding_row(stable_ids: bool, at: datetime) -> dict[str, Any]:
    return {"stable_ids": stable_ids, "at": written(at)}


def finding_of(row: Mapping[str, Any]) -> Finding | None:
    """The finding; None where the document tells none."""
    stable_ids, at = row.get("stable_ids"), read(row.get("at"))
    return Finding(stable_ids, at) if isinstance(stable_ids, bool) and at is not None else None


def written(moment: datetime) -> str:
    """A time as all rows have it: in UTC, and all of one length, so that they can be compared as they are."""
    return in_utc(moment).isoformat(timespec="microseconds")


def read(value: object) -> datetime | None:
    """The time; None where that is none."""
    if not isinstance(value, str):
        return None
    try:
        return in_utc(datetime.fromisoformat(value))
    except (ValueError, OverflowError):  # a zone may move the first and the last days of all time out of it
        return None
