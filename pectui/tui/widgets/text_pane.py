"""A scrollable text of ready lines. It paints what is in sight, and only what changed when its text changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from pectui.tui.moves import MOVES
from pectui.tui.paint import Line, strip_of

Layout = Callable[[int], list[Line]]
"""Makes the lines for a width in cells."""


class TextPane(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows what a layout makes of its width."""

    BINDINGS: ClassVar = [*MOVES]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self._layout: Layout = _nothing
        self._lines: list[Line] = []
        self._width = 0

    @property
    def lines(self) -> list[Line]:
        """All lines, in sight or not."""
        return self._lines

    def set_text(self, layout: Layout, *, keep_place: bool = False) -> None:
        """Shows the lines that `layout` makes, from their beginning unless `keep_place`."""
        height = self.size.height
        top = self.scroll_offset.y
        before = [self.render_line(y) for y in range(height)]
        self._layout = layout
        self._width = 0
        self._lay_out()
        if not keep_place and top:
            self.scroll_to(y=0, animate=False, force=True)
            self.refresh()
            return
        for y in range(height):
            self._refresh_difference(y, before[y], self.render_line(y))

    def render_line(self, y: int) -> Strip:
        place = y + self.scroll_offset.y
        line = self._lines[place] if place < len(self._lines) else ()
        return strip_of(self, line, self.size.width, self.rich_style)

    def on_resize(self) -> None:
        self._lay_out()
        self.refresh()

    def action_down(self) -> None:
        self._scroll_by(1)

    def action_up(self) -> None:
        self._scroll_by(-1)

    def action_top(self) -> None:
        self._scroll_by(-len(self._lines))

    def action_bottom(self) -> None:
        self._scroll_by(len(self._lines))

    def action_half_down(self) -> None:
        self._scroll_by(max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        self._scroll_by(-max(1, self.size.height // 2))

    def action_page_down(self) -> None:
        self._scroll_by(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        self._scroll_by(-max(1, self.size.height - 1))

    def _scroll_by(self, count: int) -> None:
        target = max(0, min(self.scroll_offset.y + count, len(self._lines) - self.size.height))
        self.scroll_to(y=target, animate=False, force=True)

    def _lay_out(self) -> None:
        width = self.size.width
        if width and width != self._width:
            self._width = width
            self._lines = self._layout(width)
            self.virtual_size = Size(width, len(self._lines))

    def _refresh_difference(self, y: int, before: Strip, after: Strip) -> None:
        """Repaints from the first cell that differs to the last: most receipts differ in a few words."""
        if before == after:
            return
        if before.cell_length != after.cell_length or not (before.text + after.text).isascii():
            self.refresh(Region(0, y, self.size.width, 1))
            return
        old, new = _cells(before), _cells(after)
        differing = [x for x, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
        self.refresh(Region(differing[0], y, differing[-1] - differing[0] + 1, 1))


def _cells(strip: Strip) -> list[tuple[str, object]]:
    return [(character, segment.style) for segment in strip for character in segment.text]


def _nothing(width: int) -> list[Line]:
    return []
