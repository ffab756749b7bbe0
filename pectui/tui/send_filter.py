"""The filter of view 2: sends are narrowed as one types, Enter keeps what was typed, Esc takes it away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pectui.tui.screens.sends import SendsScreen
    from pectui.tui.widgets.search import SearchBar


class SendFilter:
    """The line to type into of `screen`."""

    def __init__(self, screen: SendsScreen) -> None:
        self._screen = screen
        self._bar: SearchBar | None = None

    @property
    def is_typing(self) -> bool:
        """True while the line is there."""
        return self._bar is not None

    @property
    def has_focus(self) -> bool:
        """True while what is typed goes into the line."""
        return self._bar is not None and self._bar.has_focus_within

    async def open(self) -> None:
        """Puts the line on the screen with what is filtered by now, or goes back to it."""
        from pectui.tui.widgets.search import SearchBar

        if self._bar is not None:
            self._bar.focus_input()
            return
        self._bar = SearchBar(lambda: True, self._screen.listed.wish.text)
        await self._screen.mount(self._bar)
        self._screen.refresh_bindings()

    def narrow(self, text: str) -> None:
        """Lists only what holds `text`."""
        if text.strip() != self._screen.listed.wish.text:
            self._screen.listed.ask_for(replace(self._screen.listed.wish, text=text.strip()))

    async def keep(self, text: str) -> None:
        """Takes the line away; the list stays as it is."""
        self.narrow(text)
        await self._close()

    async def clear(self) -> bool:
        """Takes filter and line away. False if there was none."""
        there = self.is_typing or bool(self._screen.listed.wish.text)
        await self._close()
        self.narrow("")
        return there

    async def _close(self) -> None:
        if self._bar is not None:
            bar, self._bar = self._bar, None
            await bar.remove()
            self._screen.list.focus()
            self._screen.refresh_bindings()
