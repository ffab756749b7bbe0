"""Having the remembered listing follow the service, with as few questions as that allows.

Nothing new costs one page. New mail costs the pages that it fills, up to the first message that is known. Where
`total` doesn't fit, messages vanished elsewhere: a `Comparison` finds where, by halves. Every page is read the first
time, when that was not done for too long, and when nothing else settles it; such a reading is kept bit by bit and
goes on where it was interrupted.

The mailbox may change while it is read. New mail moves no height; what is deleted meanwhile shows in `total`, and
then what was read since is held against the service once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, islice

from pectui.domain.listing import ListingChange, Placed, Scan, Synced, storable
from pectui.domain.message import Header, Listing
from pectui.engine.comparison import Comparison, Unrecognisable
from pectui.engine.in_order import in_order
from pectui.engine.mirror import Mirror
from pectui.engine.numbering import Numbering
from pectui.engine.order import lists_oldest_first
from pectui.engine.placing import Edit, edit, on_top, renumbered
from pectui.engine.progress import Changed, PagesRead, Replaced, SyncEvent, SyncFinished, SyncOutcome
from pectui.engine.service import Service
from pectui.engine.survey import Survey
from pectui.engine.sweep import Sweep
from pectui.errors import ServiceError

_ROUNDS = 8
"""How often it is tried again while other hands change the mailbox or what is remembered."""

_QUICK_PAGES = 8
"""New mail of up to so many pages is taken without looking at what is known but for its newest messages."""

_KEPT_EVERY = 1.0
"""Seconds between two writings of what a reading of every page has found."""

_RESUMED_WITHIN = timedelta(days=1)
_MOST_PAGES = 20_000


class _Outpaced(Exception):
    """Another program changed the remembered listing meanwhile."""


class _Disturbed(Exception):
    """Messages were deleted while pages were read: they don't show one state of the mailbox."""


