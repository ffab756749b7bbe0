"""Several questions asked at once, their answers given in the order in which they were wanted."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

Name = TypeVar("Name")
Answer = TypeVar("Answer")

_AHEAD = 4
"""Answers that may wait for a slow one before them, in multiples of those asked for at once."""

_QUEUED = 2
"""The client lets no more through at once than it is told; a second row waits there, so that taking one answer apart
doesn't keep the next question waiting."""


async def in_order(
    ask: Callable[[Name], Awaitable[Answer]], following: Callable[[], Name | None], at_once: int
) -> AsyncGenerator[tuple[Name, Answer], None]:
    """What `ask` says of each that `following` names, with its name; the client has at most `at_once` in flight.

    It is asked for a name whenever there is room, once more after it said None: reading a page may show that there
    are more. What is still in flight when the reader stops is cancelled.
    """
    room = asyncio.Semaphore(at_once * _QUEUED)
    waiting: deque[tuple[Name, asyncio.Task[Answer]]] = deque()

    async def asked(name: Name) -> Answer:
        async with room:
            return await ask(name)

    try:
        while True:
            while len(waiting) < at_once * _AHEAD and (name := following()) is not None:
                waiting.append((name, asyncio.create_task(asked(name))))
            if not waiting:
                return
            name, task = waiting[0]
            answer = await task
            waiting.popleft()
            yield name, answer
    finally:
        for _, task in waiting:
            task.cancel()
        await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)
