"""The ground of the views whose messages can be marked: the keys, the signs of the rows, the note in the status."""

from __future__ import annotations

from pectui.tui.screens.paned import PanedScreen
from pectui.tui.selecting import ACTIONS, Selecting


class MarkableScreen(PanedScreen):
    """Subclasses say what stands behind their rows."""

    selecting: Selecting

    @property
    def is_typing(self) -> bool:
        """Whether what is typed goes into a line of text."""
        raise NotImplementedError

    def on_mount(self) -> None:
        super().on_mount()
        self.list.sign_of = self.selecting.sign

    def marks_changed(self) -> None:
        """Other messages are marked, or a range is another one."""
        self.list.repaint()
        self.status.note(self.selecting.note())
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Marks are made in the list only."""
        return self.selecting.may(action) if action in ACTIONS else True

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
