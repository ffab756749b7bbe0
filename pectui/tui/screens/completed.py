"""Asks how old completed sends must be whose receipts are to be marked, and whether unread ones are read first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual import events
from textual.widget import Widget

from pectui.tui.could_go import DAYS
from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink
from pectui.tui.paint import BLANK_LINE, Line, Span, wrapped
from pectui.tui.screens.dialog import DialogScreen
from pectui.tui.widgets.footer import KeyHint
from pectui.tui.widgets.number import NumberLine

_TOLD = Shown(
    "Acceptances, deliveries and own copies are marked of sends that were delivered to every certified recipient, "
    "as the receipts' texts say. Answers, failures and time-outs never are. Nothing is deleted by it: d shows the plan."
)
_READ = Shown(
    "Sends of which not all texts were read don't count; r reads them first, which may take a while."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was answered."""

    days: int
    read_first: bool


class CompletedScreen(DialogScreen[Wanted]):
    """None if the user wants nothing. Enter marks, `r` reads first what was not read."""

    def __init__(self) -> None:
        super().__init__()
        self._number = NumberLine(Shown("Older than how many days?"), str(DAYS))

    def below_text(self) -> Iterable[Widget]:
        return (self._number,)

    def text(self, width: int) -> list[Line]:
        title = Shown("Mark what may go of completed sends")
        return [
            (Span(title, Ink.STRONG),),
            BLANK_LINE,
            *wrapped(Span(_TOLD), width),
            *wrapped(Span(_READ, Ink.MUTED), width),
            BLANK_LINE,
        ]

    def key_hints(self) -> list[KeyHint]:
        return [
            KeyHint(Shown("Enter"), Shown("mark")),
            KeyHint(Shown("r"), Shown("read first")),
            KeyHint(Shown("Esc"), Shown("no")),
        ]

    def on_key(self, event: events.Key) -> None:
        if event.key in ("up", "down", "pageup", "pagedown"):
            return
        event.stop()
        event.prevent_default()
        if event.key in ("enter", "r"):
            if self._number.value:
                self.dismiss(Wanted(int(self._number.value), event.key == "r"))
        elif not self._number.take(event):
            self.dismiss(None)
