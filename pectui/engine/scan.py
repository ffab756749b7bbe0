"""Reading every page, from the newest message down; what is found is kept now and then, and gone on with later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from pectui.domain.listing import Placed, Scan, Synced, storable
from pectui.domain.message import Header, Listing
from pectui.engine.ledger import Ledger
from pectui.engine.placing import Edit
from pectui.engine.progress import PagesRead, SyncEvent
from pectui.engine.source import Source
from pectui.engine.survey import Survey
from pectui.engine.sweep import Sweep
from pectui.errors import ServiceError

KEPT_EVERY = 1.0
"""Seconds between two writings of what was found."""

_MOST_PAGES = 20_000
"""Half a million messages: more than a mailbox of one gigabyte can hold."""

_MOST_BARREN = 3
"""Pages one after the other that bring nothing where messages should be: then the service lists no more."""

_BELIEVED_SHARE = 10
"""A service that doesn't list so large a part of what it counts is not believed when messages would be taken away."""

_FIRST_AGAIN = "The service gives its first page for every page number: no more can be read."


class Disturbed(Exception):
    """Messages were deleted while pages were read: they don't show one state of the mailbox."""


class Scanning:
    """One reading of every page. `begun` is one to go on with, which reached some way down in `placed`.

    `accepted` is by how many messages an earlier sync fell short: as many may be missing again. Else a page that gave
    nothing was a failure, and what is remembered of it stays.
    """

    def __init__(
        self,
        source: Source,
        ledger: Ledger,
        survey: Survey,
        placed: Sequence[Placed],
        begun: Scan | None,
        accepted: int,
    ) -> None:
        synced = ledger.synced
        line = None if begun is None else begun.down_to
        if line is not None and synced.full_at is None and placed:
            line = placed[-1].rank  # what a comparison found below the line is found as well
        above = [one.header for one in placed if line is not None and one.rank >= line]
        below = [one for one in placed if line is None or one.rank < line]
        self._source = source
        self._ledger = ledger
        self._survey = survey
        self._sweep = Sweep(above, below, line)
        self._scan = Scan(ledger.opened_at if begun is None else begun.began_at, line)
        unread = survey.total - len(above)
        if line is not None and synced.full_at is not None:
            unread = min(survey.total, len(below) + max(0, synced.unlisted))
        self._unread = unread
        self._read_pages = 0
        self._barren = 0
        self._last: tuple[Header, ...] | None = None
        self._has_holes = False
        self._accepted = accepted
        self.is_settled = False
        """Whether all that the service counts was found, or as much as it lists."""

    async def run(self) -> AsyncGenerator[SyncEvent, None]:
        """Reads to the end. ServiceError and Disturbed only after what was found until then is kept."""
        ledger, sweep = self._ledger, self._sweep
        ledger.synced = replace(
            ledger.synced, total=self._source.opening.total, oldest_first=self._survey.oldest_first
        )
        await self._source.numbers.settle()
        ended = False
        try:
            async with aclosing(self._read()) as events:
                async for event in events:
                    yield event
            ended = True
            yield await self._finish()
        except (ServiceError, Disturbed):
            ended = True
            if (found := self._found_so_far()) is not None:
                yield await self._keep(found)
            raise
        finally:
            # Who is cancelled can't wait, but what was read is not to be read again.
            if not ended and sweep.is_waiting and (found := self._found_so_far()) is not None:
                ledger.hand_over(found, self._so_far())

    async def _read(self) -> AsyncGenerator[SyncEvent, None]:
        """Reads down to the end; the first page is kept at once."""
        loop = asyncio.get_running_loop()
        kept_at = float("-inf")
        pages = self._source.numbers.pages(self._survey.total)
        async with aclosing(self._source.as_named(self._downward())) as stream:
            async for number, first in stream:
                listing = await self._checked(number, first)
                self._read_pages += 1
                if listing is None:
                    if self._is_at_the_end(number):
                        return
                    continue
                self._survey.add(number, listing)
                if self._survey.shrank:
                    raise Disturbed
                self._sweep.take(self._survey.from_the_top(listing.headers))
                done = pages - number + 1 if self._survey.oldest_first else number
                yield PagesRead(done, None if listing.total is None else max(done, pages))
                if loop.time() - kept_at >= KEPT_EVERY and (found := self._found_so_far()) is not None:
                    kept_at = loop.time()
                    yield await self._keep(found)

    async def _checked(self, number: int, listing: Listing) -> Listing | None:
        """The page; None if it brings nothing where something is expected, also when it is asked for once more."""
        if not self._is_barren(number, listing):
            self._barren = 0
            return listing
        if number > 1 and self._is_expected(number) and not self._barren:
            listing = await self._source.again(number)
            if not self._is_barren(number, listing):
                return listing
        if number > 1 and self._source.numbers.is_the_first_again(listing):
            self._source.warn(_FIRST_AGAIN)
        self._barren += 1
        self._has_holes = self._has_holes or self._is_counted
        return None

    def _is_barren(self, number: int, listing: Listing) -> bool:
        if listing.total is not None and listing.total < self._survey.total:
            raise Disturbed
        before, self._last = self._last, listing.headers
        if self._sweep.brings(map(storable, listing.headers)):
            return False
        if not self._is_counted:
            return not listing.headers or listing.headers == before
        # What a reading that is gone on with begins on was found before, and so was what new mail pushed down.
        known = not self._read_pages or self._survey.knows(number, listing)
        return not listing.headers or not known or self._source.numbers.is_the_first_again(listing)

    @property
    def _is_counted(self) -> bool:
        return self._source.opening.total is not None

    def _is_expected(self, number: int) -> bool:
        return not self._is_counted or number <= self._source.numbers.pages(self._survey.total)

    def _is_at_the_end(self, number: int) -> bool:
        return not self._is_counted or not self._is_expected(number) or self._barren >= _MOST_BARREN

    def _found_so_far(self) -> Edit | None:
        """What can be kept already. After a page that gave nothing that is only what takes nothing away."""
        if self._has_holes and self._sweep.would_remove:
            return None
        return self._sweep.kept_so_far()

    def _downward(self) -> Callable[[], int | None]:
        """Names the pages that list the oldest messages that are unread, and what new mail pushes below them."""
        survey = self._survey
        number = survey.page_of(self._unread - 1) if self._unread else 1
        step = -1 if self._is_counted and survey.oldest_first else 1
        asked = 0

        def following() -> int | None:
            nonlocal number, asked
            last = self._source.numbers.pages(survey.total) if self._is_counted else _MOST_PAGES
            if self._is_counted and asked == self._read_pages and self._sweep.found < survey.total:
                last = (
                    number  # pages may be shorter than the first one: on, for as long as they bring anything
                )
            if (self._is_counted and not self._unread) or asked >= _MOST_PAGES or not 1 <= number <= last:
                return None
            asked += 1
            number += step
            return number - step

        return following

    async def _keep(self, found: Edit) -> SyncEvent:
        await self._ledger.note_shift(self._sweep.ids_shift)
        return await self._ledger.keep(found, self._so_far())

    def _so_far(self) -> Synced:
        return replace(self._ledger.synced, scan=replace(self._scan, down_to=self._sweep.down_to))

    async def _finish(self) -> SyncEvent:
        ledger, sweep, source = self._ledger, self._sweep, self._source
        await ledger.note_shift(sweep.ids_shift)
        if sweep.repeated_ids:
            source.warn("The service lists some ids more than once, with different messages.")
        total = source.opening.total
        missing = 0 if total is None else total - sweep.found
        self.is_settled = self._may_be_all(missing, total or 0)
        if not self.is_settled:
            # Nothing is taken away for a page that the service may give the next time.
            kept = Edit() if sweep.would_remove else sweep.kept_to_the_end()
            synced = replace(ledger.synced, scan=None, unlisted=missing, agreed_at=None)
            return await ledger.keep(kept, synced)
        shifts = ledger.synced.ids_shift and (sweep.ids_shift or not ledger.ids_proven)
        ledger.synced = replace(
            ledger.synced, full_at=self._scan.began_at, scan=None, unlisted=missing, ids_shift=shifts
        )
        # What came meanwhile is on pages that were read before: the next round takes it.
        undisturbed = total is None or self._survey.total == total
        return await ledger.agree(sweep.kept_to_the_end(), total, agreed=undisturbed)

    def _may_be_all(self, missing: int, total: int) -> bool:
        """Whether what was found is all that there is, though the service counts otherwise."""
        if not missing:
            return not (self._has_holes and self._sweep.would_remove)
        if not self._sweep.would_remove:
            return missing in (self._accepted, self._ledger.synced.unlisted)
        return missing == self._accepted and missing * _BELIEVED_SHARE <= total
