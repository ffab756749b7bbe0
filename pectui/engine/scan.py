"""Reading every page, from the newest message down; what is found is kept now and then, and gone on with later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from pectui.domain.listing import Placed, Scan, Synced
from pectui.domain.message import Listing
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

_FIRST_AGAIN = "The service gives its first page for every page number: no more can be read."


class Disturbed(Exception):
    """Messages were deleted while pages were read: they don't show one state of the mailbox."""


class Scanning:
    """One reading of every page. `begun` is one to go on with, which reached some way down in `placed`."""

    def __init__(
        self, source: Source, ledger: Ledger, survey: Survey, placed: Sequence[Placed], begun: Scan | None
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
        self._scan = Scan(ledger.clock() if begun is None else begun.began_at, line)
        unread = survey.total - len(above)
        if line is not None and synced.full_at is not None:
            unread = min(survey.total, len(below) + synced.unlisted)
        self._unread = unread
        self._read_pages = 0

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
            if (found := sweep.kept_so_far()) is not None:
                yield await self._keep(found)
            raise
        finally:
            # Who is cancelled can't wait, but what was read is not to be read again.
            if not ended and sweep.is_waiting and (found := sweep.kept_so_far()) is not None:
                ledger.hand_over(found, self._so_far())

    async def _read(self) -> AsyncGenerator[SyncEvent, None]:
        """Reads down to the end; the first page is kept at once."""
        loop = asyncio.get_running_loop()
        kept_at = float("-inf")
        pages = self._source.numbers.pages(self._survey.total)
        async with aclosing(self._source.as_named(self._downward())) as stream:
            async for number, listing in stream:
                if number > 1 and self._source.numbers.is_the_first_again(listing):
                    self._source.warn(_FIRST_AGAIN)
                    return
                self._survey.add(number, listing)
                if self._survey.shrank:
                    raise Disturbed
                self._read_pages += 1
                fresh = self._sweep.take(self._survey.from_the_top(listing.headers))
                done = pages - number + 1 if self._survey.oldest_first else number
                yield PagesRead(done, None if listing.total is None else max(done, pages))
                if self._ends_with(number, listing, fresh):
                    return
                if loop.time() - kept_at >= KEPT_EVERY and (found := self._sweep.kept_so_far()) is not None:
                    kept_at = loop.time()
                    yield await self._keep(found)

    def _ends_with(self, number: int, listing: Listing, fresh: int) -> bool:
        if listing.total is None or number > self._source.numbers.pages(self._survey.total):
            return not fresh
        return not listing.headers and not listing.skipped and not self._survey.oldest_first

    def _downward(self) -> Callable[[], int | None]:
        """Names the pages that list the oldest messages that are unread, and what new mail pushes below them."""
        survey, counted = self._survey, self._source.opening.total is not None
        number = survey.page_of(self._unread - 1) if self._unread else 1
        upward = counted and survey.oldest_first
        asked = 0

        def following() -> int | None:
            nonlocal number, asked
            last = self._source.numbers.pages(survey.total) if counted else _MOST_PAGES
            if counted and asked == self._read_pages and self._sweep.found < survey.total:
                last = (
                    number  # pages may be shorter than the first one: on, for as long as they bring anything
                )
            if (counted and not self._unread) or asked >= _MOST_PAGES or not 1 <= number <= last:
                return None
            asked += 1
            number += -1 if upward else 1
            return number + (1 if upward else -1)

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
            source.warn(f"The service lists {len(sweep.repeated_ids)} ids twice, with different messages.")
        total = source.opening.total
        missing = 0 if total is None else total - sweep.found
        if missing > 0:
            source.warn(f"The service counts {total} messages but listed {sweep.found} of them.")
        ledger.synced = replace(ledger.synced, full_at=self._scan.began_at, scan=None, unlisted=missing)
        # What came meanwhile is on pages that were read before: the next round takes it.
        undisturbed = total is None or self._survey.total == total
        return await ledger.agree(sweep.kept_to_the_end(), total, agreed=undisturbed)
