"""The line one types a search into. Loaded on the first `/` only."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.message import Message as Fact
from textual.widgets import Input

from pectui.tui.foreign import Shown
from pectui.tui.ink import Ink
from pectui.tui.late_keys import late_keys
from pectui.tui.paint import Line, Span
from pectui.tui.widgets.painted import Painted


class SearchPrompt(Painted):
    """What stands before the input."""

    def lines(self, width: int) -> list[Line]:
        return [(Span(Shown(" Search /"), Ink.KEY),)]


class SearchInput(Input):
    """An input whose keys the footer tells, and which gets also those that came before it had the focus.

    Keys that arrive together with the `/` were handed to the list before there was a line to type into. What the
    input itself is handed never gets as far as a binding: so its bindings stand for those keys alone.
    """

    BINDINGS: ClassVar = [
        Binding("enter", "ask", "ask the service", id="search.ask"),
        # What is not offered is still refused with a reason.
        Binding("enter", "submit", show=False),
        *late_keys(),
    ]

    def __init__(self, may_ask: Callable[[], bool], text: str) -> None:
        super().__init__(text, select_on_focus=False)
        self.cursor_blink = False  # a blinking cursor writes to the terminal for ever
        self._may_ask = may_ask

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._may_ask() if action == "ask" else True

    async def action_ask(self) -> None:
        await self.action_submit()

    def action_type_late(self, code: int) -> None:
        self.insert_text_at_cursor(chr(code))


class SearchBar(Container):
    """Posts `Typed` on every change, `Asked` on Enter, which is offered where one `may_ask`."""

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

    def __init__(self, may_ask: Callable[[], bool], text: str = "") -> None:
        """`text` stands there at first."""
        super().__init__(id="search")
        self._may_ask = may_ask
        self._text = text

    def compose(self) -> ComposeResult:
        yield SearchPrompt()
        yield SearchInput(self._may_ask, self._text)

    def on_mount(self) -> None:
        self.focus_input()

    def focus_input(self) -> None:
        """What is typed goes into the line from now on."""
        # At once: `focus()` would wait for its turn, and the keys behind the `/` would be commands until then.
        self.screen.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _asked(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Asked(event.value))
