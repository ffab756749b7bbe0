"""Somebody's way through the pages of the inbox, or of one search: what is remembered or was read, where they are.

It knows pages and the clock, and nothing of widgets. Pages that were read stay, so that going back is instant; pages
that are remembered are cut from the listing whenever they are wanted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Hashable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pectui.domain.message import Header, Message
from pectui.engine.listing import PAGE_SIZE
from pectui.tui.places import place_of

if TYPE_CHECKING:
    from pectui.engine.pages import Page, PageReader
    from pectui.tui.remembered import Remembered

STALE_AFTER = timedelta(seconds=30)


class Browsing:
    """One reading. `number` is the page that is shown, counted from 1.

    The inbox has a `remembered` listing; pages that it doesn't cover yet are read. What a search finds is all read.
    """

    def __init__(
        self,
        reader: PageReader,
        clock: Callable[[], datetime],
        query: str | None = None,
        remembered: Remembered | None = None,
    ) -> None:
        self.query = query
        self.number = 1
        self.remembered = remembered
        self._total: int | None = None
        self._pages: int | None = None
        self._reader = reader
        self._clock = clock
        self._held: dict[int, Page] = {}
        self._cursors: dict[int, Hashable] = {}
        self._untrue: set[int] = set()
        # One question at a time: what is fetched ahead and asked for at once is asked once.
        self._reading = asyncio.Lock()

    @property
    def page(self) -> Page | None:
        """The page that is shown; None before there is anything to show."""
        return self.held(self.number)

    @property
    def total(self) -> int | None:
        """Messages in the mailbox, or found."""
        if self.remembered is not None and self.remembered.total is not None:
            return self.remembered.total
        return self._total

    @property
    def pages(self) -> int | None:
        """How many pages there are."""
        if self.remembered is not None and self.remembered.pages is not None:
            return self.remembered.pages
        return self._pages

    @property
    def has_next(self) -> bool:
        """False only where it is known that nothing follows, or that it can't be had yet."""
        number = self.number + 1
        if self.remembered is not None:
            pages = self.remembered.pages
            if pages is not None and number > pages:
                return False
            if self.remembered.covers(number):
                return bool(self.remembered.page(number).messages)
            if not self.remembered.is_loaded:
                return True  # `fetch` waits for it
            if self.remembered.complete or self.remembered.synced.oldest_first:
                return False
        following = self._held.get(number)
        if following is not None:
            return bool(following.messages)
        return self.page is not None and self.page.has_next

    @property
    def messages(self) -> list[Message]:
        """All that was read, page after page, each once."""
        found: dict[Header, Message] = {}
        for number in sorted(self._held):
            found.update((message.header, message) for message in self._held[number].messages)
        return list(found.values())

    def held(self, number: int) -> Page | None:
        """The page, if it is remembered or was read before."""
        if self.is_remembered(number):
            assert self.remembered is not None
            return self.remembered.page(number)
        return self._held.get(number)

    def is_remembered(self, number: int) -> bool:
        """Whether the page comes from the remembered listing."""
        return self.remembered is not None and self.remembered.covers(number)

    def locate(self, key: Hashable) -> int | None:
        """The page of the remembered listing on which the message `key` is, or one that looks just like it."""
        if self.remembered is None or not isinstance(key, Header):
            return None
        place = place_of(self.remembered.headers, key, (self.number - 1) * PAGE_SIZE)
        number = None if place is None else place // PAGE_SIZE + 1
        return number if number is not None and self.remembered.covers(number) else None

    def is_stale(self, page: Page) -> bool:
        """Whether `page` was read too long ago to be shown without looking again."""
        return page.number in self._untrue or self._clock() - page.read_at > STALE_AFTER

    def drop(self, headers: Collection[Header]) -> None:
        """Takes what was deleted from every page that was read; they are to be read again when they are shown."""
        for number, page in self._held.items():
            self._untrue.add(number)
            self._held[number] = replace(
                page,
                messages=tuple(one for one in page.messages if one.header not in headers),
                headers=tuple(one for one in page.headers if one not in headers),
            )
        if self._total is not None:
            self._total = max(0, self._total - len(headers))
        self.forget_behind(self.number)

    async def fetch(self, number: int) -> Page:
        """The page, read from the service unless it is there already."""
        if self.remembered is not None and not self.is_remembered(number):
            await self.remembered.loaded.wait()
        async with self._reading:
            held = self.held(number)
            if held is not None:
                return held
            before = self._held.get(number - 1)
            page = await (self._reader.following(before) if before else self._reader.page(number))
            self.keep(page)
            return page

    async def renew(self, number: int) -> Page:
        """The page, read from the service again."""
        async with self._reading:
            page = await self._reader.page(number)
            self.keep(page)
            return page

    def keep(self, page: Page) -> None:
        """Takes `page` for what stands there now; pages behind it are forgotten if the mailbox changed."""
        known = self._held.get(page.number)
        if known is not None and known.headers != page.headers:
            self.forget_behind(page.number)
        self._held[page.number] = page
        self._untrue.discard(page.number)
        self._total, self._pages = page.total, page.pages

    def forget_behind(self, number: int) -> None:
        """Forgets the pages after `number`: their messages moved."""
        for other in [held for held in self._held if held > number]:
            del self._held[other]

    def remember_cursor(self, key: Hashable | None) -> None:
        """Remembers on which message of the shown page the user was."""
        if key is not None:
            self._cursors[self.number] = key

    def cursor(self, number: int) -> Hashable | None:
        """On which message of page `number` the user was."""
        return self._cursors.get(number)
