"""Asks before leaving while something runs."""

from __future__ import annotations

from textual import events

from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink
from pectui.tui.paint import BLANK_LINE, Line, Span, wrapped
from pectui.tui.screens.dialog import DialogScreen
from pectui.tui.widgets.footer import KeyHint

_DELETION = Shown("A message that is being deleted is finished first; what follows it is not begun.")
_SEND = Shown(
    "The answer about the message that is being sent is waited for, some seconds at most. Without it nobody knows "
    "whether it went out; the draft stays, and is marked so."
)
_EXPORT = Shown("The export ends here; the same messages, form and path go on with it later.")


class LeaveScreen(DialogScreen[bool]):
    """True if the user leaves all the same. Only `y` does."""

    def __init__(self, *, deletes: bool, sends: bool) -> None:
        super().__init__()
        self._told = [told for told, so in ((_SEND, sends), (_DELETION, deletes)) if so] or [_EXPORT]

    def text(self, width: int) -> list[Line]:
        return [
            (Span(Shown("Something is still running. Leave all the same?"), Ink.STRONG),),
            BLANK_LINE,
            *(line for told in self._told for line in wrapped(Span(told), width)),
        ]

    def key_hints(self) -> list[KeyHint]:
        return [KeyHint(Shown("y"), Shown("leave")), KeyHint(Shown("Esc"), Shown("stay"))]

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.dismiss(event.key == "y")
