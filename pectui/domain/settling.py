"""From the texts of a send's receipts to what became of each recipient.

Best effort, and never a guess: a receipt whose text names nobody settles nothing, and leaves in doubt those of whom
nothing else is known. A delivery receipt is proof: it outweighs a failure or a time-out for the same recipient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pectui.domain.dates import code_date
from pectui.domain.kind import Kind
from pectui.domain.message import Message
from pectui.domain.receipt import Reason, ReceiptText
from pectui.domain.send import Counts, Outcome, RecipientState, SendRecord
from pectui.domain.standing import WARNING_BEFORE

_WEIGHTS = {
    RecipientState.DELIVERED: 6,
    RecipientState.FAILED: 5,
    RecipientState.REFUSED: 4,
    RecipientState.LATE: 3,
    RecipientState.NONE_EXPECTED: 2,
    RecipientState.ACCEPTED: 1,
    RecipientState.UNKNOWN: 0,
}
_EXPIRED = Reason("not delivered within 24 hours")
_WARNED = Reason("not delivered within 12 hours; a delivery may still follow")


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """A receipt and what its text says."""

    message: Message
    text: ReceiptText


def settle(code: str, receipts: Iterable[ReadReceipt], *, read_at: datetime) -> SendRecord:
    """What `receipts`, all that there are of the send `code` at this moment, tell."""
    listed = sorted(receipts, key=lambda one: _ORDER.get(one.message.kind, 9))
    acceptances = [one for one in listed if one.message.kind is Kind.ACCEPTANCE]
    dates = [one.message.date for one in listed if one.message.date is not None]
    accepted = [one.message.date for one in acceptances if one.message.date is not None]
    sent_at = min(accepted) if accepted else code_date(code)
    placed = _Placed()
    unplaced: list[ReadReceipt] = []
    for receipt in listed:
        outcomes = _outcomes(receipt, sent_at, refused=not acceptances)
        for outcome in outcomes:
            placed.put(outcome)
        if not outcomes and _settles(receipt, sent_at):
            unplaced.append(receipt)
    known = bool(acceptances) and all(one.text.recipients for one in acceptances)
    refusals = [one for one in listed if one.message.kind is Kind.NON_ACCEPTANCE]
    return SendRecord(
        code=code,
        subject=listed[0].message.subject if listed else "",
        sent_at=sent_at,
        outcomes=placed.outcomes(in_doubt=bool(unplaced)),
        recipients_known=known,
        counts=_counts(listed),
        newest_at=max(dates, default=None),
        unplaced=_counts(unplaced),
        refusal=None if acceptances or not refusals else refusals[0].text.reason,
        read_at=read_at,
    )


def merged(before: SendRecord | None, now: SendRecord) -> SendRecord:
    """What is known after a further reading. Receipts that were read may be gone since: what they said stays."""
    if before is None:
        return now
    placed = _Placed()
    newer = {one.address.casefold(): one for one in now.outcomes}
    for old in before.outcomes:
        fresh = newer.get(old.address.casefold())
        if old.state is RecipientState.UNKNOWN and fresh is not None:
            continue  # what left it in doubt was read again
        placed.put(old)
    for outcome in now.outcomes:
        placed.put(outcome)
    newest = [at for at in (before.newest_at, now.newest_at) if at is not None]
    knows = now if now.counts.accepted or not before.counts.accepted else before
    return replace(
        now,
        subject=now.subject or before.subject,
        sent_at=knows.sent_at or before.sent_at,
        outcomes=placed.outcomes(in_doubt=now.unplaced.total > 0),
        recipients_known=before.recipients_known or now.recipients_known,
        counts=replace(now.counts, accepted=max(before.counts.accepted, now.counts.accepted)),
        newest_at=max(newest, default=None),
        refusal=now.refusal or before.refusal,
    )


class _Placed:
    """Outcomes by address, in the order in which the addresses were first named; the weightier one stays."""

    def __init__(self) -> None:
        self._by_address: dict[str, Outcome] = {}

    def put(self, outcome: Outcome) -> None:
        key = outcome.address.casefold()
        before = self._by_address.get(key)
        if before is None:
            self._by_address[key] = outcome
            return
        heavier = outcome if _WEIGHTS[outcome.state] > _WEIGHTS[before.state] else before
        certified = before.certified if before.certified is not None else outcome.certified
        self._by_address[key] = replace(heavier, address=before.address, certified=certified)

    def outcomes(self, *, in_doubt: bool) -> tuple[Outcome, ...]:
        """All of them; of whom nothing is known is in doubt where a receipt names nobody that can be read."""
        found = self._by_address.values()
        if not in_doubt:
            return tuple(found)
        open_states = (RecipientState.ACCEPTED, RecipientState.LATE)
        return tuple(
            replace(one, state=RecipientState.UNKNOWN) if one.state in open_states else one for one in found
        )


_ORDER = {
    Kind.ACCEPTANCE: 0,
    Kind.NON_ACCEPTANCE: 1,
    Kind.DELIVERY_TIMEOUT: 2,
    Kind.NON_DELIVERY: 3,
    Kind.DELIVERY: 4,
}


def _outcomes(receipt: ReadReceipt, sent_at: datetime | None, *, refused: bool) -> Sequence[Outcome]:
    """What the receipt says of whom; nothing where its text names nobody."""
    kind, text, date = receipt.message.kind, receipt.text, receipt.message.date
    if kind is Kind.ACCEPTANCE:
        return [
            Outcome(
                one.address,
                RecipientState.NONE_EXPECTED if one.certified is False else RecipientState.ACCEPTED,
                one.certified,
                at=date,
            )
            for one in text.recipients
        ]
    if kind is Kind.DELIVERY:
        state, reason = RecipientState.DELIVERED, None
    elif kind is Kind.NON_DELIVERY:
        state, reason = RecipientState.FAILED, text.reason
    elif kind is Kind.NON_ACCEPTANCE:
        state, reason = (RecipientState.REFUSED if refused else RecipientState.FAILED), text.reason
    elif _is_final(receipt, sent_at):
        state, reason = RecipientState.FAILED, text.reason or _EXPIRED
    else:
        state, reason = RecipientState.LATE, text.reason or _WARNED
    if kind is not Kind.NON_ACCEPTANCE and len(text.recipients) > 1:
        return ()  # these are about one recipient each: a text that names several is none that can be read
    return [Outcome(one.address, state, one.certified, reason, date) for one in text.recipients]


def _settles(receipt: ReadReceipt, sent_at: datetime | None) -> bool:
    """Whether the receipt is the last word on somebody."""
    kind = receipt.message.kind
    return kind is not Kind.ACCEPTANCE and (kind is not Kind.DELIVERY_TIMEOUT or _is_final(receipt, sent_at))


def _is_final(receipt: ReadReceipt, sent_at: datetime | None) -> bool:
    """Whether a time-out is the one of 24 hours: its text says so, else how old the send was."""
    hours = receipt.text.final_hours
    if hours is not None:
        return hours == 24
    date = receipt.message.date
    return date is not None and sent_at is not None and date - sent_at >= WARNING_BEFORE


def _counts(receipts: Sequence[ReadReceipt]) -> Counts:
    kinds = [one.message.kind for one in receipts]
    return Counts(
        kinds.count(Kind.ACCEPTANCE),
        kinds.count(Kind.NON_ACCEPTANCE),
        kinds.count(Kind.DELIVERY),
        kinds.count(Kind.NON_DELIVERY),
        kinds.count(Kind.DELIVERY_TIMEOUT),
    )
