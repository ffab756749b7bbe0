"""The one list of the program: rows of any kind, a cursor that belongs to a row, and only changed lines repainted.

It knows nothing of mail. Rows are values that say what they are (`key`, `likeness`) and what stands in each of
their cells; the list paints those that are in sight, so that a hundred thousand of them cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.message import Message as Fact

from pectui.tui.foreign import Shown, spaces
from pectui.tui.ink import Ink, ink_style
from pectui.tui.keys import PAGES
from pectui.tui.moves import MOVES
from pectui.tui.paint import Line, Span, fit_line, wrapped
from pectui.tui.widgets.scrolling import Scrolling

MARK = "mark"
"""The column for the sign that a row wears."""

_BLANK = Span(spaces(1))


def _no_sign(place: int, row: Row) -> Span:
    return _BLANK


class Row(Protocol):
    """A row of the list. Equal rows look the same."""

    @property
    def key(self) -> Hashable:
        """Which thing this is."""

    @property
    def likeness(self) -> Hashable:
        """What stays when the thing's name changes, as on servers whose ids shift."""

    def cell(self, name: str) -> Span | Line:
        """What stands in the column `name`; of several spans the first gives way if not all fit in."""


@runtime_checkable
class Findable(Protocol):
    """Rows that know where one of them is: a long list must not look at each of its rows for that."""

    def place_of(self, key: Hashable, near: int) -> int | None:
        """Where the row called `key` is, also if it is called otherwise by now; None if it is nowhere."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` 0 takes what the others leave. It is shown in lists of at least `from_width` cells."""

    name: str
    width: int
    from_width: int = 0
    right: bool = False


