"""The fields of a message that is being written. Loaded with the first one only: Textual's editor takes its time.

What is pasted comes from anywhere, so it is cleaned like what strangers wrote, and what was left out is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.message import Message as Fact
from textual.suggester import Suggester
from textual.widgets import Input, TextArea

from pectui.text.clean import clean, clean_line
from pectui.tui.keys import COMPOSE
from pectui.tui.late_keys import late_keys
from pectui.tui.paths import completion_of

_LINE_ENDS = ("\r\n", "\r", "\u2028", "\u2029")


class LeftOut(Fact):
    """Of what was pasted, so many characters were left out: they can't be seen, or would steer a terminal."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class WritingArea(TextArea):
    """Several lines. Tab leads to the next field, and nothing blinks."""

    BINDINGS: ClassVar = [*late_keys()]

    def __init__(self, text: str, *, id: str) -> None:  # noqa: A002  Textual's name
        super().__init__(text, id=id, compact=True, highlight_cursor_line=False)
        self.cursor_blink = False  # a blinking cursor writes to the terminal for ever

    def action_type_late(self, code: int) -> None:
        self.put_in(chr(code))

    def put_in(self, text: str) -> None:
        """As if it was typed."""
        result = self._replace_via_keyboard(text, *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        pasted = clean(event.text)
        self.put_in(pasted)
        _tell_left_out(self, event.text, pasted)


class WritingLine(Input):
    """One line. Pasted lines become one."""

    BINDINGS: ClassVar = [*late_keys()]

    def __init__(self, text: str, *, id: str, suggester: Suggester | None = None) -> None:  # noqa: A002
        super().__init__(text, id=id, compact=True, select_on_focus=False, suggester=suggester)
        self.cursor_blink = False

    def action_type_late(self, code: int) -> None:
        self.put_in(chr(code))

    def put_in(self, text: str) -> None:
        """As if it was typed."""
        self.replace(text, *self.selection)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        pasted = clean(event.text)
        line = clean_line(pasted.strip("\n"))
        self.put_in(line)
        _tell_left_out(self, event.text, pasted)


class PathLine(WritingLine):
    """A line for the path of a file: completed while one types, taken by Enter."""

    BINDINGS: ClassVar = [
        Binding("enter", "submit", "attach", id="compose.attach", group=COMPOSE, tooltip="attach the file"),
        Binding(
            "backspace",
            "take_back",
            "last file back",
            id="compose.detach",
            group=COMPOSE,
            tooltip="last file back",
        ),
        Binding("backspace", "delete_left", show=False),
    ]

    class TakenBack(Fact):
        """The last file is to be attached no more: its path comes back to be changed."""

    def __init__(self, may_take_back: Callable[[], bool], *, id: str) -> None:  # noqa: A002  Textual's name
        super().__init__("", id=id, suggester=Paths())
        self._may_take_back = may_take_back

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "submit":
            return bool(self.value)
        return not self.value and self._may_take_back() if action == "take_back" else True

    def action_take_back(self) -> None:
        self.post_message(self.TakenBack())


class Paths(Suggester):
    """Completes paths from the disk."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await completion_of(value)


def _tell_left_out(field: WritingArea | WritingLine, came: str, kept: str) -> None:
    for end in _LINE_ENDS:
        came = came.replace(end, "\n")
    if len(came) > len(kept):
        field.post_message(LeftOut(len(came) - len(kept)))
