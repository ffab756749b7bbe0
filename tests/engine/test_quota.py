"""The use of a mailbox watched over time, against the embedded sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
import stamina

from pectui.domain.quota import Quota, measure
from pectui.domain.thresholds import Level, Thresholds
from pectui.engine.quota import Crossed, QuotaEvent, QuotaMonitor, Sampled, Unknown
from pectui.errors import ConfigError, RateLimitedError, RejectedError, ServiceError
from pectui.sandbox.faults import parse_fault
from tests.engine.conftest import Bench, make_bench
from tests.patience import PATIENCE, eventually

NEVER = 3600.0
"""Seconds between two questions: longer than any test."""


def bench_of(*faults: str, usage: int = 100, limit: int = 1000) -> Bench:
    return make_bench([parse_fault(one) for one in faults], messages=1, quota_usage=usage, quota_limit=limit)


def monitor_of(bench: Bench, *, interval: float = NEVER, before: Level = Level.UNKNOWN) -> QuotaMonitor:
    async def ask() -> Quota:
        return measure("INBOX", await bench.service.get_quota("INBOX"))

    return QuotaMonitor(ask, Thresholds(), clock=bench.clock, interval=interval, before=before)


@asynccontextmanager
async def watching(monitor: QuotaMonitor) -> AsyncGenerator[AsyncGenerator[QuotaEvent, None], None]:
    async with aclosing(monitor.run()) as events:
        yield events


async def upcoming(events: AsyncGenerator[QuotaEvent, None]) -> QuotaEvent:
    async with asyncio.timeout(PATIENCE):
        return await anext(events)


def asked(bench: Bench) -> int:
    return bench.app.count("GET", "/quota")


class TestAsking:
    async def test_at_once_and_then_at_the_interval(self) -> None:
        bench = bench_of()
        async with watching(monitor_of(bench, interval=0.001)) as events:
            for _ in range(3):
                event = await upcoming(events)
                assert isinstance(event, Sampled)
                assert (event.quota.percent, event.level) == (10.0, Level.OK)
        assert asked(bench) == 3

    async def test_not_before_the_interval_is_over(self) -> None:
        bench = bench_of()
        async with watching(monitor_of(bench)) as events:
            await upcoming(events)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await anext(events)
        assert asked(bench) == 1

    async def test_at_once_when_told(self) -> None:
        bench = bench_of()
        monitor = monitor_of(bench)
        async with watching(monitor) as events:
            await upcoming(events)
            waiting = asyncio.ensure_future(upcoming(events))
            await asyncio.sleep(0)
            monitor.ask_now()
            assert isinstance(await waiting, Sampled)
        assert asked(bench) == 2

    async def test_what_is_told_during_a_question_is_asked_after_it_and_once(self) -> None:
        bench = bench_of()
        monitor = monitor_of(bench)
        bench.gate.hold("quota")
        async with watching(monitor) as events:
            first: asyncio.Future[Any] = asyncio.ensure_future(upcoming(events))
            await bench.gate.holds()
            for _ in range(3):
                monitor.ask_now()
            bench.gate.release()
            await first
            await upcoming(events)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await anext(events)
        assert asked(bench) == 2

    @pytest.mark.parametrize("held", [True, False])
    async def test_it_ends_at_once_in_a_question_and_in_a_wait(self, held: bool) -> None:
        bench = bench_of()
        if held:
            bench.gate.hold("quota")
        seen: list[QuotaEvent] = []

        async def watch() -> None:
            async with watching(monitor_of(bench)) as events:
                async for event in events:
                    seen.append(event)

        task = asyncio.create_task(watch())
        await (bench.gate.holds() if held else eventually(lambda: bool(seen)))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


class TestCrossing:
    @pytest.mark.parametrize(
        ("before", "usage", "level", "is_up"),
        [
            (Level.OK, 800, Level.WARNING, True),
            (Level.OK, 1300, Level.CRITICAL, True),
            (Level.WARNING, 950, Level.CRITICAL, True),
            (Level.CRITICAL, 100, Level.OK, False),
            (Level.CRITICAL, 850, Level.WARNING, False),
        ],
    )
    async def test_since_it_was_last_known(
        self, before: Level, usage: int, level: Level, is_up: bool
    ) -> None:
        async with watching(monitor_of(bench_of(usage=usage), before=before)) as events:
            sampled, crossed = await upcoming(events), await upcoming(events)
        assert isinstance(sampled, Sampled)
        assert isinstance(crossed, Crossed)
        assert (crossed.before, crossed.level, crossed.is_up) == (before, level, is_up)
        assert crossed.quota == sampled.quota

    async def test_it_is_told_once(self) -> None:
        async with watching(monitor_of(bench_of(usage=850), interval=0.001, before=Level.OK)) as events:
            kinds = [type(await upcoming(events)) for _ in range(4)]
        assert kinds == [Sampled, Crossed, Sampled, Sampled]

    async def test_where_nothing_is_known_of_before_there_is_none(self) -> None:
        async with watching(monitor_of(bench_of(usage=850), interval=0.001)) as events:
            assert [type(await upcoming(events)) for _ in range(2)] == [Sampled, Sampled]

    async def test_what_is_deleted_brings_it_down(self) -> None:
        bench = make_bench(quota_usage=0, quota_limit=100)
        bench.fill(21)  # of 4 KiB each
        monitor = monitor_of(bench)
        async with watching(monitor) as events:
            first = await upcoming(events)
            assert isinstance(first, Sampled)
            assert first.level is Level.WARNING
            for number in range(4):
                bench.delete_as_another_client(f"Messaggio {number:04}")
            monitor.ask_now()
            assert isinstance(await upcoming(events), Sampled)
            crossed = await upcoming(events)
        assert isinstance(crossed, Crossed)
        assert (crossed.level, crossed.is_up) == (Level.OK, False)

    async def test_what_is_unknown_in_between_is_no_crossing(self) -> None:
        bench = bench_of("quota:nulls:times=1", usage=850)
        async with watching(monitor_of(bench, interval=0.001, before=Level.WARNING)) as events:
            assert [type(await upcoming(events)) for _ in range(3)] == [Unknown, Sampled, Sampled]


class TestTrouble:
    @pytest.fixture(autouse=True)
    def _without_waits(self) -> Any:
        with stamina.set_testing(True, attempts=1):
            yield

    @pytest.mark.parametrize(
        "fault", ["quota:500", "quota:html", "quota:401", "quota:truncated", "quota:not-success"]
    )
    async def test_it_is_told_and_gone_on_with(self, fault: str) -> None:
        bench = bench_of(f"{fault}:times=1")
        async with watching(monitor_of(bench, interval=0.001)) as events:
            unknown, sampled = await upcoming(events), await upcoming(events)
        assert isinstance(unknown, Unknown)
        assert isinstance(unknown.error, ServiceError)
        assert unknown.reason == str(unknown.error)
        assert isinstance(sampled, Sampled)

    async def test_figures_that_make_no_sense(self) -> None:
        async with watching(monitor_of(bench_of("quota:nulls"))) as events:
            unknown = await upcoming(events)
        assert isinstance(unknown, Unknown)
        assert (unknown.error, unknown.quota) == (None, Quota("INBOX", None, None))
        assert unknown.reason == "the service gave no usable figure for the use"

    async def test_a_limit_of_zero(self) -> None:
        async with watching(monitor_of(bench_of(usage=5, limit=0))) as events:
            unknown = await upcoming(events)
        assert isinstance(unknown, Unknown)
        assert unknown.quota == Quota("INBOX", 5120, None)
        assert unknown.reason == "the service gave no usable figure for the limit"

    @pytest.mark.parametrize("error", [ConfigError("no secret"), RejectedError("no such mailbox")])
    async def test_secrets_that_are_missing_too(self, error: Exception) -> None:
        async def ask() -> Quota:
            raise error

        bench = bench_of()
        monitor = QuotaMonitor(ask, Thresholds(), clock=bench.clock, interval=0.001)
        async with watching(monitor) as events:
            assert [(await upcoming(events)).error for _ in range(2)] == [error, error]  # type: ignore[union-attr]

    async def test_a_service_that_names_a_time_is_not_asked_before(self) -> None:
        asked: list[int] = []

        async def ask() -> Quota:
            asked.append(1)
            raise RateLimitedError("too many", retry_after=NEVER)

        monitor = QuotaMonitor(ask, Thresholds(), clock=bench_of().clock, interval=0.001)
        async with watching(monitor) as events:
            await upcoming(events)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await anext(events)
        assert len(asked) == 1

    async def test_a_mistake_of_ours_is_not_hidden(self) -> None:
        async def ask() -> Quota:
            raise ZeroDivisionError

        async with watching(QuotaMonitor(ask, Thresholds(), clock=bench_of().clock)) as events:
            with pytest.raises(ZeroDivisionError):
                await upcoming(events)
