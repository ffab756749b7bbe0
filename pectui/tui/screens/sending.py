"""While a message is sent, and what became of it. It may be closed at any time: the sending goes on behind."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from textual.binding import Binding

from pectui.tui.foreign import NOTHING, Shown
from pectui.tui.ink import Ink
from pectui.tui.paint import BLANK_LINE, Line, Span, wrapped
from pectui.tui.screens.dialog import DialogScreen
from pectui.tui.widgets.footer import KeyHint
from pectui.tui.widgets.notice import Notice, Severity

_INKS = {Severity.INFORMATION: Ink.GOOD, Severity.WARNING: Ink.WARN, Severity.ERROR: Ink.BAD}
_WAITED_FOR = Shown("What has left can't be taken back. Its answer is waited for, also when this is closed.")


class Went(StrEnum):
    """Where one goes from here."""

    BACK = "back"
    TO_ITS_SEND = "to its send"


class SendingScreen(DialogScreen[Went]):
    """Says how it stands; closed by Esc, Enter or q, and by `s` on the way to the send."""

    BINDINGS: ClassVar = [
        Binding("escape,enter,q", "close", "close", show=False),
        Binding("s", "send", "its send", show=False),
    ]

    def __init__(self, question: Shown) -> None:
        """`question`: what is being done."""
        super().__init__()
        self._doing = question
        self._waiting = NOTHING
        self.code: str | None = None
        """Of the send, where it was sent and the service named one."""
        self.result: Notice | None = None
        """What became of it; None while nobody knows."""

    def wait(self, why: Shown) -> None:
        """It has not left yet, and why."""
        self._waiting = why
        self.lay_out_again()

    def end(self, result: Notice, code: str | None) -> None:
        """It is known what became of it."""
        self.result, self.code = result, code
        self.lay_out_again()

    def text(self, width: int) -> list[Line]:
        result = self.result
        if result is None:
            waiting = wrapped(Span(self._waiting, Ink.WARN), width) if self._waiting else []
            return [
                (Span(self._doing, Ink.STRONG),), BLANK_LINE, *waiting, *wrapped(Span(_WAITED_FOR, Ink.MUTED), width)
            ]  # fmt: skip
        lines = wrapped(Span(result.title, _INKS[result.severity]), width)
        for told, ink in ((result.detail, Ink.PLAIN), (result.hint, Ink.MUTED)):
            if told:
                lines += [BLANK_LINE, *wrapped(Span(told, ink), width)]
        return lines

    def key_hints(self) -> list[KeyHint]:
        close = KeyHint(Shown("Esc"), Shown("close"))
        if self.result is None:
            return [KeyHint(Shown("Ctrl-C"), Shown("stop, if it has not left")), close]
        return [KeyHint(Shown("s"), Shown("what becomes of it")), close] if self.code is not None else [close]

    def action_close(self) -> None:
        self.dismiss(Went.BACK)

    def action_send(self) -> None:
        if self.code is not None:
            self.dismiss(Went.TO_ITS_SEND)
