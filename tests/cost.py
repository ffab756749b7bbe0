"""What something costs in processor time, told from what only came on top of it."""

from __future__ import annotations

import time
from collections.abc import Callable

_TRIES = 5


def least_cost(work: Callable[[], object], limit: float) -> float:
    """Seconds of processor time that `work` takes: the first try below `limit`, else the least of five.

    One try may cost more than the work does: the garbage of all the tests before it is collected meanwhile, or a
    neighbour empties the processor's caches. None costs less.
    """
    tries: list[float] = []
    while len(tries) < _TRIES and min(tries, default=limit) >= limit:
        begun = time.process_time()
        work()
        tries.append(time.process_time() - begun)
    return min(tries)