class Sync:
    """One sync. `full_after` is how old the last reading of every page may be."""

    def __init__(
        self,
        service: Service,
        mirror: Mirror,
        *,
        own: frozenset[str],
        clock: Callable[[], datetime],
        concurrency: int,
        full_after: timedelta,
    ) -> None:
        self._service = service
        self._mirror = mirror
        self._own = own
        self._clock = clock
        self._concurrency = concurrency
        self._full_after = full_after
        self._numbers = Numbering(service)
        self._opening = Listing((), None, None, None)
        self._survey = Survey(total=0, page_size=1, oldest_first=False)
        self._synced = Synced()
        self._full_wanted = False
        self._anew = False
        self._full = False
        self._pages = self._new = self._gone = 0
        self._warnings: list[str] = []

    async def run(self, *, full: bool = False) -> AsyncGenerator[SyncEvent, None]:
        """Reads what is needed. ServiceError where the service fails: what was read until then is kept.

        `full` reads every page. The last event is a `SyncFinished`.
        """
        self._full_wanted = full
        agrees = False
        for _ in range(_ROUNDS):
            try:
                async with aclosing(self._round()) as events:
                    async for event in events:
                        yield event
            except _Outpaced:
                yield Replaced()
            except _Disturbed:
                continue
            except Unrecognisable:
                self._anew = True
            else:
                agrees = self._synced.agreed_at is not None
                if agrees:
                    break
        if not agrees:
            self._warn("The mailbox changed all the while it was read: the next sync goes on from here.")
        yield SyncFinished(
            SyncOutcome(
                new=self._new,
                gone=self._gone,
                total=self._synced.total,
                messages=self._synced.count,
                pages=self._pages,
                full=self._full,
                agrees=agrees,
                warnings=tuple(self._warnings),
            )
        )

    async def _round(self) -> AsyncGenerator[SyncEvent, None]:
        self._synced = await self._mirror.synced()
        self._numbers = Numbering(self._service)
        self._opening = await self._numbers.open()
        self._note(self._opening)
        yield PagesRead(self._pages, None)
        due = self._full_is_due()
        if not due and (change := await self._little_news()) is not None:
            yield await self._change(*change, agreed=True)
            return
        self._synced, placed = await self._mirror.placed()
        scan = self._resumed_scan() if due else None
        self._survey = self._new_survey(scan)
        if placed and (scan is not None or not due):
            async with aclosing(self._compare(placed)) as events:
                async for event in events:
                    yield event
        if due:
            async with aclosing(self._read_everything(scan)) as events:
                async for event in events:
                    yield event

    def _full_is_due(self) -> bool:
        if self._opening.total is None or self._full_wanted or self._anew:
            return not self._full
        synced = self._synced
        if synced.full_at is None or synced.scan is not None:
            return True
        return self._clock() - synced.full_at >= self._full_after and not self._full

    def _resumed_scan(self) -> Scan | None:
        """The reading of every page that was begun and is to be gone on with."""
        scan = self._synced.scan
        if scan is None or scan.down_to is None or self._anew or self._opening.total is None:
            return None
        recent = self._clock() - scan.began_at < max(self._full_after, _RESUMED_WITHIN)
        return scan if recent or self._synced.full_at is None else None

    def _new_survey(self, scan: Scan | None) -> Survey:
        total, size = self._opening.total or 0, self._numbers.size
        first_time = scan is None and (self._anew or not self._synced.count)
        guess = total > size and lists_oldest_first(self._opening.headers, self._own)
        survey = Survey(
            total=total, page_size=size, oldest_first=guess if first_time else self._synced.oldest_first
        )
        survey.add(1, self._opening)
        return survey

    # Little news

    async def _little_news(self) -> tuple[Edit, int] | None:
        """What to change, and what the service counts, if all that happened is that mail came; None if not."""
        synced, total = self._synced, self._opening.total
        if total is None or synced.total is None or synced.oldest_first or not synced.front:
            return (Edit(), 0) if total == synced.total == synced.count == 0 else None
        arrived = total - synced.total
        pages = arrived // self._numbers.size + 1
        if arrived < 0 or pages > _QUICK_PAGES:
            return None
        rows = list(self._opening.headers)
        if pages > 1:
            await self._numbers.settle()
            async with aclosing(self._ask(iter(range(2, pages + 1)))) as stream:
                async for _, listing in stream:
                    if listing.total != total:
                        return None
                    rows += listing.headers
        headers = [storable(row) for row in rows]
        new, known = headers[:arrived], headers[arrived:]
        if not known or known != list(synced.front[: len(known)]) or len({one.id for one in new}) < len(new):
            return None
        return Edit(put=on_top(new, synced.highest), new=len(new)), total

    # What changed

    async def _compare(self, placed: Sequence[Placed]) -> AsyncGenerator[SyncEvent, None]:
        """Finds out what came and went among what is remembered, and follows it."""
        survey, complete = self._survey, self._synced.full_at is not None
        known = [one.header for one in reversed(placed)]
        comparison = await asyncio.to_thread(Comparison, known, survey, complete=complete)
        try:
            while pages := comparison.pages_to_read():
                await self._numbers.settle()
                expected = self._pages + len(pages)
                async with aclosing(self._ask(iter(pages))) as stream:
                    async for number, listing in stream:
                        survey.add(number, listing)
                        yield PagesRead(self._pages, expected)
                if survey.shrank:
                    raise _Disturbed
            edits = await asyncio.to_thread(lambda: _edited(placed, comparison.result()[::-1]))
        except Unrecognisable:
            await self._note_shift(comparison.ids_shift())
            raise
        await self._note_shift(comparison.ids_shift())
        yield await self._change(edits, survey.total, agreed=complete)

    # Every page

    async def _read_everything(self, scan: Scan | None) -> AsyncGenerator[SyncEvent, None]:
        self._synced, placed = await self._mirror.placed()
        line = scan.down_to if scan is not None else None
        if line is not None and self._synced.full_at is None and placed:
            line = placed[-1].rank  # what a comparison found below the line is found as well
        above = [one.header for one in placed if line is not None and one.rank >= line]
        below = [one for one in placed if line is None or one.rank < line]
        unread = len(below) + self._synced.unlisted
        if self._synced.full_at is None or line is None:
            unread = self._survey.total - len(above)
        sweep = Sweep(above, below, line)
        began = scan.began_at if scan is not None else self._clock()
        self._synced = replace(
            self._synced,
            total=self._opening.total,
            scan=Scan(began, line),
            oldest_first=self._survey.oldest_first,
        )
        await self._numbers.settle()
        ended = False
        try:
            async with aclosing(
                self._sweep(sweep, self._downward(min(unread, self._survey.total)))
            ) as events:
                async for event in events:
                    yield event
            ended = True
            yield await self._finish(sweep, began)
        except (ServiceError, _Disturbed):
            if (done := sweep.kept_so_far()) is not None:
                yield await self._keep(sweep, done)
            raise
        finally:
            # Who is cancelled can't wait, but what was read is not to be read again.
            if not ended and sweep.is_waiting and (done := sweep.kept_so_far()) is not None:
                self._mirror.hand_over(self._made_of(done, self._scanned(sweep)))

    async def _sweep(self, sweep: Sweep, numbers: Iterator[int]) -> AsyncGenerator[SyncEvent, None]:
        """Reads down to the end, keeping what was found now and then, the first page at once."""
        loop = asyncio.get_running_loop()
        kept_at = float("-inf")
        pages = self._numbers.pages(self._survey.total)
        async with aclosing(self._ask(numbers)) as stream:
            async for number, listing in stream:
                if number > 1 and self._numbers.is_the_first_again(listing):
                    self._warn("The service gives its first page for every page number: no more can be read.")
                    return
                self._survey.add(number, listing)
                if self._survey.shrank:
                    raise _Disturbed
                fresh = sweep.take(self._survey.from_the_top(listing.headers))
                done = pages - number + 1 if self._survey.oldest_first else number
                yield PagesRead(done, pages if listing.total is not None else None)
                if self._ends_with(listing, fresh):
                    return
                if loop.time() - kept_at >= _KEPT_EVERY and (found := sweep.kept_so_far()) is not None:
                    kept_at = loop.time()
                    yield await self._keep(sweep, found)

    def _ends_with(self, listing: Listing, fresh: int) -> bool:
        if listing.total is None:
            return not fresh
        return not listing.headers and not listing.skipped and not self._survey.oldest_first

    def _downward(self, unread: int) -> Iterator[int]:
        """The pages that list the oldest `unread` messages, and what new mail pushes below them meanwhile."""
        if self._opening.total is None:
            yield from range(1, _MOST_PAGES)
        elif unread and self._survey.oldest_first:
            yield from range(self._survey.page_of(unread - 1), 0, -1)
        elif unread:
            for number in islice(count(self._survey.page_of(unread - 1)), _MOST_PAGES):
                if number > self._numbers.pages(self._survey.total):
                    return
                yield number

    async def _keep(self, sweep: Sweep, done: Edit) -> SyncEvent:
        await self._note_shift(sweep.ids_shift)
        return await self._commit(done, self._scanned(sweep))

    def _scanned(self, sweep: Sweep) -> Synced:
        assert self._synced.scan is not None
        return replace(self._synced, scan=replace(self._synced.scan, down_to=sweep.down_to))

    async def _finish(self, sweep: Sweep, began: datetime) -> SyncEvent:
        await self._note_shift(sweep.ids_shift)
        if sweep.repeated_ids:
            self._warn(
                f"The service lists {len(sweep.repeated_ids)} ids more than once, with different messages."
            )
        total = self._opening.total
        missing = max(0, total - sweep.found) if total is not None else 0
        if missing:
            self._warn(f"The service counts {total} messages but listed {sweep.found} of them.")
        self._full = True
        self._synced = replace(self._synced, full_at=began, scan=None, unlisted=missing)
        # What came meanwhile is on pages that were read before: the next round takes it.
        undisturbed = total is None or self._survey.total == total
        return await self._change(sweep.kept_to_the_end(), total, agreed=undisturbed)

    # What all have in common

    def _ask(self, numbers: Iterator[int]) -> AsyncGenerator[tuple[int, Listing], None]:
        return in_order(self._page, numbers, self._concurrency)

    async def _page(self, number: int) -> Listing:
        if number == 1:
            return self._opening
        listing = await self._numbers.ask(number)
        self._note(listing)
        return listing

    def _note(self, listing: Listing) -> None:
        self._pages += 1
        for told in listing.warnings:
            self._warn(told)

    def _warn(self, told: str) -> None:
        if told not in self._warnings:
            self._warnings.append(told)

    async def _note_shift(self, seen: bool) -> None:
        if seen and not self._synced.ids_shift:
            self._synced = replace(self._synced, ids_shift=True)
            await self._mirror.drop_texts()

    async def _change(self, done: Edit, total: int | None, *, agreed: bool) -> SyncEvent:
        """Keeps what was found, and that the service agrees with it now; or that it may not."""
        at = self._clock() if agreed else None
        return await self._commit(done, replace(self._synced, total=total, agreed_at=at))

    async def _commit(self, done: Edit, synced: Synced) -> SyncEvent:
        change = self._made_of(done, synced)
        stored = await self._mirror.change(change)
        if stored is None:
            raise _Outpaced
        self._synced = stored
        self._new += done.new
        self._gone += done.gone
        return Changed(change, stored)

    def _made_of(self, done: Edit, synced: Synced) -> ListingChange:
        highest = max(synced.highest, *(one.rank for one in done.put), synced.highest)
        return ListingChange(self._synced.version, replace(synced, highest=highest), done.put, done.removed)


def _edited(before: Sequence[Placed], after: Sequence[Header]) -> Edit:
    return edit(before, after) or renumbered(before, after)
