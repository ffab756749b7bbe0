"""How what was learned of a send is written: the documents of the archive's tables, and back. Knows no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pectui.domain.receipt import Reason
from pectui.domain.send import Counts, Outcome, RecipientState, SendRecord
from pectui.domain.subject import is_code
from pectui.store.rows import read, written


def record_row(record: SendRecord) -> dict[str, Any]:
    """The document of a record; the send's code is the document's id."""
    return {
        "subject": record.subject,
        "sent_at": _moment(record.sent_at),
        "outcomes": [
            [one.address, one.state.value, one.certified, _reason(one.reason), _moment(one.at)]
            for one in record.outcomes
        ],
        "recipients_known": record.recipients_known,
        "counts": _counts(record.counts),
        "newest_at": _moment(record.newest_at),
        "unplaced": _counts(record.unplaced),
        "refusal": _reason(record.refusal),
        "read_at": _moment(record.read_at),
    }


def record_of(code: str, row: Mapping[str, Any]) -> SendRecord | None:
    """The record; None for a document that somebody else wrote: it counts as never learned."""
    try:
        if not is_code(code):
            return None
        return SendRecord(
            code=code,
            subject=_text(row["subject"]),
            sent_at=read(row["sent_at"]),
            outcomes=tuple(_outcome(*one) for one in row["outcomes"]),
            recipients_known=row["recipients_known"] is True,
            counts=_counts_of(row["counts"]),
            newest_at=read(row["newest_at"]),
            unplaced=_counts_of(row["unplaced"]),
            refusal=_reason_of(row["refusal"]),
            read_at=read(row["read_at"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else written(moment)


def _reason(reason: Reason | None) -> list[str | None] | None:
    return None if reason is None else [reason.text, reason.status, reason.provider]


def _counts(counts: Counts) -> list[int]:
    return [counts.accepted, counts.refused, counts.delivered, counts.failed, counts.timeouts]


def _outcome(address: object, state: object, certified: object, reason: object, at: object) -> Outcome:
    if certified is not None and type(certified) is not bool:
        raise TypeError("neither certified nor ordinary")
    return Outcome(_text(address), RecipientState(_text(state)), certified, _reason_of(reason), read(at))


def _reason_of(value: object) -> Reason | None:
    if value is None:
        return None
    if type(value) is not list or len(value) != 3:
        raise TypeError("no reason")
    text, status, provider = value
    return Reason(
        _text(text),
        None if status is None else _text(status),
        None if provider is None else _text(provider),
    )


def _counts_of(value: Sequence[object]) -> Counts:
    numbers = [number for number in value if type(number) is int and number >= 0]
    if len(numbers) != 5 or len(value) != 5:
        raise TypeError("no counts")
    return Counts(*numbers)


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError("no text")
    return value