class RowList(Scrolling):
    """Posts `Moved` when another row comes under the cursor, `Scrolled` when others come in sight, `Opened` when
    the user opens one."""

    BINDINGS: ClassVar = [
        *MOVES,
        Binding("enter", "open", "open", id="list.open", group=PAGES, tooltip="open"),
    ]

    class Moved(Fact):
        """Another row is under the cursor; None where the list is empty now."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Scrolled(Fact):
        """Other places of the same list are in sight."""

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
        self._seen: tuple[Sequence[Row], range] = (), range(0)
        self._placeholder: tuple[Span, ...] = ()
        self.sign_of: Callable[[int, Row], Span] = _no_sign
        """The sign of one cell that the row at a place wears: in the column `mark`, else before the line."""

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
        """Lists `rows`. The cursor stays on its row wherever that is now; if it is gone, at its place, even if for a
        while there was no row at all.

        `cursor` is the key of a row to go to instead.
        """
        before, offset = self.row, self._cursor - self.top
        was_in_sight = before is None or self._cursor in self.places_in_sight
        self._cursor = self._place(rows, before, cursor)
        self._rows = rows
        self.top = max(0, self._cursor - offset)
        if was_in_sight or cursor is not None:
            self._show_cursor()
        else:
            self.scroll_lines(self.top)  # whoever scrolled away from the cursor looks at something else
        now = self.row
        if (before and before.key) != (now and now.key):
            self.post_message(self.Moved(now))

    @property
    def places_in_sight(self) -> range:
        """Which rows are in sight."""
        return range(self.top, min(len(self._rows), self.top + self.lines_in_sight))

    def set_placeholder(self, *paragraphs: Span) -> None:
        """What an empty list says."""
        if paragraphs != self._placeholder:
            self._placeholder = paragraphs
            self.repaint()

    def move_to(self, place: int) -> None:
        """Puts the cursor on the row at `place`, or the nearest there is."""
        place = max(0, min(place, len(self._rows) - 1))
        if place == self._cursor or not self._rows:
            return
        self._cursor = place
        self._show_cursor()
        self.post_message(self.Moved(self.row))

    def scroll_lines(self, top: int) -> None:
        super().scroll_lines(top)
        (rows, places), self._seen = self._seen, (self._rows, self.places_in_sight)
        if rows is self._rows and places != self.places_in_sight:
            self.post_message(self.Scrolled())

    def line_count(self) -> int:
        return len(self._rows)

    def line_at(self, place: int, width: int) -> tuple[Line, Style]:
        if place >= len(self._rows):
            return self._placeholder_line(place, width), self.rich_style
        style = self.rich_style
        if place == self._cursor:
            style += ink_style(self, Ink.CURSOR if self.has_focus else Ink.CURSOR_BLURRED)
        return self._line(place, width), style

    def action_down(self) -> None:
        self.move_to(self._cursor + 1)

    def action_up(self) -> None:
        self.move_to(self._cursor - 1)

    def action_top(self) -> None:
        self.move_to(0)

    def action_bottom(self) -> None:
        self.move_to(len(self._rows) - 1)

    def action_half_down(self) -> None:
        self.move_to(self._cursor + max(1, self.lines_in_sight // 2))

    def action_half_up(self) -> None:
        self.move_to(self._cursor - max(1, self.lines_in_sight // 2))

    def action_page_down(self) -> None:
        self.move_to(self._cursor + max(1, self.lines_in_sight - 1))

    def action_page_up(self) -> None:
        self.move_to(self._cursor - max(1, self.lines_in_sight - 1))

    def action_open(self) -> None:
        if self.row is not None:
            self.post_message(self.Opened(self.row))

    def on_click(self, event: events.Click) -> None:
        place = event.y + self.top
        if place < len(self._rows):
            again = place == self._cursor and event.chain > 1
            self.move_to(place)
            if again:
                self.action_open()

    def on_resize(self) -> None:
        self._show_cursor()
        super().on_resize()

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def _place(self, rows: Sequence[Row], before: Row | None, wanted: Hashable | None) -> int:
        if not rows:
            return self._cursor
        if isinstance(rows, Findable):
            return self._found(rows, before, wanted, len(rows))
        if wanted is not None:
            for place, row in enumerate(rows):
                if row.key == wanted:
                    return place
        if before is None:
            return min(self._cursor, len(rows) - 1)
        old = min(self._cursor, len(rows) - 1)
        if rows[old].key == before.key:
            return old
        likely: list[int] = []
        for place, row in enumerate(rows):
            if row.key == before.key:
                return place
            if row.likeness == before.likeness:
                likely.append(place)
        # What looks the same and was listed before is another thing.
        known = {row.key for row in self._rows}
        renamed = [place for place in likely if rows[place].key not in known]
        return renamed[0] if len(renamed) == 1 else old

    def _found(self, rows: Findable, before: Row | None, wanted: Hashable | None, count: int) -> int:
        for key in (wanted, None if before is None else before.key):
            place = None if key is None else rows.place_of(key, self._cursor)
            if place is not None:
                return place
        return min(self._cursor, count - 1)

    def _show_cursor(self) -> None:
        """Brings the cursor into sight. Half a screen at a time: over a slow line each scroll is a repaint."""
        height, top = self.lines_in_sight, self.top
        if height and not top <= self._cursor < top + height:
            half = height // 2
            top = self._cursor - half if self._cursor < top else self._cursor - height + 1 + half
        self.scroll_lines(top)

    def _line(self, place: int, width: int) -> Line:
        row = self._rows[place]
        sign = self.sign_of(place, row)
        columns = [column for column in self._columns if width >= column.from_width]
        flexible = sum(1 for column in columns if not column.width)
        fixed = sum(column.width for column in columns) + 2 + len(columns) - 1
        room = max(0, width - fixed) // max(1, flexible)
        line = [_BLANK if any(column.name == MARK for column in columns) else sign]
        for column in columns:
            cell = sign if column.name == MARK else row.cell(column.name)
            spans = (cell,) if isinstance(cell, Span) else cell
            line.extend(fit_line(spans, column.width or room, right=column.right))
            line.append(Span(Shown(" ")))
        return tuple(line)

    def _placeholder_line(self, y: int, width: int) -> Line:
        if self._rows or not self._placeholder:
            return ()
        lines: list[Line] = [()]
        for paragraph in self._placeholder:
            lines += wrapped(paragraph, width - 2, indent=2)
        return lines[y] if y < len(lines) else ()
