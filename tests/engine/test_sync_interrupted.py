"""A sync that is interrupted, outpaced by another program, or finds ids that shift."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from pectui.domain.listing import RANK_STEP, KeptText, ListingChange
from pectui.engine.placing import on_top
from pectui.engine.progress import PagesRead, Replaced, SyncFinished
from pectui.errors import UnreachableError
from pectui.sandbox.faults import parse_fault
from tests.engine.conftest import make_bench
from tests.engine.meddled import Meddled, mail_comes
from tests.engine.mirrored import Mirrored


def _set_at(event: asyncio.Event, count: int, asked: int) -> None:
    if asked == count:
        event.set()


def mirrored(messages: int = 0, *, faults: tuple[str, ...] = (), **options: Any) -> Mirrored:
    parsed = [parse_fault(fault) for fault in faults]
    return Mirrored(make_bench(parsed, messages=messages, **options))


class TestIdsThatShift:
    async def test_are_noticed_and_texts_that_were_kept_are_dropped(self) -> None:
        mailbox = mirrored(100, ids="sequence")
        await mailbox.run()
        newest = mailbox.remembered()[0]
        mailbox.store.keep_text(newest, "il testo", mailbox.bench.clock())
        assert isinstance(mailbox.store.text(newest), KeptText)
        mailbox.delete_places([40])
        await mailbox.run()
        assert mailbox.follows
        assert mailbox.store.synced().ids_shift
        assert mailbox.store.text(newest) is None

    async def test_are_not_seen_where_ids_stay(self) -> None:
        mailbox = mirrored(100, first_uid=5000)
        await mailbox.run()
        mailbox.delete_places([0, 40, 99])
        mailbox.bench.fill(3)
        await mailbox.run()
        assert mailbox.follows
        assert not mailbox.store.synced().ids_shift

    async def test_no_id_stands_for_the_message_that_it_was_before(self) -> None:
        mailbox = mirrored(60, ids="sequence")
        await mailbox.run()
        mailbox.delete_places([10])
        await mailbox.run()
        held = {header.id: header for header in mailbox.remembered()}
        assert held == {header.id: header for header in mailbox.listed()}


class TestAnInterruptedSync:
    async def test_keeps_what_was_read_and_goes_on_there(self) -> None:
        mailbox = mirrored(1_000)

        async def until_half() -> None:
            async with aclosing(mailbox.sync().run()) as events:
                async for event in events:
                    if isinstance(event, PagesRead) and event.done == 20:
                        return

        await until_half()
        await mailbox.memory.synced()  # what was handed over is written by now
        held = len(mailbox.remembered())
        assert 450 <= held <= 500
        assert mailbox.store.synced().full_at is None
        before = mailbox.bench.app.count("GET", "/inbox")
        outcome = await mailbox.run()
        assert outcome.messages == 1_000
        assert mailbox.follows
        assert mailbox.bench.app.count("GET", "/inbox") - before <= 24

    async def test_is_gone_on_with_though_the_mailbox_changed(self) -> None:
        for seed in range(12):
            dice = Random(seed)
            mailbox = mirrored(1_000, ids=dice.choice(["uid", "sequence"]))
            asked = asyncio.Event()
            service = Meddled(mailbox, partial(_set_at, asked, 20), dice)
            task = asyncio.create_task(mailbox.run(service=service))
            await asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            mail_comes(mailbox, dice)
            mailbox.delete_places(dice.sample(range(len(mailbox.bench.mailbox.mails)), 5))
            await mailbox.run()
            assert mailbox.follows

    async def test_a_full_one_over_what_is_known_is_gone_on_with(self) -> None:
        mailbox = mirrored(1_000)
        await mailbox.run()
        mailbox.bench.clock.now += timedelta(days=8)
        async with aclosing(mailbox.sync().run()) as events:
            async for event in events:
                if isinstance(event, PagesRead) and event.done == 30:
                    break
        await mailbox.memory.synced()
        assert mailbox.store.synced().scan is not None
        assert len(mailbox.remembered()) == 1_000
        outcome = await mailbox.run()
        assert outcome.full
        assert outcome.pages <= 16
        assert mailbox.follows

    async def test_a_service_that_fails_leaves_what_was_read(self) -> None:
        mailbox = mirrored(500, faults=("inbox:reset-before:skip=10",))
        with pytest.raises(UnreachableError):
            await mailbox.run()
        assert 200 <= len(mailbox.remembered()) <= 275
        mailbox.bench.app.set_faults()
        assert (await mailbox.run()).pages <= 16
        assert mailbox.follows

    async def test_asks_nothing_more_once_it_is_cancelled(self) -> None:
        mailbox = mirrored(1_000)
        gate = mailbox.bench.gate
        gate.hold("inbox", after=2)
        async with aclosing(mailbox.sync().run()) as events:
            async for event in events:
                if isinstance(event, PagesRead) and event.done == 2:
                    await gate.holds(4)
                    break
        assert gate.waiting == 0, "nobody waits for an answer any more"
        asked = mailbox.bench.app.count("GET", "/inbox")
        gate.release()
        for _ in range(100):
            await asyncio.sleep(0)
        assert mailbox.bench.app.count("GET", "/inbox") == asked == 6


class TestAPartThatIsLost:
    async def test_is_read_again(self) -> None:
        mailbox = mirrored(500)
        await mailbox.run()
        synced, placed = mailbox.store.listing()
        lost = tuple(one.header.id for one in placed[200:300])
        mailbox.store.change_listing(ListingChange(synced.version, synced, removed=lost))
        assert (await mailbox.run()).pages <= 25
        assert mailbox.follows


class TestAnotherProgram:
    async def test_that_changes_what_is_remembered_meanwhile_is_not_overwritten(self) -> None:
        mailbox = mirrored(200)
        await mailbox.run()
        mailbox.bench.fill(3)

        def other_program(asked: int) -> None:
            if asked == 1:
                newest = mailbox.listed()[:3]
                synced = mailbox.store.synced()
                highest = synced.highest + 3 * RANK_STEP
                now = replace(synced, total=203, highest=highest)
                put = on_top(newest, synced.highest)
                assert mailbox.store.change_listing(ListingChange(synced.version, now, put))

        events = [event async for event in mailbox.sync(Meddled(mailbox, other_program)).run()]
        assert any(isinstance(event, Replaced) for event in events)
        assert isinstance(events[-1], SyncFinished)
        assert mailbox.follows

    async def test_that_synced_first_leaves_one_question(self) -> None:
        mailbox = mirrored(200)
        other = Mirrored(mailbox.bench, mailbox.store)
        await mailbox.run()
        mailbox.bench.fill(30)
        await mailbox.run()
        assert await other.requests() == 1
        assert [one.header for one in (await other.memory.listing()).placed] == mailbox.listed()
