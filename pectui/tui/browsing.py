"""Somebody's way through the pages of the inbox, or of one search: what was read, where they are.

It knows pages and the clock, and nothing of widgets. Pages that were read stay, so that going back is instant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Hashable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pectui.domain.message import Header, Message

if TYPE_CHECKING:
    from pectui.engine.pages import Page, PageReader

STALE_AFTER = timedelta(seconds=30)


class Browsing:
    """One reading. `number` is the page that is shown, counted from 1."""

    def __init__(self, reader: PageReader, clock: Callable[[], datetime], query: str | None = None) -> None:
        self.query = query
        self.number = 1
        self.total: int | None = None
        self.pages: int | None = None
        self._reader = reader
        self._clock = clock
        self._held: dict[int, Page] = {}
        self._cursors: dict[int, Hashable] = {}
        self._untrue: set[int] = set()
        # One question at a time: what is fetched ahead and asked for at once is asked once.
        self._reading = asyncio.Lock()

    @property
    def page(self) -> Page | None:
        """The page that is shown; None before the first was read."""
        return self._held.get(self.number)

    @property
    def has_next(self) -> bool:
        """False only where it is known that nothing follows."""
        following = self._held.get(self.number + 1)
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
        """The page, if it was read before."""
        return self._held.get(number)

    def is_stale(self, page: Page) -> bool:
        """Whether `page` was read too long ago to be shown without looking again."""
        return page.number in self._untrue or self._clock() - page.read_at > STALE_AFTER

    def drop(self, headers: Collection[Header]) -> None:
        """Takes what was deleted from every page; they are to be read again when they are shown."""
        for number, page in self._held.items():
            self._untrue.add(number)
            self._held[number] = replace(
                page,
                messages=tuple(one for one in page.messages if one.header not in headers),
                headers=tuple(one for one in page.headers if one not in headers),
            )
        self.forget_behind(self.number)

    async def fetch(self, number: int) -> Page:
        """The page, read from the service unless it was read before."""
        async with self._reading:
            held = self._held.get(number)
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
        self.total, self.pages = page.total, page.pages

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
