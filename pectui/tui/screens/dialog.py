"""The ground of dialogs: a box in the middle with some text and a line of keys. Esc closes every one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Container
from textual.screen import ModalScreen
from textual.widget import Widget

from pectui.tui.paint import Line
from pectui.tui.widgets.footer import FooterLine, KeyHint
from pectui.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from pectui.tui.running import Progress

Result = TypeVar("Result")

_FRAME = 4
"""Lines of a dialog that are not its text: two of border, a blank one, the keys."""


class DialogText(TextPane):
    """The text of a dialog: as high as it is, and scrolled where the terminal is lower."""

    def on_mount(self) -> None:
        self.focus()


class DialogScreen(ModalScreen[Result], Generic[Result]):
    """Subclasses give the text and the keys."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar = []

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._answered = False
        self.progress: Progress | None = None
        """What runs for this dialog, if anything does: Ctrl-C ends it."""

    @property
    def is_open(self) -> bool:
        """Whether somebody can see it, and has not answered yet."""
        return self.is_mounted and not self._answered

    def text(self, width: int) -> list[Line]:
        """The lines of the dialog for a width in cells."""
        raise NotImplementedError

    def key_hints(self) -> list[KeyHint]:
        """What the last line says."""
        raise NotImplementedError

    def below_text(self) -> Iterable[Widget]:
        """Lines that never scroll away; each is one line high."""
        return ()

    def compose(self) -> ComposeResult:
        with Container(id="dialog"):
            yield DialogText()
            yield from self.below_text()
            yield FooterLine()

    def on_resize(self, event: events.Resize) -> None:
        # The text gives way, never the line that says which key means what.
        self.query_one(DialogText).styles.max_height = max(
            1, event.size.height - _FRAME - len(tuple(self.below_text()))
        )
        self.call_after_refresh(self._show_keys)

    def on_mount(self) -> None:
        self.query_one(DialogText).set_text(self.text)
        self._show_keys()

    @property
    def is_longer_than_its_box(self) -> bool:
        """True where not all of the text is in sight."""
        pane = self.query_one(DialogText)
        return pane.line_count() > pane.lines_in_sight

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Closes the dialog with its answer. Of keys that arrive together the first one decides."""
        if self._answered:
            return AwaitComplete()
        self._answered = True
        return super().dismiss(result)

    def lay_out_again(self) -> None:
        """To be called when the text reads differently now; of a dialog that was answered nothing is shown any more."""
        if not self.is_open:
            return
        pane = self.query_one(DialogText)
        pane.set_text(self.text, keep_place=True)
        pane.refresh(layout=True)
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        self.query_one(FooterLine).show(self.key_hints())
