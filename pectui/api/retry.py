"""Asking again, for questions that change nothing, as long as a person would wait.

stamina does the waiting. It is loaded only once a first try has failed: it takes longer to load than the
demo's first answer takes to come.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from pectui.api.answers import UnreadableError
from pectui.api.exchange import UntrustedError
from pectui.api.refusals import UnavailableError
from pectui.errors import RateLimitedError, ServiceError, UnreachableError

T = TypeVar("T")
_PASSING = frozenset({500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long. All times are in seconds.

    No try begins later than `budget` after the first one began. A pause is `first_pause`, doubled each time,
    with up to `jitter` at random, and never more than `longest_pause`; a `Retry-After` takes its place, and
    where that would go beyond the budget the error is given at once.
    """

    tries: int = 4
    budget: float = 30.0
    first_pause: float = 0.5
    longest_pause: float = 4.0
    jitter: float = 1.0


NO_RETRIES = RetryPolicy(tries=1)


def is_passing(error: BaseException) -> bool:
    """True for what may be over in a moment: no connection, too many requests, 500 to 504, broken JSON."""
    if isinstance(error, UntrustedError):
        return False
    if isinstance(error, UnavailableError):
        return error.status in _PASSING
    return isinstance(error, (UnreachableError, RateLimitedError, UnreadableError))


async def ask_repeatedly(ask: Callable[[int], Awaitable[T]], policy: RetryPolicy) -> T:
    """`ask(1)`, and again with 2, 3, … while it fails with what may pass. The last error is let through."""
    deadline = time.monotonic() + policy.budget
    try:
        return await ask(1)
    except ServiceError as error:
        if policy.tries <= 1 or not is_passing(error):
            raise
        failed = error
    return await _ask_again(ask, policy, deadline, failed)


async def _ask_again(
    ask: Callable[[int], Awaitable[T]], policy: RetryPolicy, deadline: float, failed: ServiceError
) -> T:
    import stamina
    from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

    if get_on_retry_hooks():
        # By default it would announce each retry on stderr, in the middle of the screen.
        set_on_retry_hooks(())

    def pause_after(error: Exception) -> bool | float:
        """Seconds that the service asked for, True for stamina's own pause, False for no further try."""
        left = deadline - time.monotonic()
        if not is_passing(error):
            return False
        asked = error.retry_after if isinstance(error, (RateLimitedError, UnavailableError)) else None
        if asked is None:
            return left > policy.longest_pause
        return asked if asked < left else False

    attempts = stamina.retry_context(
        on=pause_after,
        attempts=policy.tries,
        timeout=None,
        wait_initial=policy.first_pause,
        wait_max=policy.longest_pause,
        wait_jitter=policy.jitter,
    )
    async for attempt in attempts:
        with attempt:
            if attempt.num == 1:
                # The first try was made before stamina was there: it only learns how that ended.
                raise failed
            return await ask(attempt.num)
    raise failed
