"""The use of a mailbox watched over time: asked at an interval and when told to, as events.

A question that fails is told and asked again; whoever reads the events decides whether to go on. Offline nobody makes
a monitor.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from pectui.domain.quota import Quota
from pectui.domain.thresholds import Level, Thresholds
from pectui.errors import ConfigError, PectuiError, RateLimitedError, ServiceError

INTERVAL = 15 * 60.0
"""Seconds between two questions, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """The service told how full the mailbox is."""

    at: datetime
    quota: Quota
    level: Level


@dataclass(frozen=True, slots=True)
class Crossed:
    """The mailbox stands otherwise than when it was last known. It follows its `Sampled`."""

    before: Level
    level: Level
    quota: Quota

    @property
    def is_up(self) -> bool:
        """Whether it has become worse."""
        return self.level > self.before


@dataclass(frozen=True, slots=True)
class Unknown:
    """How full the mailbox is could not be told at that time, and why."""

    at: datetime
    reason: str
    """Foreign text, in part."""
    error: PectuiError | None = None
    """None where the service answered, and its figures made no sense."""
    quota: Quota | None = None
    """What of those figures did."""


QuotaEvent = Sampled | Crossed | Unknown


class QuotaMonitor:
    """`ask` asks the service; `before` is how the mailbox stood when it was last known, by whatever program."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[Quota]],
        thresholds: Thresholds,
        *,
        clock: Callable[[], datetime],
        interval: float = INTERVAL,
        before: Level = Level.UNKNOWN,
    ) -> None:
        self._ask = ask
        self._thresholds = thresholds
        self._clock = clock
        self._interval = interval
        self._before = before
        self._told = asyncio.Event()
        self._rests = False

    @property
    def is_resting(self) -> bool:
        """Whether it waits for the next time, and was not told to ask before."""
        return self._rests and not self._told.is_set()

    def ask_now(self) -> None:
        """Has the question asked at once: something was deleted or sent. During a question: once more after it."""
        self._told.set()

    async def run(self) -> AsyncGenerator[QuotaEvent, None]:
        """Asks, waits, asks again, for ever. Cancelling it ends a wait or a question at once."""
        while True:
            self._told.clear()
            pause = self._interval
            try:
                quota = await self._ask()
            except (ServiceError, ConfigError) as error:
                yield Unknown(self._clock(), str(error), error)
                if isinstance(error, RateLimitedError):
                    pause = max(pause, error.retry_after or 0)
            else:
                for event in self._events(quota):
                    yield event
            await self._rest(pause)

    def _events(self, quota: Quota) -> list[QuotaEvent]:
        level, before = self._thresholds.level(quota), self._before
        if level is Level.UNKNOWN:
            return [Unknown(self._clock(), unusable(quota), quota=quota)]
        self._before = level
        events: list[QuotaEvent] = [Sampled(self._clock(), quota, level)]
        if before not in (level, Level.UNKNOWN):
            events.append(Crossed(before, level, quota))
        return events

    async def _rest(self, seconds: float) -> None:
        self._rests = True
        try:
            async with asyncio.timeout(seconds):
                await self._told.wait()
        except TimeoutError:
            pass
        finally:
            self._rests = False


def unusable(quota: Quota) -> str:
    """What is wrong with figures that tell no level."""
    what = "use" if quota.used_bytes is None else "limit"
    return f"the service gave no usable figure for the {what}"
