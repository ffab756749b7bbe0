"""One send summed up: what is listed and what was learned, put together into counts and a state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, TypeAlias

from pectui.domain.belonging import Role
from pectui.domain.dates import code_date, parse_date
from pectui.domain.message import Header
from pectui.domain.send import (
    OPEN_STATES,
    Counts,
    SendRecord,
    SendState,
    SendSummary,
    receipt_key,
    sent_at,
)
from pectui.domain.standing import (
    aged,
    is_early_notice,
    is_refused,
    is_warning,
    state_by_counts,
    state_by_expected,
    state_by_record,
)


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
    header, role = _speaker(by_role)
    unread = by_role if record is None else _unread(by_role, record)
    new = _counts(unread)
    counts = new if record is None else new + record.counts
    known = record is not None and record.recipients_known and Role.ACCEPTANCE not in unread
    is_read = not new.total
    timeouts = _NO_TIMEOUTS
    if Role.TIMEOUT in unread:
        timeouts = _timeouts(unread[Role.TIMEOUT], by_role, _sent_at(code, by_role, record), now)
    delivered, failed, late = counts.delivered, counts.failed + timeouts.expired, timeouts.late
    if record is not None:
        delivered = record.delivered + new.delivered
        failed = record.failed + new.failed + timeouts.expired
        late = record.late + timeouts.late
    if record is not None and known:
        delivered = min(delivered, len(record.certified))  # whoever got it twice got it

    if is_refused(counts):
        state = SendState.REFUSED
    elif record is None or not known:
        state = state_by_counts(counts, failed, late)
        if state is SendState.DELIVERED and record is not None and delivered < len(record.certified):
            state = SendState.PENDING  # an acceptance that was read in part has named more already
    elif is_read:
        state = state_by_record(record)
    else:
        state = state_by_expected(len(record.certified), delivered, failed, late)
    if state in OPEN_STATES:
        state = aged(state, _sent_at(code, by_role, record), now)
    return SendSummary(
        code=code,
        header=header,
        role=role,
        record=record,
        state=state,
        accepted=counts.accepted,
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
    return _counted(
        len(by_role[Role.ACCEPTANCE]) if Role.ACCEPTANCE in by_role else 0,
        len(by_role[Role.REFUSAL]) if Role.REFUSAL in by_role else 0,
        len(by_role[Role.DELIVERY]) if Role.DELIVERY in by_role else 0,
        len(by_role[Role.FAILURE]) if Role.FAILURE in by_role else 0,
        len(by_role[Role.TIMEOUT]) if Role.TIMEOUT in by_role else 0,
    )


@lru_cache(maxsize=1024)
def _counted(accepted: int, refused: int, delivered: int, failed: int, timeouts: int) -> Counts:
    # Tens of thousands of sends are alike in this: one is made for all of them.
    return Counts(accepted, refused, delivered, failed, timeouts)


def _sent_at(code: str, by_role: ByRole, record: SendRecord | None) -> datetime | None:
    if Role.ACCEPTANCE in by_role:
        return sent_at(code, (parse_date(header.date) for header in by_role[Role.ACCEPTANCE]))
    return record.sent_at if record is not None else code_date(code)


def _unread(by_role: ByRole, record: SendRecord) -> ByRole:
    """The receipts that are listed and were not read: of twins, as many as there are more than were read."""
    left = Counter(receipt.key for receipt in record.receipts)
    unread: dict[Role, list[Header]] = {}
    for role, headers in by_role.items():
        for header in headers if role <= Role.DELIVERY else ():
            key = receipt_key(header.date, header.subject)
            if left[key]:
                left[key] -= 1
            else:
                unread.setdefault(role, []).append(header)
    return unread


def _timeouts(listed: Sequence[Header], by_role: ByRole, sent: datetime | None, now: datetime) -> _Timeouts:
    """What time-outs say whose texts were not read. Subjects of 12 and 24 hours are the same."""
    warned: list[datetime | None] = []
    settled: list[datetime | None] = []
    expired = 0
    for header in listed:
        date = parse_date(header.date)
        hours: Literal[12] | None = 12 if is_early_notice(header.subject) else None
        if is_warning(hours, date, sent, now):
            warned.append(date)
        else:
            expired += 1
            settled.append(date)
    for role in (Role.DELIVERY, Role.FAILURE):
        settled += [parse_date(header.date) for header in by_role.get(role, ())]
    return _Timeouts(_unfollowed(warned, [date for date in settled if date is not None]), expired)


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
