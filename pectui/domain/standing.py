"""The state of a send: from counts while nobody knows its recipients, then from what became of each of them.

Rules: the receipts' meaning is that of RFC 6109; the order in which states are tried is ours: a failure is told as
soon as there is one, since nothing that follows takes it away. How old a send is tells apart only what is still open.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pectui.domain.send import OPEN_STATES, Counts, RecipientState, SendRecord, SendState
from pectui.domain.subject import parse_subject

FINAL_AFTER = timedelta(hours=24)
"""After this long a provider says that it gave up (RFC 6109, 3.3.2.1)."""

WARNING_BEFORE = timedelta(hours=18)
"""A time-out that was written sooner after the send is the warning of 12 hours, else the final one."""


def state_by_counts(counts: Counts, failed: int, late: int) -> SendState:
    """The provisional state: nobody knows how many recipients there were.

    `failed` are failures and final time-outs, `late` warnings that nothing has followed.
    """
    if not counts.accepted:
        return SendState.REFUSED if is_refused(counts) else SendState.UNKNOWN
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
    if late:
        return SendState.LATE
    return SendState.UNKNOWN if in_doubt else SendState.PENDING


def state_by_record(record: SendRecord) -> SendState:
    """The state where all receipts were read and every recipient is known."""
    states = [one.state for one in record.certified]
    if record.failed:
        # A failure of nobody knows whom may be a twin of another one: only a lone recipient is surely meant.
        lost = sum(1 for state in states if state in _LOST)
        all_lost = bool(states) and (lost == len(states) or states == [RecipientState.UNKNOWN])
        return SendState.FAILED if all_lost else SendState.PARTIAL
    return state_by_expected(
        len(states),
        states.count(RecipientState.DELIVERED),
        0,
        record.late,
        in_doubt=RecipientState.UNKNOWN in states,
    )


def is_refused(counts: Counts) -> bool:
    """Whether nothing was sent at all: nothing but refusals came back."""
    return bool(counts.refused) and counts.refused == counts.total


def is_warning(
    hours: Literal[12, 24] | None, at: datetime | None, sent_at: datetime | None, now: datetime | None = None
) -> bool:
    """Whether a time-out is the one of 12 hours: its text says so (`hours`), else how old the send was.

    Where nothing tells, it is: no failure is claimed. `now` serves where the time-out has no date.
    """
    if hours is not None:
        return hours == 12
    if sent_at is None:
        return True
    if at is not None:
        return at - sent_at < WARNING_BEFORE
    return now is None or now - sent_at < FINAL_AFTER


def is_early_notice(subject: str) -> bool:
    """Whether the subject itself says that a time-out is no more than a warning."""
    prefixes = parse_subject(subject).prefixes
    return bool(prefixes) and prefixes[0].startswith(_EARLY)


_EARLY = "PREAVVISO"
_LOST = (RecipientState.FAILED, RecipientState.REFUSED)


def aged(state: SendState, sent_at: datetime | None, now: datetime) -> SendState:
    """What is open still is so for a day, then receipts are missing. A send of no known time is old."""
    if state not in OPEN_STATES or (sent_at is not None and now - sent_at < FINAL_AFTER):
        return state
    return SendState.INCOMPLETE
