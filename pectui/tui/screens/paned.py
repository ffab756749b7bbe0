"""The ground of the views: a list, and the text of what is under its cursor beside or below it, or over all of it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.containers import Container
from textual.widget import Widget

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
    """Subclasses say what the keys do, and keep the text in step with the cursor."""

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

    def text_held(self) -> None:
        """The text fills the screen from now on: another one must not take its place."""

    def text_released(self) -> None:
        """The list is in front again."""

    def fill_with_text(self) -> None:
        """The text of what is under the cursor over the whole screen."""
        self.add_class(_READING)
        self.text_held()
        self.preview.focus()
        self.refresh_bindings()

    def back_to_list(self) -> bool:
        """True if the list was not in front."""
        away = self.is_reading or self.preview.has_focus
        self.remove_class(_READING)
        self.text_released()
        self.list.focus()
        self.refresh_bindings()
        return away

    def _keep_focus(self) -> None:
        if self.preview.has_focus and not self.preview.display:
            self.list.focus()
