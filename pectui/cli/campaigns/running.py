"""A campaign being sent, as the command line follows it: how far, how fast, how long yet, what it has cost so far."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal

from pectui.cli.deleting.running import Interruption
from pectui.cli.output import say
from pectui.cli.progress import ProgressLine
from pectui.domain.cost import cost_of, cost_words
from pectui.engine.send_events import Finished, SendEvent, SendOutcome, SendState, Sent, Unsent, Waiting

_FEW = 3
"""Sends after which a rate says something."""


class Pace:
    """What was sent, and since when."""

    def __init__(
        self, total: int, price: Decimal | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._price = price
        self._clock = clock
        self._first = clock()
        self.sent = 0

    def step(self) -> None:
        """One more was sent."""
        if not self.sent:
            self._first = self._clock()
        self.sent += 1

    def words(self) -> str:
        """`12 of 300 sent (4%), 1.0 a second, 4 min 48 s left, 0.60 EUR so far`."""
        told = [f"{self.sent:,} of {self._total:,} sent ({100 * self.sent // max(self._total, 1)}%)"]
        passed = self._clock() - self._first
        if self.sent >= _FEW and passed > 0:
            rate = (self.sent - 1) / passed  # the first one waits for nobody
            told += [f"{rate:.1f} a second", f"{duration((self._total - self.sent) / rate)} left"]
        return ", ".join((*told, f"{cost_words(cost_of(self.sent, self._price))} so far"))


def duration(seconds: float) -> str:
    """`45 s`, `4 min 5 s`, `2 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@dataclass(slots=True)
class Followed:
    """What a run told."""

    outcome: SendOutcome | None = None
    """None where it was broken off."""
    failures: dict[int, str] = field(default_factory=dict)
    """Why messages were not even tried, by their number in the run, from 1."""


async def follow(
    begin: Callable[[Callable[[], bool]], AsyncIterator[SendEvent]],
    pace: Pace,
    interruption: Interruption,
    *,
    as_json: bool,
) -> Followed:
    """Sends to the end, also after the first interruption; the second one breaks it off.

    `begin` is told how to learn that it is to stop after the message in hand.
    """
    told = Followed()
    with ProgressLine.on_stderr(as_json=as_json) as line:
        interruption.listen(line)
        try:
            job = begin(lambda: interruption.came)
            assert isinstance(job, AsyncGenerator)
            async with aclosing(job):
                async for event in job:
                    if isinstance(event, Finished):
                        told.outcome = event.outcome
                    if isinstance(event, Waiting):
                        line.clear()
                        say(f"pectui: {event.reason}; trying again in {duration(event.seconds)}")
                    if isinstance(event, Unsent) and event.state is SendState.FAILED:
                        told.failures[event.number] = event.reason
                    if isinstance(event, Sent):
                        pace.step()
                    line.show(pace.words())
        except asyncio.CancelledError:
            if not interruption.came:
                raise
    return told
