"""Sends as a mailbox shows them: headers of receipts, and what their texts say."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import count

from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.message import Header
from pectui.domain.receipt import Reason, ReceiptRecipient, ReceiptText
from pectui.domain.settling import ReadReceipt

ROME = timezone(timedelta(hours=2))
SENT = datetime(2020, 8, 26, 10, 0, 34, tzinfo=ROME)
SYSTEM = "posta-certificata@pecmassiva.example"
OWN_ADDRESS = "dev-api@pecmassiva.example"
OWN = frozenset({OWN_ADDRESS})
CODE = "2020082610003492"
PREFIXES = {
    Kind.ACCEPTANCE: "ACCETTAZIONE",
    Kind.NON_ACCEPTANCE: "AVVISO DI NON ACCETTAZIONE",
    Kind.DELIVERY: "CONSEGNA",
    Kind.NON_DELIVERY: "AVVISO DI MANCATA CONSEGNA",
    Kind.DELIVERY_TIMEOUT: "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO",
}

_ids = count(1)


def after(**delay: float) -> datetime:
    """So long after the send."""
    return SENT + timedelta(**delay)


def mail(
    subject: str,
    sender: str = SYSTEM,
    *,
    at: datetime = SENT,
    number: int | None = None,
    to: str = OWN_ADDRESS,
) -> Header:
    return Header(next(_ids) if number is None else number, at.isoformat(), subject, sender, to)


def receipt(kind: Kind, code: str = CODE, *, at: datetime = SENT, number: int | None = None) -> Header:
    """A receipt as it is listed; its subject is that of the send."""
    return mail(f"{PREFIXES[kind]}: Invio di prova {code}", at=at, number=number)


def reply(code: str = CODE) -> Header:
    return mail(f"POSTA CERTIFICATA: Re: Invio di prova {code}", '"Per conto di: mario@rossi.example" ')


def own_copy(code: str = CODE) -> Header:
    return mail(f"POSTA CERTIFICATA: Invio di prova {code}", f'"Per conto di: {OWN_ADDRESS}" ')


def read(
    kind: Kind,
    *recipients: str,
    at: datetime = SENT,
    reason: str | None = None,
    hours: int | None = None,
    ordinary: bool = False,
) -> ReadReceipt:
    """A receipt whose text names these recipients."""
    certified = (not ordinary) if kind is Kind.ACCEPTANCE else None
    text = ReceiptText(
        tuple(ReceiptRecipient(one, certified) for one in recipients),
        None if reason is None else Reason(reason),
        12 if hours == 12 else 24 if hours == 24 else None,
    )
    return ReadReceipt(interpret(receipt(kind, at=at), OWN), text)
