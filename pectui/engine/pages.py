"""Reading the inbox page by page from a service whose paging is known to lie.

The first page may be 0 or 1, `n_of_pages` may be rounded down, a server may give the same page for every
number, and the mailbox shrinks and grows while somebody pages through it. A `PageReader` survives all of that:
it numbers pages from 1 as a person does, shows each message once, and always comes to an end.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pectui.domain.interpret import interpret
from pectui.domain.message import Header, Listing, Message
from pectui.engine.numbering import Numbering
from pectui.engine.order import lists_oldest_first, newest_first
from pectui.engine.seen import Seen
from pectui.engine.service import Service

_MOST_PAGES = 20_000
"""Half a million messages: more than a mailbox of one gigabyte can hold."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the inbox, or of what a search found."""

    number: int
    """1 for the first, as a person counts."""
    pages: int | None
    """How many there are; None where the service didn't say how many messages there are."""
    total: int | None
    """Messages in the mailbox, or matching the search."""
    messages: tuple[Message, ...]
    """Newest first."""
    headers: tuple[Header, ...]
    """The same messages in the server's order."""
    warnings: tuple[str, ...]
    read_at: datetime

    @property
    def has_next(self) -> bool:
        """False only where it is known that nothing follows."""
        return bool(self.messages) and (self.pages is None or self.number < self.pages)


class PageReader:
    """One reading of the inbox, or of one search in it.

    It remembers what it has shown, so that `following` can leave out what slid down when new mail came and bring
    what slid up when mail was deleted: use one reader for one person's way through the pages.
    """

    def __init__(
        self,
        service: Service,
        *,
        own: frozenset[str],
        clock: Callable[[], datetime],
        query: str | None = None,
        listed: Callable[[tuple[Header, ...], int], None] | None = None,
    ) -> None:
        """`listed` is told the headers and the number of each page that was read, before anybody sees them."""
        self.query = query
        self._own = own
        self._clock = clock
        self._listed = listed
        self._numbers = Numbering(service, query)
        self._end: int | None = None
        self._seen = Seen()

    async def page(self, number: int) -> Page:
        """Page `number`, read from the service now. Empty where the mailbox ends before it."""
        if number < 1:
            raise ValueError("pages are counted from 1")
        if number == 1:
            listing = await self._open()
        else:
            listing = await self._numbers.ask(number)
            if self._numbers.is_the_first_again(listing):
                self._end = 1
                return self._present(number, listing, (), (self._nothing_new(number, listing),))
        self._seen.put(number, listing.headers)
        return self._present(number, listing, listing.headers)

    async def following(self, page: Page) -> Page:
        """The page after `page`: what comes next for somebody who has seen the pages up to it.

        Where the mailbox shrank meanwhile, the messages that slid up onto pages already seen come first; where
        it grew, the messages that slid down from them are left out.
        """
        number = page.number + 1
        listing = await self._numbers.ask(number)
        fresh: list[Header] = []
        if _shrank(page.total, listing.total):
            fresh = await self._slid_up(page, listing)
        fresh += self._seen.unseen(listing.headers, before=number, also=fresh)
        warnings: tuple[str, ...] = ()
        if listing.headers and not fresh:
            self._end = page.number
            warnings = (self._nothing_new(number, listing),)
        self._seen.put(number, (*fresh, *listing.headers))
        return self._present(number, listing, tuple(fresh), warnings)

    async def everything(self) -> AsyncIterator[Page]:
        """All pages from the first, each message once. Ends where a page is empty or brings nothing new."""
        self._seen = Seen()
        page = await self.page(1)
        yield page
        held = len(page.headers)
        while page.headers and (page.total is None or held < page.total) and page.number < _MOST_PAGES:
            page = await self.following(page)
            held += len(page.headers)
            if page.headers or page.warnings:
                yield page
        if page.number >= _MOST_PAGES:
            told = f"The reading was ended after {page.number} pages: the service never comes to an end."
            yield replace(page, messages=(), headers=(), warnings=(told,))
        elif page.total is not None and held < page.total and not page.warnings:
            told = f"The service counts {page.total} messages but listed {held} of them."
            yield replace(page, messages=(), headers=(), warnings=(told,))

    async def _open(self) -> Listing:
        self._end = None
        return await self._numbers.open()

    async def _slid_up(self, page: Page, listing: Listing) -> list[Header]:
        """What moved onto pages already seen: reads back over as many pages as messages are missing."""
        assert page.total is not None
        assert listing.total is not None
        pages_back = math.ceil((page.total - listing.total) / self._numbers.size)
        found: list[Header] = []
        for number in range(page.number, max(0, page.number - pages_back), -1):
            again = await (self._numbers.ask(number) if number > 1 else self._open())
            fresh = self._seen.unseen_again(again.headers, before=page.number + 1)
            found = [*(header for header in fresh if header not in found), *found]
            if not fresh:
                break
        return found

    def _present(
        self, number: int, listing: Listing, headers: tuple[Header, ...], warnings: tuple[str, ...] = ()
    ) -> Page:
        if self._listed is not None and headers:
            self._listed(headers, number)
        if not listing.headers and not listing.skipped and number > 1:
            self._end = min(self._end or number, number - 1)
        return Page(
            number=number,
            pages=self._pages(listing),
            total=listing.total,
            messages=newest_first([interpret(header, self._own) for header in headers]),
            headers=headers,
            warnings=(*listing.warnings, *warnings, *self._told_once(number, listing)),
            read_at=self._clock(),
        )

    def _pages(self, listing: Listing) -> int | None:
        """Counted from `total`: `n_of_pages` may be rounded down. What the reading ran into counts more."""
        if self._end is not None:
            return self._end
        if listing.total is None:
            return listing.pages
        return self._numbers.pages(listing.total)

    def _told_once(self, number: int, listing: Listing) -> Iterable[str]:
        pages = self._pages(listing)
        if number == 1 and pages is not None and pages > 1 and lists_oldest_first(listing.headers, self._own):
            yield f"This service lists the oldest messages first: the newest are on page {pages}."
        if number == 1 and not listing.headers and listing.total:
            yield f"The service counts {listing.total} messages but listed none of them."

    def _nothing_new(self, number: int, listing: Listing) -> str:
        opening = self._numbers.opening
        held = max(self._seen.count, len(opening.headers) if opening else 0)
        total = listing.total if listing.total is not None else "an unknown number of"
        return (
            f"The service gave nothing new for page {number}: it seems to ignore page numbers. "
            f"{held} of {total} messages can be shown."
        )


def _shrank(before: int | None, now: int | None) -> bool:
    return before is not None and now is not None and now < before
