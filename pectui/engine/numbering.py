"""How one server numbers its pages: the first may be 0 or 1, what it echoes may mean nothing, pages may be short.

Pages are numbered from 1 here, as a person does; only this module knows what the server calls them.
"""

from __future__ import annotations

import math

from pectui.domain.message import Listing
from pectui.engine.listing import PAGE_SIZE
from pectui.engine.service import Service
from pectui.errors import RejectedError


class Numbering:
    """What was found out about the pages of the inbox, or of one search in it."""

    def __init__(self, service: Service, query: str | None = None) -> None:
        self.size = PAGE_SIZE
        """Messages on a page: 25 as stated, unless the first page shows otherwise."""
        self.opening: Listing | None = None
        """The first page as it was read last."""
        self.asked = 0
        """How many pages the service was asked for."""
        self._service = service
        self._query = query
        self._first_number: int | None = None
        self._second_read = False
        self._second: Listing | None = None

    async def open(self) -> Listing:
        """The first page. It is asked for without a number: only this answer can tell how pages are counted."""
        self.asked += 1
        listing = await self._service.list_inbox(query=self._query)
        self.opening = listing
        # What can't be read may stand among a page's messages or in place of them.
        rows = max(len(listing.headers), min(len(listing.headers) + listing.skipped, PAGE_SIZE))
        self.size = _page_size(listing, rows)
        # An echo that is also the number of pages may be just that, as in the vendor's sample.
        ambiguous = listing.page == listing.pages and listing.total is not None and rows < listing.total
        if listing.page in (0, 1) and not ambiguous:
            self._first_number = listing.page
        return listing

    async def ask(self, number: int) -> Listing:
        """Page `number`, at least 2. Only once pages are settled may several be asked for at once."""
        if self.opening is None:
            await self.open()
        if self._first_number is None:
            self._first_number = await self._learn_first_number()
        if number == 2 and self._second is not None:
            listing, self._second = self._second, None
            return listing
        listing = await self._numbered(self._first_number + number - 1)
        assert self.opening is not None
        if number == 2 and not self._second_read:
            self._second_read = True
            if self._first_number == 0 and _same(listing, self.opening):
                # It echoed 0 because it was asked for no page, and counts from 1 all the same.
                self._first_number = 1
                listing = await self._numbered(2)
        return listing

    async def settle(self) -> None:
        """Finds out what is still open about the numbers: from now on any pages may be asked for at once."""
        if self._first_number is None:
            self._first_number = await self._learn_first_number()
        if self._first_number == 0 and not self._second_read:
            self._second = await self.ask(2)

    def is_the_first_again(self, listing: Listing) -> bool:
        """Whether a later page holds nothing but the first one: the server ignores page numbers."""
        first = self.opening.headers if self.opening else ()
        rows = listing.headers
        return bool(rows) and bool(first) and rows[0] == first[0] and set(rows) <= set(first)

    def pages(self, total: int) -> int:
        """How many pages `total` messages fill, at least 1."""
        return max(1, math.ceil(total / self.size))

    async def _learn_first_number(self) -> int:
        """Asks for page 1 and, if that isn't the first, for page 0; 1 where neither is the page that came first."""
        assert self.opening is not None
        if _same(await self._numbered(1), self.opening):
            return 1
        return 0 if _same(await self._numbered(0), self.opening) else 1

    async def _numbered(self, server_number: int) -> Listing:
        self.asked += 1
        try:
            return await self._service.list_inbox(server_number, self._query)
        except RejectedError as error:
            # A page that doesn't exist is the end of the reading, however the server says so; but a server that
            # fails (5xx, or 200 without success) is not the same as an empty page.
            if error.status in (400, 404):
                return Listing((), self.opening.total if self.opening else None, None, None)
            raise


def _page_size(listing: Listing, rows: int) -> int:
    """25 as stated, unless the first page is shorter than that, isn't the last, and `n_of_pages` agrees with it."""
    total = listing.total
    if total is None or not 0 < rows < min(total, PAGE_SIZE):
        return PAGE_SIZE if not total or rows <= PAGE_SIZE else rows
    stated = {total // PAGE_SIZE, math.ceil(total / PAGE_SIZE)}
    return PAGE_SIZE if listing.pages in stated else rows


def _same(listing: Listing, opening: Listing) -> bool:
    """Whether `listing`, asked for a moment later, is the page that came first and not the one after it.

    Mail that came meanwhile pushes the end of the first page onto the next one; the beginning stays on it.
    """
    rows = set(listing.headers)
    common = next((at for at, header in enumerate(opening.headers) if header in rows), None)
    if common is None:
        return not listing.headers and not opening.headers
    arrived = max(0, (listing.total or 0) - (opening.total or 0))
    return arrived == 0 or 2 * common < len(opening.headers) - arrived
