"""The line above the keys: which page, how many messages, when they were read, what is searched for, what is marked."""

from __future__ import annotations

from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, spread
from pectui.tui.widgets.painted import Painted

SEPARATOR = Span(Shown(" · "), Ink.FAINT)


class StatusLine(Painted):
    """Facts from the left, each apart from the next; what needs attention on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: tuple[Span, ...] = ()
        self._note: tuple[Span, ...] = ()
        self._pointer: tuple[Span, ...] = ()

    def show(self, *facts: Span) -> None:
        """Shows `facts`; where they collide with the note, they give way."""
        self._facts = facts
        self.changed()

    def note(self, note: Span | None) -> None:
        """Shows `note` at the right end."""
        self._note = (note, Span(Shown(" "))) if note else ()
        self.changed()

    def point(self, told: Shown) -> None:
        """Shows before the note what should be looked at elsewhere, until that was done."""
        pointer = (Span(told, Ink.WARN), Span(Shown("  "))) if told else ()
        if pointer != self._pointer:
            self._pointer = pointer
            self.changed()

    def lines(self, width: int) -> list[Line]:
        left: list[Span] = []
        for fact in self._facts:
            left += [SEPARATOR if left else Span(Shown(" ")), fact]
        return [spread(left, (*self._pointer, *self._note), width)]
