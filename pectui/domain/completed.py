"""What of completed sends may go: receipts and own copies, once they are old enough; never an answer or a failure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pectui.domain.belonging import Role
from pectui.domain.message import Header
from pectui.domain.send import SendState, SendSummary
from pectui.domain.sends import Sends

_MAY_GO = frozenset({Role.ACCEPTANCE, Role.DELIVERY, Role.OWN_COPY})


@dataclass(frozen=True, slots=True)
class Completed:
    """Sends that were delivered to every certified recipient, and are old enough."""

    headers: tuple[Header, ...] = ()
    """Their acceptances, deliveries and own copies."""
    codes: tuple[str, ...] = ()
    """Those of them that have such messages in the mailbox, the latest first."""
    unread: tuple[str, ...] = ()
    """Sends that are old enough and look delivered, but not all of their receipts were read: nobody knows yet."""


def completed(sends: Sends, now: datetime, days: float) -> Completed:
    """What may go of the sends that are more than `days` days old.

    A send counts only if its recipients are known from the acceptance's text and the texts of all its receipts were
    read. Failures, time-outs, answers and everything else that carries its code stay.
    """
    before = now - timedelta(days=days)
    codes: list[str] = []
    unread: list[str] = []
    headers: list[Header] = []
    for summary in sends.summaries(now):
        if (
            summary.state is not SendState.DELIVERED
            or not summary.message_ids
            or not _is_older(summary, before)
        ):
            continue
        if not (summary.recipients_known and summary.is_read):
            unread.append(summary.code)
            continue
        found = _may_go(sends, summary.code)
        if found:
            codes.append(summary.code)
            headers += found
    return Completed(tuple(headers), tuple(codes), tuple(unread))


def _is_older(summary: SendSummary, before: datetime) -> bool:
    sent = summary.sent_at
    return sent is not None and sent < before


def _may_go(sends: Sends, code: str) -> list[Header]:
    members: Iterable[tuple[Role, Header]] = ((one.role, one.header) for one in sends.members(code))
    return [header for role, header in members if role in _MAY_GO]
