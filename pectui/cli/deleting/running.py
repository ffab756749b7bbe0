"""A job as the command line runs it: followed to its end with its progress, and stopped by Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from pectui.cli.output import say
from pectui.cli.progress import ProgressLine
from pectui.engine.outcome import (
    AlreadyGone,
    Deleted,
    DeleteEvent,
    DeleteOutcome,
    Failed,
    Finished,
    ItemEvent,
    Refused,
    Started,
    outcome_of,
)

_BROKEN_OFF = "unknown: the job was broken off; its journal tells whether this was begun"


@dataclass(frozen=True, slots=True)
class Course:
    """A job to be run: `begin` is told how to learn that it is to stop, and gives its events."""

    begin: Callable[[Callable[[], bool]], Awaitable[AsyncIterator[DeleteEvent]]]
    ids: Sequence[int]
    """What is to be done."""
    settled: Iterable[ItemEvent] = ()
    """What is known before it begins."""
    job: str | None = None
    """Its name, where it has one already."""


class Interruption:
    """Ctrl-C and SIGTERM while messages are being deleted: what is in hand is seen to its end, then the job stops.

    What a DELETE did is only known after the look that follows it. A second signal doesn't wait for that.
    """

    def __init__(self) -> None:
        self.status = 0
        """130 or 143 once somebody interrupted, as a shell would say it."""

    @property
    def came(self) -> bool:
        return self.status != 0

    def listen(self, line: ProgressLine) -> None:
        """From now on signals come here; `line` makes room for what is said."""
        task = asyncio.current_task()
        assert task is not None

        def interrupted(number: int) -> None:
            if self.came:
                task.cancel()
                return
            self.status = 128 + number
            line.clear()
            say("pectui: stopping after what is in hand. Once more to break it off.")

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, interrupted, number)


async def carry_out(course: Course, interruption: Interruption, *, as_json: bool) -> DeleteOutcome:
    """Runs the job to its end, also after the first interruption; the second one breaks it off."""
    events: list[DeleteEvent] = []
    with ProgressLine.on_stderr(as_json=as_json) as line:
        interruption.listen(line)
        try:
            job = await course.begin(lambda: interruption.came)
            assert isinstance(job, AsyncGenerator)
            # What the job has to put in order at its end is done before the session is closed.
            async with aclosing(job):
                async for event in job:
                    if isinstance(event, Finished):
                        return event.outcome
                    events.append(event)
                    line.show(_words(events))
        except asyncio.CancelledError:
            if not interruption.came:
                raise
            return _broken_off(course, events)
    raise AssertionError("a job ends with its outcome")


def _words(events: Sequence[DeleteEvent]) -> str:
    total = next((event.total for event in events if isinstance(event, Started)), 0)
    done = len(events) - 1
    return f"{done} of {total} messages ({100 * done // max(total, 1)}%)"


def _broken_off(course: Course, events: Iterable[DeleteEvent]) -> DeleteOutcome:
    """What the job's events told before nobody waited for it any more."""
    told = {event.id: event for event in course.settled}
    job = course.job
    for event in events:
        if isinstance(event, Started):
            job = event.job
        elif isinstance(event, Deleted | AlreadyGone | Refused | Failed):
            told[event.id] = event
    for message_id in course.ids:
        told.setdefault(message_id, Failed(message_id, _BROKEN_OFF))
    return replace(outcome_of(told.values(), job), cancelled=True)
