"""How what was learned of a send is written: the documents of the archive's tables, and back. Knows no file.

Only what the receipts said is written; what follows from it is worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pectui.domain.kind import Kind
from pectui.domain.receipt import Reason, ReceiptRecipient
from pectui.domain.send import SeenReceipt, SendRecord
from pectui.domain.settling import settled
from pectui.domain.subject import is_code
from pectui.store.rows import read, written


def record_row(record: SendRecord) -> dict[str, Any]:
    """The document of a record; the send's code is the document's id."""
    return {
        "subject": record.subject,
        "read_at": _moment(record.read_at),
        "receipts": [_receipt(one) for one in record.receipts],
    }


def record_of(code: str, row: Mapping[str, Any]) -> SendRecord | None:
    """The record; None for a document that somebody else wrote: it counts as never learned."""
    try:
        if not is_code(code):
            return None
        receipts = [_receipt_of(*one) for one in row["receipts"]]
        return settled(code, _text(row["subject"]), receipts, read(row["read_at"]))
    except (KeyError, TypeError, ValueError):
        return None


def edition_of(row: Mapping[str, Any]) -> object:
    """What is another one whenever the row tells something new: receipts are only ever added."""
    receipts = row.get("receipts")
    return row.get("read_at"), row.get("subject"), len(receipts) if isinstance(receipts, list) else None


def _receipt(receipt: SeenReceipt) -> list[Any]:
    reason = receipt.reason
    return [
        receipt.key,
        receipt.text,
        receipt.kind.value,
        _moment(receipt.at),
        [[one.address, one.certified] for one in receipt.recipients],
        receipt.complete,
        None if reason is None else [reason.text, reason.status, reason.provider],
        receipt.hours,
    ]


def _receipt_of(
    key: object,
    text: object,
    kind: object,
    at: object,
    recipients: list[Any],
    complete: object,
    reason: object,
    hours: object,
) -> SeenReceipt:
    return SeenReceipt(
        key=_text(key),
        text=_text(text),
        kind=Kind(_text(kind)),
        at=read(at),
        recipients=tuple(ReceiptRecipient(_text(one), _certified(is_so)) for one, is_so in recipients),
        complete=complete is True,
        reason=None if reason is None else _reason_of(reason),
        hours=_hours(hours),
    )


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else written(moment)


def _certified(value: object) -> bool | None:
    if value is not None and type(value) is not bool:
        raise TypeError("neither certified nor ordinary")
    return value


def _hours(value: object) -> Literal[12, 24] | None:
    if value is None:
        return None
    if value == 12:
        return 12
    if value == 24:
        return 24
    raise ValueError("no time-out of this kind")


def _reason_of(value: object) -> Reason:
    if type(value) is not list or len(value) != 3:
        raise TypeError("no reason")
    text, status, provider = value
    return Reason(
        _text(text),
        None if status is None else _text(status),
        None if provider is None else _text(provider),
    )


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError("no text")
    return value
