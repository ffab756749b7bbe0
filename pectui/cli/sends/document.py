"""Sends as `--json` promises them to scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pectui.cli.output import cleaned_document, print_json_with, reason_line
from pectui.cli.sends.gathering import Found, Gathered
from pectui.domain.send import Outcome
from pectui.text.clean import clean_line


def print_document(gathered: Gathered, *, recipients: bool) -> None:
    """One document; `recipients` tells of each of them, and of what was read a moment ago."""
    document = {
        "sends": [],
        "unassigned": gathered.unassigned,
        "stale": gathered.stale,
        "warnings": list(gathered.warnings),
    }
    print_json_with(cleaned_document(document), "sends", _rows(gathered, recipients=recipients))


def _rows(gathered: Gathered, *, recipients: bool) -> Iterator[Any]:
    for one in gathered.sends:
        yield {**_send(one), **cleaned_document(_details(one))} if recipients else _send(one)


def _send(found: Found) -> dict[str, Any]:
    summary = found.summary
    return {
        "code": summary.code,
        "subject": clean_line(summary.subject),
        "sent_at": _utc(summary.sent_at),
        "state": summary.state.value,
        "accepted": summary.accepted,
        "delivered": summary.delivered,
        "failed": summary.failed,
        "late": summary.late,
        "replies": summary.replies,
        "recipients_known": summary.recipients_known,
        "is_read": summary.is_read,
        "archived": summary.is_archived,
        "message_ids": list(summary.message_ids),
        "reply_ids": list(summary.reply_ids),
        "other_ids": list(summary.other_ids),
    }


def _details(found: Found) -> dict[str, Any]:
    record, reading = found.summary.record, found.reading
    return {
        "recipients": [_recipient(outcome) for outcome in found.summary.outcomes],
        "refusal": None if record is None or record.refusal is None else reason_line(record.refusal),
        "unread_receipts": 0 if record is None else record.unplaced.total,
        "from_memory": reading is None or reading.record is None,
        "read_at": None if record is None else _utc(record.read_at),
        "set_aside": [
            {"code": one.code, "subject": one.subject}
            for one in (reading.set_aside if reading is not None else ())
        ],
    }


def _recipient(outcome: Outcome) -> dict[str, Any]:
    return {
        "address": outcome.address,
        "state": outcome.state.value,
        "reason": None if outcome.reason is None else reason_line(outcome.reason),
        "mailbox_full": outcome.mailbox_full,
        "certified": outcome.certified,
        "at": _utc(outcome.at),
    }


def _utc(moment: datetime | None) -> str | None:
    """The same whether it was listed or remembered, which keeps no zone."""
    return None if moment is None else moment.astimezone(UTC).isoformat()
