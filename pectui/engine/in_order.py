"""Several pages asked for at once, given in the order in which they were wanted."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable

from pectui.domain.message import Listing

_AHEAD = 4
"""Pages that may wait for a slow one before them, in multiples of those asked for at once."""

_QUEUED = 2
"""The client lets no more through at once than it is told; a second row waits there, so that taking one answer apart
doesn't keep the next question waiting."""


async def in_order(
    ask: Callable[[int], Awaitable[Listing]], following: Callable[[], int | None], at_once: int
) -> AsyncGenerator[tuple[int, Listing], None]:
    """The pages that `following` names; the client has at most `at_once` of them in flight.

    It is asked for a number whenever there is room, once more after it said None: reading a page may show that there
    are more. What is still in flight when the reader stops is cancelled.
    """
    room = asyncio.Semaphore(at_once * _QUEUED)
    waiting: deque[tuple[int, asyncio.Task[Listing]]] = deque()

    async def asked(number: int) -> Listing:
        async with room:
            return await ask(number)

    try:
        while True:
            while len(waiting) < at_once * _AHEAD and (number := following()) is not None:
                waiting.append((number, asyncio.create_task(asked(number))))
            if not waiting:
                return
            number, task = waiting[0]
            listing = await task
            waiting.popleft()
            yield number, listing
    finally:
        for _, task in waiting:
            task.cancel()
        await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)
