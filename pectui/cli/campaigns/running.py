"""A campaign being sent, as the command line follows it: how far, how fast, how long yet, what it has cost so far."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from pectui.cli.deleting.running import Interruption
from pectui.cli.output import say
from pectui.cli.progress import ProgressLine
from pectui.domain.cost import STANDARD_PRICE, cost_of, cost_words
from pectui.engine.send_events import Finished, SendEvent, SendOutcome, Sent, Waiting

_FEW = 3
"""Sends after which a rate says something."""


class Pace:
    """What was sent, and since when."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._clock = clock
        self._began = clock()
        self.sent = 0

    def words(self) -> str:
        """`12 of 300 sent (4%), 1.0 a second, 4 min 48 s left, 0.60 EUR so far`."""
        told = [f"{self.sent:,} of {self._total:,} sent ({100 * self.sent // max(self._total, 1)}%)"]
        passed = self._clock() - self._began
        if self.sent >= _FEW and passed > 0:
            rate = self.sent / passed
            told += [f"{rate:.1f} a second", f"{duration((self._total - self.sent) / rate)} left"]
        return ", ".join((*told, f"{cost_words(cost_of(self.sent, STANDARD_PRICE))} so far"))


def duration(seconds: float) -> str:
    """`45 s`, `4 min 5 s`, `2 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


async def follow(
    begin: Callable[[Callable[[], bool]], AsyncIterator[SendEvent]],
    total: int,
    interruption: Interruption,
    *,
    as_json: bool,
) -> SendOutcome | None:
    """Sends to the end, also after the first interruption; None where the second one broke it off.

    `begin` is told how to learn that it is to stop after the message in hand.
    """
    with ProgressLine.on_stderr(as_json=as_json) as line:
        interruption.listen(line)
        pace = Pace(total)
        try:
            job = begin(lambda: interruption.came)
            assert isinstance(job, AsyncGenerator)
            async with aclosing(job):
                async for event in job:
                    if isinstance(event, Finished):
                        return event.outcome
                    if isinstance(event, Waiting):
                        line.clear()
                        say(f"pectui: {event.reason}; trying again in {duration(event.seconds)}")
                    pace.sent += isinstance(event, Sent)
                    line.show(pace.words())
        except asyncio.CancelledError:
            if not interruption.came:
                raise
            return None
    raise AssertionError("a job ends with its outcome")
