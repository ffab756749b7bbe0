"""What the keys mark in a view: the row under the cursor, a range, a page, all that match; and the signs of the marked.

Marks are messages; which messages stand behind a row is the view's to say.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.marking import Marking, messages
from pectui.tui.paint import Span
from pectui.tui.widgets.message_row import MessageRow
from pectui.tui.widgets.notice import Severity
from pectui.tui.widgets.row_list import Findable, Row

if TYPE_CHECKING:
    from pectui.tui.screens.markable import MarkableScreen

NO_SIGN = Span(spaces(1))
MARKED = Span(Shown("●"), Ink.ACCENT)
PARTLY = Span(Shown("◐"), Ink.ACCENT)
IN_RANGE = Span(Shown("▌"), Ink.ACCENT)
MAYBE = Span(Shown("?"), Ink.WARN)
GONE = Span(Shown("-"), Ink.MUTED)

ACTIONS = frozenset({"mark", "range", "mark_page", "mark_all", "unmark"})


class Selecting:
    """Marks what is listed on `screen`. Subclasses know the view's rows."""

    def __init__(self, screen: MarkableScreen, marking: Marking) -> None:
        self._screen = screen
        self.marking = marking
        self._from: Hashable | None = None
        self._from_place = 0
        self._counted: tuple[object, int, int] = (None, -1, 0)

    # The view's own

    @property
    def listed(self) -> Sequence[Header] | None:
        """The remembered listing of which the rows were made; None where they were made of no listing."""
        raise NotImplementedError

    def of_row(self, row: Row) -> Sequence[Header]:
        """The messages that stand behind a row."""
        raise NotImplementedError

    def of_rows(self, places: range) -> Sequence[Header]:
        """The messages that stand behind the rows at these places, which may be a hundred thousand."""
        raise NotImplementedError

    def page(self) -> tuple[Sequence[Header], str]:
        """The messages that `a` marks, and what they are."""
        raise NotImplementedError

    def mark_all(self) -> None:
        """Marks all that match, and says how many."""
        raise NotImplementedError

    def shown_count(self) -> int:
        """How many marked messages the list shows, in sight or not."""
        raise NotImplementedError

    def hidden(self, headers: Sequence[Header]) -> frozenset[int]:
        """The ids of those of `headers` that the list doesn't show."""
        raise NotImplementedError

    def known(self) -> Sequence[Header]:
        """What was read, or is in sight: the neighbours of what is chosen are among it."""
        raise NotImplementedError

    def sign_of_row(self, row: Row) -> Span:
        """What a row wears that is not a message."""
        return NO_SIGN

    # The keys

    def may(self, action: str) -> bool:
        """Whether the key does something now."""
        if self._screen.is_reading or not self._screen.list.has_focus:
            return False
        return len(self.marking.marks) > 0 if action == "unmark" else self._screen.list.row is not None

    def toggle(self) -> None:
        """Marks what is under the cursor, or marks it no more, and goes down; a range is marked as a whole."""
        if self.is_ranging:
            self.mark_range()
            return
        row = self._screen.list.row
        if row is None or self.is_stale():
            return
        chosen = self._still_there(self.of_row(row))
        if not chosen:
            self.say_nothing_to_mark(row)
            return
        marks = self.marking.marks
        if all(one in marks for one in chosen):
            marks.unmark(chosen)
        else:
            marks.mark(chosen)
        self.marking.changed()
        self._screen.list.action_down()

    def mark_range(self) -> None:
        """Begins a range at the cursor, or marks all from there to here."""
        rows = self._screen.list
        if self.is_stale() or rows.row is None:
            return
        if not self.is_ranging:
            self._from, self._from_place = rows.row.key, rows.cursor
            self._screen.marks_changed()
            return
        chosen = self.of_rows(self._range)
        self._from = None
        self.add(chosen, "in this range")

    def mark_page(self) -> None:
        """Marks what the view calls a page."""
        if self.is_stale():
            return
        chosen, what = self.page()
        if chosen:
            self.add(chosen, what)
        elif self._screen.list.row is not None:
            self.say_nothing_to_mark(self._screen.list.row)

    def unmark(self) -> None:
        """Marks nothing any more."""
        count = self.marking.marks.clear()
        self.marking.changed()
        self._screen.pectui.say(shown(f"{count:,} unmarked"))

    def add(self, headers: Sequence[Header], what: str, *, detail: str = "") -> None:
        """Marks `headers`, and says how many of `what` are new among the marks."""
        added = self.marking.marks.mark(self._still_there(headers))
        self.marking.changed()
        told = shown(f"{messages(len(headers))} {what} {'is' if len(headers) == 1 else 'are'} marked")
        if added != len(headers):
            told = shown(f"{told}, {added:,} of them since now")
        self._screen.pectui.say(told, shown(detail))

    def say_nothing_to_mark(self, row: Row) -> None:
        """Says why the row can't be marked."""
        self._screen.pectui.say(Shown("There is nothing to mark here"))

    # The range

    @property
    def is_ranging(self) -> bool:
        """Whether a range was begun."""
        return self._from is not None

    @property
    def _range(self) -> range:
        first, last = sorted((self._from_place, self._screen.list.cursor))
        return range(first, last + 1)

    def give_up(self) -> bool:
        """Marks nothing of the range that was begun. False if there was none."""
        was, self._from = self.is_ranging, None
        if was:
            self._screen.marks_changed()
        return was

    def rows_changed(self) -> None:
        """Other rows are listed: the range begins at its row, wherever that is now."""
        if self._from is None:
            return
        rows = self._screen.list.rows
        place = rows.place_of(self._from, self._from_place) if isinstance(rows, Findable) else None
        if place is None:
            self._from = None
            self._screen.pectui.say(Shown("The range is given up: its beginning is not listed here"))
        else:
            self._from_place = place

    def commit(self) -> None:
        """What is in the range that was begun counts as marked: something is about to be done with it."""
        if self.is_ranging:
            self.mark_range()

    # What is shown

    def sign(self, place: int, row: Row) -> Span:
        """What the row at `place` wears."""
        marks = self.marking.marks
        if isinstance(row, MessageRow):
            header = row.message.header
            if self.marking.is_gone(header):
                return GONE
            if header in marks:
                return MARKED
            if self.is_ranging and place in self._range:
                return IN_RANGE
            return MAYBE if marks.may_be(header) else NO_SIGN
        if self.is_ranging and place in self._range and self.of_row(row):
            return IN_RANGE
        return self.sign_of_row(row) if len(marks) else NO_SIGN

    def note(self) -> Span | None:
        """What the status says of the marks."""
        if self.is_ranging:
            return Span(shown(f"range of {len(self._range):,} rows: v marks, Esc gives up"), Ink.ACCENT)
        marks = self.marking.marks
        if not len(marks):
            return None
        hidden = self.hidden_count
        told = f"{len(marks):,} marked" + (f" ({hidden:,} not shown)" if hidden else "")
        return Span(shown(told), Ink.ACCENT)

    @property
    def hidden_count(self) -> int:
        """How many marked messages the list doesn't show."""
        marks, rows = self.marking.marks, self._screen.list.rows
        if self._counted[0] is not rows or self._counted[1] != marks.version:
            self._counted = rows, marks.version, self.shown_count()
        return len(marks) - self._counted[2]

    def _still_there(self, headers: Iterable[Header]) -> Sequence[Header]:
        return [one for one in headers if not self.marking.is_gone(one)]

    def is_stale(self) -> bool:
        """True, and told, where a row may call another message by an id of now."""
        if not self.marking.is_stale(self.listed):
            return False
        told = Shown("The mailbox has just changed, and its ids with it: look again")
        self._screen.pectui.say(told, severity=Severity.WARNING)
        return True
