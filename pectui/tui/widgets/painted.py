"""The ground for the program's one-line bars: a widget that paints lines of spans and nothing else."""

from __future__ import annotations

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from pectui.tui.paint import Line, strip_of


class Painted(Widget):
    """Paints what `lines` gives for its width. Nothing is repainted that stayed the same."""

    def lines(self, width: int) -> list[Line]:
        """The lines to paint in `width` cells."""
        raise NotImplementedError

    def changed(self) -> None:
        """To be called when `lines` may give something else now."""
        if self.is_mounted and self._painted != self.lines(self.size.width):
            self.refresh()

    _painted: list[Line] | None = None

    def render_line(self, y: int) -> Strip:
        if y == 0 or self._painted is None:
            self._painted = self.lines(self.size.width)
        line = self._painted[y] if y < len(self._painted) else ()
        return strip_of(self, line, self.size.width, self.rich_style)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))
