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
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta

from pectui.domain.listing import Placed, Scan, storable
from pectui.domain.message import Header
from pectui.engine.comparison import Comparison, Unrecognisable
from pectui.engine.ledger import Ledger, Outpaced
from pectui.engine.mirror import Mirror
from pectui.engine.order import lists_oldest_first
from pectui.engine.placing import Edit, edit, on_top, renumbered
from pectui.engine.progress import PagesRead, Replaced, SyncEvent, SyncFinished, SyncOutcome
from pectui.engine.scan import KEPT_EVERY, Disturbed, Scanning
from pectui.engine.service import Service
from pectui.engine.source import Source
from pectui.engine.stability import prove_stable
from pectui.engine.survey import Survey

_ROUNDS = 8
"""How often it is tried again while other hands change the mailbox or what is remembered."""

_QUICK_PAGES = 8
"""New mail of up to so many pages is taken without looking at what is known but for its newest messages."""

_SHORT_READINGS = 2
"""How often every page is read in one sync while fewer messages are found than the service counts."""

_SHORT_FOR_AT_MOST = timedelta(hours=1)
"""How long it is believed that the service counts messages that it doesn't list."""

_WAITS = 300
"""How often another program is waited for, two seconds each time."""

_RESUMED_WITHIN = timedelta(days=1)


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
        self._source = Source(service, concurrency)
        self._ledger = Ledger(mirror, clock)
        self._mirror = mirror
        self._own = own
        self._clock = clock
        self._full_after = full_after
        self._full_wanted = False
        self._anew = False
        self._full = False
        self._shrank = False
        self._accepted: int | None = None
        self._short_readings = 0

    async def run(self, *, full: bool = False) -> AsyncGenerator[SyncEvent, None]:
        """Reads what is needed. ServiceError where the service fails.

        `full` reads every page. The last event is a `SyncFinished`.
        """
        self._full_wanted = full
        agrees = False
        for _ in range(_ROUNDS):
            try:
                async with aclosing(self._round()) as events:
                    async for event in events:
                        yield event
            except Outpaced:
                yield Replaced()
                await self._let_the_other_finish()
            except Disturbed:
                self._shrank = True
            except Unrecognisable:
                self._anew = True
            else:
                agrees = self._ledger.synced.agreed_at is not None
                if agrees or self._short_readings == _SHORT_READINGS:
                    break
        self._tell_what_is_wrong(agrees)
        yield SyncFinished(self._outcome(agrees))

    def _tell_what_is_wrong(self, agrees: bool) -> None:
        synced = self._ledger.synced
        if synced.unlisted > 0 and synced.total is not None:
            listed = synced.total - synced.unlisted
            self._source.warn(f"The service counts {synced.total} messages but listed {listed} of them.")
        if not agrees and self._short_readings < _SHORT_READINGS:
            self._source.warn(
                "The mailbox changed all the while it was read: the next sync goes on from here."
            )

    async def _let_the_other_finish(self) -> None:
        """Waits while another program reads every page: to read them twice would help nobody."""
        synced = await self._mirror.synced()
        for _ in range(_WAITS):
            if synced.scan is None:
                return
            await asyncio.sleep(2 * KEPT_EVERY)
            before, synced = synced, await self._mirror.synced()
            if before.version == synced.version:
                return

    def _outcome(self, agrees: bool) -> SyncOutcome:
        ledger, source = self._ledger, self._source
        return SyncOutcome(
            new=ledger.new,
            gone=ledger.gone,
            total=ledger.synced.total,
            messages=ledger.synced.count,
            pages=source.asked,
            full=self._full,
            agrees=agrees,
            warnings=tuple(source.warnings),
        )

    async def _round(self) -> AsyncGenerator[SyncEvent, None]:
        ledger = self._ledger
        ledger.synced = await self._mirror.synced()
        opening = await self._source.open()
        ledger.opened_at = self._clock()
        ledger.ids_proven = prove_stable((row.id for row in opening.headers), opening.total)
        if self._accepted is None:
            self._accepted = ledger.synced.unlisted
        yield PagesRead(self._source.asked, None)
        due = self._full_is_due()
        if not due and not self._shrank and (news := await self._little_news()) is not None:
            yield await ledger.agree(news, self._source.opening.total)
            return
        ledger.synced, placed = await self._mirror.placed()
        scan = self._resumed_scan() if due else None
        survey = self._survey(scan)
        if not due or (placed and scan is not None):
            async with aclosing(self._compare(survey, placed)) as events:
                async for event in events:
                    yield event
        if due:
            ledger.synced, placed = await self._mirror.placed()
            scanning = Scanning(self._source, ledger, survey, placed, scan, self._accepted or 0)
            async with aclosing(scanning.run()) as events:
                async for event in events:
                    yield event
            self._full = scanning.is_settled
            self._short_readings += not scanning.is_settled

    def _full_is_due(self) -> bool:
        if self._full:
            return False
        synced = self._ledger.synced
        if self._full_wanted or self._anew or self._source.opening.total is None:
            return True
        if synced.full_at is None or synced.scan is not None:
            return True
        if synced.full_at > self._clock():
            return True  # the clock was wrong then, or is now
        often = min(self._full_after, _SHORT_FOR_AT_MOST) if synced.unlisted else self._full_after
        return self._clock() - synced.full_at >= often

    def _resumed_scan(self) -> Scan | None:
        """The reading of every page that was begun and is to be gone on with."""
        synced = self._ledger.synced
        scan = synced.scan
        if scan is None or scan.down_to is None or self._anew or self._source.opening.total is None:
            return None
        recent = timedelta() <= self._clock() - scan.began_at < max(self._full_after, _RESUMED_WITHIN)
        return scan if recent or synced.full_at is None else None

    def _survey(self, scan: Scan | None) -> Survey:
        synced, opening, size = self._ledger.synced, self._source.opening, self._source.numbers.size
        # With a page or less nothing was lost by a wrong guess, and more messages tell more.
        open_question = scan is None and (self._anew or synced.count <= size)
        guess = lists_oldest_first(opening.headers, self._own)
        survey = Survey(
            total=opening.total or 0,
            page_size=size,
            oldest_first=guess if open_question else synced.oldest_first,
        )
        survey.add(1, opening)
        return survey

    async def _little_news(self) -> Edit | None:
        """What to change if all that happened is that mail came; None if more did, or nobody can tell so far."""
        synced, opening, numbers = self._ledger.synced, self._source.opening, self._source.numbers
        total = opening.total
        if total is None or synced.total is None or synced.oldest_first or not synced.front:
            return Edit() if total == synced.total == synced.count == 0 else None
        if synced.count + synced.unlisted != synced.total:
            return None  # a part of what was remembered is lost
        arrived = total - synced.total
        pages = arrived // numbers.size + 1
        if arrived < 0 or pages > _QUICK_PAGES:
            return None
        rows = list(opening.headers)
        if pages > 1:
            await numbers.settle()
            async with aclosing(self._source.pages(range(2, pages + 1))) as stream:
                async for _, listing in stream:
                    if listing.total != total:
                        return None
                    rows += listing.headers
        headers = [storable(row) for row in rows]
        new, known = headers[:arrived], headers[arrived:]
        if not known or known != list(synced.front[: len(known)]) or len({one.id for one in new}) < len(new):
            return None
        if new and not _can_be_told(known, headers, total):
            return None
        return Edit(put=on_top(new, synced.highest), new=len(new))

    async def _compare(self, survey: Survey, placed: Sequence[Placed]) -> AsyncGenerator[SyncEvent, None]:
        """Finds out what came and went among what is remembered, and follows it."""
        ledger, complete = self._ledger, self._ledger.synced.full_at is not None
        known = [one.header for one in reversed(placed)]
        comparison = await asyncio.to_thread(Comparison, known, survey, complete=complete)
        try:
            while pages := await asyncio.to_thread(comparison.pages_to_read):
                await self._source.numbers.settle()
                expected = self._source.asked + len(pages)
                async with aclosing(self._source.pages(pages)) as stream:
                    async for number, listing in stream:
                        if not listing.headers and not listing.skipped:
                            raise Unrecognisable  # the service counts what it doesn't list
                        survey.add(number, listing)
                        yield PagesRead(self._source.asked, expected)
                if survey.shrank:
                    raise Disturbed
            done = await asyncio.to_thread(lambda: _edited(placed, comparison.result()[::-1]))
            if complete and not self._adds_up(placed, done, survey.total):
                raise Unrecognisable
        except Unrecognisable:
            await ledger.note_shift(comparison.ids_shift())
            raise
        await ledger.note_shift(comparison.ids_shift())
        ledger.synced = replace(ledger.synced, oldest_first=survey.oldest_first)
        yield await ledger.agree(done, survey.total, agreed=complete)

    def _adds_up(self, placed: Sequence[Placed], done: Edit, total: int) -> bool:
        """Whether as many messages would be remembered as the service counts, less those that it never lists."""
        known = {one.header.id for one in placed}
        added = sum(1 for one in done.put if one.header.id not in known)
        return len(known) + added - len(done.removed) + self._ledger.synced.unlisted == total


def _edited(before: Sequence[Placed], after: Sequence[Header]) -> Edit:
    return edit(before, after) or renumbered(before, after)


def _can_be_told(known: Sequence[Header], listed: Sequence[Header], total: int) -> bool:
    """Whether `known` are surely where they seem to be: by ids that are proven stable, or by one without a twin."""
    if any(header.id > total for header in listed):
        return True
    often = Counter(header.facts for header in listed)
    return any(often[header.facts] == 1 for header in known)
