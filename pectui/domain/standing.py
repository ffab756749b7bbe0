"""The state of a send: from counts while nobody knows its recipients, then from what became of each of them.

Rules: the receipts' meaning is that of RFC 6109; the order in which states are tried is ours: a failure is told as
soon as there is one, since nothing that follows takes it away. How old a send is tells apart only what is still open.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pectui.domain.send import OPEN_STATES, Counts, RecipientState, SendRecord, SendState

FINAL_AFTER = timedelta(hours=24)
"""After this long a provider says that it gave up (RFC 6109, 3.3.2.1)."""

WARNING_BEFORE = timedelta(hours=18)
"""A time-out that was written sooner after the send is the warning of 12 hours, else the final one."""


def state_by_counts(counts: Counts, failed: int, late: int) -> SendState:
    """The provisional state: nobody knows how many recipients there were.

    `failed` are failures and final time-outs, `late` warnings that nothing has followed.
    """
    if not counts.accepted:
        return SendState.REFUSED if counts.refused else SendState.UNKNOWN
    if failed or counts.refused:
        nobody_else = failed + counts.refused >= counts.accepted and not counts.delivered
        return SendState.FAILED if nobody_else else SendState.PARTIAL
    if late:
        return SendState.LATE
    return SendState.DELIVERED if counts.delivered >= counts.accepted else SendState.PENDING


def state_by_expected(
    expected: int, delivered: int, failed: int, late: int, *, in_doubt: bool = False
) -> SendState:
    """The state where `expected` recipients are to be delivered to.

    `in_doubt`: of some of them a receipt came that can't be read, and nobody knows which.
    """
    if failed:
        return SendState.FAILED if failed >= expected and not delivered else SendState.PARTIAL
    if not expected:
        return SendState.UNKNOWN  # ordinary mail: it went out, and nothing will ever tell what became of it
    if delivered >= expected:
        return SendState.DELIVERED
    if in_doubt:
        return SendState.UNKNOWN
    return SendState.LATE if late else SendState.PENDING


def state_by_record(record: SendRecord) -> SendState:
    """The state where all receipts were read and every recipient is known."""
    certified = record.certified
    delivered = sum(1 for one in certified if one.state is RecipientState.DELIVERED)
    in_doubt = any(one.state is RecipientState.UNKNOWN for one in certified)
    late = record.count(RecipientState.LATE)
    return state_by_expected(len(certified), delivered, record.failed, late, in_doubt=in_doubt)


def aged(state: SendState, sent_at: datetime | None, now: datetime) -> SendState:
    """What is open still is so for a day, then receipts are missing. A send of no known time is old."""
    if state not in OPEN_STATES or (sent_at is not None and now - sent_at < FINAL_AFTER):
        return state
    return SendState.INCOMPLETE
