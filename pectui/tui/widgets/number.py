"""A line for a number: digits, and the key that takes the last one back. It has no cursor that blinks and no focus."""

from __future__ import annotations

from textual import events

from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span
from pectui.tui.widgets.painted import Painted

_MOST = 9
"""Digits that are taken."""


class NumberLine(Painted):
    """Shows `prompt` and what was typed. Whoever gets the keys hands them to `take`."""

    def __init__(self, prompt: Shown, value: str = "") -> None:
        """`value` stands there at first; the first digit takes its place."""
        super().__init__()
        self._prompt = prompt
        self._first = value
        self._typed: str | None = None if value else ""

    @property
    def value(self) -> str:
        """The digits; "" if there are none."""
        return self._first if self._typed is None else self._typed

    def take(self, event: events.Key) -> bool:
        """Takes a digit or takes one back; False for every other key."""
        if event.key == "backspace":
            self._typed = self.value[:-1]
        elif event.character is not None and event.character in "0123456789" and event.character:
            if len(self._typed or "") < _MOST:
                self._typed = (self._typed or "") + event.character
        else:
            return False
        self.changed()
        return True

    def lines(self, width: int) -> list[Line]:
        return [
            (
                Span(shown(f"{self._prompt} "), Ink.KEY),
                Span(shown(self.value) or NOTHING, Ink.STRONG),
                Span(Shown("_")),
            )
        ]
