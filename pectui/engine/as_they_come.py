"""Several things done at once, told as each is done; what was begun is seen to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def as_they_come(
    do: Callable[[Item], Coroutine[Any, Any, Result]],
    following: Callable[[], Item | None],
    at_once: int,
    *,
    patience: float = 0.0,
) -> AsyncGenerator[tuple[Item, Result], None]:
    """What `do` gives for each that `following` names, with its name, at most `at_once` under way.

    It is asked for a name whenever there is room, again after it said None. What is under way when the reader stops
    or is cancelled has `patience` seconds to end by itself before it is cancelled.
    """
    running: dict[asyncio.Task[Result], Item] = {}
    try:
        while True:
            while len(running) < at_once and (item := following()) is not None:
                running[asyncio.create_task(do(item))] = item
            if not running:
                return
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield running.pop(task), task.result()
    finally:
        if running:
            if patience:
                await asyncio.wait(running, timeout=patience)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
