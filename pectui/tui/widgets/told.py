"""Lines that tell something of the field above them, and take no room while there is nothing to tell."""

from __future__ import annotations

from collections.abc import Sequence

from pectui.tui.foreign import Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, cells, wrapped
from pectui.tui.widgets.painted import Painted


class Told(Painted):
    """Shows paragraphs, each wrapped to the width there is."""

    def __init__(self) -> None:
        super().__init__()
        self._spans: tuple[Span, ...] = ()

    def show(self, spans: Sequence[Span]) -> None:
        """Shows `spans`, a paragraph each."""
        if self._spans != tuple(spans):
            self._spans = tuple(spans)
            self.set_class(bool(spans), "-told")
            self._painted = None
            self.refresh(layout=True)

    def lines(self, width: int) -> list[Line]:
        return [line for span in self._spans for line in wrapped(span, width)]


class FieldName(Painted):
    """What a field is called, or what stands in one that nobody can change."""

    def __init__(self, span: Span, *, wide: bool = False) -> None:
        super().__init__()
        self.set_class(wide, "-wide")
        self._span = span

    def lines(self, width: int) -> list[Line]:
        return [(self._span,)]


class RuleLine(Painted):
    """A line across, with the name of what is below it."""

    def __init__(self, name: Shown) -> None:
        super().__init__()
        self._name = name

    def show(self, name: Shown) -> None:
        """What is below it is called otherwise."""
        self._name = name
        self.changed()

    def lines(self, width: int) -> list[Line]:
        name = Span(shown(f" {self._name} "), Ink.MUTED)
        return [(name, Span(Shown("─" * max(0, width - cells((name,)))), Ink.FAINT))]
