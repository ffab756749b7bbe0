"""Sends as rows of the list, their messages below them, and the row under which stands what belongs to no send."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from pectui.domain.receipt import Reason
from pectui.domain.send import RecipientState, SendState, SendSummary
from pectui.domain.settling import EXPIRED, WARNED
from pectui.tui.foreign import NOTHING, Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.kinds import look_of
from pectui.tui.moment import age, short_date
from pectui.tui.paint import Line, Span
from pectui.tui.states import SEND_LOOKS
from pectui.tui.widgets.message_row import MessageRow, who
from pectui.tui.widgets.row_list import Column

SEND_COLUMNS = (
    Column("sign", 4),
    Column("word", 10, from_width=44),
    Column("subject", 0),
    Column("failed", 5, from_width=96, right=True),
    Column("replies", 4, from_width=74, right=True),
    Column("got", 7, from_width=44, right=True),
    Column("age", 7, from_width=96, right=True),
    Column("date", 6, right=True),
)

NO_CODE = ""
"""The key of the row for what carries no code."""

_FOLDED, _UNFOLDED = Span(Shown("▸ "), Ink.FAINT), Span(Shown("▾ "), Ink.ACCENT)
_PROVISIONAL, _CERTAIN = Span(Shown("~"), Ink.WARN), Span(Shown(" "))
_BRIEF = {EXPIRED: Shown("no delivery in 24 h"), WARNED: Shown("no delivery in 12 h")}
"""Our own words for a reason where they are too long for a row."""
_SETTLE_NOTHING = (SendState.REFUSED, SendState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class SendRow:
    """Equal rows look the same."""

    summary: SendSummary
    why: Shown
    """Why it failed, as far as that was read."""
    unfolded: bool
    now: datetime
    today: date
    zone: tzinfo | None

    @property
    def key(self) -> Hashable:
        return self.summary.code

    @property
    def likeness(self) -> Hashable:
        return self.summary.code

    def cell(self, name: str) -> Span | Line:
        summary, look = self.summary, SEND_LOOKS[self.summary.state]
        if name == "sign":
            certain = _PROVISIONAL if summary.is_provisional else _CERTAIN
            return (_UNFOLDED if self.unfolded else _FOLDED, certain, Span(look.sign, look.ink))
        if name == "word":
            return Span(look.word, look.ink)
        if name == "subject":
            subject = Span(shown(summary.subject) or Shown("(no subject)"))
            ink = Ink.WARN if summary.state is SendState.LATE else Ink.BAD
            return (subject, Span(spaces(2)), Span(self.why, ink)) if self.why else subject
        if name == "failed" and summary.failed:
            return Span(shown(f"✗{summary.failed:,}"), Ink.BAD)
        if name == "replies" and summary.replies:
            return Span(shown(f"↩{summary.replies:,}"), Ink.ACCENT)
        if name == "got":
            return self._got()
        if name == "age" and summary.sent_at is not None:
            return Span(age(self.now - summary.sent_at), Ink.MUTED)
        if name == "date":
            return Span(short_date(summary.sent_at, self.today, self.zone), Ink.MUTED)
        return Span(NOTHING)

    def _got(self) -> Span:
        """Delivered of expected. A `?` where nobody knows how many are expected."""
        summary = self.summary
        if summary.state in _SETTLE_NOTHING and not summary.delivered:
            return Span(Shown("-"), Ink.FAINT)
        expected = "?" if summary.expected is None else f"{summary.expected:,}"
        ink = Ink.GOOD if summary.state is SendState.DELIVERED else Ink.MUTED
        return Span(shown(f"{summary.delivered:,}/{expected}"), ink)


@dataclass(frozen=True, slots=True)
class NoCodeRow:
    """What belongs to no send, as one row."""

    count: int
    unfolded: bool

    @property
    def key(self) -> Hashable:
        return NO_CODE

    @property
    def likeness(self) -> Hashable:
        return NO_CODE

    def cell(self, name: str) -> Span | Line:
        if name == "sign":
            return (_UNFOLDED if self.unfolded else _FOLDED, _CERTAIN, Span(Shown("·"), Ink.MUTED))
        if name == "word":
            return Span(Shown("no send"), Ink.MUTED)
        if name == "subject":
            messages = f"{self.count:,} message{'s' * (self.count != 1)}"
            return (Span(Shown("No send code")), Span(spaces(2)), Span(shown(messages), Ink.MUTED))
        return Span(NOTHING)


class MemberRow(MessageRow):
    """A message below its send."""

    def cell(self, name: str) -> Span | Line:
        message, look = self.message, look_of(self.message.kind)
        if name == "sign":
            return (Span(Shown(" └ "), Ink.FAINT), Span(look.sign, look.ink))
        if name == "word":
            return Span(look.word, look.ink)
        if name == "subject":
            sender = Span(shown(f"  {who(message)}"), Ink.MUTED)
            if message.code is not None and message.kind.is_receipt:
                return sender
            mark = Span(Shown("  reply" if message.is_reply else ""), Ink.ACCENT)
            subject = shown(message.subject) or Shown("(no subject)")
            return (sender, mark, Span(spaces(2)), Span(subject))
        return MessageRow.cell(self, name) if name == "date" else Span(NOTHING)


def why_of(summary: SendSummary) -> Shown:
    """Why it failed, for one line: the gravest reason that was read, and how many others there are."""
    record = summary.record
    if record is None or not (summary.is_problem or summary.failed):
        return NOTHING
    reasons = [record.refusal] if record.refusal is not None else []
    for state in (RecipientState.FAILED, RecipientState.REFUSED, RecipientState.LATE):
        reasons += [one.reason for one in record.outcomes if one.state is state and one.reason is not None]
    different = list(dict.fromkeys(_BRIEF.get(reason) or reason_words(reason) for reason in reasons))
    if not different:
        return NOTHING
    others = f" +{len(different) - 1}" if len(different) > 1 else ""
    return shown(f"{different[0]}{others}")


def reason_words(reason: Reason) -> Shown:
    """A reason with its status, without the provider."""
    if reason.status is None or reason.status == reason.text:
        return shown(reason.text)
    return shown(f"{reason.status} {reason.text}")
