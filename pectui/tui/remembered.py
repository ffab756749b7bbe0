"""What is remembered of the mailbox, cut into pages: at first its newest messages, then all of it.

It asks nobody and paints nothing. The listing that it was given may change under it: pages are cut again then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

from pectui.domain.interpret import interpret
from pectui.domain.listing import Synced
from pectui.domain.message import Header
from pectui.engine.listing import PAGE_SIZE, Listing
from pectui.engine.order import newest_first
from pectui.engine.pages import Page

_NEVER = datetime.min.replace(tzinfo=UTC)


class Remembered:
    """One mailbox. Pages are counted from 1, the newest end of the service's order first."""

    def __init__(self, synced: Synced, own: frozenset[str]) -> None:
        self._synced = synced
        self.loaded = asyncio.Event()
        """Set once all that is remembered is in memory."""
        self._listing: Listing | None = None
        self._own = own
        self._cut: dict[int, Page] = {}
        self._version = synced.version

    @property
    def synced(self) -> Synced:
        """How far it can be trusted."""
        return self._listing.synced if self._listing is not None else self._synced

    @property
    def headers(self) -> Sequence[Header]:
        """The messages, in the service's order. Another object whenever they have changed."""
        return self._listing.headers if self._listing is not None else self._synced.front

    @property
    def count(self) -> int:
        """How many messages are remembered, in memory or not."""
        return len(self._listing) if self._listing is not None else self._synced.count

    @property
    def is_loaded(self) -> bool:
        """Whether all that is remembered is in memory."""
        return self.loaded.is_set()

    @property
    def complete(self) -> bool:
        """Whether it reaches to the oldest message."""
        return self.synced.full_at is not None

    @property
    def total(self) -> int | None:
        """Messages in the mailbox, as the service counts them."""
        return self.count if self.synced.total is None and self.complete else self.synced.total

    @property
    def pages(self) -> int | None:
        """How many pages there are; None where nobody can tell yet."""
        if self.complete:
            return max(1, -(-self.count // PAGE_SIZE))
        total = self.total
        return None if total is None else max(1, -(-max(total, self.count) // PAGE_SIZE))

    def follow(self, listing: Listing) -> bool:
        """Takes `listing` for what is remembered from now on. True if it is another one than before."""
        before, self._version = self._version, listing.synced.version
        changed = before != self._version or self._listing is None
        self._listing = listing
        self.loaded.set()
        return changed

    def covers(self, number: int) -> bool:
        """Whether page `number` can be shown without asking the service."""
        if number == 1 and (self._synced.front or self.count):
            return True
        if self._listing is not None:
            return self._listing.covers(number)
        front = len(self._synced.front)
        return number * PAGE_SIZE <= front or (self.complete and self.count <= front)

    def page(self, number: int) -> Page:
        """Page `number`, the newest message first."""
        start = (number - 1) * PAGE_SIZE
        if self._listing is not None:
            headers = tuple(self._listing.page(number))
        else:
            headers = self._synced.front[start : start + PAGE_SIZE]
        before = self._cut.get(number)
        same = before is not None and before.headers == headers
        page = self._cut[number] = Page(
            number=number,
            pages=self.pages,
            total=self.total,
            messages=before.messages
            if same and before
            else newest_first([interpret(one, self._own) for one in headers]),
            headers=headers,
            warnings=(),
            read_at=self.synced.agreed_at or _NEVER,
        )
        return page

    def service_page(self, place: int) -> int | None:
        """The service's page on which the message at `place` of the listing is; None where nobody can tell."""
        if not self.synced.oldest_first:
            return place // PAGE_SIZE + 1
        return (self.count - 1 - place) // PAGE_SIZE + 1 if self.complete else None

    def placed(self, headers: Iterable[Header]) -> list[tuple[int, Header]]:
        """Those of `headers` that are listed, each with its place in the listing."""
        wanted = {header.id: header for header in headers}
        listed = enumerate(self.headers) if wanted else ()
        return [(place, one) for place, one in listed if one.id in wanted and wanted[one.id] == one]

    def by_service_page(
        self, placed: Iterable[tuple[int, Header]]
    ) -> Iterable[tuple[int | None, list[Header]]]:
        """Headers with their places in the listing, put together by the service's page that lists them."""
        ordered = sorted(placed, key=lambda one: one[0])
        for number, group in groupby(ordered, key=lambda one: self.service_page(one[0])):
            yield number, [header for _, header in group]
