"""A message as its recipient will read it: text is text, and of HTML what a reader sees."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding

from pectui.domain.composition import Composition
from pectui.tui.compose_words import written_lines
from pectui.tui.foreign import Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.paint import BLANK_LINE, Line, Span, wrap, wrapped
from pectui.tui.screens.dialog import DialogScreen
from pectui.tui.widgets.footer import KeyHint


class ReadWrittenScreen(DialogScreen[None]):
    """Closed by Esc, Enter, q or the key that opened it."""

    BINDINGS: ClassVar = [Binding("escape,enter,q,ctrl+r", "dismiss", "close", show=False)]

    def __init__(self, written: Composition) -> None:
        super().__init__()
        self._subject = shown(written.subject) or Shown("(no subject)")
        self._lines = written_lines(written.body, is_html=written.is_html)

    def text(self, width: int) -> list[Line]:
        lines = [*wrapped(Span(self._subject, Ink.STRONG), width), BLANK_LINE]
        lines += [(Span(part),) for line in self._lines for part in wrap(line, width)]
        return lines if self._lines else [*lines, (Span(Shown("(no text)"), Ink.MUTED),)]

    def key_hints(self) -> list[KeyHint]:
        return [KeyHint(Shown("↓"), Shown("more")), KeyHint(Shown("Esc"), Shown("close"))]
