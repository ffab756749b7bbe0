"""What is remembered of the whole mailbox's listing, and how it changes: values that engine and store share.

The remembered listing stands for what the service would list, in the service's order. A `rank` says where in that
order a message stands, so that new mail changes nothing that is written already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pectui.domain.message import Header

FRONT = 50
"""Messages that can be had without reading the whole listing: two pages, the first one to be shown at once."""

RANK_STEP = 16
"""Between the ranks of neighbours, so that what is found between them later needs no other ranks."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A message of the remembered listing and where it stands.

    The higher the rank, the nearer to the end of the service's order where new mail appears. Ranks may be
    negative; the distance between two says nothing.
    """

    header: Header
    rank: int


@dataclass(frozen=True, slots=True)
class Scan:
    """A reading of every page that has begun and not ended yet."""

    began_at: datetime
    """In UTC."""
    down_to: int | None
    """The rank down to which the remembered listing is what this reading found; None where it has found nothing."""


@dataclass(frozen=True, slots=True)
class Synced:
    """How far the remembered listing can be trusted. Times are in UTC."""

    version: int = 0
    """Another number each time that the listing or any of this changes, whoever changes it."""
    count: int = 0
    """Messages in the remembered listing."""
    total: int | None = None
    """What the service counted when it was last asked; None where it doesn't say."""
    unlisted: int = 0
    """How many more the service counted than it listed when every page was last read; negative where it listed more."""
    oldest_first: bool = False
    """Whether the service's first page holds the oldest messages."""
    agreed_at: datetime | None = None
    """When the service last agreed with the remembered listing; None if it never did."""
    full_at: datetime | None = None
    """When a reading of every page last ended; None: the listing doesn't reach to the oldest message yet."""
    scan: Scan | None = None
    highest: int = 0
    """No message has a higher rank."""
    ids_shift: bool = False
    """Whether an id was seen to hold another message than before: then no id says which message it is."""
    ids_proven: bool = False
    """Whether ids were proven stable: one answer of the service had an id above the number of messages in it."""
    front: tuple[Header, ...] = ()
    """The `FRONT` messages of the highest ranks, the highest first."""


@dataclass(frozen=True, slots=True)
class ListingChange:
    """What one step of a sync changes, all or nothing."""

    base: int
    """The version that it was made from: where the listing has another one by now, nothing is changed."""
    synced: Synced
    """What holds afterwards; its version and its count are the store's to say."""
    put: tuple[Placed, ...] = ()
    """New messages, and what an id stands for now or where it stands now."""
    removed: tuple[int, ...] = ()
    """Ids that the listing has no more. None of them is in `put`."""


@dataclass(frozen=True, slots=True)
class KeptText:
    """A body that was read and kept."""

    header: Header
    """The message as it was listed when its text was read."""
    body: str
    """As it came."""
    read_at: datetime
    """In UTC."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept of one mailbox, counted now. Bytes are those on the disk."""

    messages: int
    """In the remembered listing."""
    texts: int
    text_bytes: int
    bytes: int
    """All of it, with texts and with what was set aside as unreadable."""


def storable(header: Header) -> Header:
    """The header without lone surrogates: no file can hold them. U+FFFD stands in their place."""
    if _is_text("".join(header.facts)):
        return header
    return replace(
        header,
        date=_without_surrogates(header.date),
        subject=_without_surrogates(header.subject),
        sender=_without_surrogates(header.sender),
        recipient=_without_surrogates(header.recipient),
    )


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without_surrogates(text: str) -> str:
    # By way of UTF-16, so that two halves that belong together become the character they mean.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
