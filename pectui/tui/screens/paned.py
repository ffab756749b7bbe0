"""The ground of the views: a list, and the text of what is under its cursor beside or below it, or over all of it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.containers import Container
from textual.widget import Widget

from pectui.tui.foreign import Shown, shown
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.widgets.preview import Preview
from pectui.tui.widgets.row_list import RowList

BESIDE_FROM = 100
"""Columns from which the text stands beside the list."""
SHORT_BELOW = 16
"""Lines below which the text is opened by a key only."""

_READING = "-reading"
"""The class of the screen while the text fills it."""


class PanedScreen(FramedScreen):
    """Subclasses say what their own keys do, and what keeps the text in step with the cursor."""

    def __init__(self, rows: RowList, preview: Preview) -> None:
        super().__init__()
        self.list = rows
        self.preview = preview

    def body(self) -> Iterable[Widget]:
        yield Container(self.list, self.preview, id="panes")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= BESIDE_FROM, "-beside")
        self.set_class(event.size.height < SHORT_BELOW, "-short")
        self.call_after_refresh(self._keep_focus)

    @property
    def is_reading(self) -> bool:
        """Whether the text fills the screen."""
        return self.has_class(_READING)

    @property
    def is_in_text(self) -> bool:
        """Whether keys go to the text, beside the list or over all of it."""
        return self.is_reading or self.preview.has_focus

    def hold(self) -> None:
        """What is under the cursor is read over the whole screen: nothing else takes its place."""
        raise NotImplementedError

    def release(self) -> None:
        """The list is in front again."""
        raise NotImplementedError

    def fill_with_text(self) -> None:
        """The text of what is under the cursor over the whole screen."""
        self.add_class(_READING)
        self.hold()
        self.preview.focus()
        self.refresh_bindings()

    def back_to_list(self) -> bool:
        """True if the list was not in front."""
        away = self.is_in_text
        self.remove_class(_READING)
        self.release()
        self.list.focus()
        self.refresh_bindings()
        return away

    def copy(self, text: Shown) -> None:
        """Puts `text` on the clipboard, and says so."""
        self.pectui.copy_to_clipboard(text)
        self.pectui.say(shown(f"Copied {text}"))

    def action_leave(self) -> None:
        if self.is_reading:
            self.back_to_list()
        else:
            self.pectui.action_leave()

    def action_switch_pane(self) -> None:
        if not self.list.has_focus:
            self.list.focus()
        elif self.preview.display:
            self.preview.focus()
        else:
            self.fill_with_text()

    def _keep_focus(self) -> None:
        if self.preview.has_focus and not self.preview.display:
            self.list.focus()
