"""View 2, the sends: a row for each with its state, its messages below it, and why it failed beside it.

It lies over the inbox, which lives on below: the mailbox is opened, synced and measured there. What is listed is
chosen in `choosing`, kept current by `arranging` and put together in `listed_sends`; the text beside it follows the
cursor in `send_following`, and `send_reasons` reads why those in sight failed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding
from textual.widget import Widget

from pectui.tui.arranging import AGES_AFTER
from pectui.tui.completing import Completing
from pectui.tui.deleting import NO_SEND, Chosen
from pectui.tui.foreign import Shown, shown
from pectui.tui.keys import COMPOSE_KEYS, MAIL, MARKS, MORE_VIEWS, PAGES, PROGRAM, SENDS, VIEWS, mark_keys
from pectui.tui.listed_sends import ListedSends
from pectui.tui.reporting import Reporting
from pectui.tui.screens.markable import MarkableScreen
from pectui.tui.send_filter import SendFilter
from pectui.tui.send_following import SendFollowing
from pectui.tui.send_questions import SendQuestions
from pectui.tui.send_reasons import SendReasons
from pectui.tui.send_rows import SendRows
from pectui.tui.send_selecting import SendSelecting
from pectui.tui.send_standing import nothing_listed, status_of
from pectui.tui.widgets.message_row import MessageRow
from pectui.tui.widgets.row_list import RowList
from pectui.tui.widgets.send_counts import SendCounts
from pectui.tui.widgets.send_pane import SendPane
from pectui.tui.widgets.send_row import NO_CODE, SEND_COLUMNS, NoCodeRow, SendRow

if TYPE_CHECKING:
    from pectui.session import Session
    from pectui.tui.remembered import Remembered
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.syncing import Syncing
    from pectui.tui.widgets.search import SearchBar


class SendsScreen(MarkableScreen):
    """Keys and panes of the sends of the mailbox that is open in `inbox`."""

    view_name = "sends"

    BINDINGS: ClassVar = [
        Binding("exclamation_mark", "problems", "problems", id="sends.problems", group=SENDS, tooltip="problems only"),
        Binding("right", "unfold", "unfold", show=False, id="sends.unfold", group=SENDS, tooltip="show its messages"),
        Binding("left", "fold", "fold", show=False, id="sends.fold", group=SENDS, tooltip="hide its messages"),
        *mark_keys("mark all of this send"),
        Binding("d", "delete", "delete", id="sends.delete", group=MAIL, tooltip="delete marked, or this"),
        Binding("D", "delete_send", "send", show=False, id="sends.delete_send", group=MAIL, tooltip="delete this send"),
        Binding("e", "export", "export", show=False, id="sends.export", group=MAIL, tooltip="export marked, or this"),
        Binding("f", "completed", "old", show=False, id="sends.completed", group=MARKS, tooltip="mark completed sends"),
        Binding("s", "send", "its send", id="sends.send", group=SENDS, tooltip="a message's send"),
        Binding("slash", "filter", "filter", id="sends.filter", group=SENDS, tooltip="filter as you type"),
        Binding("escape", "back", "back", id="sends.back", group=PAGES, tooltip="back, or clear"),
        *VIEWS,
        *COMPOSE_KEYS,
        Binding("o", "order", "order", id="sends.order", group=SENDS, tooltip="by time, state or age"),
        Binding("tab", "switch_pane", "details", show=False, id="sends.pane", group=PAGES, tooltip="list or details"),
        Binding("r", "refresh", "refresh", id="sends.refresh", group=MAIL, tooltip="look for new mail"),
        Binding("R", "anew", "anew", show=False, id="sends.anew", group=MAIL, tooltip="read every page again"),
        Binding("v", "raw", "raw", id="sends.raw", group=MAIL, tooltip="raw body (text)"),
        Binding("y", "copy", "copy", id="sends.copy", group=MAIL, tooltip="copy the send code"),
        *MORE_VIEWS,
        Binding("q", "leave", "leave", id="app.leave", group=PROGRAM, tooltip="leave"),
    ]  # fmt: skip

    def __init__(self, inbox: InboxScreen) -> None:
        pane = SendPane(id="preview")
        super().__init__(RowList(SEND_COLUMNS, id="list"), pane)
        self.pane = pane
        self.inbox = inbox
        self.counts = SendCounts()
        self.listed = ListedSends(self)
        self.filter = SendFilter(self)
        self.questions = SendQuestions(self)
        self.following: SendFollowing = SendFollowing(self)
        self.reasons = SendReasons(self)
        self.reporting = Reporting(self)
        self.selecting = SendSelecting(self, inbox.marking)
        self.completing = Completing(self)

    @property
    def is_typing(self) -> bool:
        return self.filter.has_focus

    @property
    def session(self) -> Session | None:
        """None while the mailbox isn't open."""
        return self.inbox.session

    @property
    def remembered(self) -> Remembered | None:
        """What is remembered of the mailbox."""
        return self.inbox.remembered

    @property
    def syncing(self) -> Syncing:
        """What keeps it in step with the service."""
        return self.inbox.syncing

    def body(self) -> Iterable[Widget]:
        yield self.counts
        yield from super().body()

    def on_mount(self) -> None:
        super().on_mount()
        self.list.focus()
        self._show_nothing()
        self.set_interval(AGES_AFTER, self._grow_older)
        self.listed.arranging.again()

    def on_resize(self, event: events.Resize) -> None:
        # Textual calls that of the ground as well.
        self.call_after_refresh(self.show_status)

    def on_screen_resume(self) -> None:
        self.show_header(self.pectui.views.header)
        self.mailbox_changed()
        self.reasons.moved()

    def mailbox_changed(self) -> None:
        if self.is_mounted:
            self._show_nothing()
            self.show_status()
            self.listed.arranging.again()

    def _grow_older(self) -> None:
        if self.is_current:
            self.listed.arranging.again()

    def back_to_list(self) -> bool:
        away = super().back_to_list()
        self.reasons.look()
        return away

    # What is shown

    def show_rows(self, rows: SendRows, cursor: Hashable | None = None) -> None:
        """Lists `rows`; the cursor stays on its row, or goes to the one called `cursor`."""
        self._show_nothing()
        complete = self.remembered is not None and self.remembered.complete
        self.counts.show(rows.chosen.total, rows.chosen.states, complete=complete)
        self.put_rows(rows, cursor)
        self.reasons.look()

    def show_status(self) -> None:
        """Says how many sends are listed, how, and how old that is."""
        if self.listed.arranging.sends is not None:
            self.status.show(*status_of(self))
        self.status.note(self.selecting.note())

    def _show_nothing(self) -> None:
        self.list.set_placeholder(*nothing_listed(self))

    # Facts from the widgets

    @on(RowList.Moved)
    def _cursor_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self.cursor_moved()
        self.reasons.moved()
        self.refresh_bindings()

    @on(RowList.Scrolled)
    def _scrolled(self, _: RowList.Scrolled) -> None:
        self.reasons.moved()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        if isinstance(event.row, MessageRow):
            self.fill_with_text()
        else:
            self.listed.fold(str(event.row.key), unfold=not self.listed.is_unfolded(event.row.key))

    def on_search_bar_typed(self, event: SearchBar.Typed) -> None:
        event.stop()
        if self.filter.is_typing:
            self.filter.narrow(event.text)

    async def on_search_bar_asked(self, event: SearchBar.Asked) -> None:
        event.stop()
        await self.filter.keep(event.text)

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What doesn't apply now is neither shown nor done."""
        row = self.list.row
        if action == "unfold":
            return isinstance(row, SendRow | NoCodeRow) and not row.unfolded and not self.is_reading
        if action == "fold":
            return self.listed.is_unfolded(self.listed.looked_at) and not self.is_reading
        if action in ("problems", "order", "completed"):
            return not self.is_reading
        if action == "send":
            return isinstance(row, MessageRow) and not self.following.is_lost
        if action in ("delete", "export"):
            return not self.is_reading or self.following.message is not None
        if action == "delete_send":
            return isinstance(row, SendRow | MessageRow) and not self.is_reading
        if action == "copy":
            return isinstance(row, SendRow | MessageRow) and not self.following.is_lost
        if action == "answer":
            return self.following.message is not None
        if action == "filter":
            return not self.is_reading and not self.filter.has_focus
        if action == "switch_pane":
            return row is not None and not self.is_reading
        if action == "back":
            return self.is_in_text or self._covered or self.selecting.is_ranging
        return super().check_action(action, parameters)

    @property
    def _covered(self) -> bool:
        return bool(self.filter.is_typing or self.listed.wish.text or self.notices.notice)

    def word_for(self, binding: Binding) -> Shown:
        if binding.id == "search.ask":
            return Shown("keep the filter")
        if binding.id == "sends.problems" and self.listed.wish.problems_only:
            return Shown("all")
        if binding.id == "list.open" and not isinstance(self.list.row, MessageRow):
            return Shown("fold" if self.listed.is_unfolded(self.listed.looked_at) else "unfold")
        return super().word_for(binding)

    async def action_back(self) -> None:
        """One step back: what lies on top goes first."""
        if self.filter.has_focus:
            await self.filter.clear()
        elif self.notices.notice is not None:
            self.notices.hide()
        elif not self.back_to_list() and not self.selecting.give_up():
            await self.filter.clear()
        self.refresh_bindings()

    def action_problems(self) -> None:
        self.listed.ask_for(replace(self.listed.wish, problems_only=not self.listed.wish.problems_only))

    def action_order(self) -> None:
        self.listed.ask_for(replace(self.listed.wish, order=self.listed.wish.order.following))

    async def action_filter(self) -> None:
        await self.filter.open()

    def action_unfold(self) -> None:
        row = self.list.row
        if isinstance(row, SendRow | NoCodeRow):
            self.listed.fold(str(row.key), unfold=True)

    def action_fold(self) -> None:
        code = self.listed.looked_at
        if code is not None:
            self.listed.fold(code, unfold=False)

    def action_send(self) -> None:
        code = self.listed.looked_at
        if code == NO_CODE:
            self.pectui.say(NO_SEND)
        elif code is not None:
            self.listed.go_to(code)

    def action_refresh(self) -> None:
        self.questions.try_again()
        self.following.follow()
        self.reasons.moved()
        self.inbox.action_refresh()

    def action_anew(self) -> None:
        self.following.forget()
        self.inbox.action_anew()

    def action_completed(self) -> None:
        self.completing.begin()

    def action_compose(self) -> None:
        self.inbox.composing.write()

    def action_answer(self) -> None:
        message = self.following.message
        if message is not None:
            self.inbox.composing.answer(message)

    def action_delete(self) -> None:
        deleting, row = self.inbox.deleting, self.list.row
        self.selecting.commit()
        self.reporting.flush()
        message = self.following.message
        if len(self.inbox.marking.marks) and not self.is_reading:
            deleting.delete_marked(self)
        elif message is not None and not self.selecting.is_stale():
            deleting.delete(self, Chosen((message.header,)))
        elif isinstance(row, SendRow):
            deleting.delete_send(self, row.summary.code)
        elif row is not None and message is None:
            self.selecting.say_nothing_to_mark(row)

    def action_export(self) -> None:
        exporting, message = self.inbox.exporting, self.following.message
        self.selecting.commit()
        if len(self.inbox.marking.marks) and not self.is_reading:
            exporting.export_marked()
        elif self.selecting.is_stale() or self.listed.looked_at is None:
            return
        elif message is not None:
            exporting.export((message.header,))
        elif members := self.listed.members(self.listed.looked_at):
            exporting.export(members)
        else:
            self.pectui.say(shown(f"No message of send {self.listed.looked_at} is in the mailbox"))

    def action_delete_send(self) -> None:
        code = self.listed.looked_at
        if code == NO_CODE:
            self.pectui.say(NO_SEND)
        elif code is not None:
            self.inbox.deleting.delete_send(self, code)

    def action_copy(self) -> None:
        row = self.list.row
        text = shown(self.listed.looked_at or "")
        if isinstance(row, MessageRow) and row.message.code is None:
            text = shown(row.message.sender)
        self.copy(text)
