"""Marks in a mailbox of a hundred thousand: no key waits for their number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import pytest

from pectui.domain.listing import ListingChange, Synced
from pectui.domain.message import Header
from pectui.engine.placing import on_top
from pectui.store.memory import MemoryStore
from tests.tui.stage import NOW, Stage, playing

COUNT = 100_000
_MOST = 0.25
"""Seconds: five times what a key may take, since the tests share their machine."""


def a_hundred_thousand(*, per_send: int = 4) -> MemoryStore:
    """Remembered: sends of one acceptance and some deliveries each."""
    headers = []
    for number in range(COUNT, 0, -1):
        send, at = divmod(number, per_send)
        prefix = "CONSEGNA" if at else "ACCETTAZIONE"
        minute, second = divmod(send, 60)
        date = f"Fri, 20 Nov 2026 {minute // 60 % 24:02}:{minute % 60:02}:{second:02} +0100"
        subject = f"{prefix}: Avviso 20261120{minute // 60 % 24:02}{minute % 60:02}{second:02}{send:05}"
        headers.append(Header(number, date, subject, "posta-certificata@pec.example", "io@pec.example"))
    put = on_top(headers, 0)
    synced = replace(Synced(), total=COUNT, full_at=NOW, agreed_at=NOW, highest=put[0].rank)
    store = MemoryStore()
    assert store.change_listing(ListingChange(0, synced, put)) is not None
    return store


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return a_hundred_thousand()


def seconds(work: Callable[[], object]) -> float:
    """How long a key keeps everything else waiting."""
    began = perf_counter()
    work()
    return perf_counter() - began


async def test_marking_all_moving_and_unmarking_in_the_inbox(store: MemoryStore) -> None:
    async with playing(Stage(0, store=store, offline=True)) as stage:
        inbox = stage.inbox
        await stage.press("w")
        assert len(inbox.list.rows) == COUNT
        taken = {"A": seconds(inbox.action_mark_all)}
        assert len(inbox.marking.marks) == COUNT
        await stage.press("j")
        taken |= {
            "space": seconds(inbox.action_mark),
            "a": seconds(inbox.action_mark_page),
            "v": seconds(inbox.action_range),
        }
        await stage.press("G")
        taken |= {"v again": seconds(inbox.action_range), "u": seconds(inbox.action_unmark)}
        print(taken)
        assert max(taken.values()) < _MOST, taken
        await stage.press("A", "slash")
        await stage.type("avviso 2")
        assert len(inbox.marking.marks) == COUNT


async def test_marking_all_in_the_sends(store: MemoryStore) -> None:
    async with playing(Stage(0, store=store, offline=True)) as stage:
        await stage.press("2")
        sends = stage.app.screen
        taken = {"A": seconds(sends.action_mark_all)}  # type: ignore[attr-defined]
        assert len(stage.inbox.marking.marks) == COUNT
        await stage.press("j")
        taken["space"] = seconds(sends.action_mark)  # type: ignore[attr-defined]
        await stage.press("v", "G")
        taken["v"] = seconds(sends.action_range)  # type: ignore[attr-defined]
        assert 0 < len(stage.inbox.marking.marks) < COUNT
        print(taken)
        assert max(taken.values()) < _MOST, taken
