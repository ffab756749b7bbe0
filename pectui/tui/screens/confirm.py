"""The ground of questions before something is deleted. Only `y` means yes, and no key that came before the question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message as Fact

from pectui.environment import Environment
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, wrapped
from pectui.tui.screens.dialog import DialogScreen
from pectui.tui.widgets.footer import KeyHint

if TYPE_CHECKING:
    from pectui.config import Profile

_SCROLLING = frozenset({"up", "down", "pageup", "pagedown"})
_TOLD = Shown(
    "There is no trash and no undo. pectui looks again right before it deletes; "
    "another program could still act in that instant."
)


class ConfirmScreen(DialogScreen[bool]):
    """True if the user wants it. Every key but `y` (and those that scroll) means no."""

    def __init__(self, profile: Profile) -> None:
        super().__init__(classes="-danger")
        self._profile = profile
        self._asked_at: float | None = None

    def on_mount(self) -> None:
        super().on_mount()
        # No key is an answer that was pressed before there was a question to read.
        self.call_after_refresh(self._ask)

    def ask_again(self) -> None:
        """The question reads differently now: no key is an answer to it that was pressed before."""
        self._asked_at = None
        if self.is_open:
            self.call_after_refresh(self._ask)

    def _ask(self) -> None:
        self._asked_at = Fact().time

    def told(self, width: int) -> Iterable[Line]:
        """What no deletion takes back."""
        return wrapped(Span(_TOLD, Ink.MUTED), width)

    def yes(self) -> Shown:
        """What `y` does."""
        return Shown("delete")

    def key_hints(self) -> list[KeyHint]:
        return [KeyHint(Shown("y"), self.yes()), *self.more(), KeyHint(Shown("any other key"), Shown("no"))]

    def more(self) -> list[KeyHint]:
        """Other keys that have a meaning."""
        return [KeyHint(Shown("↓"), Shown("more"))] if self.is_longer_than_its_box else []

    def on_key(self, event: events.Key) -> None:
        if event.key in _SCROLLING and self.is_longer_than_its_box:
            return
        event.stop()
        event.prevent_default()
        # Its own time, not that of its turn: what arrived earlier may still be waiting behind the first painting.
        if self._asked_at is not None and event.time >= self._asked_at:
            self.answer(event)

    def answer(self, event: events.Key) -> None:
        """A key that was pressed with the question in sight."""
        self.dismiss(event.key == "y")

    def where(self) -> Iterable[Span]:
        """Which mailbox it is about."""
        profile = self._profile
        if profile.environment is Environment.PRODUCTION:
            yield Span(shown(f" PRODUCTION {profile.name} "), Ink.BADGE_PRODUCTION)
        else:
            yield Span(shown(f" {profile.name} "), Ink.BADGE_DEMO)
        yield Span(spaces(2))
