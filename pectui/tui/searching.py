"""Search: what was read is filtered as one types, Enter asks the service, Esc goes back to the place before."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.message import Header, Message
from pectui.tui.foreign import shown

if TYPE_CHECKING:
    from pectui.tui.browsing import Browsing
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.widgets.search import SearchBar


class Searching:
    """The search of `screen`."""

    def __init__(self, screen: InboxScreen) -> None:
        self.filter = ""
        """What the list is filtered by; "" while it shows a page."""
        self.asking = ""
        """What the service is asked for right now."""
        self._screen = screen
        self._bar: SearchBar | None = None
        self._before: Browsing | None = None

    @property
    def is_typing(self) -> bool:
        """True while the line to type into is there."""
        return self._bar is not None

    @property
    def shows_found(self) -> bool:
        """True while the list shows what the service found."""
        return self._before is not None

    async def open(self) -> None:
        """Puts the line to type into on the screen."""
        from pectui.tui.widgets.search import SearchBar

        browsing = self._screen.pages.browsing
        if self._bar is None and browsing is not None:
            browsing.remember_cursor(self._screen.cursor_key)
            self._bar = SearchBar(id="search")
            await self._screen.mount(self._bar)
            self._screen.refresh_bindings()

    async def close(self) -> None:
        """Takes the line away; the list shows its page again, the cursor where it was."""
        if self._bar is not None:
            bar, self._bar = self._bar, None
            await bar.remove()
            self._screen.list.focus()
        self._show_page()

    def narrow(self, text: str) -> None:
        """Lists only what holds `text`, of all messages that were read."""
        browsing = self._screen.pages.browsing
        wanted = text.strip().casefold()
        if browsing is None or text.strip() == self.filter:
            return
        if not wanted:
            self._show_page()
            return
        self.filter = text.strip()
        self._screen.show_messages([one for one in browsing.messages if wanted in _searchable(one)])

    async def ask(self, text: str) -> None:
        """Asks the service for `text`, or goes back if there is none."""
        await self.close()
        query = text.strip()
        if query:
            self.asking = query
            self._screen.show_status()
            self._screen.pectui.begin(
                self._screen,
                partial(self._ask, query),
                group="page",
                label=shown(f"searching {query}"),
                cancel=self.cancel,
            )

    def cancel(self) -> None:
        """Stops asking the service."""
        self._screen.workers.cancel_group(self._screen, "page")

    def leave(self) -> None:
        """Goes back from what was found to where the user was before."""
        before, self._before = self._before, None
        if before is not None:
            self._screen.pages.enter(before, before.cursor(before.number))
            if before.page is not None and before.is_stale(before.page):
                self._screen.pages.renew()

    def drop(self, headers: Collection[Header]) -> None:
        """Takes what was deleted also from the pages to which leaving the search goes back."""
        if self._before is not None:
            self._before.drop(headers)

    async def _ask(self, query: str) -> None:
        session, pages = self._screen.session, self._screen.pages
        assert session is not None
        try:
            found = await pages.open(session, query)
        finally:
            if self.asking == query:
                self.asking = ""
            self._screen.show_status()
        if self._before is None:
            self._before = pages.browsing
        pages.enter(found)

    def _show_page(self) -> None:
        self.filter = ""
        browsing = self._screen.pages.browsing
        self._screen.pages.show(browsing.cursor(browsing.number) if browsing else None)


def _searchable(message: Message) -> str:
    header = message.header
    return "\n".join((header.subject, header.sender, header.recipient)).casefold()
