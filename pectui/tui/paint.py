"""From words and inks to the lines of a widget: cutting, padding and wrapping by cells, not by characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from pectui.tui.foreign import NOTHING, Shown, segment, shown, spaces
from pectui.tui.ink import Ink, ink_style


@dataclass(frozen=True, slots=True)
class Span:
    """Some text in one ink."""

    text: Shown
    ink: Ink = Ink.PLAIN


Line = tuple[Span, ...]

_LETTERS_A_CELL = 8
"""So many letters fill at least a cell in nearly any text: one, and the marks that it carries."""

BLANK_LINE: Line = ()


def cells(spans: Iterable[Span]) -> int:
    """How wide `spans` are."""
    return sum(cell_len(span.text) for span in spans)


def cut(text: Shown, width: int) -> Shown:
    """`text` in at most `width` cells; an ellipsis says that something is missing."""
    # Of a text that is far too long the beginning tells as much, unless marks and letters without a width fill it.
    beginning = text[: max(0, width) * _LETTERS_A_CELL + 1]
    if len(beginning) < len(text) and cell_len(beginning) > width:
        text = Shown(beginning)
    elif cell_len(text) <= width:
        return text
    if width < 2:
        return Shown("…"[:width])
    return Shown(set_cell_size(text, width - 1).rstrip() + "…")


def fit(text: Shown, width: int, *, right: bool = False) -> Shown:
    """`text` in exactly `width` cells."""
    text = cut(text, width)
    blanks = " " * (width - cell_len(text))
    return Shown(blanks + text if right else text + blanks)


def fit_line(spans: Line, width: int, *, right: bool = False) -> Line:
    """`spans` in exactly `width` cells; where they are too wide, the first keeps a third.

    So what follows it begins at the same place in each line that has no room for all.
    """
    if len(spans) == 1:
        return (Span(fit(spans[0].text, width, right=right), spans[0].ink),)
    spans = tuple(Span(cut(span.text, width + 1), span.ink) for span in spans)
    used = cells(spans)
    blank = Span(spaces(max(0, width - used)))
    if used <= width:
        return (blank, *spans) if right else (*spans, blank)
    first, *others = spans
    kept = [Span(fit(first.text, width // 3), first.ink)]
    for span in others:
        kept.append(Span(cut(span.text, width - cells(kept)), span.ink))
    return (*kept, Span(spaces(width - cells(kept))))


def spread(left: Sequence[Span], right: Sequence[Span], width: int) -> Line:
    """`left` and `right` at the two ends of a line; where they collide, `left` gives way."""
    room = max(0, width - cells(right) - 1)
    kept: list[Span] = []
    for span in left:
        if room <= 0:
            break
        text = cut(span.text, room)
        kept.append(Span(text, span.ink))
        if text != span.text:
            break  # what follows would only add a second ellipsis
        room -= cell_len(text)
    return (*kept, Span(spaces(max(0, width - cells(kept) - cells(right)))), *right)


def in_runs(cells_and_inks: Iterable[tuple[str, Ink]]) -> Line:
    """What was drawn cell by cell, each run of one ink as one span."""
    runs = groupby(cells_and_inks, key=itemgetter(1))
    return tuple(Span(shown("".join(cell for cell, _ in run)), ink) for ink, run in runs)


def strip_of(widget: Widget, line: Iterable[Span], width: int, base: Style) -> Strip:
    """`line` as Textual paints it, exactly `width` cells wide, on top of `base`."""
    segments: list[Segment] = []
    used = 0
    for span in line:
        text = span.text
        length = cell_len(text)
        if used + length > width:
            text = cut(text, width - used)
            length = cell_len(text)
        if text:
            _append(segments, text, base + ink_style(widget, span.ink))
            used += length
    if used < width:
        _append(segments, spaces(width - used), base)
    return Strip(segments, width)


def wrap(text: Shown, width: int) -> list[Shown]:
    """`text` in lines of at most `width` cells, broken at blanks where there are any."""
    if width < 1:
        return [NOTHING]
    narrow = text.isascii()
    lines: list[Shown] = []
    start, length = 0, len(text)
    while length - start > width or (not narrow and cell_len(text[start:]) > width):
        end = start + width
        if not narrow:
            end = start + max(1, len(_fitting(text[start:end], width)))
        if end < length and text[end] == " ":
            broken = end
        else:
            broken = text.rfind(" ", start, end)
            if broken <= start:
                broken = end
        lines.append(Shown(text[start:broken]))
        start = broken + 1 if text[broken : broken + 1] == " " else broken
    lines.append(Shown(text[start:]))
    return lines


def wrapped(span: Span, width: int, *, indent: int = 0) -> list[Line]:
    """A paragraph as lines, each `indent` cells in."""
    margin = (Span(spaces(indent)),) if indent else ()
    return [(*margin, Span(line, span.ink)) for line in wrap(span.text, max(1, width - indent))]


def _fitting(text: str, width: int) -> str:
    """The longest beginning of `text` that is at most `width` cells wide."""
    used = 0
    for position, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return text[:position]
    return text


def _append(segments: list[Segment], text: Shown, style: Style) -> None:
    # Each segment costs the terminal some forty bytes of colour codes: equal styles are one segment, and blanks,
    # which have no colour but that behind them, go with their neighbour.
    if segments:
        before, ground = Shown(segments[-1].text), segments[-1].style or style
        if ground == style or (text.isspace() and _same_ground(ground, style)):
            segments[-1] = segment(Shown(before + text), ground)
            return
        if before.isspace() and _same_ground(ground, style):
            segments[-1] = segment(Shown(before + text), style)
            return
    segments.append(segment(text, style))


def _same_ground(one: Style, other: Style) -> bool:
    """Whether blanks look the same in both."""
    return one.bgcolor == other.bgcolor and not (
        one.underline or one.reverse or other.underline or other.reverse
    )
