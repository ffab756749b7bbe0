"""The inbox: a page of messages or all of them, the one under the cursor beside it, and the keys for both.

Facts from the widgets come in, questions to the session go out. How one gets from page to page, from a search and
back, and to the text of a message is in `paging`, `whole`, `searching` and `following`; what happens behind it in
`opening`, `syncing` and `watching`; what the status says in `standing`; deletions are in `deleting`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding

from pectui.domain.message import Header, Message
from pectui.tui.composing import Composing
from pectui.tui.deleting import NO_SEND, Chosen, Deleting
from pectui.tui.exporting import Exporting
from pectui.tui.following import Following
from pectui.tui.foreign import Shown, shown
from pectui.tui.inbox_selecting import InboxSelecting
from pectui.tui.keys import COMPOSE_KEYS, MAIL, MORE_VIEWS, PAGES, PROGRAM, VIEWS, mark_keys
from pectui.tui.lazy_rows import LazyRows, MessageRows
from pectui.tui.mailbox import mailbox_of
from pectui.tui.marking import Marking
from pectui.tui.opening import Opening
from pectui.tui.paging import Paging
from pectui.tui.reporting import Reporting
from pectui.tui.screens.markable import MarkableScreen
from pectui.tui.searching import Searching
from pectui.tui.standing import Standing
from pectui.tui.syncing import Syncing
from pectui.tui.watching import Watching
from pectui.tui.whole import Whole
from pectui.tui.widgets.message_row import COLUMNS, MessageRow, today_of
from pectui.tui.widgets.preview import Preview
from pectui.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from pectui.session import Session
    from pectui.tui.remembered import Remembered
    from pectui.tui.widgets.search import SearchBar


class InboxScreen(MarkableScreen):
    """Keys and panes of the inbox."""

    BINDINGS: ClassVar = [
        Binding("d", "delete", "delete", id="inbox.delete", group=MAIL, tooltip="delete marked, or this"),
        Binding("D", "delete_send", "send", show=False, id="inbox.delete_send", group=MAIL, tooltip="delete its send"),
        Binding("e", "export", "export", show=False, id="inbox.export", group=MAIL, tooltip="export marked, or this"),
        *mark_keys("mark all on this page"),
        Binding("n,right", "turn(1)", "next", id="inbox.next_page", group=PAGES, tooltip="next page"),
        Binding("p,left", "turn(-1)", "previous", id="inbox.previous_page", group=PAGES, tooltip="previous page"),
        Binding("w", "whole", "all", id="inbox.whole", group=PAGES, tooltip="whole list / pages"),
        Binding("slash", "search", "search", id="inbox.search", group=MAIL, tooltip="search"),
        *VIEWS,
        *COMPOSE_KEYS,
        Binding("s", "send", "send", show=False, id="inbox.send", group=MAIL, tooltip="what became of its send"),
        Binding("r", "refresh", "refresh", id="inbox.refresh", group=MAIL, tooltip="look for new mail"),
        Binding("v", "raw", "raw", id="inbox.raw", group=MAIL, tooltip="raw body (text)"),
        Binding("y", "copy", "copy", show=False, id="inbox.copy", group=MAIL, tooltip="copy code or address"),
        Binding("R", "anew", "anew", show=False, id="inbox.anew", group=MAIL, tooltip="read every page again"),
        Binding("tab", "switch_pane", "pane", show=False, id="inbox.pane", group=PAGES, tooltip="list or text"),
        Binding("escape", "back", "back", id="inbox.back", group=PAGES, tooltip="back, or clear"),
        *MORE_VIEWS,
        Binding("q", "leave", "leave", id="app.leave", group=PROGRAM, tooltip="leave"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(RowList(COLUMNS, id="list"), Preview(id="preview"))
        self.session: Session | None = None
        self.remembered: Remembered | None = None
        self.standing = Standing(self)
        self.opening = Opening(self)
        self.syncing = Syncing(self)
        self.watching = Watching(self)
        self.pages = Paging(self)
        self.whole = Whole(self)
        self.search = Searching(self)
        self.following = Following(self)
        self.reporting = Reporting(self)
        self.marking = Marking(self)
        self.selecting = InboxSelecting(self, self.marking)
        self.deleting = Deleting(self)
        self.exporting = Exporting(self)
        self.composing = Composing(self)

    @property
    def is_typing(self) -> bool:
        return self.search.has_focus

    @property
    def cursor_key(self) -> Hashable | None:
        """Which message is under the cursor."""
        return self.list.row.key if self.list.row else None

    def on_mount(self) -> None:
        super().on_mount()
        profile = self.pectui.settings.profile
        assert profile is not None
        self.pectui.views.show_header(mailbox=mailbox_of(profile, ""))
        self.list.focus()
        self.opening.begin()

    # What is shown

    def show_messages(self, messages: Iterable[Message], cursor: Hashable | None = None) -> None:
        """Lists `messages`. The cursor stays on its message, or goes to the one called `cursor`."""
        zone = self.pectui.zone
        today = today_of(self.pectui.clock(), zone)
        self.show_rows(MessageRows(MessageRow(message, today, zone) for message in messages), cursor)

    def show_rows(self, rows: Sequence[Row], cursor: Hashable | None = None) -> None:
        """Lists `rows`, which may be a hundred thousand."""
        self.list.set_placeholder(*self.standing.nothing_here())
        self.put_rows(rows, cursor)

    def show_status(self) -> None:
        """Says which page this is, or what is searched for."""
        self.standing.show()
        self.status.note(self.selecting.note())

    def show_again(self) -> None:
        """What is remembered changed: shows it as it is now."""
        self.pectui.views.mailbox_changed()
        if self.search.filter or self.whole.is_on:
            self.whole.arrange()
        if self.search.filter or self.whole.is_on or self.search.shows_found:
            self.show_status()
        else:
            self.pages.follow_change()

    def show_arranged(self) -> None:
        """What is remembered was sorted again."""
        if self.search.filter:
            self.search.show_filtered()
        elif self.whole.is_on and not self.search.shows_found:
            self.whole.show()

    def show_dates_again(self) -> None:
        """Another day has begun: dates read differently."""
        if self.search.filter or (self.whole.is_on and not self.search.shows_found):
            self.show_arranged()
        else:
            self.pages.show()

    def return_to(self, key: Hashable | None) -> None:
        """Shows pages, list or findings again, with the cursor on the message `key`."""
        if self.search.shows_found:
            self.pages.show(key)
        elif self.whole.is_on:
            self.whole.show(key)
        else:
            self.pages.return_to(key)

    def news_seen(self) -> None:
        """The user has looked at what is new."""
        if self.syncing.news.count:
            self.syncing.news.seen()
            self.show_status()

    # Facts from the widgets

    @on(RowList.Moved)
    def _cursor_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self.cursor_moved()
        if self.list.cursor == 0 and (self.whole.is_on or self.pages.is_first):
            self.news_seen()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        if event.row.key in self.syncing.news:
            self.news_seen()
        self.fill_with_text()

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
        reading, browsing = self.is_reading, self.pages.browsing
        if self.search.asking and action in ("turn", "refresh", "anew", "whole"):
            return False  # Esc comes first: they would end the search without a word
        if action == "turn":
            whole = self.whole.is_on and not self.search.shows_found
            if reading or whole or self.search.filter or browsing is None or browsing.page is None:
                return False
            return self.pages.has_next if parameters == (1,) else browsing.number > 1
        if action == "whole":
            there = self.remembered is not None and self.remembered.is_loaded and self.pages.page is not None
            return there and not (reading or self.search.filter or self.search.shows_found)
        if action in ("delete", "export") and len(self.marking.marks) and not reading:
            return True
        if action in ("delete", "delete_send", "export", "copy", "send", "answer"):
            return self.following.message is not None
        if action == "search":
            return self.pages.page is not None and not reading and not self.search.has_focus
        if action == "switch_pane":
            return (self.preview.display or self.search.has_focus) and not reading
        if action == "back":
            away = self.is_in_text or self.search.shows_found
            return away or self._covered or self.selecting.is_ranging
        return super().check_action(action, parameters)

    @property
    def _covered(self) -> bool:
        """True while something lies over the page that Esc takes away."""
        return bool(self.search.is_typing or self.search.asking or self.notices.notice)

    async def action_back(self) -> None:
        """One step back: what lies on top goes first."""
        if self.search.is_typing and not self.is_reading:
            await self.search.close()
        elif self.search.asking:
            self.search.cancel()
        elif self.notices.notice is not None:
            self.notices.hide()
        elif not self.back_to_list() and not self.selecting.give_up():
            self.search.leave()
        self.refresh_bindings()

    def action_turn(self, pages: int) -> None:
        self.pages.turn(pages)

    async def action_search(self) -> None:
        await self.search.open()

    def action_whole(self) -> None:
        self.whole.toggle()

    def action_refresh(self) -> None:
        self._look(full=False)

    def action_anew(self) -> None:
        self.following.forget()
        self._look(full=True)

    def _look(self, *, full: bool) -> None:
        if self.session is None or self.pages.page is None:
            self.opening.begin()
            return
        if self.session.offline and self.syncing.refuses(Shown("nothing can be looked for now")):
            return
        self.news_seen()
        if self.search.shows_found:
            self.pages.renew(Shown("refreshing"))
        self.syncing.begin(full=full)
        self.watching.ask_now()

    def action_copy(self) -> None:
        message = self.following.message
        if message is not None:
            self.copy(shown(message.code or message.sender))

    def action_send(self) -> None:
        message = self.following.message
        if message is not None and message.code is not None:
            self.pectui.views.show_sends(message.code)
        elif message is not None:
            self.pectui.say(NO_SEND)

    def action_compose(self) -> None:
        self.composing.write()

    def action_answer(self) -> None:
        message = self.following.message
        if message is not None:
            self.composing.answer(message)

    def action_delete(self) -> None:
        message = self.following.message
        self.selecting.commit()
        self.reporting.flush()
        if len(self.marking.marks) and not self.is_reading:
            self.deleting.delete_marked(self)
        elif message is not None and not self.selecting.is_stale():
            self.deleting.delete(self, Chosen((message.header,)))

    def action_export(self) -> None:
        message = self.following.message
        self.selecting.commit()
        if len(self.marking.marks) and not self.is_reading:
            self.exporting.export_marked()
        elif message is not None and not self.selecting.is_stale():
            self.exporting.export((message.header,))

    def action_delete_send(self) -> None:
        message = self.following.message
        if message is not None and message.code is not None:
            self.deleting.delete_send(self, message.code)
        elif message is not None:
            self.pectui.say(NO_SEND)

    def take_out(self, headers: Collection[Header]) -> None:
        """Takes what is not in the mailbox any more out of the list; it is synced and measured again behind."""
        rows = self.list.rows
        if isinstance(rows, LazyRows):
            self.show_rows(rows.without(headers))
        else:
            left = (row for row in rows if isinstance(row, MessageRow) and row.key not in headers)
            self.show_rows(MessageRows(left))
        if self.pages.browsing is not None:
            self.pages.browsing.drop(headers)
        self.search.drop(headers)
        self.syncing.news.drop_ids([header.id for header in headers])
        if self.whole.is_on:
            self.whole.arrange()
        if self.search.shows_found:
            self.pages.renew()
        self.syncing.begin(asked=False)
        self.watching.ask_now()

    def word_for(self, binding: Binding) -> Shown:
        return (
            Shown("pages") if binding.id == "inbox.whole" and self.whole.is_on else super().word_for(binding)
        )
