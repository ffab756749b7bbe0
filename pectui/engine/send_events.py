"""What sending does and how it ends: events as they come, and the numbers at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pectui.errors import PectuiError


class SendState(StrEnum):
    """How one message stands. The values are the names that `--json` uses."""

    PENDING = "pending"
    """Surely not sent: it may be tried."""
    SENT = "sent"
    """The service took it, or its acceptance is in the inbox."""
    UNKNOWN = "unknown"
    """It may have been sent: nobody heard. Only the inbox can tell, and only that it was."""
    REFUSED = "refused"
    """The service would not take it: it was not sent."""
    FAILED = "failed"
    """It was never tried, for a reason on this side, such as a file that has changed since it was checked."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The job is journalled and begins."""

    job: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Turn:
    """The message waits for its turn, and goes out unless somebody cancels now. `number` counts from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The message was surely not sent yet; it is tried again after so many seconds."""

    number: int
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The service took it. `code` is None where it named none."""

    number: int
    code: str | None
    count: int | None
    """To how many recipients, as the service says; None where it doesn't."""
    wanted: int
    """To how many it was to go."""

    @property
    def is_short(self) -> bool:
        """Whether the service says that it went to fewer than it was to go."""
        return self.count is not None and self.count < self.wanted


@dataclass(frozen=True, slots=True)
class Unsent:
    """The message did not go out, or nobody knows (`state`), and why in words for a person.

    A code next to it is the service's own: it may name one also where it refuses.
    """

    number: int
    state: SendState
    reason: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Nothing was tried: the same content is known to be sent, or may be, by an earlier run or another program."""

    number: int
    state: SendState
    code: str | None
    job: str
    at: datetime
    """When it was posted."""
    reason: str = ""
    is_under_way: bool = False
    """Whether another program waits for the answer at this moment."""


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """How a job ended: every message counts in exactly one number."""

    rows: int
    sent: int = 0
    pending: int = 0
    unknown: int = 0
    failed: int = 0
    refused: int = 0
    job: str | None = None
    cancelled: bool = False
    stopped_by: PectuiError | None = None
    """Why the job ended before its end, if it did."""

    @property
    def complete(self) -> bool:
        return self.sent == self.rows

    def as_json(self) -> dict[str, int]:
        """The document that `campaign --json` promises."""
        names = ("rows", "sent", "pending", "unknown", "failed", "refused")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event."""

    outcome: SendOutcome


Settled = Sent | Unsent | Known
"""What became of a message. There is one of these for each that was come to, and it is the last one about it."""
SendEvent = Begun | Turn | Waiting | Settled | Finished


def outcome_of(events: Iterable[SendEvent], total: int, job: str | None = None) -> SendOutcome:
    """The numbers in which a job's events end; what was not come to is pending."""
    states = Counter(state_of(event) for event in events if isinstance(event, Settled))
    untouched = total - sum(states.values())
    return SendOutcome(
        rows=total,
        sent=states[SendState.SENT],
        pending=states[SendState.PENDING] + untouched,
        unknown=states[SendState.UNKNOWN],
        failed=states[SendState.FAILED],
        refused=states[SendState.REFUSED],
        job=job,
    )


def state_of(event: Settled) -> SendState:
    """How the message stands after it."""
    return SendState.SENT if isinstance(event, Sent) else event.state
