"""The inbox: a page of messages, the one under the cursor beside it, search, refresh, delete.

Facts from the widgets come in, questions to the session go out, answers are shown if they are still wanted.
How pages are kept is `browsing`'s business, how a deletion goes is `deleting`'s.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.binding import Binding
from textual.containers import Container
from textual.geometry import Size
from textual.timer import Timer
from textual.widget import Widget

from pectui.domain.fingerprint import key_of
from pectui.domain.message import Header, Message
from pectui.tui.browsing import Browsing
from pectui.tui.deleting import delete_message
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.keys import MAIL, PAGES, PROGRAM
from pectui.tui.mailbox import mailbox_of
from pectui.tui.moment import time_of_day
from pectui.tui.paint import Span
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.widgets.message_row import COLUMNS, MessageRow, today_of
from pectui.tui.widgets.notice import Notice, Severity
from pectui.tui.widgets.preview import Preview, Shot
from pectui.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from pectui.engine.pages import Page
    from pectui.engine.reading import Reading
    from pectui.session import Session
    from pectui.tui.app import PectuiApp
    from pectui.tui.widgets.search import SearchBar

BESIDE_FROM = 100
"""Columns from which the preview stands beside the list."""
SHORT_BELOW = 16
"""Lines below which the preview is opened by Enter only."""
PAUSE = 0.08
"""Seconds that the cursor rests before a message is read."""
SLOW_READING = 0.15
KEPT_READINGS = 50


class InboxScreen(FramedScreen):
    """Keys and panes of the inbox."""

    BINDINGS: ClassVar = [
        Binding("d", "delete", "delete", id="inbox.delete", group=MAIL, tooltip="delete (asks first)"),
        Binding("n,right", "next_page", "next", id="inbox.next_page", group=PAGES, tooltip="next page"),
        Binding("p,left", "previous_page", "previous", id="inbox.previous_page", group=PAGES, tooltip="previous page"),
        Binding("slash", "search", "search", id="inbox.search", group=MAIL, tooltip="search"),
        Binding("r", "refresh", "refresh", id="inbox.refresh", group=MAIL, tooltip="read this page again"),
        Binding("v", "raw", "raw", id="inbox.raw", group=MAIL, tooltip="text as it came, or not"),
        Binding("y", "copy", "copy", show=False, id="inbox.copy", group=MAIL, tooltip="copy code or address"),
        Binding("R", "read_all_again", "read anew", show=False, id="inbox.anew", group=MAIL,
                tooltip="read everything anew"),
        Binding("tab", "switch_pane", "pane", show=False, id="inbox.pane", group=PAGES, tooltip="list or text"),
        Binding("escape", "back", "back", id="inbox.back", group=PAGES, tooltip="back, or clear"),
        Binding("q", "leave", "leave", id="app.leave", group=PROGRAM, tooltip="leave"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.list = RowList(COLUMNS, id="list")
        self.preview = Preview(id="preview")
        self.session: Session | None = None
        self.browsing: Browsing | None = None
        self._before_search: Browsing | None = None
        self._filter = ""
        self._asking = ""
        self._search_bar: SearchBar | None = None
        self._readings: dict[Header, Reading] = {}
        self._pause: Timer | None = None

    @property
    def pectui(self) -> PectuiApp:
        """The app, by its own type."""
        return cast("PectuiApp", self.app)

    def body(self) -> Iterable[Widget]:
        yield Container(self.list, self.preview, id="panes")

    def on_mount(self) -> None:
        super().on_mount()
        self._suit(self.app.size)
        self.list.focus()
        self.list.set_placeholder(Span(Shown("Reading the mailbox …"), Ink.MUTED))
        assert self.pectui.settings.profile is not None
        self.header.show(mailbox=mailbox_of(self.pectui.settings.profile, ""))
        self.pectui.begin(self, self._open, group="page", label=Shown("opening"), failed=self._first_failed)

    def on_resize(self, event: events.Resize) -> None:
        self._suit(event.size)
        self.call_after_refresh(self._keep_focus)

    def _suit(self, size: Size) -> None:
        self.set_class(size.width >= BESIDE_FROM, "-beside")
        self.set_class(size.height < SHORT_BELOW, "-short")

    # Pages

    async def _open(self) -> None:
        session = self.session = await self.pectui.open_mailbox()
        self.header.show(mailbox=mailbox_of(session.profile, session.address))
        browsing = Browsing(session.inbox(), self.pectui.clock)
        await browsing.fetch(1)
        self._enter(browsing)
        self.call_after_refresh(self._measure)
        self._tell_warnings()

    def _enter(self, browsing: Browsing, cursor: Hashable | None = None) -> None:
        """Shows where `browsing` stands, from its first message or the one with the key `cursor`."""
        self.browsing = browsing
        self._show_page(cursor)

    def _show_page(self, cursor: Hashable | None = None) -> None:
        page = self.browsing.page if self.browsing else None
        if page is None:
            return
        self._filter = ""
        self._set_placeholder()
        self._show_rows(page.messages, cursor)
        for warning in page.warnings:
            self.pectui.say(shown(warning), severity=Severity.WARNING)
        self.call_after_refresh(self._fetch_ahead)

    def _show_rows(self, messages: Iterable[Message], cursor: Hashable | None = None) -> None:
        zone = self.pectui.zone
        today = today_of(self.pectui.clock(), zone)
        self.list.set_rows([MessageRow(message, today, zone) for message in messages], cursor=cursor)
        self._follow_cursor()
        self._show_status()
        self.refresh_bindings()

    def _turn_to(self, number: int) -> None:
        browsing = self.browsing
        if browsing is None or number < 1:
            return
        held = browsing.held(number)
        if held is None:
            label = shown(f"reading page {number}")
            self.pectui.begin(self, partial(self._fetch, browsing, number), group="page", label=label)
        else:
            self._go(browsing, held)

    async def _fetch(self, browsing: Browsing, number: int) -> None:
        page = await browsing.fetch(number)
        if browsing is self.browsing:
            self._go(browsing, page)

    def _go(self, browsing: Browsing, page: Page) -> None:
        if not page.messages and page.number > 1:
            self.pectui.say(Shown("This is the last page"))
            self.refresh_bindings()
            return
        browsing.remember_cursor(self._key())
        browsing.number = page.number
        cursor = browsing.cursor(page.number)
        self._show_page(cursor if cursor is not None else page.messages[0].header)
        if browsing.is_stale(page):
            self._renew()

    def _fetch_ahead(self) -> None:
        browsing = self.browsing
        if browsing is not None and browsing.has_next and browsing.held(browsing.number + 1) is None:
            ahead = partial(self._fetch_quietly, browsing, browsing.number + 1)
            self.pectui.begin(self, ahead, group="ahead", failed=_ignore)

    async def _fetch_quietly(self, browsing: Browsing, number: int) -> None:
        await browsing.fetch(number)
        self.refresh_bindings()

    def _renew(self, label: Shown = NOTHING) -> None:
        browsing = self.browsing
        if browsing is not None:
            failed = None if label else _ignore
            work = partial(self._renewed, browsing, browsing.number)
            self.pectui.begin(self, work, group="page", label=label, failed=failed)

    async def _renewed(self, browsing: Browsing, number: int) -> None:
        """Reads the page again. The cursor follows its message, even onto the next page."""
        page = await browsing.renew(number)
        if browsing is not self.browsing or number != browsing.number or self._filter:
            return
        row = self.list.row
        if row is not None and page.messages and not _holds(page, row) and browsing.has_next:
            following = await browsing.fetch(number + 1)
            if _holds(following, row) and self.list.row is row:
                browsing.number = following.number
                told = f"New mail came: your place is on page {following.number} now"
                self.pectui.say(shown(told))
        if not page.messages and number > 1:
            browsing.number = 1
            await browsing.renew(1)
        self._show_page()

    def _first_failed(self, notice: Notice) -> None:
        """Nothing can be shown: the reason stands where the messages would."""
        asked = self.browsing is not None
        if asked:
            self.pectui.tell(notice)
            return
        self.list.set_placeholder(
            Span(NOTHING),
            Span(notice.title, Ink.BAD),
            Span(notice.detail),
            Span(NOTHING),
            Span(notice.hint, Ink.MUTED),
            Span(NOTHING),
            Span(Shown("r  try again        q  leave"), Ink.KEY),
        )
        self.preview.show(Shot())
        self.status.show(Span(Shown("no connection to the mailbox"), Ink.BAD))
        self.refresh_bindings()

    def _set_placeholder(self) -> None:
        browsing = self.browsing
        if browsing is not None and browsing.query is not None:
            told = f"The service found nothing for {browsing.query}"
            hint = "Esc goes back to the mailbox."
        elif self._filter:
            told = f"Nothing that was read so far matches {self._filter}"
            hint = "Enter asks the service, which looks through the whole mailbox."
        else:
            told, hint = "The mailbox is empty", "r looks again."
        self.list.set_placeholder(Span(NOTHING), Span(shown(told), Ink.STRONG), Span(shown(hint), Ink.MUTED))

    # The message under the cursor

    @on(RowList.Moved)
    def _cursor_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._follow_cursor()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        self.add_class("-reading")
        self._follow_cursor()
        self.preview.focus()
        self.refresh_bindings()

    def _follow_cursor(self) -> None:
        """Shows the message under the cursor: at once if it was read before, else after a short pause."""
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        message = self._message()
        if message is None:
            self.workers.cancel_group(self, "text")
            self.preview.show(Shot())
        elif self.preview.shot.message == message and self.preview.shot.reading is not None:
            return
        elif message.header in self._readings:
            self.workers.cancel_group(self, "text")
            self._show_reading(message, self._readings[message.header])
        elif self.preview.shot.message is None:
            # The list is painted before anything is loaded that reads a message.
            self.call_after_refresh(self._read, message)
        else:
            self._pause = self.set_timer(PAUSE, partial(self._read, message))

    def _read(self, message: Message) -> None:
        failed = partial(self._reading_failed, message)
        self.pectui.begin(self, partial(self._fetch_text, message), group="text", failed=failed)

    async def _fetch_text(self, message: Message) -> None:
        assert self.session is not None
        slow = self.set_timer(SLOW_READING, partial(self.preview.show, Shot(message, zone=self.pectui.zone)))
        try:
            reading = await self.session.read(message)
        finally:
            slow.stop()
        if not reading.moved:
            while len(self._readings) >= KEPT_READINGS:
                del self._readings[next(iter(self._readings))]
            self._readings[message.header] = reading
        if self._message() == message:
            self._show_reading(message, reading)

    def _show_reading(self, message: Message, reading: Reading) -> None:
        shot = Shot(reading.message if reading.moved else message, reading, zone=self.pectui.zone)
        self.preview.show(shot)

    def _reading_failed(self, message: Message, notice: Notice) -> None:
        if self._message() == message:
            problem = tuple(text for text in (notice.title, notice.detail, notice.hint) if text)
            self.preview.show(Shot(message, problem=problem, zone=self.pectui.zone))

    def _message(self) -> Message | None:
        row = self.list.row
        return row.message if isinstance(row, MessageRow) else None

    def _key(self) -> Hashable | None:
        return self.list.row.key if self.list.row else None

    # Quota, status, warnings

    def _measure(self) -> None:
        self.pectui.begin(self, self._ask_quota, group="quota", failed=self._quota_failed)

    async def _ask_quota(self) -> None:
        assert self.session is not None
        self.header.show(quota=await self.session.quota())

    def _quota_failed(self, notice: Notice) -> None:
        from pectui.domain.quota import Quota

        self.header.show(quota=Quota("", None, None))

    def _tell_warnings(self) -> None:
        if self.session is not None and self.session.warnings:
            warnings = " ".join(self.session.warnings)
            self.session.warnings.clear()
            self.pectui.say(shown(warnings), severity=Severity.WARNING)

    def _show_status(self) -> None:
        browsing = self.browsing
        page = browsing.page if browsing else None
        if browsing is None or page is None:
            return
        if self._asking:
            facts = [
                Span(shown(f"search: {self._asking}"), Ink.ACCENT),
                Span(Shown("asking the service …  Esc cancels")),
            ]
        elif self._filter:
            facts = [
                Span(shown(f"filter: {self._filter}"), Ink.ACCENT),
                Span(shown(f"{len(self.list.rows):,} of {len(browsing.messages):,} that were read")),
                Span(Shown("Enter asks the service"), Ink.MUTED),
            ]
        else:
            facts = list(self._page_facts(browsing, page))
        self.status.show(*facts)

    def _page_facts(self, browsing: Browsing, page: Page) -> Iterable[Span]:
        if browsing.query is not None:
            yield Span(shown(f"search: {browsing.query}"), Ink.ACCENT)
        of = f"/{browsing.pages:,}" if browsing.pages else ""
        if browsing.total != 0:
            yield Span(shown(f"page {browsing.number:,}{of}"))
        if browsing.total is not None:
            noun = "found" if browsing.query is not None else "message" if browsing.total == 1 else "messages"
            yield Span(shown(f"{browsing.total:,} {noun}"))
        yield Span(shown(f"read {time_of_day(page.read_at, self.pectui.zone)}"), Ink.MUTED)

    # Search

    async def action_search(self) -> None:
        from pectui.tui.widgets.search import SearchBar

        if self._search_bar is None and self.browsing is not None:
            self.browsing.remember_cursor(self._key())
            self._search_bar = SearchBar(id="search")
            await self.mount(self._search_bar)

    async def on_search_bar_typed(self, event: SearchBar.Typed) -> None:
        event.stop()
        self._apply_filter(event.text.strip())

    async def on_search_bar_asked(self, event: SearchBar.Asked) -> None:
        event.stop()
        query = event.text.strip()
        await self._close_search()
        if not query or self.browsing is None:
            self._show_page(self._remembered())
            return
        self._show_page(self._remembered())
        self._asking = query
        self._show_status()
        self.pectui.begin(
            self,
            partial(self._search, query),
            group="page",
            label=shown(f"searching {query}"),
            cancel=self._cancel_search,
        )

    async def _search(self, query: str) -> None:
        assert self.session is not None
        found = Browsing(self.session.inbox(query), self.pectui.clock, query)
        try:
            await found.fetch(1)
        finally:
            if self._asking == query:
                self._asking = ""
                self._show_status()
        if self._before_search is None:
            self._before_search = self.browsing
        page = found.page
        self._enter(found, page.messages[0].header if page and page.messages else None)

    def _apply_filter(self, text: str) -> None:
        browsing = self.browsing
        if browsing is None or text == self._filter:
            return
        if not text:
            self._show_page(self._remembered())
            return
        self._filter = text
        wanted = text.casefold()
        found = [message for message in browsing.messages if wanted in _searchable(message)]
        self._set_placeholder()
        self._show_rows(found)

    def _cancel_search(self) -> None:
        self.workers.cancel_group(self, "page")

    def _remembered(self) -> Hashable | None:
        return self.browsing.cursor(self.browsing.number) if self.browsing else None

    async def _close_search(self) -> None:
        if self._search_bar is not None:
            bar, self._search_bar = self._search_bar, None
            await bar.remove()
            self.list.focus()

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What doesn't apply now is neither shown nor done."""
        reading, browsing = self.has_class("-reading"), self.browsing
        if action in ("next_page", "previous_page") and (reading or self._filter or browsing is None):
            return False
        if browsing is not None and action == "next_page":
            return browsing.has_next
        if browsing is not None and action == "previous_page":
            return browsing.number > 1
        if action in ("delete", "raw", "copy"):
            return self._message() is not None
        if action == "search":
            return browsing is not None and not reading and self._search_bar is None
        if action == "switch_pane":
            return self.preview.display and not reading
        if action == "back":
            return self._can_go_back()
        return True

    def _can_go_back(self) -> bool:
        return bool(
            self.has_class("-reading")
            or self._search_bar
            or self._asking
            or self._before_search
            or self.notices.notice
            or self.preview.has_focus
        )

    async def action_back(self) -> None:
        """One step back: what lies on top goes first."""
        if self._search_bar is not None:
            await self._close_search()
            self._show_page(self._remembered())
        elif self._asking:
            self._cancel_search()
        elif self.notices.notice is not None:
            self.notices.hide()
        elif self.has_class("-reading"):
            self.remove_class("-reading")
            self.list.focus()
        elif self.preview.has_focus:
            self.list.focus()
        elif self._before_search is not None:
            browsing, self._before_search = self._before_search, None
            self._enter(browsing, browsing.cursor(browsing.number))
        self.refresh_bindings()

    async def action_leave(self) -> None:
        if self.has_class("-reading"):
            self.remove_class("-reading")
            self.list.focus()
            self.refresh_bindings()
        else:
            self.pectui.action_leave()

    def action_next_page(self) -> None:
        if self.browsing is not None:
            self._turn_to(self.browsing.number + 1)

    def action_previous_page(self) -> None:
        if self.browsing is not None:
            self._turn_to(self.browsing.number - 1)

    def action_refresh(self) -> None:
        if self.browsing is None:
            self.list.set_placeholder(Span(Shown("Reading the mailbox …"), Ink.MUTED))
            self.pectui.begin(
                self, self._open, group="page", label=Shown("opening"), failed=self._first_failed
            )
            return
        self._renew(Shown("refreshing"))
        self._measure()

    def action_read_all_again(self) -> None:
        if self.session is None or self.browsing is None:
            self.action_refresh()
            return
        self._readings.clear()
        self.pectui.begin(self, self._begin_anew, group="page", label=Shown("reading anew"))
        self._measure()

    async def _begin_anew(self) -> None:
        assert self.session is not None
        assert self.browsing is not None
        query = self.browsing.query
        browsing = Browsing(self.session.inbox(query), self.pectui.clock, query)
        await browsing.fetch(1)
        self._enter(browsing)

    def action_raw(self) -> None:
        self.preview.toggle_raw()

    def action_copy(self) -> None:
        message = self._message()
        if message is not None:
            text = shown(message.code or message.sender)
            self.pectui.copy_to_clipboard(text)
            self.pectui.say(shown(f"Copied {text}"))

    def action_switch_pane(self) -> None:
        (self.list if self.preview.has_focus else self.preview).focus()

    def action_delete(self) -> None:
        message = self._message()
        if message is not None and self.session is not None and self.browsing is not None:
            delete_message(self, self.session, message, self.browsing.messages, self._deleted)

    def _deleted(self, gone: Sequence[Message]) -> None:
        """Takes what went out of the list at once; the page and the quota are read again behind it."""
        headers = {message.header for message in gone}
        messages = [row.message for row in self.list.rows if isinstance(row, MessageRow)]
        self._show_rows(message for message in messages if message.header not in headers)
        if self.browsing is not None:
            self.browsing.forget_behind(self.browsing.number)
        self._renew()
        self._measure()

    def _keep_focus(self) -> None:
        if self.preview.has_focus and not self.preview.display:
            self.list.focus()


def _holds(page: Page, row: Row) -> bool:
    return any(one.header == row.key or key_of(one) == row.likeness for one in page.messages)


def _searchable(message: Message) -> str:
    header = message.header
    return "\n".join((header.subject, header.sender, header.recipient)).casefold()


def _ignore(notice: Notice) -> None:
    """For what was only meant to save time: it fails again, and is told, when it is really wanted."""
