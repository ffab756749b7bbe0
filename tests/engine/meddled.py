"""A service whose mailbox others change between one question and the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from pectui.domain.message import Header, Listing
from tests.engine.mirrored import Mirrored


@dataclass
class Meddled:
    """The service of `mirrored`; before a page is given, `meddle` may happen. Answers come in any order."""

    mirrored: Mirrored
    meddle: Callable[[int], None] = lambda asked: None
    dice: Random | None = None
    asked: int = 0

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        for _ in range(self.dice.randrange(4) if self.dice else 0):
            await asyncio.sleep(0)
        self.asked += 1
        self.meddle(self.asked)
        return await self.mirrored.bench.service.list_inbox(page, query)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.mirrored.bench.service, name)


@dataclass
class Uncounted:
    """The service of `mirrored`, or another one, which never says how many messages there are."""

    mirrored: Mirrored
    service: Meddled | None = None

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        listing = await (self.service or self.mirrored.bench.service).list_inbox(page, query)
        return replace(listing, total=None, pages=None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.mirrored.bench.service, name)


@dataclass
class Shortened:
    """The service of `mirrored`, whose pages after the first hold five messages less."""

    mirrored: Mirrored

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        bench = self.mirrored.bench
        if page is None or page == 1:
            return await bench.service.list_inbox(page, query)
        first = 25 + (page - 2) * 20
        rows: list[Header] = []
        for number in (first // 25 + 1, first // 25 + 2):
            rows += (await bench.service.list_inbox(number, query)).headers
        skipped = first % 25
        return Listing(tuple(rows[skipped : skipped + 20]), len(bench.mailbox.mails), page, None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.mirrored.bench.service, name)


def mail_comes(mirrored: Mirrored, dice: Random) -> None:
    """Some messages arrive, alike or not."""
    if dice.random() < 0.5:
        mirrored.bench.fill(dice.choice([1, 2, 5, 30]), subject=f"nuovo {dice.random()}")
    else:
        mirrored.bench.deliver_twins(*["t"] * dice.choice([1, 2, 40]), subject=dice.choice("abc"))


def another_hand_deletes(mirrored: Mirrored, dice: Random) -> None:
    """Some messages go: here and there, a stretch, or the newest."""
    count = len(mirrored.bench.mailbox.mails)
    if not count:
        return
    way = dice.randrange(3)
    if way == 0:
        mirrored.delete_places(dice.sample(range(count), min(count, dice.choice([1, 2, 3, 10]))))
    elif way == 1:
        low = dice.randrange(count)
        mirrored.delete_places(range(low, min(count, low + dice.choice([1, 30, 200]))))
    else:
        mirrored.delete_places(range(max(0, count - dice.choice([1, 5, 60])), count))
