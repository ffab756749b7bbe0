"""The inbox as it is remembered: pages, all of it, or what is found in it, and in words how far to trust that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pectui.cli.listed import Listed
from pectui.cli.trust import require_memory, trust
from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.listing import FRONT, Synced
from pectui.domain.message import Header
from pectui.engine.listing import PAGE_SIZE
from pectui.engine.order import newest_first
from pectui.session import Session


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `inbox --offline` is asked for."""

    page: int = 1
    everything: bool = False
    query: str | None = None
    kind: Kind | None = None


async def remembered(session: Session, wanted: Wanted) -> Listed:
    """What is remembered; from now on its ids mean these messages. RefusedHereError if nothing is."""
    synced, found = await _found(session, wanted)
    require_memory(session, synced)
    count = synced.count if wanted.query is None else len(found)
    pages = max(1, -(-count // PAGE_SIZE))
    start = (wanted.page - 1) * PAGE_SIZE
    headers = found if wanted.everything else found[start : start + PAGE_SIZE]
    is_page = wanted.query is None and not wanted.everything and not synced.oldest_first
    session.shown(headers, wanted.page if is_page else None)
    messages = newest_first([interpret(header, session.own) for header in headers])
    return Listed(
        page=wanted.page,
        pages=1 if wanted.everything else pages,
        total=synced.total if wanted.query is None else count,
        messages=[one for one in messages if wanted.kind in (None, one.kind)],
        stale=True,
        warnings=tuple(_warnings(synced, wanted, pages)),
    )


async def _found(session: Session, wanted: Wanted) -> tuple[Synced, Sequence[Header]]:
    """How far the listing can be trusted; and of it what was sought, or as much as the wanted page needs."""
    synced = await session.synced()
    if wanted.query is None and not wanted.everything and wanted.page * PAGE_SIZE <= FRONT:
        return synced, synced.front  # however long the listing is, it needs not be read for its first pages
    listing = await session.listing()
    if wanted.query is None:
        return listing.synced, listing.headers
    return listing.synced, list(_matching(listing.headers, wanted.query))


def _matching(headers: Sequence[Header], query: str) -> Iterator[Header]:
    sought = query.strip().casefold()
    for header in headers:
        if sought in "\n".join((header.subject, header.sender, header.recipient)).casefold():
            yield header


def _warnings(synced: Synced, wanted: Wanted, pages: int) -> Iterator[str]:
    yield from trust(synced)
    if wanted.query is not None:
        yield "Texts were not searched: subjects, senders and recipients were."
    if wanted.page > pages:
        yield f"There is no page {wanted.page}: what is remembered ends with page {pages}."
