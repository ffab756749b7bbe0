"""Tells the session what was put before the user's eyes: on the command line an id means what was shown last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.timer import Timer

from pectui.domain.message import Header
from pectui.engine.listing import PAGE_SIZE
from pectui.tui.lazy_rows import LazyRows
from pectui.tui.widgets.send_row import MemberRow

if TYPE_CHECKING:
    from pectui.engine.pages import Page
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.screens.sends import SendsScreen

REST = 0.3
"""Seconds that a long list rests before what is in sight counts as shown."""


class Reporting:
    """Reports what `screen` shows from memory; what is read from the service the session knows itself."""

    def __init__(self, screen: InboxScreen | SendsScreen) -> None:
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
        self.stop()
        if any(header not in self._sight for header in self._in_sight()):
            self._rest = self._screen.set_timer(REST, self.flush)

    def flush(self) -> None:
        """Reports what is in sight now, if it isn't known yet."""
        self.stop()
        seen, remembered, session = self._in_sight(), self._screen.remembered, self._screen.session
        if not seen or remembered is None or session is None:
            return
        fresh = [header for header in seen if header not in self._sight]
        self._sight = set(seen)
        self._page = None
        for number, headers in remembered.by_service_page(remembered.placed(fresh)):
            session.shown(headers, number)

    def stop(self) -> None:
        """Forgets what waits to be reported."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None

    def _in_sight(self) -> Sequence[Header]:
        """The messages in sight of a list that is no page: where it was read from, the session doesn't know."""
        rows, places = self._screen.list.rows, self._screen.list.places_in_sight
        if isinstance(rows, LazyRows):
            return rows.headers[places.start : places.stop]
        return [row.message.header for at in places if isinstance(row := rows[at], MemberRow)]
