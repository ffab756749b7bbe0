"""Waiting for what is sure to come, for as long as a busy machine takes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds until a test gives up. Only what never comes is waited for so long, so it is no claim about speed."""


async def eventually(met: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Waits until `met` is true, while things still run in the background."""
    async with asyncio.timeout(seconds):
        while not met():  # noqa: ASYNC110  what is waited for knows no events of ours
            await asyncio.sleep(0.005)


def in_time(met: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Waits until `met` is true of what happens in another thread or program; False if it never is."""
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
