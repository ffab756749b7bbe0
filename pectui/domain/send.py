"""A send and what became of it: states, what is known of each recipient, and the record that outlives the receipts.

Nothing here is guessed. A state that rests on counts alone says so (`SendSummary.recipients_known`), and where the
acceptance is missing it is unknown. The words are those of `sends --json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Literal

from pectui.domain.belonging import Role
from pectui.domain.dates import code_date, parse_date
from pectui.domain.kind import Kind
from pectui.domain.message import Header
from pectui.domain.receipt import Reason, ReceiptRecipient
from pectui.domain.subject import fold_blanks, parse_subject

_CLOCKS_DIFFER = timedelta(days=2)
"""No clock and no zone is further off than this: a date that is says nothing about when something was sent."""


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

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.accepted + other.accepted,
            self.refused + other.refused,
            self.delivered + other.delivered,
            self.failed + other.failed,
            self.timeouts + other.timeouts,
        )


@dataclass(frozen=True, slots=True)
class SeenReceipt:
    """A receipt whose text was read: what it is recognised by, and what it said."""

    key: str
    """`receipt_key` of its header."""
    text: str
    """A digest of its text: what tells twins apart."""
    kind: Kind
    at: datetime | None
    recipients: tuple[ReceiptRecipient, ...] = ()
    """Whom its text names; nobody where that could not be read."""
    complete: bool = True
    """False where more are named than could be read."""
    reason: Reason | None = None
    hours: Literal[12, 24] | None = None
    """Of a time-out: after how many hours it says that it was written."""


def receipt_key(date: str, subject: str) -> str:
    """What a receipt is recognised by in a listing and in `GET /send/{code}` alike: its moment and its subject.

    Twins share it. Senders and recipients say nothing more, and the two operations may write them differently.
    """
    moment = parse_date(date)
    written = fold_blanks(date) if moment is None else str(moment.timestamp())
    return blake2b(f"{written}\n{fold_blanks(subject)}".encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class SendRecord:
    """What was learned of a send from the texts of its receipts. It stays when they are deleted.

    Made by `settling.settled`: all but `receipts` and `read_at` follows from the receipts.
    """

    code: str
    subject: str
    """Without prefixes and code, as the service gave it."""
    receipts: tuple[SeenReceipt, ...]
    """Every receipt that was ever read, in an order of its own."""
    read_at: datetime | None
    """When the service was last asked."""
    sent_at: datetime | None = None
    outcomes: tuple[Outcome, ...] = ()
    """In the acceptance's order; then those whom only other receipts name."""
    recipients_known: bool = False
    """Whether there was an acceptance, and each of them could be read to its last recipient."""
    counts: Counts = Counts()
    """Of the receipts that were ever read."""
    unplaced: Counts = Counts()
    """Those of them whose text names nobody that can be read."""
    late_unplaced: int = 0
    """The warnings among the unplaced time-outs: `failed` counts the others."""
    refusal: Reason | None = None
    """Why the send was not accepted, in the provider's words."""

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
        unplaced = self.unplaced.failed + self.unplaced.timeouts - self.late_unplaced
        return self.count(RecipientState.FAILED) + unplaced

    @property
    def late(self) -> int:
        """Recipients that nothing was heard of since the warning, and warnings of nobody knows whom."""
        return self.count(RecipientState.LATE) + self.late_unplaced

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
    """False: the state rests on counts of receipts alone."""
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
            return sent_at(self.code, [parse_date(self.header.date)])
        return self.record.sent_at if self.record is not None else code_date(self.code)

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
        """Whether the state may read otherwise once all texts were read."""
        surely = self.recipients_known and self.is_read
        return not surely and self.state not in (SendState.REFUSED, SendState.UNKNOWN)

    @property
    def is_problem(self) -> bool:
        """Whether somebody has to look at it. A failure counts also where the acceptance is missing."""
        return self.state.is_problem or (self.state is SendState.UNKNOWN and bool(self.failed or self.late))


def sent_at(code: str, acceptances: Iterable[datetime | None]) -> datetime | None:
    """When a send went out: the first acceptance's date, unless the code says something quite different."""
    told = code_date(code)
    for date in sorted(date for date in acceptances if date is not None):
        if told is None or abs(date - told) < _CLOCKS_DIFFER:
            return date
    return told
