"""The one list of the program: rows of any kind, a cursor that belongs to a row, and only changed lines repainted.

It knows nothing of mail. Rows are values that say what they are (`key`, `likeness`) and what stands in each of
their cells; the list paints those that are in sight, so that a hundred thousand of them cost nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message as Fact
from textual.scroll_view import ScrollView
from textual.strip import Strip

from pectui.tui.foreign import Shown, spaces
from pectui.tui.ink import Ink, ink_style
from pectui.tui.keys import PAGES
from pectui.tui.moves import MOVES
from pectui.tui.paint import Line, Span, fit, strip_of, wrapped


class Row(Protocol):
    """A row of the list. Equal rows look the same."""

    @property
    def key(self) -> Hashable:
        """Which thing this is."""

    @property
    def likeness(self) -> Hashable:
        """What stays when the thing's name changes, as on servers whose ids shift."""

    def cell(self, name: str) -> Span:
        """What stands in the column `name`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` 0 takes what the others leave. It is shown in lists of at least `from_width` cells."""

    name: str
    width: int
    from_width: int = 0
    right: bool = False


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """Posts `Moved` when another row comes under the cursor, `Opened` when the user opens it."""

    BINDINGS: ClassVar = [
        *MOVES,
        Binding("enter", "open", "open", id="list.open", group=PAGES, tooltip="open"),
    ]

    class Moved(Fact):
        """Another row is under the cursor; None where the list is empty now."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Fact):
        """The user wants to see the row under the cursor."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._rows: Sequence[Row] = ()
        self._cursor = 0
        self._placeholder: tuple[Span, ...] = ()

    @property
    def rows(self) -> Sequence[Row]:
        """What is listed, in order."""
        return self._rows

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None in an empty list."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def cursor(self) -> int:
        """The cursor's place, counted from 0."""
        return self._cursor

    def set_rows(self, rows: Sequence[Row], *, cursor: Hashable | None = None) -> None:
        """Lists `rows`. The cursor stays on its row wherever that is now; if it is gone, at its place.

        `cursor` is the key of a row to go to instead.
        """
        before, old_rows, offset = self.row, self._rows, self._cursor - self.scroll_offset.y
        place = self._place(rows, before, cursor)
        unchanged = len(rows) == len(old_rows)
        self._rows, self._cursor = rows, place
        if not unchanged:
            self.virtual_size = Size(self.size.width, len(rows))
        self.scroll_to(y=max(0, place - offset), animate=False, force=True)
        self._show_cursor()
        if unchanged and rows:
            self._refresh_changed(old_rows)
        else:
            self.refresh()
        now = self.row
        if (before and before.key) != (now and now.key):
            self.post_message(self.Moved(now))

    def set_placeholder(self, *paragraphs: Span) -> None:
        """What an empty list says."""
        self._placeholder = paragraphs
        if not self._rows:
            self.refresh()

    def move_to(self, place: int) -> None:
        """Puts the cursor on the row at `place`, or the nearest there is."""
        place = max(0, min(place, len(self._rows) - 1))
        if place == self._cursor or not self._rows:
            return
        old, self._cursor = self._cursor, place
        self.refresh_line(old)
        self.refresh_line(place)
        self._show_cursor()
        self.post_message(self.Moved(self.row))

    def render_line(self, y: int) -> Strip:
        width, place = self.size.width, y + self.scroll_offset.y
        base = self.rich_style
        if place >= len(self._rows):
            return strip_of(self, self._placeholder_line(y, width), width, base)
        if place == self._cursor:
            base += ink_style(self, Ink.CURSOR if self.has_focus else Ink.CURSOR_BLURRED)
        return strip_of(self, self._line(self._rows[place], width), width, base)

    def action_down(self) -> None:
        self.move_to(self._cursor + 1)

    def action_up(self) -> None:
        self.move_to(self._cursor - 1)

    def action_top(self) -> None:
        self.move_to(0)

    def action_bottom(self) -> None:
        self.move_to(len(self._rows) - 1)

    def action_half_down(self) -> None:
        self.move_to(self._cursor + max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        self.move_to(self._cursor - max(1, self.size.height // 2))

    def action_page_down(self) -> None:
        self.move_to(self._cursor + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        self.move_to(self._cursor - max(1, self.size.height - 1))

    def action_open(self) -> None:
        if self.row is not None:
            self.post_message(self.Opened(self.row))

    def on_click(self, event: events.Click) -> None:
        place = event.y + self.scroll_offset.y
        if place < len(self._rows):
            again = place == self._cursor and event.chain > 1
            self.move_to(place)
            if again:
                self.action_open()

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._rows))
        self._show_cursor()

    def on_focus(self) -> None:
        self.refresh_line(self._cursor)

    def on_blur(self) -> None:
        self.refresh_line(self._cursor)

    def _place(self, rows: Sequence[Row], before: Row | None, wanted: Hashable | None) -> int:
        if not rows:
            return 0
        if wanted is not None:
            for place, row in enumerate(rows):
                if row.key == wanted:
                    return place
        if before is None:
            return 0
        old = min(self._cursor, len(rows) - 1)
        if rows[old].key == before.key:
            return old
        likely: list[int] = []
        for place, row in enumerate(rows):
            if row.key == before.key:
                return place
            if row.likeness == before.likeness:
                likely.append(place)
        return min(likely, key=lambda place: abs(place - self._cursor), default=old)

    def _show_cursor(self) -> None:
        """Brings the cursor into sight. Half a screen at a time: over a slow line each scroll is a repaint."""
        height, top = self.size.height, self.scroll_offset.y
        if not height or top <= self._cursor < top + height:
            return
        half = height // 2
        above = self._cursor < top
        target = self._cursor - half if above else self._cursor - height + 1 + half
        self.scroll_to(y=max(0, min(target, len(self._rows) - height)), animate=False, force=True)

    def _refresh_changed(self, old_rows: Sequence[Row]) -> None:
        top = self.scroll_offset.y
        for place in range(top, min(top + self.size.height, len(self._rows))):
            if self._rows[place] != old_rows[place] or place == self._cursor:
                self.refresh_line(place)

    def _line(self, row: Row, width: int) -> Line:
        columns = [column for column in self._columns if width >= column.from_width]
        flexible = sum(1 for column in columns if not column.width)
        fixed = sum(column.width for column in columns) + 2 + len(columns) - 1
        room = max(0, width - fixed) // max(1, flexible)
        line = [Span(spaces(1))]
        for column in columns:
            cell = row.cell(column.name)
            line.append(Span(fit(cell.text, column.width or room, right=column.right), cell.ink))
            line.append(Span(Shown(" ")))
        return tuple(line)

    def _placeholder_line(self, y: int, width: int) -> Line:
        if self._rows or not self._placeholder:
            return ()
        lines: list[Line] = [()]
        for paragraph in self._placeholder:
            lines += wrapped(paragraph, width - 2, indent=2)
        return lines[y] if y < len(lines) else ()
