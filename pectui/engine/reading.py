"""Reading one message: asking for its text, checking that it is the chosen one, making it readable."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.interpret import interpret
from pectui.domain.listing import KeptText
from pectui.domain.message import Header, MailText, Message
from pectui.domain.receipt import ReceiptText
from pectui.engine.receipts import read_receipt
from pectui.engine.service import Service
from pectui.text.body import decode_body, readable

SHOWN_AT_MOST = 200_000
"""Characters of a body that a screen is given; more is said to be left out."""

_LONG = 20_000
"""Bodies above this many characters are made readable outside the event loop."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, read and made readable."""

    message: Message
    fingerprint: Fingerprint
    """With the hash of the text: it stands for this message and no twin of it."""
    raw_body: str
    """As it came."""
    text: str
    """Decoded, HTML to text, cleaned: may be shown."""
    is_html: bool
    omitted: int
    """Characters left out of `text`."""
    receipt: ReceiptText | None
    """What the text of a receipt says, read by best effort; None for what is no receipt."""
    moved: bool
    """The id holds another message now than it did when it was listed; `message` is what is there."""
    kept_at: datetime | None = None
    """When the text was read, where it was kept on this machine; None where the service was just asked."""

    @property
    def decoded(self) -> str:
        """The body decoded, still HTML where it is HTML. Not cleaned: not for showing as it is."""
        return decode_body(self.raw_body)


async def read(
    service: Service,
    message_id: int,
    *,
    own: frozenset[str],
    expected: Header | None = None,
    limit: int | None = SHOWN_AT_MOST,
) -> Reading:
    """Reads what the service calls `message_id`; `expected` is what the listing said was there."""
    mail = await service.get_message(message_id)
    moved = expected is not None and not Fingerprint.of(expected).matches(mail)
    header = expected if expected is not None and not moved else header_of(message_id, mail)
    return await _made(header, mail, own, limit, moved)


async def read_kept(kept: KeptText, *, own: frozenset[str], limit: int | None = SHOWN_AT_MOST) -> Reading:
    """The same from a text that was kept: the service is not asked."""
    reading = await _made(kept.header, MailText(*kept.header.facts, kept.body), own, limit, moved=False)
    return replace(reading, kept_at=kept.read_at)


async def _made(
    header: Header, mail: MailText, own: frozenset[str], limit: int | None, moved: bool
) -> Reading:
    if len(mail.body) > _LONG:
        return await asyncio.to_thread(_make, header, mail, own, limit, moved)
    return _make(header, mail, own, limit, moved)


def header_of(message_id: int, mail: MailText) -> Header:
    """The row that a listing would show for `mail`."""
    return Header(message_id, mail.date, mail.subject, mail.sender, mail.recipient)


def _make(header: Header, mail: MailText, own: frozenset[str], limit: int | None, moved: bool) -> Reading:
    message = interpret(header, own)
    body = readable(mail.body, limit)
    return Reading(
        message=message,
        fingerprint=Fingerprint.of(header).with_text(mail.body),
        raw_body=mail.body,
        text=body.text,
        is_html=body.is_html,
        omitted=body.truncated_characters,
        receipt=read_receipt(mail.body, message.kind, header.subject) if message.kind.is_receipt else None,
        moved=moved,
    )
