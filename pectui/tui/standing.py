"""What the status line says: which page or list this is, how many messages, what is new, how old it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.moment import age, clock_time, time_of_day
from pectui.tui.paint import Span
from pectui.tui.widgets.message_row import today_of

if TYPE_CHECKING:
    from pectui.tui.browsing import Browsing
    from pectui.tui.remembered import Remembered
    from pectui.tui.screens.inbox import InboxScreen

_NARROW_BELOW = 60
"""Columns."""

MINUTE = 60.0
"""Seconds until an age may read differently."""


class Standing:
    """The status of `screen`, and what stands in an empty list."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen
        self._today: date | None = None

    def keep_current(self) -> None:
        """From now on ages grow, and what was today becomes yesterday. Nothing is painted that reads the same."""
        self._today = today_of(self._screen.pectui.clock(), self._screen.pectui.zone)
        self._screen.set_interval(MINUTE, self._tick)

    def _tick(self) -> None:
        today = today_of(self._screen.pectui.clock(), self._screen.pectui.zone)
        if today != self._today:
            self._today = today
            self._screen.show_dates_again()
        self.show()

    def show(self) -> None:
        """Says it anew."""
        screen = self._screen
        screen.pectui.views.mailbox_changed()
        browsing, search = screen.pages.browsing, screen.search
        if browsing is None or (browsing.page is None and not screen.whole.is_on):
            return
        if search.asking:
            asking = Span(Shown("asking the service …  Esc cancels"))
            screen.status.show(Span(shown(f"search: {search.asking}"), Ink.ACCENT), asking)
        elif search.filter:
            hint = [] if screen.syncing.is_cut_off else [Span(Shown("Enter asks the service"), Ink.MUTED)]
            found = Span(shown(f"{len(screen.list.rows):,} of {self._known()}"))
            screen.status.show(Span(shown(f"filter: {search.filter}"), Ink.ACCENT), found, *hint)
        elif screen.whole.is_on and not search.shows_found:
            screen.status.show(*self._in_order(self._whole()))
        else:
            screen.status.show(*self._in_order(self._page(browsing)))

    def _in_order(self, facts: Iterable[Span]) -> list[Span]:
        """The facts, those that must not fall off a narrow line first: how far they can be trusted comes last."""
        listed = list(facts)
        if self._screen.size.width < _NARROW_BELOW and len(listed) > 2:
            return [listed[0], listed[-1], *listed[1:-1]]
        return listed

    def nothing_here(self) -> Sequence[Span]:
        """What an empty list says."""
        screen = self._screen
        browsing, remembered = screen.pages.browsing, screen.remembered
        if screen.search.filter:
            told = f"Nothing that is remembered matches {screen.search.filter}"
            if remembered is not None and not remembered.complete:
                told = f"Nothing that is known so far matches {screen.search.filter}"
            hint = "Enter asks the service, which looks through the whole mailbox."
            if screen.syncing.is_cut_off:
                hint = "Esc goes back."
        elif browsing is not None and browsing.query is not None:
            told, hint = f"The service found nothing for {browsing.query}", "Esc goes back to the mailbox."
        elif browsing is not None and browsing.total:
            told, hint = "Nothing is left on this page", "p goes back, r looks again."
        else:
            told, hint = "The mailbox is empty", "r looks again."
        return Span(NOTHING), Span(shown(told), Ink.STRONG), Span(shown(hint), Ink.MUTED)

    def _known(self) -> str:
        """How many messages a filter looks through."""
        remembered = self._screen.remembered
        total = None if remembered is None else remembered.total
        known = len(self._screen.whole.arranged.headers)
        if remembered is not None and remembered.complete:
            return f"{known:,} messages"
        return f"{known:,} known so far" + (f" of {total:,}" if total is not None else "")

    def _page(self, browsing: Browsing) -> Iterable[Span]:
        page = browsing.page
        if browsing.query is not None:
            yield Span(shown(f"search: {browsing.query}"), Ink.ACCENT)
        if browsing.total != 0:
            of = f"/{browsing.pages:,}" if browsing.pages else ""
            yield Span(shown(f"page {browsing.number:,}{of}"))
        if browsing.total is not None:
            noun = "found" if browsing.query is not None else "message" if browsing.total == 1 else "messages"
            yield Span(shown(f"{browsing.total:,} {noun}"))
        if browsing.remembered is not None and browsing.is_remembered(browsing.number):
            yield from self._news("new")
            yield from self.trust(browsing.remembered)
        elif page is not None:
            yield Span(shown(f"read {time_of_day(page.read_at, self._screen.pectui.zone)}"), Ink.MUTED)

    def _whole(self) -> Iterable[Span]:
        remembered = self._screen.remembered
        if remembered is None:
            return
        count = len(self._screen.list.rows)
        noun = "message" if count == 1 else "messages"
        if remembered.complete:
            yield Span(shown(f"all {count:,} {noun}"))
        else:
            of = f"{remembered.total:,} " if remembered.total is not None else ""
            yield Span(shown(f"{count:,} of {of}{noun}"))
        yield from self._news("of them new")
        yield from self.trust(remembered)

    def _news(self, words: str) -> Iterable[Span]:
        if count := self._screen.syncing.news.count:
            yield Span(shown(f"{count:,} {words}"), Ink.ACCENT)

    def trust(self, remembered: Remembered) -> Iterable[Span]:
        """How far what is shown can be trusted. What may be out of date is told by a sign as well as by its ink."""
        pectui, synced = self._screen.pectui, remembered.synced
        now = pectui.clock()
        if synced.unlisted > 0 and synced.total is not None:
            listed = f"~ {synced.total - synced.unlisted:,} of {synced.total:,} listed"
            yield Span(shown(listed), Ink.WARN)
        if not remembered.complete:
            known = f"{remembered.count:,} known so far"
            if self._screen.syncing.is_running:
                yield Span(shown(known), Ink.MUTED)
            else:
                yield Span(shown(f"~ {known}"), Ink.WARN)
        elif synced.agreed_at is None:
            yield Span(Shown("~ from memory"), Ink.WARN)
        elif self._screen.syncing.agrees:
            yield Span(shown(f"synced {clock_time(synced.agreed_at, now, pectui.zone)}"), Ink.MUTED)
        else:
            yield Span(shown(f"~ from memory, {age(now - synced.agreed_at)} old"), Ink.WARN)
