"""A line for each recipient of a send: what became of it, who, why. Of a thousand only those in sight are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from rich.cells import cell_len

from pectui.domain.send import Outcome, RecipientState
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, cut, fit
from pectui.tui.states import RECIPIENT_LOOKS
from pectui.tui.widgets.send_row import reason_words

_WORD = 10
_WORD_FROM = 56
"""Cells from which there is room for the state's word."""
_LOOKED_AT = 200
"""Recipients at either end whose addresses say how wide their column is: problems, and ordinary mail."""


class RecipientLines(Sequence[Line]):
    """`head`, then a line for each of `outcomes`."""

    def __init__(self, head: Sequence[Line], outcomes: Sequence[Outcome], width: int, margin: int) -> None:
        self._head = head
        self._outcomes = outcomes
        self._width = width
        self._margin = margin
        self._word = _WORD if width >= _WORD_FROM else 0
        room = max(8, width - 2 - self._word)
        ends = [*outcomes[:_LOOKED_AT], *outcomes[-_LOOKED_AT:]]
        explained = [one.address for one in ends if _why(one)]
        longest = max((cell_len(shown(address)) for address in explained), default=room)
        self._address = min(longest, room * 3 // 5) if explained else room

    def __len__(self) -> int:
        return len(self._head) + len(self._outcomes)

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if index < len(self._head):
            return self._head[index]
        return self._line(self._outcomes[index - len(self._head)])

    def _line(self, outcome: Outcome) -> Line:
        look = RECIPIENT_LOOKS[outcome.state]
        line = [Span(spaces(self._margin)), Span(look.sign, look.ink), Span(spaces(1))]
        if self._word:
            line.append(Span(fit(look.word, self._word), look.ink))
        address, why = shown(outcome.address), _why(outcome)
        if not why:
            return (*line, Span(cut(address, max(8, self._width - 2 - self._word))))
        return (*line, Span(fit(address, self._address)), Span(spaces(2)), *why)


def _why(outcome: Outcome) -> list[Span]:
    if outcome.state is RecipientState.NONE_EXPECTED:
        return [Span(Shown("none expected"), Ink.MUTED)]
    if outcome.reason is None:
        return []
    words = reason_words(outcome.reason)
    provider = f" ({outcome.reason.provider})" if outcome.reason.provider else ""
    if outcome.mailbox_full:
        return [Span(shown(f"full, may work later: {words}{provider}"), Ink.WARN)]
    ink = RECIPIENT_LOOKS[outcome.state].ink
    return [Span(shown(f"{words}{provider}"), ink)]
