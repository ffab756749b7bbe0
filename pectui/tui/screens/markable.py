"""The ground of the views whose messages can be marked: the keys, the signs of the rows, the note in the status."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from textual import on

from pectui.tui.screens.paned import PanedScreen
from pectui.tui.selecting import ACTIONS, Selecting
from pectui.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from pectui.tui.following import Following
    from pectui.tui.reporting import Reporting


class MarkableScreen(PanedScreen):
    """Subclasses say what stands behind their rows, what keeps the text in step with the cursor and what reports the
    rows."""

    selecting: Selecting
    following: Following
    reporting: Reporting

    @property
    def is_typing(self) -> bool:
        """Whether what is typed goes into a line of text."""
        raise NotImplementedError

    def on_mount(self) -> None:
        super().on_mount()
        self.list.sign_of = self.selecting.sign

    def leaving(self) -> None:
        self.reporting.flush()

    def hold(self) -> None:
        self.following.hold()

    def release(self) -> None:
        self.following.release()

    def show_status(self) -> None:
        """Says what is listed, and how far that can be trusted."""
        raise NotImplementedError

    def put_rows(self, rows: Sequence[Row], cursor: Hashable | None) -> None:
        """Lists `rows`; the cursor stays on its row, or goes to the one called `cursor`."""
        self.list.set_rows(rows, cursor=cursor)
        self.selecting.rows_changed()
        self.following.follow()
        self.reporting.sight()
        self.show_status()
        self.refresh_bindings()

    def cursor_moved(self) -> None:
        """To be called when another row is under the cursor."""
        self.following.follow()
        self.reporting.sight()
        if self.selecting.is_ranging:
            self.marks_changed()

    @on(RowList.Scrolled)
    def _other_rows_in_sight(self, event: RowList.Scrolled) -> None:
        event.stop()
        self.reporting.sight()

    def marks_changed(self) -> None:
        """Other messages are marked, or a range is another one."""
        self.list.repaint()
        self.status.note(self.selecting.note())
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Marks are made in the list only, where the key of the raw text begins a range."""
        if action in ACTIONS:
            return self.selecting.may(action)
        if action == "raw":
            return self.is_in_text and self.following.message is not None
        return super().check_action(action, parameters)

    def action_raw(self) -> None:
        self.preview.toggle_raw()

    def action_mark(self) -> None:
        self.selecting.toggle()

    def action_range(self) -> None:
        self.selecting.mark_range()

    def action_mark_page(self) -> None:
        self.selecting.mark_page()

    def action_mark_all(self) -> None:
        self.selecting.mark_all()

    def action_unmark(self) -> None:
        self.selecting.unmark()
