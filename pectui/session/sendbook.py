"""The sends of an open mailbox: grouped from what is remembered; what became of them is learned by asking, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from pectui.domain.listing import Synced
from pectui.domain.message import Header
from pectui.domain.send import SendRecord
from pectui.domain.sends import Sends
from pectui.domain.settling import merged
from pectui.errors import StoreError
from pectui.session.memory import Memory
from pectui.session.offline import refuse

if TYPE_CHECKING:
    from pectui.engine.sends import SendFailed, SendRead, SendReading
    from pectui.engine.service import Service
    from pectui.store.archive import Archive

_KEPT_EVERY = 25
"""Sends that are read until what was learned is written down, where many are read."""


class SendBook:
    """`archive` is asked when it is first needed; where it can't be used, the user is told once and nothing is kept.

    None means that nothing may be kept.
    """

    def __init__(
        self,
        service: Service,
        memory: Memory,
        archive: Callable[[], Archive] | None,
        *,
        own: frozenset[str],
        clock: Callable[[], datetime],
        concurrency: int,
        offline: bool,
    ) -> None:
        self._service = service
        self._memory = memory
        self._make_archive = archive
        self._archive: Archive | None = None
        self._own = own
        self._clock = clock
        self._concurrency = concurrency
        self._offline = offline
        self.is_lost = False
        """Whether what was learned before can't be read, or what is learned can't be kept; a warning tells why."""
        self._sends = Sends(own)
        self._followed: Sequence[Header] | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def keeps(self) -> bool:
        """Whether what is learned outlives the program, as far as that is known."""
        return self._make_archive is not None and not self.is_lost

    async def current(self) -> tuple[Sends, Synced]:
        """All sends as the remembered listing has them now, and how far that can be trusted. The same object always.

        What another program has learned of them meanwhile is learned here too.
        """
        async with self._one_at_a_time:
            if self._archive is None:
                self._sends.learn(await self._memory.on_disk(self._open_archive))
            elif self.keeps:
                self._learn_news(await self._memory.on_disk(self._read_news))
            listing = await self._memory.listing()
            synced, headers = listing.synced, listing.headers
            if headers is not self._followed:
                await asyncio.to_thread(self._sends.follow, headers)
                self._followed = headers
            return self._sends, synced

    async def read(self, code: str) -> SendReading:
        """Asks the service what became of the send, and keeps it. ServiceError where that can't be done;
        RefusedHereError at once where pectui is offline."""
        self._refuse_offline(code)
        from pectui.engine.sends import read_send

        reading = await read_send(self._service, code, own=self._own, clock=self._clock)
        if reading.record is not None:
            await self.keep([reading.record])
        return reading

    async def read_all(self, codes: Sequence[str]) -> AsyncGenerator[SendRead | SendFailed, None]:
        """The same for many sends, several at once; what was learned is kept also if it is not read to its end."""
        self._refuse_offline(f"{len(codes)} sends")
        from pectui.engine.sends import SendRead, read_sends

        learned: list[SendRecord] = []
        reading = read_sends(
            self._service, codes, own=self._own, clock=self._clock, concurrency=self._concurrency
        )
        try:
            async with aclosing(reading) as events:
                async for event in events:
                    if isinstance(event, SendRead) and event.reading.record is not None:
                        learned.append(event.reading.record)
                    if len(learned) >= _KEPT_EVERY:
                        keep, learned = learned, []
                        await self.keep(keep)
                    yield event
        finally:
            if learned:
                # Not awaited: this may be a cancellation. It is on the disk before the program ends.
                self._sends.learn(learned)
                self._memory.begin_on_disk(lambda: self._write(learned))

    def _refuse_offline(self, what: str) -> None:
        if self._offline:
            refuse(f"What became of {what} was not asked for")

    async def keep(self, records: Sequence[SendRecord]) -> None:
        """Adds what was learned of sends to what is known, and writes it down."""
        self._sends.learn(records)
        await self._memory.on_disk(lambda: self._write(records))

    async def keep_before_it_goes(self, record: SendRecord) -> None:
        """The same for a send whose receipts are about to be deleted; quick where nothing of them is news."""
        known = self._sends.record(record.code)
        if known is None or merged(known, record).receipts != known.receipts:
            await self.keep([record])

    def _open_archive(self) -> list[SendRecord]:
        if self._make_archive is None:
            self._archive = _forgetful()
            return []
        self._archive = self._make_archive()
        try:
            records = self._archive.records()
        except StoreError as error:
            self._lose(error)
            return []
        self._memory.warnings.extend(self._archive.take_warnings())
        return records

    def _read_news(self) -> list[SendRecord]:
        assert self._archive is not None
        try:
            news = self._archive.news()
        except StoreError as error:
            self._lose(error)
            return []
        self._memory.warnings.extend(self._archive.take_warnings())
        return news

    def _learn_news(self, news: Sequence[SendRecord]) -> None:
        """What this program has kept itself is no news to it."""
        if news := [one for one in news if self._sends.record(one.code) != one]:
            self._sends.learn(news)

    def _write(self, records: Sequence[SendRecord]) -> None:
        if self._archive is None:
            self._sends.learn(self._open_archive())
        assert self._archive is not None
        try:
            self._archive.keep(records)
        except StoreError as error:
            self._lose(error)
            self._archive.keep(records)
        self._memory.warnings.extend(self._archive.take_warnings())

    def _lose(self, error: StoreError) -> None:
        self.is_lost = True
        self._memory.warnings.append(f"{error.title}: {error.detail}. {error.hint}")
        self._archive = _forgetful()


def _forgetful() -> Archive:
    from pectui.store.archive import MemoryArchive

    return MemoryArchive()
