"""The line above the sends: how many there are, and how many of each state, the worst first."""

from __future__ import annotations

from collections.abc import Mapping

from pectui.domain.send import SendState
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, cells
from pectui.tui.states import SEND_LOOKS
from pectui.tui.widgets.painted import Painted


class SendCounts(Painted):
    """States that occur, in their inks; where the line is too narrow for their words, by their signs."""

    def __init__(self) -> None:
        super().__init__()
        self._total = 0
        self._states: Mapping[SendState, int] = {}
        self._complete = False

    def show(self, total: int, states: Mapping[SendState, int], *, complete: bool) -> None:
        """Shows how many sends there are of each state. While not all are known it says so, never `No sends`."""
        self._total, self._states, self._complete = total, states, complete
        self.changed()

    def lines(self, width: int) -> list[Line]:
        if not self._total and not self._complete:
            return [()]
        return [counts_line(self._total, self._states, width, complete=self._complete)]


def counts_line(total: int, states: Mapping[SendState, int], width: int, *, complete: bool) -> Line:
    """The line for a width in cells."""
    if not total:
        return (Span(Shown(" No sends"), Ink.MUTED),)
    for words, gap in ((True, 3), (True, 2), (False, 2), (False, 1)):
        told = f" {total:,} send{'s' * (total != 1)}"
        if not complete:
            told = f"{told} so far" if gap > 1 else f"~{told.strip()}"
        line = [Span(shown(told), Ink.STRONG)]
        for state, look in SEND_LOOKS.items():
            if count := states.get(state, 0):
                told = f"{look.sign} {count:,} {look.word}" if words else f"{look.sign}{count:,}"
                line += [Span(spaces(gap)), Span(shown(told), look.ink)]
        if cells(line) <= width:
            break
    return tuple(line)
