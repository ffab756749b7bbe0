"""From page to page: what was read is shown at once and looked at again behind, the next page is fetched ahead."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.fingerprint import key_of
from pectui.tui.browsing import Browsing
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from pectui.engine.pages import Page
    from pectui.session import Session
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.widgets.row_list import Row


class Paging:
    """Turns the pages of `screen`. `browsing` is None until the first page was read."""

    def __init__(self, screen: InboxScreen) -> None:
        self.browsing: Browsing | None = None
        self._screen = screen
        self._told: set[str] = set()

    async def open(self, session: Session, query: str | None = None) -> Browsing:
        """A new reading with its first page read. It is not shown yet."""
        browsing = Browsing(session.inbox(query), self._screen.pectui.clock, query)
        await browsing.fetch(1)
        return browsing

    def enter(self, browsing: Browsing, cursor: Hashable | None = None) -> None:
        """Shows where `browsing` stands, with the cursor on the message `cursor` or at the top."""
        self.browsing = browsing
        page = browsing.page
        if cursor is None and page is not None and page.messages:
            cursor = page.messages[0].header
        self.show(cursor)

    def show(self, cursor: Hashable | None = None) -> None:
        """Shows the page again; the cursor stays on its message, or goes to the one called `cursor`."""
        page = self.browsing.page if self.browsing else None
        if page is None:
            return
        self._screen.show_messages(page.messages, cursor)
        self._tell_warnings(page)
        self._fetch_ahead()

    def turn(self, pages: int) -> None:
        """Goes `pages` on, or back."""
        browsing = self.browsing
        if browsing is None or browsing.number + pages < 1:
            return
        number = browsing.number + pages
        held = browsing.held(number)
        if held is None:
            work, label = partial(self._fetch, browsing, number), shown(f"reading page {number}")
            self._screen.pectui.begin(self._screen, work, group="page", label=label)
        else:
            self._go(browsing, held)

    def renew(self, label: Shown = NOTHING) -> None:
        """Reads the page again. Without a `label` nobody is bothered if that fails."""
        browsing = self.browsing
        if browsing is not None:
            work = partial(self._renew, browsing, browsing.number)
            failed = None if label else ignore
            self._screen.pectui.begin(self._screen, work, group="page", label=label, failed=failed)

    async def _fetch(self, browsing: Browsing, number: int) -> None:
        page = await browsing.fetch(number)
        if browsing is self.browsing:
            self._go(browsing, page)

    def _go(self, browsing: Browsing, page: Page) -> None:
        if not page.messages and page.number > 1:
            self._end(page)
            return
        browsing.remember_cursor(self._screen.cursor_key)
        browsing.number = page.number
        self.enter(browsing, browsing.cursor(page.number))
        if browsing.is_stale(page):
            self.renew()

    def _fetch_ahead(self) -> None:
        browsing = self.browsing
        if browsing is not None and browsing.has_next and browsing.held(browsing.number + 1) is None:
            work = partial(self._fetch_quietly, browsing, browsing.number + 1)
            self._screen.pectui.begin(self._screen, work, group="ahead", failed=ignore)

    async def _fetch_quietly(self, browsing: Browsing, number: int) -> None:
        page = await browsing.fetch(number)
        if browsing is self.browsing and not page.messages:
            self._end(page)
        self._screen.refresh_bindings()

    def _end(self, page: Page) -> None:
        """Nothing follows, whatever the service said before."""
        self._screen.show_status()
        self._screen.refresh_bindings()
        self._tell_warnings(page)

    def _tell_warnings(self, page: Page) -> None:
        """Each once: pages are shown again and again."""
        fresh = [warning for warning in page.warnings if warning not in self._told]
        self._told.update(fresh)
        if fresh:
            self._screen.pectui.say(shown(" ".join(fresh)), severity=Severity.WARNING)

    async def _renew(self, browsing: Browsing, number: int) -> None:
        """The cursor follows its message, even where new mail pushed it onto the next page."""
        page = await browsing.renew(number)
        if browsing is not self.browsing or number != browsing.number or self._screen.search.filter:
            return
        row = self._screen.list.row
        if row is not None and page.messages and not _holds(page, row) and browsing.has_next:
            following = await browsing.fetch(number + 1)
            if _holds(following, row) and self._screen.list.row is row:
                browsing.number = following.number
                told = f"New mail came: your place is on page {following.number} now"
                self._screen.pectui.say(shown(told))
        if not page.messages and number > 1:
            browsing.number = 1
            await browsing.renew(1)
        self.show()


def _holds(page: Page, row: Row) -> bool:
    return any(one.header == row.key or key_of(one) == row.likeness for one in page.messages)


def ignore(notice: Notice) -> None:
    """For what was only meant to save time: it fails again, and is told, when it is really wanted."""
