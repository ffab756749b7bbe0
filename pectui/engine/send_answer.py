"""What an error says about the message that was being sent: surely not sent, refused, or nobody knows.

`POST /send` is never tried again while a try may have done something. Only these say that nothing was sent: no byte
left, a 429, a 401, 402 or 403, and an answer of the service itself that names what is wrong with the request. A 500
may have come before the deed or after it (`MySQL Error N`), and so may everything that is no answer at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pectui.engine.steps import lowered
from pectui.errors import (
    PectuiError,
    RateLimitedError,
    RefusedError,
    RejectedError,
    RelayError,
    ServiceError,
    UnreachableError,
    UsageError,
)

_NOT_THE_SERVICE = frozenset({404, 405, 407, 410, 421, 451})
"""Whoever says this doesn't know the request: it would say so of every message."""
_NO_ANSWER = frozenset({408, 409, 425, 499})
"""4xx that may come in the middle of something."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one POST, and what the job does now."""

    word: Literal["refused", "unknown", "not_sent"]
    """As the journal calls it."""
    reason: str
    code: str | None = None
    stops: PectuiError | None = None
    """Why no other message would fare better, if so."""
    wait: float | None = None
    """Seconds until the message may be tried again; None: not by itself."""


def verdict(error: ServiceError | UsageError, tried: int, *, unnamed_wait: float = 2.0) -> Verdict:
    """What `error` says. `tried` is how often the message was tried before without being sent."""
    reason = lowered(str(error))
    if isinstance(error, UsageError):
        return Verdict("not_sent", reason, stops=error)  # no host can have that name
    if isinstance(error, RateLimitedError):
        wait = unnamed_wait if error.retry_after is None else error.retry_after
        return Verdict("not_sent", reason, wait=wait, stops=error)
    if isinstance(error, RefusedError):
        return Verdict("not_sent", reason, stops=error)
    if isinstance(error, UnreachableError):
        if error.maybe_done:
            return Verdict("unknown", reason)
        return Verdict("not_sent", reason, wait=float(2**tried), stops=error)
    if isinstance(error, RelayError):
        return Verdict("refused", reason, error.code)
    if isinstance(error, RejectedError):
        return _rejected(error, reason)
    return Verdict("unknown", reason)


def _rejected(error: RejectedError, reason: str) -> Verdict:
    if error.status >= 500 or error.status in _NO_ANSWER or (error.code and error.status < 300):
        return Verdict("unknown", reason, error.code)
    if error.status in _NOT_THE_SERVICE:
        return Verdict("not_sent", reason, stops=error)
    return Verdict("refused", reason, error.code)
