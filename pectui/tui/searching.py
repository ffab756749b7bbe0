"""Search: what is remembered is filtered as one types, Enter asks the service, Esc goes back to the place before."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.tui.arranged import Narrowing
from pectui.tui.foreign import Shown, shown

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
        self._place: Hashable | None = None
        self._narrowing = Narrowing()

    @property
    def is_typing(self) -> bool:
        """True while the line to type into is there."""
        return self._bar is not None

    @property
    def has_focus(self) -> bool:
        """True while what is typed goes into the line."""
        return self._bar is not None and self._bar.has_focus_within

    @property
    def shows_found(self) -> bool:
        """True while the list shows what the service found."""
        return self._before is not None

    async def open(self) -> None:
        """Puts the line to type into on the screen, or goes back to it."""
        from pectui.tui.widgets.search import SearchBar

        if self._bar is not None:
            self._bar.focus_input()
            return

        browsing = self._screen.pages.browsing
        if browsing is not None:
            self._place = self._screen.cursor_key
            browsing.remember_cursor(self._place)
            self._screen.whole.arrange()
            self._bar = SearchBar(lambda: not self._screen.syncing.is_cut_off)
            await self._screen.mount(self._bar)
            self._screen.refresh_bindings()

    async def close(self) -> None:
        """Takes the line away; the list shows what it did before, the cursor where it was."""
        if self._bar is not None:
            bar, self._bar = self._bar, None
            await bar.remove()
            self._screen.list.focus()
        self._show_place()

    def narrow(self, text: str) -> None:
        """Lists only what holds `text`, of all messages that are remembered."""
        if text.strip() == self.filter:
            return
        self.filter = text.strip()
        if self.filter:
            self._screen.whole.arrange()
            self.show_filtered()
        else:
            self._show_place()

    def show_filtered(self) -> None:
        """Filters again what is remembered now; as soon as it is sorted, which is mostly so already."""
        whole = self._screen.whole
        if whole.is_ready:
            self._screen.show_rows(whole.rows(self._narrowing.find(whole.arranged, self.filter)))

    async def ask(self, text: str) -> None:
        """Asks the service for `text`, or goes back if there is none."""
        if text.strip() and self._screen.syncing.refuses(Shown("nothing can be searched there now")):
            return
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
            self._screen.pages.browsing = before
            self._screen.return_to(before.cursor(before.number))
            page = before.page
            if page is not None and before.is_stale(page) and not self._screen.syncing.tried_lately:
                self._screen.pages.renew()

    def drop(self, headers: Collection[Header]) -> None:
        """Takes what was deleted also from the pages to which leaving the search goes back."""
        if self._before is not None:
            self._before.drop(headers)

    async def _ask(self, query: str) -> None:
        session, pages = self._screen.session, self._screen.pages
        assert session is not None
        try:
            found = await pages.search(session, query)
        finally:
            if self.asking == query:
                self.asking = ""
            self._screen.show_status()
        if self._before is None:
            self._before = pages.browsing
        pages.enter(found)

    def _show_place(self) -> None:
        self.filter = ""
        self._screen.return_to(self._place)
