"""The ground for everything that scrolls: it paints what is in sight, and only the cells that are different now.

Textual's own scrolling lays the screen out again and repaints a widget whenever its length changes: some kilobytes
for each message that one looks at. Here what was painted last is remembered and compared, cell by cell, so that a
step over a slow line costs what it changes.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from pectui.tui.foreign import Shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, strip_of

_WHEEL = 3
"""Lines that a notch of the wheel moves."""


class Scrolling(Widget, can_focus=True):
    """Subclasses say how many lines there are and paint one of them; the last column shows where one is."""

    top = 0
    """The first line in sight."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self._painted: dict[int, Strip] = {}

    def line_count(self) -> int:
        """How many lines there are, in sight or not."""
        raise NotImplementedError

    def line_at(self, place: int, width: int) -> tuple[Line, Style]:
        """The line at `place` in `width` cells, and the style below it. `place` may lie behind the last line."""
        raise NotImplementedError

    @property
    def lines_in_sight(self) -> int:
        return self.size.height

    @property
    def line_width(self) -> int:
        """Cells of a line, without the column that shows where one is."""
        return max(0, self.size.width - 1)

    def scroll_lines(self, top: int) -> None:
        """Brings the line `top` to the upper edge, as far as there are lines below it."""
        self.top = max(0, min(top, self.line_count() - self.lines_in_sight))
        self.repaint()

    def repaint(self) -> None:
        """To be called when lines may look different now. Paints the cells that do, and no others."""
        self.top = max(0, min(self.top, self.line_count() - self.lines_in_sight))
        for y, before in self._painted.items():
            if y < self.size.height and (span := _difference(before, self._strip(y))):
                first, last = span
                self.refresh(Region(first, y, last - first, 1))

    def render_line(self, y: int) -> Strip:
        strip = self._painted[y] = self._strip(y)
        return strip

    def on_resize(self) -> None:
        self._painted.clear()
        self.repaint()
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_lines(self.top + _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_lines(self.top - _WHEEL)

    def _strip(self, y: int) -> Strip:
        line, style = self.line_at(self.top + y, self.line_width)
        painted = strip_of(self, line, self.line_width, style)
        return Strip.join([painted, strip_of(self, (self._marker(y),), 1, self.rich_style)])

    def _marker(self, y: int) -> Span:
        count, height = self.line_count(), self.lines_in_sight
        if count <= height or not height:
            return Span(spaces(1))
        size = max(1, round(height * height / count))
        start = round((height - size) * self.top / (count - height))
        return Span(Shown("▐") if start <= y < start + size else spaces(1), Ink.FAINT)


def _difference(before: Strip, after: Strip) -> tuple[int, int] | None:
    """The first cell that differs and the one behind the last; None where all are the same."""
    if before == after:
        return None
    old, new = _cells(before), _cells(after)
    if len(old) != len(new):
        return 0, len(new)
    differing = [x for x, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    if not differing:
        return None
    first, last = differing[0], differing[-1] + 1
    # A character of two cells can't be painted by halves.
    while first and (old[first] is None or new[first] is None):
        first -= 1
    while last < len(new) and (old[last] is None or new[last] is None):
        last += 1
    return first, last


def _cells(strip: Strip) -> list[tuple[str, Style | None] | None]:
    """What each cell shows; None for the second cell of a wide character."""
    cells: list[tuple[str, Style | None] | None] = []
    for segment in strip:
        style = segment.style
        for character in segment.text:
            width = 1 if character.isascii() else cell_len(character)
            if width:
                cells.append((character, style))
                cells.extend([None] * (width - 1))
            elif cells and cells[-1] is not None:
                cells[-1] = (cells[-1][0] + character, style)
    return cells
