"""The line one types a search into. Loaded on the first `/` only."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.message import Message as Fact
from textual.widgets import Input

from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span
from pectui.tui.widgets.painted import Painted


class SearchPrompt(Painted):
    """What stands before the input."""

    def lines(self, width: int) -> list[Line]:
        return [(Span(Shown(" Search /"), Ink.KEY),)]


class SearchInput(Input):
    """An input whose keys the footer tells."""

    BINDINGS: ClassVar = [Binding("enter", "submit", "ask the service", id="search.ask")]


class SearchBar(Container):
    """Posts `Typed` on every change, `Asked` on Enter."""

    class Typed(Fact):
        """The text changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Asked(Fact):
        """The user wants the service to search for this."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def compose(self) -> ComposeResult:
        yield SearchPrompt()
        line = SearchInput(select_on_focus=False)
        line.cursor_blink = False  # a blinking cursor writes to the terminal for ever
        yield line

    def on_mount(self) -> None:
        self.focus_input()

    def focus_input(self) -> None:
        """What is typed goes into the line from now on."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _asked(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Asked(event.value))
