"""A subject for reading: whole, unless it is so long that all else would be pushed out of sight."""

from __future__ import annotations

from collections.abc import Iterable

from pectui.tui.foreign import Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, wrapped

SHOWN_SUBJECT = 300
"""Characters: a few lines of the narrowest pane."""


def subject_lines(subject: str, width: int) -> Iterable[Line]:
    """The subject as lines of `width` cells; what is left out of it is counted."""
    text = shown(subject) or Shown("(no subject)")
    left_out = len(text) - SHOWN_SUBJECT
    if left_out > 0:
        text = shown(text[:SHOWN_SUBJECT])
    yield from wrapped(Span(text, Ink.STRONG), width)
    if left_out > 0:
        yield from wrapped(
            Span(shown(f"… {left_out:,} more characters of it are not shown."), Ink.WARN), width
        )
