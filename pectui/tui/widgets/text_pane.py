"""A scrollable text of ready lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from textual.geometry import Size

from pectui.tui.moves import MOVES
from pectui.tui.paint import Line
from pectui.tui.widgets.scrolling import Scrolling

Layout = Callable[[int], Sequence[Line]]
"""Makes the lines for a width in cells. Of a very long text it may give lines that are made when they are looked at."""


class TextPane(Scrolling):
    """Shows what a layout makes of its width."""

    BINDINGS: ClassVar = [*MOVES]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self._layout: Layout = _nothing
        self._lines: Sequence[Line] = []
        self._width = 0

    @property
    def lines(self) -> Sequence[Line]:
        """All lines, in sight or not."""
        return self._lines

    def set_text(self, layout: Layout, *, keep_place: bool = False) -> None:
        """Shows the lines that `layout` makes, from their beginning unless `keep_place`."""
        self._layout = layout
        self._width = 0
        self._lay_out()
        self.scroll_lines(self.top if keep_place else 0)

    def line_count(self) -> int:
        return len(self._lines)

    def line_at(self, place: int, width: int) -> tuple[Line, Style]:
        return self._lines[place] if place < len(self._lines) else (), self.rich_style

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._layout(max(1, width - 1)))

    def on_resize(self) -> None:
        self._lay_out()
        super().on_resize()

    def action_down(self) -> None:
        self.scroll_lines(self.top + 1)

    def action_up(self) -> None:
        self.scroll_lines(self.top - 1)

    def action_top(self) -> None:
        self.scroll_lines(0)

    def action_bottom(self) -> None:
        self.scroll_lines(len(self._lines))

    def action_half_down(self) -> None:
        self.scroll_lines(self.top + max(1, self.lines_in_sight // 2))

    def action_half_up(self) -> None:
        self.scroll_lines(self.top - max(1, self.lines_in_sight // 2))

    def action_page_down(self) -> None:
        self.scroll_lines(self.top + max(1, self.lines_in_sight - 1))

    def action_page_up(self) -> None:
        self.scroll_lines(self.top - max(1, self.lines_in_sight - 1))

    def _lay_out(self) -> None:
        width = self.line_width
        if width and width != self._width:
            self._width = width
            self._lines = self._layout(width)


def _nothing(width: int) -> Sequence[Line]:
    return []
