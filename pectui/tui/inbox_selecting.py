"""What the keys mark in the inbox: messages of a page, of the whole list, of a filter, of what the service found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.tui.foreign import Shown, shown
from pectui.tui.lazy_rows import LazyRows
from pectui.tui.marking import Marking
from pectui.tui.selecting import Selecting
from pectui.tui.widgets.message_row import MessageRow
from pectui.tui.widgets.row_list import Row

if TYPE_CHECKING:
    from pectui.tui.browsing import Browsing
    from pectui.tui.screens.inbox import InboxScreen


class InboxSelecting(Selecting):
    """Marks what is listed on `inbox`."""

    def __init__(self, inbox: InboxScreen, marking: Marking) -> None:
        super().__init__(inbox, marking)
        self._inbox = inbox
        self._listed: Sequence[Header] | None = None

    @property
    def listed(self) -> Sequence[Header] | None:
        return self._listed

    def rows_changed(self) -> None:
        inbox = self._inbox
        if inbox.search.shows_found and not inbox.search.filter:
            self._listed = None
        elif isinstance(inbox.list.rows, LazyRows):
            self._listed = inbox.whole.arranged.source
        else:
            self._listed = inbox.remembered.headers if inbox.remembered is not None else None
        super().rows_changed()

    def of_row(self, row: Row) -> Sequence[Header]:
        return (row.message.header,) if isinstance(row, MessageRow) else ()

    def of_rows(self, places: range) -> Sequence[Header]:
        rows = self._inbox.list.rows
        if isinstance(rows, LazyRows):
            return rows.headers[places.start : places.stop]
        return self._headers(rows[places.start : places.stop])

    def page(self) -> tuple[Sequence[Header], str]:
        rows = self._inbox.list.rows
        if isinstance(rows, LazyRows):
            return [rows.headers[place] for place in self._inbox.list.places_in_sight], "in sight"
        return self._headers(rows), "on this page"

    def mark_all(self) -> None:
        inbox = self._inbox
        if self.is_stale():
            return
        rows, browsing, remembered = inbox.list.rows, inbox.pages.browsing, inbox.remembered
        if isinstance(rows, LazyRows):
            what = f"that hold {inbox.search.filter}" if inbox.search.filter else "of the whole mailbox"
            self.add(rows.headers, what, detail=self._missing())
        elif inbox.search.shows_found and browsing is not None:
            work, label = (
                partial(self._mark_found, browsing),
                shown(f"reading all that {browsing.query} finds"),
            )
            inbox.pectui.begin(inbox, work, group="mark", label=label)
        elif remembered is not None:
            self.add(remembered.headers, "of the whole mailbox", detail=self._missing())

    def shown_count(self) -> int:
        rows = self._inbox.list.rows
        headers = rows.headers if isinstance(rows, LazyRows) else self._headers(rows)
        return self.marking.marks.count(header.id for header in headers)

    def hidden(self, headers: Sequence[Header]) -> frozenset[int]:
        rows = self._inbox.list.rows
        there = {one.id for one in (rows.headers if isinstance(rows, LazyRows) else self._headers(rows))}
        return frozenset(one.id for one in headers if one.id not in there)

    def known(self) -> Sequence[Header]:
        rows, browsing = self._inbox.list.rows, self._inbox.pages.browsing
        if isinstance(rows, LazyRows):
            return [rows.headers[place] for place in self._inbox.list.places_in_sight]
        read = [message.header for message in browsing.messages] if browsing is not None else []
        return [*read, *self._headers(rows)]

    async def _mark_found(self, browsing: Browsing) -> None:
        found: dict[Header, None] = {}
        number, goes_on = 1, True
        while goes_on:
            page = await browsing.fetch(number)
            found.update((message.header, None) for message in page.messages)
            number, goes_on = number + 1, page.has_next and bool(page.messages)
        if self._inbox.pages.browsing is browsing:
            self.add(list(found), f"that the service finds for {browsing.query}")
        else:
            self._inbox.pectui.say(Shown("Nothing was marked"), Shown("You left what was found."))

    def _missing(self) -> str:
        """What of the mailbox is not among what is remembered."""
        remembered = self._inbox.remembered
        if remembered is None or (remembered.complete and remembered.is_loaded):
            return ""
        return "Not all of the mailbox is known so far: what is not was not marked."

    def _headers(self, rows: Sequence[Row]) -> Sequence[Header]:
        return [header for row in rows for header in self.of_row(row)]
