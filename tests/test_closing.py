"""A session that is closed while something of it still runs: what that has done is remembered all the same."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from pectui.domain.listing import ListingChange, Synced
from pectui.domain.message import Header
from pectui.engine.placing import on_top
from pectui.session.memory import Memory
from pectui.store.memory import MemoryStore
from tests.tui.stage import Stage, eventually, playing

NOW = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
HEADERS = [
    Header(number, "Mon, 2 Mar 2026 09:00:00 +0100", f"Oggetto {number}", "", "") for number in (3, 2, 1)
]


def remembering() -> tuple[MemoryStore, Memory]:
    store = MemoryStore()
    store.change_listing(ListingChange(0, Synced(), on_top(HEADERS, 0)))
    return store, Memory(store)


def ids(store: MemoryStore) -> list[int]:
    return [one.header.id for one in store.listing()[1]]


class TestAfterTheEnd:
    """What comes late."""

    async def test_what_was_deleted_is_taken_out(self) -> None:
        store, memory = remembering()
        await memory.close()
        await memory.take_out(HEADERS[:1])
        assert ids(store) == [2, 1]

    async def test_it_waits_for_what_came_before(self) -> None:
        _, memory = remembering()
        done: list[str] = []
        held = asyncio.Event()

        def slow() -> None:
            asyncio.run_coroutine_threadsafe(held.wait(), loop).result()
            done.append("before")

        loop = asyncio.get_running_loop()
        memory.begin_on_disk(slow)
        closing = asyncio.create_task(memory.close())
        await asyncio.sleep(0)
        late = asyncio.create_task(memory.on_disk(lambda: done.append("late")))
        await asyncio.sleep(0)
        held.set()
        await asyncio.gather(closing, late)
        assert done == ["before", "late"]

    async def test_closing_twice_waits_for_that_too(self) -> None:
        _, memory = remembering()
        await memory.close()
        done: list[str] = []
        memory.begin_on_disk(lambda: done.append("late"))
        await memory.close()
        assert done == ["late"]


class TestAScreenThatEndsInTheMiddleOfADeletion:
    """Torn down, not left in order."""

    async def test_nothing_goes_wrong_and_what_went_is_remembered(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        stage = Stage()
        with caplog.at_level(logging.ERROR):
            async with playing(stage):
                await stage.press("a", "d")
                stage.hold("delete", after=3)
                await stage.pilot.press("y")  # type: ignore[union-attr]
                await stage.asked(4)
            there = {mail.uid for mail in stage.sandbox.mailbox.mails}
            assert len(there) == 57
            await eventually(lambda: {one.header.id for one in stage.store.listing()[1]} == there)
        assert [record.getMessage() for record in caplog.records] == []
