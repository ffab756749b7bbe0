"""What a store gives back: plain values, the same from the disk and from memory. Knows no disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pectui.domain.listing import Synced
from pectui.domain.message import Header


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the last listing showed under an id."""

    header: Header
    page: int | None
    """The page that showed it, in the service's numbering; None where it was no page of the inbox."""
    listed_at: datetime
    """In UTC."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How much a store holds. `oldest` and `newest` are times of listings, None if nothing is remembered."""

    count: int
    bytes: int
    """On the disk, with what was set aside as unreadable."""
    oldest: datetime | None
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a job found out about the mailbox: whether a message keeps its id when others are deleted."""

    stable_ids: bool
    at: datetime


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without a zone is taken for UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def synced_in_utc(synced: Synced) -> Synced:
    """The same with all its times in UTC."""
    scan = synced.scan and replace(synced.scan, began_at=in_utc(synced.scan.began_at))
    agreed_at, full_at = (moment and in_utc(moment) for moment in (synced.agreed_at, synced.full_at))
    return replace(synced, agreed_at=agreed_at, full_at=full_at, scan=scan)
