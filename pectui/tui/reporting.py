"""Tells the session what was put before the user's eyes: on the command line an id means what was shown last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

from pectui.domain.message import Header
from pectui.engine.listing import PAGE_SIZE
from pectui.tui.lazy_rows import LazyRows

if TYPE_CHECKING:
    from pectui.engine.pages import Page
    from pectui.tui.screens.inbox import InboxScreen

REST = 0.3
"""Seconds that a long list rests before what is in sight counts as shown."""


class Reporting:
    """Reports what `screen` shows from memory; what is read from the service the session knows itself."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen
        self._page: tuple[int, tuple[Header, ...]] | None = None
        self._sight: set[Header] = set()
        self._rest: Timer | None = None

    def page(self, page: Page) -> None:
        """A remembered page is shown."""
        remembered, session = self._screen.remembered, self._screen.session
        shown = (page.number, page.headers)
        if shown == self._page or remembered is None or session is None:
            return
        self._page = shown
        self._sight.clear()
        first = (page.number - 1) * PAGE_SIZE
        for number, headers in remembered.by_service_page(enumerate(page.headers, first)):
            session.shown(headers, number)

    def sight(self) -> None:
        """Another part of a long list may be in sight."""
        if isinstance(self._screen.list.rows, LazyRows):
            self.stop()
            self._rest = self._screen.set_timer(REST, self.flush)

    def flush(self) -> None:
        """Reports what is in sight now, if it isn't known yet."""
        self.stop()
        rows = self._screen.list.rows
        remembered, session = self._screen.remembered, self._screen.session
        if not isinstance(rows, LazyRows) or remembered is None or session is None:
            return
        seen = [(rows.places[at], rows.headers[at]) for at in self._screen.list.places_in_sight]
        fresh = [(place, header) for place, header in seen if header not in self._sight]
        self._sight = {header for _, header in seen}
        self._page = None
        for number, headers in remembered.by_service_page(fresh):
            session.shown(headers, number)

    def stop(self) -> None:
        """Forgets what waits to be reported."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
