"""A message as a row of the list: what it is, its subject, who, when."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from pectui.domain.fingerprint import key_of
from pectui.domain.message import Message
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.kinds import look_of
from pectui.tui.moment import short_date
from pectui.tui.paint import Line, Span
from pectui.tui.widgets.row_list import MARK, Column

COLUMNS = (
    Column(MARK, 1),
    Column("sign", 1),
    Column("kind", 9, from_width=48),
    Column("subject", 0),
    Column("who", 18, from_width=72),
    Column("date", 6, right=True),
)

_RECEIPT_OFFICE = "posta-certificata@"


@dataclass(frozen=True, slots=True)
class MessageRow:
    """Equal rows look the same: `today` is part of it because dates are shown relative to it."""

    message: Message
    today: date
    zone: tzinfo | None

    @property
    def key(self) -> Hashable:
        return self.message.header

    @property
    def likeness(self) -> Hashable:
        return key_of(self.message)

    def cell(self, name: str) -> Span | Line:
        message, look = self.message, look_of(self.message.kind)
        if name == "sign":
            return Span(look.sign, look.ink)
        if name == "kind":
            return Span(look.word, look.ink)
        if name == "subject":
            subject = shown(message.subject) or Shown("(no subject)")
            return Span(subject, Ink.STRONG if message.is_reply else Ink.PLAIN)
        if name == "who":
            return Span(who(message), Ink.MUTED)
        if name == "date":
            return Span(short_date(message.date, self.today, self.zone), Ink.MUTED)
        return Span(NOTHING)


def who(message: Message) -> Shown:
    """The sender; of receipts only the provider, since all of them come from its `posta-certificata`."""
    sender = message.sender
    if message.kind.is_receipt and sender.casefold().startswith(_RECEIPT_OFFICE):
        sender = sender[len(_RECEIPT_OFFICE) :]
    return shown(sender) or Shown("?")


def today_of(now: datetime, zone: tzinfo | None) -> date:
    """The day it is for the user."""
    return now.astimezone(zone).date()
