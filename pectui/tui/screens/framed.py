"""The frame of every full screen: header above, status and keys below, notices over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from pectui.tui.foreign import Shown, shown
from pectui.tui.keys import key_name
from pectui.tui.widgets.footer import FooterLine, KeyHint
from pectui.tui.widgets.header import HeaderLine, HeaderState
from pectui.tui.widgets.notice import Notice, NoticeBar
from pectui.tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from pectui.tui.app import PectuiApp


class FramedScreen(Screen[None]):
    """Subclasses give the `body`."""

    view_name = "inbox"
    """Whose keys the help tells."""

    def __init__(self) -> None:
        super().__init__()
        self.header = HeaderLine(HeaderState())
        self.status = StatusLine()
        self.footer = FooterLine()
        self.notices = NoticeBar()

    @property
    def pectui(self) -> PectuiApp:
        """The app, by its own type."""
        return cast("PectuiApp", self.app)

    def body(self) -> Iterable[Widget]:
        """What stands between header and status."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        self.show_header(self.pectui.views.header)
        self.status.point(self.pectui.views.pointer)
        yield self.header
        yield from self.body()
        yield self.status
        yield self.footer
        yield self.notices

    def on_mount(self) -> None:
        self.bindings_updated_signal.subscribe(self, self._show_keys)

    def on_screen_resume(self) -> None:
        self.pectui.views.tell_waiting()
        self.status.point(self.pectui.views.pointer)

    def on_notice_bar_hidden(self, event: NoticeBar.Hidden) -> None:
        event.stop()
        self.pectui.views.tell_waiting()

    def tell(self, notice: Notice) -> None:
        """Shows a notice."""
        self.notices.show(notice)

    def show_header(self, state: HeaderState) -> None:
        """Says where one is, how full it is, whether the service is there."""
        self.header.show(state)

    def show_activity(self, label: Shown) -> None:
        """Says what runs in the background."""
        self.header.show(replace(self.header.state, activity=label))

    def mailbox_changed(self) -> None:
        """What is known of the mailbox, or how far it can be trusted, may read differently now."""

    def leaving(self) -> None:
        """The program is about to end: what is still to be told is told now."""

    def word_for(self, binding: Binding) -> Shown:
        """What the footer says of a key."""
        return shown(binding.description)

    def _show_keys(self, _: Screen[object]) -> None:
        if not self.is_current:
            return
        hints: dict[str, KeyHint] = {}
        for key, active in self.active_bindings.items():
            binding = active.binding
            if binding.show and binding.id and active.enabled:
                hints.setdefault(binding.id, KeyHint(key_name(key), self.word_for(binding)))
        help_hint = hints.pop("app.help", None)
        # In the order of their worth, also where somebody has given them other keys: those come last in Textual.
        worth = {
            binding.id: place for place, binding in enumerate(self.BINDINGS) if isinstance(binding, Binding)
        }
        ordered = sorted(hints.items(), key=lambda hint: worth.get(hint[0], -1))
        self.footer.show([*(hint for _, hint in ordered), *([help_hint] if help_hint else [])])
