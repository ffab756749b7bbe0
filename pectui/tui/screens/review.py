"""The last look before a message is sent: from where, to whom, what it says, what it costs. Only `y` sends it.

What was sent before with the very same content needs more than that: the time at which it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual import events
from textual.widget import Widget

from pectui.domain.outgoing import Outgoing
from pectui.tui.compose_words import size_words, written_lines
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.moment import clock_time, time_of_day
from pectui.tui.paint import BLANK_LINE, Line, Span, cells, cut, wrap, wrapped
from pectui.tui.screens.confirm import ConfirmScreen
from pectui.tui.widgets.field import field
from pectui.tui.widgets.footer import KeyHint
from pectui.tui.widgets.number import NumberLine

if TYPE_CHECKING:
    from pectui.config import Profile

SHOWN_RECIPIENTS = 5
SHOWN_FILES = 5
SHOWN_LINES = 8
"""Of the text."""
_MOST_LINES = 3
"""Lines of the subject: a long one may not push the rest out of sight."""
_READ = 4_000
"""Characters of the text that are looked at for its first lines."""


@dataclass(frozen=True, slots=True)
class Before:
    """The same content went out before, or may have."""

    at: datetime
    code: str | None
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Review:
    """What is about to be sent, and what somebody should know before they say yes."""

    outgoing: Outgoing
    sender: str
    cost: str
    today: int
    """Recipients to whom something was sent from here since midnight."""
    a_day: int
    """How many the plan allows."""
    before: Before | None = None
    was_another: bool = False
    """Whether an earlier form of this draft may have been sent."""


class ReviewScreen(ConfirmScreen):
    """True if it is to be sent. Every key but `y` (and those that scroll) means no, Enter and Esc too."""

    def __init__(self, review: Review, profile: Profile, *, now: datetime, zone: tzinfo | None) -> None:
        super().__init__(profile)
        self._review = review
        self._now = now
        self._zone = zone
        self._lines = written_lines(review.outgoing.body, is_html=review.outgoing.is_html, limit=_READ)
        before = review.before
        self._wanted = time_of_day(before.at, zone).replace(":", "") if before is not None else ""
        self._number = NumberLine(shown(f"Type {self._wanted} and press Enter to send it again:"))

    def below_text(self) -> Iterable[Widget]:
        return (self._number,) if self._wanted else ()

    def yes(self) -> Shown:
        return Shown("send")

    def key_hints(self) -> list[KeyHint]:
        if not self._wanted:
            return super().key_hints()
        again = KeyHint(shown(f"{self._wanted} Enter"), Shown("send again"))
        return [again, *self.more(), KeyHint(Shown("any other key"), Shown("no"))]

    def answer(self, event: events.Key) -> None:
        if not self._wanted:
            super().answer(event)
        elif event.key == "enter":
            self.dismiss(self._number.value == self._wanted)
        elif not self._number.take(event):
            self.dismiss(False)

    def text(self, width: int) -> list[Line]:
        outgoing = self._review.outgoing
        count = len(outgoing.recipients)
        question = Span(shown(f"Send this to {count:,} recipient{'s' * (count != 1)}?"), Ink.STRONG)
        where = tuple(self.where())
        fits = cells((*where, question)) <= width
        lines: list[Line] = [(*where, question)] if fits else [where, *wrapped(question, width)]
        lines.append(BLANK_LINE)
        # What it may cost stands first: a low terminal shows little else.
        lines += self._warned(width)
        for label, value in self._facts():
            lines += field(label, value, width)
        lines.append(BLANK_LINE)
        lines += self._subject(width)
        lines += self._first_lines(width)
        return lines

    def _warned(self, width: int) -> Iterable[Line]:
        warned = list(self._warnings())
        for told, ink in warned:
            for index, line in enumerate(wrap(shown(told), max(8, width - 2))):
                yield (Span(spaces(2) if index else Shown("! "), ink), Span(line, ink))
        if warned:
            yield BLANK_LINE

    def _warnings(self) -> Iterable[tuple[str, Ink]]:
        review, before = self._review, self._review.before
        if before is not None:
            when = clock_time(before.at, self._now, self._zone)
            named = f" as {before.code}" if before.code else ""
            if before.is_sure:
                yield f"This very message was sent before, at {when}{named}.", Ink.BAD
                yield "Sent again it costs again, and its recipients get it twice.", Ink.BAD
            else:
                yield f"This very message may have been sent before, at {when}: nobody knows.", Ink.BAD
                yield "If it was, it costs again, and its recipients get it twice.", Ink.BAD
        elif review.was_another:
            yield "An earlier form of this draft may have been sent: nobody knows.", Ink.WARN
        if review.today + len(review.outgoing.recipients) > review.a_day:
            yield "That is more than the Standard plan sends in a day: the service may refuse it.", Ink.WARN

    def _facts(self) -> Iterable[tuple[Shown, Shown]]:
        review, outgoing = self._review, self._review.outgoing
        yield Shown("From"), shown(review.sender)
        yield Shown("To"), shown(", ".join(_some(outgoing.recipients, SHOWN_RECIPIENTS)))
        yield Shown("Cost"), shown(f"{review.cost}, at the Standard plan's price")
        today = f"{review.today:,} of {review.a_day:,} recipients a day were sent to from here"
        yield Shown("Today"), shown(today)
        if outgoing.enclosures:
            files = [f"{one.name} ({size_words(one.size)})" for one in outgoing.enclosures]
            yield Shown("Files"), shown(", ".join(_some(files, SHOWN_FILES)))
        yield Shown("Size"), shown(size_words(outgoing.size))

    def _subject(self, width: int) -> Iterable[Line]:
        yield from wrapped(
            Span(cut(shown(self._review.outgoing.subject), _MOST_LINES * width), Ink.STRONG), width
        )

    def _first_lines(self, width: int) -> Iterable[Line]:
        told = [part for line in self._lines for part in wrap(line, width)]
        if not told:
            yield (Span(Shown("(no text)"), Ink.MUTED),)
        yield from ((Span(line),) for line in told[:SHOWN_LINES])
        if len(told) > SHOWN_LINES:
            yield (Span(Shown("… and more: Ctrl-R in the message shows all of it"), Ink.MUTED),)


def _some(items: Sequence[str], most: int) -> Iterable[str]:
    yield from items[:most]
    if len(items) > most:
        yield f"and {len(items) - most:,} more"
