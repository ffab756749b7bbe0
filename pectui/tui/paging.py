"""From page to page: what is remembered or was read is shown at once and looked at again behind."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.tui.browsing import Browsing
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.places import place_of
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from pectui.engine.pages import Page
    from pectui.session import Session
    from pectui.tui.remembered import Remembered
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.widgets.row_list import Row


class Paging:
    """Turns the pages of `screen`. `browsing` is None until the mailbox is open."""

    def __init__(self, screen: InboxScreen) -> None:
        self.browsing: Browsing | None = None
        self._screen = screen
        self._told: set[str] = set()
        self._wanted: Hashable | None = None
        self._moved_to: Hashable | None = None

    @property
    def page(self) -> Page | None:
        """The page that is shown; None while there is nothing to show."""
        return self.browsing.page if self.browsing is not None else None

    @property
    def is_first(self) -> bool:
        """Whether the first page of the inbox is shown."""
        return self.browsing is not None and self.browsing.query is None and self.browsing.number == 1

    @property
    def has_next(self) -> bool:
        """Whether there may be a page after this one, and a way to it."""
        browsing = self.browsing
        if browsing is None or browsing.page is None or not browsing.has_next:
            return False
        if browsing.held(browsing.number + 1) is not None or not self._screen.syncing.is_cut_off:
            return True
        return browsing.remembered is not None and not browsing.remembered.is_loaded

    def begin(self, session: Session, remembered: Remembered) -> None:
        """A new reading of the inbox. Nothing is asked and nothing shown yet."""
        self.browsing = Browsing(session.inbox(), self._screen.pectui.clock, remembered=remembered)

    async def search(self, session: Session, query: str) -> Browsing:
        """What the service finds for `query`, its first page read. It is not shown yet."""
        browsing = Browsing(session.inbox(query), self._screen.pectui.clock, query)
        await browsing.fetch(1)
        return browsing

    def enter(self, browsing: Browsing, cursor: Hashable | None = None) -> None:
        """Shows where `browsing` stands, with the cursor on the message `cursor` or at the top."""
        self.browsing = browsing
        page = browsing.page
        if page is not None and page.messages:
            there = {message.header for message in page.messages}
            cursor = cursor if cursor in there else page.messages[0].header
        self.show(cursor)

    def show(self, cursor: Hashable | None = None) -> None:
        """Shows the page again; the cursor stays on its message, or goes to the one called `cursor`."""
        browsing = self.browsing
        page = browsing.page if browsing else None
        if browsing is None or page is None:
            return
        self._screen.show_messages(page.messages, cursor)
        if browsing.is_remembered(page.number):
            self._screen.reporting.page(page)
        self.tell_once(page.warnings)
        self._fetch_ahead()

    def return_to(self, key: Hashable | None) -> None:
        """Shows the page of the message `key`, wherever that is by now."""
        if self.browsing is not None:
            self.browsing.number = self.browsing.locate(key) or self._last_page(self.browsing)
            self.show(key)

    def follow_change(self) -> None:
        """What is remembered changed: the page is cut again, and the cursor follows its message onto another one."""
        browsing, row = self.browsing, self._screen.list.row
        page = browsing.page if browsing else None
        if browsing is None or (page is None and row is None):
            if browsing is not None:
                self._screen.show_status()
            return
        number = browsing.number
        complete = browsing.remembered is not None and browsing.remembered.complete
        if row is not None and row.key != self._moved_to:
            self._wanted = row.key
        there = browsing.locate(self._wanted) if complete and row is not None else None
        gone = False
        if page is None or not page.messages or (row is not None and not _holds(page, row)):
            browsing.number = there or self._last_page(browsing)
            if there is not None and there != number:
                what = "New mail came" if there > number else "Messages went"
                self._screen.pectui.say(shown(f"{what}: your place is on page {there:,} now"))
            gone = there is None and complete and row is not None
        # While a part of the listing is missing, nobody can tell where a message is: the cursor waits for it.
        self.show(self._wanted if there is not None and self._moved_to is not None else None)
        after = self._screen.list.row
        # Of a message that is read over the whole screen it is told already.
        if gone and not self._screen.following.is_held and not self._is_renamed(row, after):
            self._screen.pectui.say(Shown("The message that you were on is not in the mailbox any more"))
        self._moved_to = (
            after.key if after is not None and after.key != self._wanted and not complete else None
        )

    def _is_renamed(self, before: Row | None, after: Row | None) -> bool:
        """Whether the list found the message under the cursor again by its looks, since ids have shifted."""
        remembered = self.browsing.remembered if self.browsing is not None else None
        shifted = remembered is not None and remembered.synced.ids_shift
        return shifted and before is not None and after is not None and before.likeness == after.likeness

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
        """Looks at the service again. Without a `label` nobody is bothered if that fails."""
        browsing = self.browsing
        if browsing is None or browsing.remembered is not None:
            self._screen.syncing.begin(asked=bool(label), needed=bool(label))
            return
        work = partial(self._renew, browsing, browsing.number)
        failed = None if label else ignore
        self._screen.pectui.begin(self._screen, work, group="page", label=label, failed=failed)

    def tell_once(self, warnings: tuple[str, ...]) -> None:
        """Each once: pages are shown again and again."""
        fresh = [warning for warning in warnings if warning not in self._told]
        self._told.update(fresh)
        if fresh:
            self._screen.pectui.say(shown(" ".join(fresh)), severity=Severity.WARNING)

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
        if page.number == 1:
            self._screen.news_seen()
        if browsing.is_stale(page) and not self._screen.syncing.tried_lately:
            self.renew()

    @staticmethod
    def _last_page(browsing: Browsing) -> int:
        """The page that is shown, or the last one if there is no such page any more."""
        return max(1, min(browsing.number, browsing.pages or browsing.number))

    def _fetch_ahead(self) -> None:
        browsing = self.browsing
        if browsing is None or browsing.remembered is not None:
            return  # the whole listing is on its way
        if browsing.has_next and browsing.held(browsing.number + 1) is None:
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
        self.tell_once(page.warnings)

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
    return isinstance(row.key, Header) and place_of(page.headers, row.key, 0) is not None


def ignore(notice: Notice) -> None:
    """For what was only meant to save time: it fails again, and is told, when it is really wanted."""
