"""The views of the open mailbox: which one is in front, and what is said on all of them at once.

The inbox is at the bottom and lives as long as the program does; other views lie over it and keep their state while
they are not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pectui.tui.screens.framed import FramedScreen
from pectui.tui.widgets.header import HeaderState

if TYPE_CHECKING:
    from pectui.tui.app import PectuiApp
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.screens.sends import SendsScreen
    from pectui.tui.widgets.notice import Notice


class Views:
    """The views of `app`."""

    def __init__(self, app: PectuiApp) -> None:
        self.header = HeaderState()
        """What the header of every view says."""
        self._app = app
        self._sends: SendsScreen | None = None

    @property
    def framed(self) -> Iterator[FramedScreen]:
        """The full screens that are open, the lowest first."""
        return (screen for screen in self._app.screen_stack if isinstance(screen, FramedScreen))

    @property
    def inbox(self) -> InboxScreen | None:
        """The inbox; None while no mailbox was chosen."""
        from pectui.tui.screens.inbox import InboxScreen

        return next((screen for screen in self.framed if isinstance(screen, InboxScreen)), None)

    @property
    def shows_sends(self) -> bool:
        """Whether view 2 lies over the inbox."""
        return self._sends is not None and self._sends in self._app.screen_stack

    def show_header(self, **changes: Any) -> None:
        """Changes fields of what the header says."""
        self.header = replace(self.header, **changes)
        for screen in self.framed:
            screen.show_header(self.header)

    def mailbox_changed(self) -> None:
        """To be called when what is known of the mailbox may read differently now."""
        for screen in self.framed:
            screen.mailbox_changed()

    def marks_changed(self) -> None:
        """To be called when other messages are marked."""
        from pectui.tui.screens.markable import MarkableScreen

        for screen in self.framed:
            if isinstance(screen, MarkableScreen):
                screen.marks_changed()

    def tell(self, notice: Notice) -> None:
        """Shows a notice in the view in front, the one below where a dialog is open."""
        for screen in reversed(list(self.framed)):
            screen.tell(notice)
            return

    def take_back(self, notice: Notice) -> None:
        """Hides a notice that is true no more, wherever it still stands."""
        for screen in self.framed:
            if screen.notices.notice is notice:
                screen.notices.hide()

    def may_go(self, view: str) -> bool:
        """Whether `view` is there and not in front."""
        return self.inbox is not None and self.shows_sends is (view == "inbox")

    def show_inbox(self) -> None:
        """View 1."""
        if self.shows_sends:
            self._app.pop_screen()

    def show_sends(self, code: str | None = None) -> None:
        """View 2, with the cursor on the send `code` or where it was."""
        from pectui.tui.screens.sends import SendsScreen

        inbox = self.inbox
        if inbox is None:
            return
        if self._sends is None:
            # Installed, so that it keeps its cursor, its filter and what is unfolded while it is not shown.
            self._sends = SendsScreen(inbox)
            self._app.install_screen(self._sends, "sends")
        if not self.shows_sends:
            self._app.push_screen(self._sends)
        if code is not None:
            self._sends.listed.go_to(code)
