"""The whole list: all that is remembered, newest first, in the place of pages of 25."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.tui.arranged import Arranged, Everything
from pectui.tui.foreign import NOTHING, shown
from pectui.tui.lazy_rows import LazyRows
from pectui.tui.paced import PACE
from pectui.tui.widgets.message_row import today_of

if TYPE_CHECKING:
    from pectui.tui.screens.inbox import InboxScreen


class Whole:
    """Switches `screen` between pages and the whole list, and keeps all that is remembered sorted behind it."""

    def __init__(self, screen: InboxScreen) -> None:
        self.is_on = False
        self._screen = screen
        self._everything = Everything()
        self._is_busy = False
        self._is_wanted = False

    @property
    def arranged(self) -> Arranged:
        """What is remembered, sorted, as of a moment ago."""
        return self._everything.arranged

    @property
    def is_ready(self) -> bool:
        """Whether anything is sorted yet."""
        return bool(self.arranged.headers) or self._is_current

    def toggle(self) -> None:
        """From pages to the whole list, or back. The cursor stays on its message."""
        if self.is_on:
            self.is_on = self._is_wanted = False
            self._screen.pages.return_to(self._screen.cursor_key)
        elif self._is_current:
            self.is_on = True
            self.show()
        else:
            self._is_wanted = True
            self.arrange(named=True)

    def show(self, cursor: Hashable | None = None) -> None:
        """Shows the whole list; the cursor stays on its message, or goes to the one called `cursor`."""
        self._screen.show_rows(self.rows(range(len(self.arranged.headers))), cursor)

    def rows(self, among: Sequence[int]) -> LazyRows:
        """The rows of what stands at the places `among` of the whole list."""
        arranged, screen = self.arranged, self._screen
        headers: Sequence[Header] = arranged.headers
        places = arranged.places
        if len(among) != len(headers):
            headers, places = [headers[at] for at in among], [places[at] for at in among]
        own = screen.session.own if screen.session is not None else frozenset()
        zone = screen.pectui.zone
        return LazyRows(headers, places, own, today_of(screen.pectui.clock(), zone), zone)

    def arrange(self, *, named: bool = False) -> None:
        """Sorts what is remembered, outside of the event loop, and shows it where it is wanted."""
        if self._is_busy or self._screen.remembered is None or (self._is_current and not self._is_wanted):
            return
        self._is_busy = True
        count = self._screen.remembered.count
        label = shown(f"sorting {count:,} messages") if named else NOTHING
        self._screen.pectui.begin(self._screen, self._arrange, group="arrange", label=label, exclusive=False)

    async def _arrange(self) -> None:
        remembered = self._screen.remembered
        assert remembered is not None
        try:
            while True:
                await self._everything.follow(remembered.headers)
                if self._is_wanted:
                    self._is_wanted, self.is_on = False, True
                self._screen.show_arranged()
                if self._is_current:
                    return
                await asyncio.sleep(PACE)  # a sync is under way: it goes on changing
        finally:
            self._is_busy = False

    @property
    def _is_current(self) -> bool:
        remembered = self._screen.remembered
        return remembered is not None and self._everything.is_current(remembered.headers)
