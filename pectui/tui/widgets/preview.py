"""One message for reading: what it is in plain words, who, when, what a receipt says, and the text.

It is given values and lays them out for its width; where they come from is not its business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.message import Message
from pectui.tui.foreign import NOTHING, Shown, raw_lines, shown, shown_lines, spaces
from pectui.tui.ink import Ink
from pectui.tui.kinds import look_of
from pectui.tui.moment import clock_time, full_date
from pectui.tui.paint import BLANK_LINE, Line, Span, cells, wrap, wrapped
from pectui.tui.widgets.field import field
from pectui.tui.widgets.subject import subject_lines
from pectui.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from pectui.domain.receipt import ReceiptText
    from pectui.engine.reading import Reading

SHOWN_RAW = 200_000
"""Characters of a raw body that are laid out; more is said to be left out."""

SHOWN_RECIPIENTS = 20

_BEST_EFFORT = Shown("  (as read from the text)")


@dataclass(frozen=True, slots=True)
class Shot:
    """What the preview shows: a message, its text if it was read, or why it could not be."""

    message: Message | None = None
    reading: Reading | None = None
    problem: tuple[Shown, ...] = ()
    raw: bool = False
    moved: bool = False
    """The service shows another message than the chosen one; `message` is what is there."""
    zone: tzinfo | None = None
    now: datetime | None = None
    hint: Shown = NOTHING
    """Said where there is no message."""


class Preview(TextPane):
    """Shows a `Shot`."""

    shot = Shot()

    def show(self, shot: Shot) -> None:
        """Shows `shot`; at the same place if it is the message that stands there already."""
        same = shot.message is not None and shot.message == self.shot.message and shot.raw == self.shot.raw
        self.shot = shot
        self.set_text(partial(lay_out, shot), keep_place=same)

    def toggle_raw(self) -> bool:
        """Shows the text as it came, or again as it is meant. True if it is raw now."""
        self.show(replace(self.shot, raw=not self.shot.raw))
        return self.shot.raw


def lay_out(shot: Shot, width: int) -> list[Line]:
    """The lines of the preview, for a width in cells."""
    if shot.message is None:
        return [BLANK_LINE, *wrapped(Span(shot.hint, Ink.MUTED), width, indent=1)] if shot.hint else []
    margin = 1
    inner = max(8, width - 2 * margin)
    # Why a recipient didn't get it comes first: in 24 lines there is room for little else.
    lines = [
        *_head(shot.message, inner),
        *_receipt(shot.reading, inner),
        *_fields(shot.message, shot.zone, inner),
        *_kept(shot, inner),
        BLANK_LINE,
    ]
    if shot.problem:
        for index, text in enumerate(shot.problem):
            lines += wrapped(Span(text, Ink.MUTED if index else Ink.BAD), inner)
    elif shot.reading is None:
        lines.append((Span(Shown("Reading …"), Ink.MUTED),))
    else:
        lines += _raw(shot.reading, inner) if shot.raw else _text(shot.reading, inner, moved=shot.moved)
    indent = Span(spaces(margin))
    return [(indent, *line) if line else line for line in lines]


def _head(message: Message, width: int) -> Iterable[Line]:
    look = look_of(message.kind)
    plain = [Span(line, look.ink) for line in wrap(look.plain, max(1, width - 2))]
    yield (Span(look.sign, look.ink), Span(spaces(1)), plain[0])
    for rest in plain[1:]:
        yield (Span(spaces(2)), rest)
    yield from subject_lines(message.subject, width)


def _fields(message: Message, zone: tzinfo | None, width: int) -> Iterable[Line]:
    yield from field(Shown("From"), shown(message.sender), width)
    yield from field(Shown("To"), shown(message.recipient), width)
    yield from field(Shown("Date"), _date(message, zone), width)
    if message.code:
        yield from field(Shown("Send"), shown(message.code), width)
    if message.is_reply:
        yield from field(Shown("Reply"), Shown("somebody's answer to that send"), width, ink=Ink.WARN)
    elif message.is_own_copy:
        yield from field(Shown("Copy"), Shown("the mailbox's own copy of that send"), width)


def _kept(shot: Shot, width: int) -> Iterable[Line]:
    """Where the service was not asked: when it was."""
    if shot.reading is not None and shot.reading.kept_at is not None and shot.now is not None:
        when = clock_time(shot.reading.kept_at, shot.now, shot.zone)
        yield from wrapped(Span(shown(f"text kept from {when}"), Ink.MUTED), width)


def _date(message: Message, zone: tzinfo | None) -> Shown:
    if message.date is None and message.header.date:
        return shown(f"{message.header.date} (not readable as a date)")
    return full_date(message.date, zone)


def _receipt(reading: Reading | None, width: int) -> Iterable[Line]:
    """What the provider wrote, labelled as what it is: read out of a text by best effort."""
    receipt = reading.receipt if reading else None
    facts = list(_facts(receipt)) if receipt else []
    for index, (name, value, ink) in enumerate(facts):
        lines = list(field(name, value, width, ink=ink))
        if index == 0:
            if cells(lines[0]) + len(_BEST_EFFORT) <= width:
                lines[0] = (*lines[0], Span(_BEST_EFFORT, Ink.MUTED))
            else:
                lines.insert(0, (Span(shown(_BEST_EFFORT.strip()), Ink.MUTED),))
        yield from lines


def _facts(receipt: ReceiptText) -> Iterable[tuple[Shown, Shown, Ink]]:
    """What a receipt says, in plain words; only what could be read."""
    for index, recipient in enumerate(receipt.recipients[:SHOWN_RECIPIENTS]):
        label = NOTHING if index else Shown("Recipient")
        ordinary = " (ordinary mail: no delivery receipt will come)" if recipient.certified is False else ""
        yield label, shown(recipient.address + ordinary), Ink.PLAIN
    if len(receipt.recipients) > SHOWN_RECIPIENTS:
        yield NOTHING, shown(f"and {len(receipt.recipients) - SHOWN_RECIPIENTS:,} more"), Ink.MUTED
    if receipt.reason is not None:
        status = f"{receipt.reason.status}  " if receipt.reason.status else ""
        yield Shown("Reason"), shown(status + receipt.reason.text), Ink.BAD
        if receipt.reason.provider:
            yield Shown("Provider"), shown(receipt.reason.provider), Ink.PLAIN
    if receipt.mailbox_full:
        yield NOTHING, Shown("The recipient's mailbox is full: it may work later."), Ink.WARN
    if receipt.final_hours == 12:
        yield Shown("Final"), Shown("no: written after 12 hours, a delivery may still follow"), Ink.WARN
    elif receipt.final_hours == 24:
        yield Shown("Final"), Shown("yes: written after 24 hours"), Ink.BAD


def _text(reading: Reading, width: int, *, moved: bool) -> Iterable[Line]:
    if moved:
        told = Shown("The service shows another message under this number now. This is what is there.")
        yield from wrapped(Span(told, Ink.WARN), width)
        yield BLANK_LINE
    if not reading.text.strip():
        yield (Span(Shown("(no text)"), Ink.MUTED),)
    for line in shown_lines(reading.text):
        for part in wrap(line, width):
            yield (Span(part),)
    if reading.omitted:
        yield BLANK_LINE
        yield from wrapped(
            Span(shown(f"… {reading.omitted:,} more characters are not shown."), Ink.WARN), width
        )


def _raw(reading: Reading, width: int) -> Iterable[Line]:
    raw = reading.raw_body
    yield (Span(Shown("As the service sent it"), Ink.MUTED),)
    yield BLANK_LINE
    for line in raw_lines(raw[:SHOWN_RAW]):
        for part in wrap(line, width):
            yield (Span(part, Ink.MUTED),)
    if len(raw) > SHOWN_RAW:
        left = shown(f"… {len(raw) - SHOWN_RAW:,} more characters are not shown.")
        yield BLANK_LINE
        yield from wrapped(Span(left, Ink.WARN), width)
