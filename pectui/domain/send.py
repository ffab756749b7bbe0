"""A send and what became of it: states, what is known of each recipient, and the record that outlives the receipts.

Nothing here is guessed. A state that rests on counts alone says so (`SendSummary.recipients_known`), and where the
acceptance is missing it is unknown. The words are those of `sends --json`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pectui.domain.belonging import Role
from pectui.domain.dates import code_date, parse_date
from pectui.domain.message import Header
from pectui.domain.receipt import Reason
from pectui.domain.subject import parse_subject


class SendState(StrEnum):
    """What became of a send. The values are the names that `--json` uses."""

    DELIVERED = "delivered"
    """To every certified recipient."""
    PARTIAL = "partial"
    """It failed for some recipients, not for all."""
    FAILED = "failed"
    """For every recipient."""
    LATE = "late"
    """A provider warned after 12 hours; a delivery may still follow."""
    PENDING = "pending"
    """Younger than 24 hours, receipts are missing."""
    INCOMPLETE = "incomplete"
    """Older than 24 hours, receipts are missing."""
    REFUSED = "refused"
    """Not accepted: nothing was sent."""
    UNKNOWN = "unknown"
    """Nobody can tell: the acceptance is not in the mailbox, or what settles it can't be read."""

    @property
    def is_problem(self) -> bool:
        """Whether somebody has to look at it."""
        return self in _PROBLEMS


OPEN_STATES = frozenset({SendState.PENDING, SendState.LATE})
"""States that time alone makes others."""

_PROBLEMS = frozenset(
    {SendState.FAILED, SendState.PARTIAL, SendState.LATE, SendState.INCOMPLETE, SendState.REFUSED}
)


class RecipientState(StrEnum):
    """What became of a send for one recipient. The values are the names that `--json` uses."""

    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    """The send was not accepted."""
    LATE = "late"
    """Warned after 12 hours."""
    ACCEPTED = "accepted"
    """Nothing is known since."""
    NONE_EXPECTED = "none_expected"
    """Ordinary mail: no delivery receipt will ever come."""
    UNKNOWN = "unknown"
    """A receipt came that may be about this recipient, and whom it is about can't be read."""

    @property
    def is_final(self) -> bool:
        """Whether no further receipt is expected."""
        return self in _FINAL


