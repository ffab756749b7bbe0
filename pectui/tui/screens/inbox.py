"""The inbox: a page of messages, the one under the cursor beside it, and the keys for both.

Facts from the widgets come in, questions to the session go out. How one gets from page to page, from a search and
back, and to the text of a message is in `paging`, `searching` and `following`; deletions are in `deleting`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.binding import Binding
from textual.containers import Container
from textual.widget import Widget

from pectui.domain.message import Message
from pectui.tui.deleting import delete_message
from pectui.tui.following import Following
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.keys import MAIL, PAGES, PROGRAM
from pectui.tui.mailbox import mailbox_of
from pectui.tui.moment import time_of_day
from pectui.tui.paging import Paging
from pectui.tui.paint import Span
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.searching import Searching
from pectui.tui.widgets.message_row import COLUMNS, MessageRow, today_of
from pectui.tui.widgets.notice import Notice, Severity
from pectui.tui.widgets.preview import Preview
from pectui.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from pectui.engine.pages import Page
    from pectui.session import Session
    from pectui.tui.app import PectuiApp
    from pectui.tui.browsing import Browsing
    from pectui.tui.widgets.search import SearchBar

BESIDE_FROM = 100
"""Columns from which the preview stands beside the list."""
SHORT_BELOW = 16
"""Lines below which the preview is opened by Enter only."""

_READING = "-reading"
"""The class of the screen while a message fills it."""
_WAIT = (Span(NOTHING), Span(Shown("Reading the mailbox …"), Ink.MUTED))


class InboxScreen(FramedScreen):
    """Keys and panes of the inbox."""

    BINDINGS: ClassVar = [
        Binding("d", "delete", "delete", id="inbox.delete", group=MAIL, tooltip="delete (asks first)"),
        Binding("n,right", "turn(1)", "next", id="inbox.next_page", group=PAGES, tooltip="next page"),
        Binding("p,left", "turn(-1)", "previous", id="inbox.previous_page", group=PAGES, tooltip="previous page"),
        Binding("slash", "search", "search", id="inbox.search", group=MAIL, tooltip="search"),
        Binding("r", "refresh", "refresh", id="inbox.refresh", group=MAIL, tooltip="read this page again"),
        Binding("v", "raw", "raw", id="inbox.raw", group=MAIL, tooltip="text as it came, or not"),
        Binding("y", "copy", "copy", show=False, id="inbox.copy", group=MAIL, tooltip="copy code or address"),
        Binding("R", "anew", "anew", show=False, id="inbox.anew", group=MAIL, tooltip="read everything anew"),
        Binding("tab", "switch_pane", "pane", show=False, id="inbox.pane", group=PAGES, tooltip="list or text"),
        Binding("escape", "back", "back", id="inbox.back", group=PAGES, tooltip="back, or clear"),
        Binding("q", "leave", "leave", id="app.leave", group=PROGRAM, tooltip="leave"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.session: Session | None = None
        self.list = RowList(COLUMNS, id="list")
        self.preview = Preview(id="preview")
        self.pages = Paging(self)
        self.search = Searching(self)
        self.following = Following(self)

    @property
    def pectui(self) -> PectuiApp:
        """The app, by its own type."""
        return cast("PectuiApp", self.app)

    @property
    def cursor_key(self) -> Hashable | None:
        """Which message is under the cursor."""
        return self.list.row.key if self.list.row else None

    def body(self) -> Iterable[Widget]:
        yield Container(self.list, self.preview, id="panes")

    def on_mount(self) -> None:
        super().on_mount()
        profile = self.pectui.settings.profile
        assert profile is not None
        self.header.show(mailbox=mailbox_of(profile, ""))
        self.list.focus()
        self._begin_opening()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= BESIDE_FROM, "-beside")
        self.set_class(event.size.height < SHORT_BELOW, "-short")
        self.call_after_refresh(self._keep_focus)

    # What is shown

    def show_messages(self, messages: Iterable[Message], cursor: Hashable | None = None) -> None:
        """Lists `messages`. The cursor stays on its message, or goes to the one called `cursor`."""
        zone = self.pectui.zone
        today = today_of(self.pectui.clock(), zone)
        self.list.set_placeholder(*self._nothing_here())
        self.list.set_rows([MessageRow(message, today, zone) for message in messages], cursor=cursor)
        self.following.follow()
        self.show_status()
        self.refresh_bindings()

    def show_status(self) -> None:
        """Says which page this is, or what is searched for."""
        browsing = self.pages.browsing
        page = browsing.page if browsing else None
        if browsing is None or page is None:
            return
        if self.search.asking:
            asking = Span(Shown("asking the service …  Esc cancels"))
            self.status.show(Span(shown(f"search: {self.search.asking}"), Ink.ACCENT), asking)
        elif self.search.filter:
            self.status.show(
                Span(shown(f"filter: {self.search.filter}"), Ink.ACCENT),
                Span(shown(f"{len(self.list.rows):,} of {len(browsing.messages):,} that were read")),
                Span(Shown("Enter asks the service"), Ink.MUTED),
            )
        else:
            self.status.show(*self._page_facts(browsing, page))

    def _page_facts(self, browsing: Browsing, page: Page) -> Iterable[Span]:
        if browsing.query is not None:
            yield Span(shown(f"search: {browsing.query}"), Ink.ACCENT)
        if browsing.total != 0:
            of = f"/{browsing.pages:,}" if browsing.pages else ""
            yield Span(shown(f"page {browsing.number:,}{of}"))
        if browsing.total is not None:
            noun = "found" if browsing.query is not None else "message" if browsing.total == 1 else "messages"
            yield Span(shown(f"{browsing.total:,} {noun}"))
        yield Span(shown(f"read {time_of_day(page.read_at, self.pectui.zone)}"), Ink.MUTED)

    def _nothing_here(self) -> Sequence[Span]:
        browsing = self.pages.browsing
        if self.search.filter:
            told = f"Nothing that was read so far matches {self.search.filter}"
            hint = "Enter asks the service, which looks through the whole mailbox."
        elif browsing is not None and browsing.query is not None:
            told, hint = f"The service found nothing for {browsing.query}", "Esc goes back to the mailbox."
        else:
            told, hint = "The mailbox is empty", "r looks again."
        return Span(NOTHING), Span(shown(told), Ink.STRONG), Span(shown(hint), Ink.MUTED)

    # The mailbox

    def _begin_opening(self) -> None:
        self.list.set_placeholder(*_WAIT)
        label = Shown("opening the mailbox")
        self.pectui.begin(self, self._open, group="page", label=label, failed=self._opening_failed)

    async def _open(self) -> None:
        session = self.session = await self.pectui.open_mailbox()
        self.header.show(mailbox=mailbox_of(session.profile, session.address))
        self.pages.enter(await self.pages.open(session))
        self._measure()
        if session.warnings:
            self.pectui.say(shown(" ".join(session.warnings)), severity=Severity.WARNING)
            session.warnings.clear()

    def _opening_failed(self, notice: Notice) -> None:
        """There is nothing to show: the reason stands where the messages would."""
        self.list.set_placeholder(
            Span(NOTHING),
            Span(notice.title, Ink.BAD),
            Span(notice.detail),
            Span(notice.hint, Ink.MUTED),
            Span(NOTHING),
            Span(Shown("r  try again     q  leave"), Ink.KEY),
        )
        self.status.show(Span(Shown("the mailbox could not be read"), Ink.BAD))
        self.refresh_bindings()

    def _measure(self) -> None:
        self.pectui.begin(self, self._ask_quota, group="quota", failed=self._quota_failed)

    async def _ask_quota(self) -> None:
        assert self.session is not None
        self.header.show(quota=await self.session.quota())

    def _quota_failed(self, notice: Notice) -> None:
        from pectui.domain.quota import Quota

        self.header.show(quota=Quota("", None, None))

    # Facts from the widgets

    @on(RowList.Moved)
    def _cursor_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self.following.follow()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        self.add_class(_READING)
        self.preview.focus()
        self.refresh_bindings()

    def on_search_bar_typed(self, event: SearchBar.Typed) -> None:
        event.stop()
        if self.search.is_typing:
            self.search.narrow(event.text)

    async def on_search_bar_asked(self, event: SearchBar.Asked) -> None:
        event.stop()
        await self.search.ask(event.text)

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What doesn't apply now is neither shown nor done."""
        reading, browsing = self.has_class(_READING), self.pages.browsing
        if self.search.asking and action in ("turn", "refresh", "anew"):
            return False  # Esc comes first: they would end the search without a word
        if action == "turn":
            if reading or self.search.filter or browsing is None:
                return False
            return browsing.has_next if parameters == (1,) else browsing.number > 1
        if action in ("delete", "raw", "copy"):
            return self.following.message is not None
        if action == "search":
            return browsing is not None and not reading and not self.search.is_typing
        if action == "switch_pane":
            return self.preview.display and not reading
        if action == "back":
            return reading or self.preview.has_focus or self._covered or self.search.shows_found
        return True

    @property
    def _covered(self) -> bool:
        """True while something lies over the page that Esc takes away."""
        return bool(self.search.is_typing or self.search.asking or self.notices.notice)

    async def action_back(self) -> None:
        """One step back: what lies on top goes first."""
        if self.search.is_typing:
            await self.search.close()
        elif self.search.asking:
            self.search.cancel()
        elif self.notices.notice is not None:
            self.notices.hide()
        elif not self._back_to_list():
            self.search.leave()
        self.refresh_bindings()

    def action_leave(self) -> None:
        if self.has_class(_READING):
            self._back_to_list()
        else:
            self.pectui.action_leave()

    def action_turn(self, pages: int) -> None:
        self.pages.turn(pages)

    async def action_search(self) -> None:
        await self.search.open()

    def action_refresh(self) -> None:
        if self.pages.browsing is None:
            self._begin_opening()
        else:
            self.pages.renew(Shown("refreshing"))
            self._measure()

    def action_anew(self) -> None:
        if self.session is None or self.pages.browsing is None:
            self._begin_opening()
            return
        self.following.forget()
        self.pectui.begin(self, self._begin_anew, group="page", label=Shown("reading anew"))
        self._measure()

    async def _begin_anew(self) -> None:
        browsing = self.pages.browsing
        assert self.session is not None
        assert browsing is not None
        self.pages.enter(await self.pages.open(self.session, browsing.query))

    def action_raw(self) -> None:
        if not self.preview.display:
            self.list.action_open()
        self.preview.toggle_raw()

    def action_copy(self) -> None:
        message = self.following.message
        if message is not None:
            text = shown(message.code or message.sender)
            self.pectui.copy_to_clipboard(text)
            self.pectui.say(shown(f"Copied {text}"))

    def action_switch_pane(self) -> None:
        (self.list if self.preview.has_focus else self.preview).focus()

    def action_delete(self) -> None:
        message, browsing = self.following.message, self.pages.browsing
        if message is not None and self.session is not None and browsing is not None:
            delete_message(self, self.session, message, browsing.messages, self._deleted)

    def _deleted(self, gone: Sequence[Message]) -> None:
        """Takes what went out of the list at once; the page and the quota are read again behind it."""
        headers = {message.header for message in gone}
        left = [row.message for row in self.list.rows if isinstance(row, MessageRow)]
        self.show_messages(message for message in left if message.header not in headers)
        if self.pages.browsing is not None:
            self.pages.browsing.drop(headers)
        self.search.drop(headers)
        self.pages.renew()
        self._measure()

    def _back_to_list(self) -> bool:
        """True if the list was not in front."""
        away = self.has_class(_READING) or self.preview.has_focus
        self.remove_class(_READING)
        self.list.focus()
        self.refresh_bindings()
        return away

    def _keep_focus(self) -> None:
        if self.preview.has_focus and not self.preview.display:
            self.list.focus()
