"""What a newcomer sees: nothing is set up yet, what to set, and that the demo needs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding
from textual.widget import Widget

from pectui.environment import Environment
from pectui.tui.foreign import shown
from pectui.tui.ink import Ink
from pectui.tui.keys import PROGRAM
from pectui.tui.paint import BLANK_LINE, Line, Span, wrapped
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.widgets.text_pane import TextPane

if TYPE_CHECKING:
    from pectui.tui.app import PectuiApp

_TEXT: tuple[tuple[str, Ink], ...] = (
    ("Welcome to pectui", Ink.TITLE),
    ("", Ink.PLAIN),
    (
        "No mailbox is set up yet. Press d to look around in the demo: it needs no account and no network.",
        Ink.PLAIN,
    ),
    ("", Ink.PLAIN),
    ("For your own mailbox, set these and start pectui again:", Ink.PLAIN),
    ("", Ink.PLAIN),
    ("  export PECTUI_TOKEN=…       a token for ws.pecmassiva.com", Ink.ACCENT),
    ("  export PECTUI_USERNAME=…    the mailbox's user name", Ink.ACCENT),
    ("  export PECTUI_PASSWORD=…    and its password", Ink.ACCENT),
    ("", Ink.PLAIN),
    ("With pectui -S the same variables, and a token of the sandbox, open the service's sandbox.", Ink.MUTED),
    ("Profiles in a file: `pectui --help` says where. `pectui doctor` tells what is missing.", Ink.MUTED),
)


class WelcomeScreen(FramedScreen):
    """Leads to the demo or out."""

    BINDINGS: ClassVar = [
        Binding("d", "demo", "open the demo", id="welcome.demo", group=PROGRAM),
        Binding("q,escape", "leave", "leave", id="app.leave", group=PROGRAM),
    ]

    def body(self) -> Iterable[Widget]:
        yield TextPane(id="welcome")

    def on_mount(self) -> None:
        super().on_mount()
        pane = self.query_one(TextPane)
        pane.set_text(_lay_out)
        pane.focus()

    def action_demo(self) -> None:
        from pectui.config import Profile

        app = cast("PectuiApp", self.app)
        demo = Profile(name=Environment.DEMO.value, environment=Environment.DEMO, base_url="")
        app.open_inbox(replace(app.settings, profile=demo))

    def action_leave(self) -> None:
        self.app.exit()


def _lay_out(width: int) -> list[Line]:
    lines: list[Line] = [BLANK_LINE]
    for text, ink in _TEXT:
        lines += wrapped(Span(shown(text), ink), width - 2, indent=2) if text else [BLANK_LINE]
    return lines
