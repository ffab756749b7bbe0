"""One send summed up: what is listed and what was learned, put together into counts and a state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from pectui.domain.belonging import Role
from pectui.domain.dates import code_date, parse_date
from pectui.domain.message import Header
from pectui.domain.send import OPEN_STATES, Counts, RecipientState, SendRecord, SendState, SendSummary
from pectui.domain.standing import (
    FINAL_AFTER,
    WARNING_BEFORE,
    aged,
    state_by_counts,
    state_by_expected,
    state_by_record,
)
from pectui.domain.subject import parse_subject

_ALWAYS_A_WARNING = "PREAVVISO DI MANCATA CONSEGNA"


@dataclass(frozen=True, slots=True)
class _Timeouts:
    """What the time-outs in the mailbox say by their dates; their texts were not read."""

    late: int = 0
    """Warnings that nothing has followed."""
    expired: int = 0


ByRole: TypeAlias = Mapping[Role, Sequence[Header]]
"""A send's messages; roles that nobody has are left out."""

_NO_TIMEOUTS = _Timeouts()


def summarise(code: str, by_role: ByRole, record: SendRecord | None, now: datetime) -> SendSummary:
    """The send `code` as it is `now`."""
    listed = _counts(by_role)
    header, role = _speaker(by_role)
    timeouts = _NO_TIMEOUTS
    if Role.TIMEOUT in by_role:
        timeouts = _timeouts(by_role, _sent_at(code, by_role.get(Role.ACCEPTANCE, ()), record), now)
    is_read = not listed.total if record is None else _was_read(record, listed, by_role)
    known = record is not None and record.recipients_known and record.counts.accepted >= listed.accepted
    ever = listed if record is None else _ever(listed, record.counts)

    if record is not None and is_read:
        delivered, failed, late = record.delivered, record.failed, record.count(RecipientState.LATE)
    else:
        read = (record.delivered, record.failed) if record is not None else (0, 0)
        delivered, failed = max(ever.delivered, read[0]), max(ever.failed + timeouts.expired, read[1])
        late = timeouts.late
    if record is not None and known:
        delivered = min(delivered, len(record.certified))  # whoever got it twice got it

    if not ever.accepted and ever.refused:
        state = SendState.REFUSED
    elif record is None or not known:
        state = state_by_counts(ever, failed, late)
    elif is_read:
        state = state_by_record(record)
    else:
        state = state_by_expected(len(record.certified), delivered, failed + ever.refused, late)
    if state in OPEN_STATES:
        state = aged(state, _sent_at(code, by_role.get(Role.ACCEPTANCE, ()), record), now)
    return SendSummary(
        code=code,
        header=header,
        role=role,
        record=record,
        state=state,
        accepted=ever.accepted,
        delivered=delivered,
        failed=failed,
        late=late,
        replies=len(by_role.get(Role.REPLY, ())),
        recipients_known=known,
        is_read=is_read,
        message_ids=tuple([one.id for role in by_role if role <= Role.OWN_COPY for one in by_role[role]]),
        reply_ids=tuple([one.id for one in by_role.get(Role.REPLY, ())]),
        other_ids=tuple([one.id for one in by_role.get(Role.OTHER, ())]),
    )


def _counts(by_role: ByRole) -> Counts:
    found = by_role.get
    return Counts(
        len(found(Role.ACCEPTANCE, ())),
        len(found(Role.REFUSAL, ())),
        len(found(Role.DELIVERY, ())),
        len(found(Role.FAILURE, ())),
        len(found(Role.TIMEOUT, ())),
    )


def _ever(listed: Counts, read: Counts) -> Counts:
    """As many of each as there are, or were when the texts were read."""
    return Counts(
        max(listed.accepted, read.accepted),
        max(listed.refused, read.refused),
        max(listed.delivered, read.delivered),
        max(listed.failed, read.failed),
        max(listed.timeouts, read.timeouts),
    )


def _sent_at(code: str, acceptances: Sequence[Header], record: SendRecord | None) -> datetime | None:
    dates = [date for header in acceptances if (date := parse_date(header.date)) is not None]
    if dates:
        return min(dates)
    return record.sent_at if record is not None and record.sent_at is not None else code_date(code)


def _was_read(record: SendRecord, listed: Counts, by_role: ByRole) -> bool:
    """Whether the record was made from all receipts that are listed.

    Where some of those that it saw are gone, as many may have come: what is younger than all that was read is new.
    """
    if not record.counts.covers(listed):
        return False
    if record.newest_at is None:
        return record.counts == listed
    for role in (Role.REFUSAL, Role.FAILURE, Role.TIMEOUT, Role.DELIVERY):
        for header in by_role.get(role, ()):
            date = parse_date(header.date)
            if date is not None and date > record.newest_at:
                return False
    return True


def _timeouts(by_role: ByRole, sent_at: datetime | None, now: datetime) -> _Timeouts:
    """Subjects of 12 and 24 hours are the same: how old the send was tells them apart."""
    warned: list[datetime | None] = []
    settled: list[datetime] = []
    expired = 0
    for header in by_role[Role.TIMEOUT]:
        date = parse_date(header.date)
        if _is_warning(header, date, sent_at, now):
            warned.append(date)
        else:
            expired += 1
            settled += [date] if date is not None else []
    for role in (Role.DELIVERY, Role.FAILURE):
        dates = (parse_date(header.date) for header in by_role.get(role, ()))
        settled += [date for date in dates if date is not None]
    return _Timeouts(_unfollowed(warned, settled), expired)


def _is_warning(header: Header, date: datetime | None, sent_at: datetime | None, now: datetime) -> bool:
    prefixes = parse_subject(header.subject).prefixes
    if sent_at is None or (prefixes and prefixes[0] == _ALWAYS_A_WARNING):
        return True
    if date is not None:
        return date - sent_at < WARNING_BEFORE
    return now - sent_at < FINAL_AFTER


def _unfollowed(warned: Sequence[datetime | None], settled: Sequence[datetime]) -> int:
    """How many warnings no later receipt has followed: each receipt settles one."""
    left = 0
    later = sorted(settled)
    for date in sorted((one for one in warned if one is not None), reverse=True):
        if later and later[-1] > date:
            later.pop()
        else:
            left += 1
    return left + sum(1 for one in warned if one is None)


def _speaker(by_role: ByRole) -> tuple[Header | None, Role | None]:
    if not by_role:
        return None, None
    role = Role.ACCEPTANCE if Role.ACCEPTANCE in by_role else min(by_role)
    headers = by_role[role]
    if len(headers) == 1 or role is not Role.ACCEPTANCE:
        return headers[0], role
    dated = [(date, at) for at, one in enumerate(headers) if (date := parse_date(one.date)) is not None]
    return headers[min(dated)[1] if dated else 0], role
