"""The bottom line: the keys that apply here and now. As many as fit; help always does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pectui.tui.foreign import Shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, cells
from pectui.tui.widgets.painted import Painted


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key and what it does."""

    key: Shown
    does: Shown


class FooterLine(Painted):
    """Shows key hints, in the order of their worth."""

    def __init__(self) -> None:
        super().__init__()
        self._hints: Sequence[KeyHint] = ()

    def show(self, hints: Sequence[KeyHint]) -> None:
        """Shows `hints`; the last one stays in any width."""
        self._hints = tuple(hints)
        self.changed()

    def lines(self, width: int) -> list[Line]:
        return [footer_line(self._hints, width)]


def footer_line(hints: Sequence[KeyHint], width: int) -> Line:
    """The footer for a width in cells."""
    if not hints:
        return ()
    *others, last = hints
    ending = _hint(last)
    line: list[Span] = []
    for hint in others:
        spans = _hint(hint)
        if cells(line) + cells(spans) + cells(ending) > width:
            break
        line += spans
    return (*line, *ending)


def _hint(hint: KeyHint) -> list[Span]:
    return [
        Span(spaces(1)),
        Span(hint.key, Ink.KEY),
        Span(spaces(1)),
        Span(hint.does, Ink.MUTED),
        Span(spaces(1)),
    ]
