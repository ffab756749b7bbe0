"""From the texts of a send's receipts to what became of each recipient.

Best effort, and never a guess: a receipt whose text names nobody settles nothing, and leaves in doubt those of whom
nothing else is known. A delivery receipt is proof: it outweighs a failure or a time-out for the same recipient.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from pectui.domain.kind import Kind
from pectui.domain.message import Message
from pectui.domain.receipt import Reason, ReceiptText
from pectui.domain.send import (
    Counts,
    Outcome,
    RecipientState,
    SeenReceipt,
    SendRecord,
    receipt_key,
    sent_at,
)
from pectui.domain.standing import is_early_notice, is_refused, is_warning

_WEIGHTS = {
    RecipientState.DELIVERED: 6,
    RecipientState.FAILED: 5,
    RecipientState.REFUSED: 4,
    RecipientState.LATE: 3,
    RecipientState.NONE_EXPECTED: 2,
    RecipientState.ACCEPTED: 1,
    RecipientState.UNKNOWN: 0,
}
EXPIRED = Reason("not delivered within 24 hours")
WARNED = Reason("not delivered within 12 hours; a delivery may still follow")
"""What time-outs say, in our words."""
_ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """A receipt and what its text says."""

    message: Message
    text: ReceiptText
    body: str = ""
    """As it came: twins differ in nothing else."""


def settle(code: str, receipts: Iterable[ReadReceipt], *, read_at: datetime) -> SendRecord:
    """What `receipts`, all that there are of the send `code` at this moment, tell."""
    listed = list(receipts)
    subject = listed[0].message.subject if listed else ""
    return settled(code, subject, [_seen(one) for one in listed], read_at)


def merged(before: SendRecord | None, now: SendRecord) -> SendRecord:
    """What both know, in whatever order they were read: each receipt that either has seen, once."""
    if before is None:
        return now
    known, other = Counter(before.receipts), Counter(now.receipts)
    times = [at for at in (before.read_at, now.read_at) if at is not None]
    together = list((known | other).elements())
    return settled(now.code, now.subject or before.subject, together, max(times, default=None))


def settled(code: str, subject: str, receipts: Iterable[SeenReceipt], read_at: datetime | None) -> SendRecord:
    """The record of a send of which these receipts were read."""
    seen = sorted(receipts, key=_place)
    acceptances = [one for one in seen if one.kind is Kind.ACCEPTANCE]
    sent = sent_at(code, (one.at for one in acceptances))
    counts = _counts(seen)
    placed = _Placed()
    unplaced: list[SeenReceipt] = []
    for receipt in seen:
        outcomes = _outcomes(receipt, sent, refused=is_refused(counts))
        for outcome in outcomes:
            placed.put(outcome)
        if not outcomes:
            unplaced.append(receipt)
    warnings = [one for one in unplaced if _is_unread_warning(one, sent)]
    refusals = [one.reason for one in seen if one.kind is Kind.NON_ACCEPTANCE and one.reason is not None]
    # An acceptance settles nothing, nor does a warning: only the last word on somebody leaves others in doubt.
    in_doubt = any(one.kind is not Kind.ACCEPTANCE and one not in warnings for one in unplaced)
    return SendRecord(
        code=code,
        subject=subject,
        receipts=tuple(seen),
        read_at=read_at,
        sent_at=sent,
        outcomes=placed.outcomes(in_doubt=in_doubt),
        recipients_known=bool(acceptances) and all(one.recipients and one.complete for one in acceptances),
        counts=counts,
        unplaced=_counts(unplaced),
        late_unplaced=len(warnings),
        refusal=refusals[0] if refusals and is_refused(counts) else None,
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
        """All of them; of whom nothing final is known is in doubt where a receipt names nobody that can be read."""
        found = self._by_address.values()
        if not in_doubt:
            return tuple(found)
        open_states = (RecipientState.ACCEPTED, RecipientState.LATE)
        return tuple(
            replace(one, state=RecipientState.UNKNOWN) if one.state in open_states else one for one in found
        )


def _seen(receipt: ReadReceipt) -> SeenReceipt:
    message, text = receipt.message, receipt.text
    early = message.kind is Kind.DELIVERY_TIMEOUT and is_early_notice(message.header.subject)
    several = message.kind not in (Kind.ACCEPTANCE, Kind.NON_ACCEPTANCE) and len(text.recipients) > 1
    return SeenReceipt(
        key=receipt_key(message.header.date, message.header.subject),
        text=blake2b(receipt.body.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest(),
        kind=message.kind,
        at=message.date,
        # All but these are about one recipient each: a text that names several is none that can be read.
        recipients=() if several else text.recipients,
        complete=text.complete,
        reason=text.reason,
        hours=12 if early else text.final_hours,
    )


def _outcomes(receipt: SeenReceipt, sent: datetime | None, *, refused: bool) -> Sequence[Outcome]:
    """What the receipt says of whom; nothing where its text names nobody."""
    kind = receipt.kind
    if kind is Kind.ACCEPTANCE:
        return [
            Outcome(
                one.address,
                RecipientState.NONE_EXPECTED if one.certified is False else RecipientState.ACCEPTED,
                one.certified,
                at=receipt.at,
            )
            for one in receipt.recipients
        ]
    reason = receipt.reason
    if kind is Kind.DELIVERY:
        state, reason = RecipientState.DELIVERED, None
    elif kind is Kind.NON_DELIVERY:
        state = RecipientState.FAILED
    elif kind is Kind.NON_ACCEPTANCE:
        state = RecipientState.REFUSED if refused else RecipientState.FAILED
    elif is_warning(receipt.hours, receipt.at, sent):
        state, reason = RecipientState.LATE, reason or WARNED
    else:
        state, reason = RecipientState.FAILED, reason or EXPIRED
    return [Outcome(one.address, state, one.certified, reason, receipt.at) for one in receipt.recipients]


def _is_unread_warning(receipt: SeenReceipt, sent: datetime | None) -> bool:
    return receipt.kind is Kind.DELIVERY_TIMEOUT and is_warning(receipt.hours, receipt.at, sent)


def _place(receipt: SeenReceipt) -> tuple[int, float, str, str]:
    """Acceptances first, whose recipients' order counts; the rest so that the same receipts give the same record."""
    return (
        _ORDER.index(receipt.kind),
        receipt.at.timestamp() if receipt.at is not None else 0.0,
        receipt.key,
        receipt.text,
    )


def _counts(receipts: Sequence[SeenReceipt]) -> Counts:
    kinds = [one.kind for one in receipts]
    return Counts(
        kinds.count(Kind.ACCEPTANCE),
        kinds.count(Kind.NON_ACCEPTANCE),
        kinds.count(Kind.DELIVERY),
        kinds.count(Kind.NON_DELIVERY),
        kinds.count(Kind.DELIVERY_TIMEOUT),
    )
