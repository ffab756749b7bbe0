"""A fact with its name before it, for every text that tells facts: the preview of a message, what became of a send."""

from __future__ import annotations

from collections.abc import Iterable

from pectui.tui.foreign import Shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, fit, wrap

_LABEL = 11
"""Cells of a name."""


def field(label: Shown, value: Shown, width: int, *, ink: Ink = Ink.PLAIN) -> Iterable[Line]:
    """The fact as lines of `width` cells."""
    lines = wrap(value, max(8, width - _LABEL))
    yield (Span(fit(label, _LABEL), Ink.MUTED), Span(lines[0], ink))
    for line in lines[1:]:
        yield (Span(spaces(_LABEL)), Span(line, ink))
