"""The text of view 3: laid out for the width and the height that there is, and scrolled where that is too little."""

from __future__ import annotations

from collections.abc import Sequence

from pectui.tui.paint import Line
from pectui.tui.quota_told import QuotaTold, quota_lines
from pectui.tui.widgets.text_pane import TextPane


class QuotaPane(TextPane):
    """Shows how full the mailbox is and was."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self.told: QuotaTold | None = None

    def show(self, told: QuotaTold) -> None:
        """Shows `told`, with the same lines in sight. Nothing is laid out again where nothing is different."""
        if told == self.told:
            return
        self.told = told
        self.set_text(self._lay, keep_place=True)

    def on_resize(self) -> None:
        self._width = 0  # the height counts, too
        super().on_resize()

    def _lay(self, width: int) -> Sequence[Line]:
        return [] if self.told is None else quota_lines(self.told, width, self.lines_in_sight)