_FINAL = frozenset(
    {
        RecipientState.DELIVERED,
        RecipientState.FAILED,
        RecipientState.REFUSED,
        RecipientState.NONE_EXPECTED,
    }
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a send for one recipient, as read from the receipts' texts by best effort."""

    address: str
    state: RecipientState
    certified: bool | None = None
    """False for ordinary mail; None where no acceptance says."""
    reason: Reason | None = None
    """Why it failed, was refused or is late, in the provider's words."""
    at: datetime | None = None
    """The date of the receipt that says so; None where it has none that can be read."""

    @property
    def mailbox_full(self) -> bool:
        """Whether the recipient's mailbox had no room: worth trying again, unlike a wrong address."""
        return self.reason is not None and self.reason.mailbox_full


@dataclass(frozen=True, slots=True)
class Counts:
    """Receipts of one send by what they say, whoever they are about."""

    accepted: int = 0
    refused: int = 0
    delivered: int = 0
    failed: int = 0
    """Avvisi di mancata consegna that are no time-outs."""
    timeouts: int = 0
    """Of 12 and of 24 hours: their subjects are the same."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.accepted + self.refused + self.delivered + self.failed + self.timeouts

    def covers(self, other: Counts) -> bool:
        """Whether there are at least as many of each as in `other`."""
        return (
            self.accepted >= other.accepted
            and self.refused >= other.refused
            and self.delivered >= other.delivered
            and self.failed >= other.failed
            and self.timeouts >= other.timeouts
        )


@dataclass(frozen=True, slots=True)
class SendRecord:
    """What was learned of a send from the texts of its receipts. It stays when they are deleted."""

    code: str
    subject: str
    """Without prefixes and code, as the service gave it."""
    sent_at: datetime | None
    outcomes: tuple[Outcome, ...]
    """In the acceptance's order; then those whom only other receipts name."""
    recipients_known: bool
    """Whether every acceptance that there was could be read: then nobody is missing in `outcomes`."""
    counts: Counts
    """What the last reading saw."""
    newest_at: datetime | None
    """The newest date among the receipts that were ever read."""
    unplaced: Counts = Counts()
    """Receipts of the last reading that settle something for nobody knows whom: their texts can't be read."""
    refusal: Reason | None = None
    """Why the send was not accepted, in the provider's words."""
    read_at: datetime | None = None

    @property
    def certified(self) -> tuple[Outcome, ...]:
        """The recipients from whom a receipt is expected."""
        return tuple(one for one in self.outcomes if one.certified is not False)

    @property
    def delivered(self) -> int:
        """Recipients that have it, and delivery receipts of nobody knows whom."""
        return self.count(RecipientState.DELIVERED) + self.unplaced.delivered

    @property
    def failed(self) -> int:
        """Recipients that will not get it, and failures of nobody knows whom."""
        return self.count(RecipientState.FAILED) + self.unplaced.failed + self.unplaced.timeouts

    def count(self, state: RecipientState) -> int:
        """For how many recipients this is so."""
        return sum(1 for one in self.outcomes if one.state is state)


@dataclass(frozen=True, slots=True)
class SendSummary:
    """One send at one moment, from what is listed and what was learned."""

    code: str
    header: Header | None = field(repr=False)
    """The message that speaks for it: the first acceptance, if any; None where nothing of it is in the mailbox."""
    role: Role | None
    """What that message is."""
    record: SendRecord | None = field(repr=False)
    """What was learned of it."""
    state: SendState
    accepted: int
    """Acceptances, in the mailbox or read before."""
    delivered: int
    failed: int
    """Failures and time-outs of 24 hours."""
    late: int
    """Warnings after 12 hours that nothing has followed."""
    replies: int
    recipients_known: bool
    """False: the state is provisional, by counts of receipts alone."""
    is_read: bool
    """Whether the texts of all receipts that are listed were read: asking for the send again tells nothing new."""
    message_ids: tuple[int, ...] = ()
    """Receipts and own copies."""
    reply_ids: tuple[int, ...] = ()
    other_ids: tuple[int, ...] = ()
    """What carries the code and is none of these, such as a notice between providers."""

    @property
    def sent_at(self) -> datetime | None:
        """The acceptance's date, else what the code says."""
        if self.header is not None and self.role is Role.ACCEPTANCE:
            date = parse_date(self.header.date)
            if date is not None:
                return date
        if self.record is not None and self.record.sent_at is not None:
            return self.record.sent_at
        return code_date(self.code)

    @property
    def subject(self) -> str:
        """Without prefixes and code, as the service gave it."""
        if self.header is not None:
            return parse_subject(self.header.subject).text
        return self.record.subject if self.record is not None else ""

    @property
    def expected(self) -> int | None:
        """From how many recipients a receipt is expected; None where that is not known."""
        if self.record is None or not self.recipients_known:
            return None
        return len(self.record.certified)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is known of each recipient."""
        return self.record.outcomes if self.record is not None else ()

    @property
    def is_archived(self) -> bool:
        """Whether nothing of it is in the mailbox any more."""
        return self.header is None

    @property
    def is_provisional(self) -> bool:
        """Whether the state may read otherwise once the acceptance's text was read."""
        return not self.recipients_known and self.state not in (SendState.REFUSED, SendState.UNKNOWN)

    @property
    def is_problem(self) -> bool:
        """Whether somebody has to look at it. A failure counts also where the acceptance is missing."""
        return self.state.is_problem or (self.state is SendState.UNKNOWN and bool(self.failed or self.late))
