"""View 2, the sends: a row for each with its state, its messages below it, and why it failed beside it.

It lies over the inbox, which lives on below: the mailbox is opened, synced and measured there. What is listed is chosen
in `choosing` and kept current by `arranging`; the text beside it follows the cursor in `send_following`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from pectui.domain.message import Header
from pectui.tui.arranging import AGES_AFTER, Arranging
from pectui.tui.choosing import Chosen, Wish
from pectui.tui.foreign import Shown, shown
from pectui.tui.keys import MAIL, PAGES, PROGRAM, SENDS, VIEWS
from pectui.tui.screens.paned import PanedScreen
from pectui.tui.send_filter import SendFilter
from pectui.tui.send_following import SendFollowing
from pectui.tui.send_rows import SendRows
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


class SendsScreen(PanedScreen):
    """Keys and panes of the sends of the mailbox that is open in `inbox`."""

    BINDINGS: ClassVar = [
        Binding("exclamation_mark", "problems", "problems", id="sends.problems", group=SENDS, tooltip="problems only"),
        Binding("right", "unfold", "unfold", show=False, id="sends.unfold", group=SENDS, tooltip="show its messages"),
        Binding("left", "fold", "fold", show=False, id="sends.fold", group=SENDS, tooltip="hide its messages"),
        Binding("o", "order", "order", id="sends.order", group=SENDS, tooltip="by time, state or age"),
        Binding("s", "send", "its send", id="sends.send", group=SENDS, tooltip="a message's send"),
        Binding("slash", "filter", "filter", id="sends.filter", group=SENDS, tooltip="filter as you type"),
        Binding("escape", "back", "back", id="sends.back", group=PAGES, tooltip="back, or clear"),
        *VIEWS,
        Binding("tab", "switch_pane", "details", id="sends.pane", group=PAGES, tooltip="list or details"),
        Binding("r", "refresh", "refresh", id="sends.refresh", group=MAIL, tooltip="look for new mail"),
        Binding("R", "anew", "anew", show=False, id="sends.anew", group=MAIL, tooltip="read every page again"),
        Binding("v", "raw", "raw", id="sends.raw", group=MAIL, tooltip="text as it came, or not"),
        Binding("y", "copy", "copy", id="sends.copy", group=MAIL, tooltip="copy the send code"),
        Binding("q", "leave", "leave", id="app.leave", group=PROGRAM, tooltip="leave"),
    ]  # fmt: skip

    def __init__(self, inbox: InboxScreen) -> None:
        pane = SendPane(id="preview")
        super().__init__(RowList(SEND_COLUMNS, id="list"), pane)
        self.pane = pane
        self.inbox = inbox
        self.wish = Wish()
        self.chosen = Chosen()
        self.counts = SendCounts()
        self.arranging = Arranging(self)
        self.filter = SendFilter(self)
        self.following = SendFollowing(self)
        self._unfolded: set[str] = set()
        self._wanted: str | None = None
        """The send to which the cursor is to go."""

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
        self.set_interval(AGES_AFTER, self.arranging.again)
        self.arranging.again()

    def on_screen_resume(self) -> None:
        self.show_header(self.pectui.header)
        self.mailbox_changed()

    def mailbox_changed(self) -> None:
        if self.is_mounted:
            self._show_nothing()
            self.show_status()
            self.arranging.again()

    def text_held(self) -> None:
        self.following.hold()

    def text_released(self) -> None:
        self.following.release()

    # What is shown

    @property
    def looked_at(self) -> str | None:
        """The code of the send under the cursor."""
        rows = self.list.rows
        return rows.code_at(self.list.cursor) if isinstance(rows, SendRows) and len(rows) else None

    def show_chosen(self, chosen: Chosen) -> None:
        """Lists `chosen`; the cursor stays where it is, or goes to the send that is wanted."""
        self.chosen = chosen
        wanted = self._wanted
        if wanted is not None and wanted not in chosen.places and chosen.wish.hides_some:
            self._lift()
            return
        if wanted is not None and (wanted in chosen.places or not self.syncing.is_running):
            self._wanted = None
            if wanted not in chosen.places:
                self.pectui.say(
                    Shown("That send is not among what is remembered yet"), Shown("r looks again.")
                )
        self._show_rows(wanted)

    def show_wish(self, wish: Wish) -> None:
        """Lists what `wish` asks for from now on."""
        self.wish = wish
        self.arranging.again()

    def show_status(self) -> None:
        """Says how many sends are listed, how, and how old that is."""
        if self.arranging.sends is not None:
            self.status.show(*status_of(self))

    def go_to(self, code: str) -> None:
        """Puts the cursor on the send, also if it is not listed now."""
        self._wanted = code
        self.back_to_list()
        self.arranging.again()

    def _show_rows(self, cursor: Hashable | None = None) -> None:
        self._show_nothing()
        self.counts.show(self.chosen.total, self.chosen.states)
        self.list.set_rows(self._rows(), cursor=cursor)
        self.following.follow()
        self.show_status()
        self.refresh_bindings()

    def _rows(self) -> SendRows:
        unfolded = {code: self._members(code) for code in self._unfolded}
        own = self.session.own if self.session is not None else frozenset()
        return SendRows(self.chosen, unfolded, own=own, now=self.pectui.clock(), zone=self.pectui.zone)

    def _members(self, code: str) -> Sequence[Header]:
        if code == NO_CODE:
            return self.chosen.unassigned
        sends = self.arranging.sends
        return [member.header for member in sends.members(code)] if sends is not None else ()

    def _show_nothing(self) -> None:
        self.list.set_placeholder(*nothing_listed(self))

    def _lift(self) -> None:
        told = "Problems only" if self.wish.problems_only else "The filter"
        if self.wish.problems_only and self.wish.text:
            told = "Problems only and the filter"
        self.pectui.say(shown(f"{told} hid that send: all are shown again"))
        self.show_wish(Wish(order=self.wish.order))

    # Facts from the widgets

    @on(RowList.Moved)
    def _cursor_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self.following.follow()
        self.refresh_bindings()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        if isinstance(event.row, MessageRow):
            self.fill_with_text()
        else:
            self._fold(str(event.row.key), unfold=event.row.key not in self._unfolded)

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
            return row is not None and not self.is_reading
        if action in ("problems", "order"):
            return not self.is_reading
        if action == "send":
            return isinstance(row, MessageRow)
        if action == "raw":
            return self.following.message is not None
        if action == "copy":
            return isinstance(row, SendRow | MessageRow)
        if action == "filter":
            return not self.is_reading and not self.filter.has_focus
        if action == "switch_pane":
            return row is not None and not self.is_reading
        if action == "back":
            return self.is_reading or self.preview.has_focus or self._covered
        return True

    @property
    def _covered(self) -> bool:
        return bool(self.filter.is_typing or self.wish.text or self.notices.notice)

    def word_for(self, binding: Binding) -> Shown:
        if binding.id == "search.ask":
            return Shown("keep the filter")
        if binding.id == "sends.problems" and self.wish.problems_only:
            return Shown("all")
        if binding.id == "list.open" and not isinstance(self.list.row, MessageRow):
            return Shown(
                "fold" if self.list.row is not None and self.list.row.key in self._unfolded else "unfold"
            )
        return super().word_for(binding)

    async def action_back(self) -> None:
        """One step back: what lies on top goes first."""
        if self.filter.has_focus:
            await self.filter.clear()
        elif self.notices.notice is not None:
            self.notices.hide()
        elif not self.back_to_list():
            await self.filter.clear()
        self.refresh_bindings()

    def action_leave(self) -> None:
        if self.is_reading:
            self.back_to_list()
        else:
            self.pectui.action_leave()

    def action_problems(self) -> None:
        self.show_wish(replace(self.wish, problems_only=not self.wish.problems_only))

    def action_order(self) -> None:
        self.show_wish(replace(self.wish, order=self.wish.order.following))

    async def action_filter(self) -> None:
        await self.filter.open()

    def action_unfold(self) -> None:
        row = self.list.row
        if isinstance(row, SendRow | NoCodeRow):
            self._fold(str(row.key), unfold=True)

    def action_fold(self) -> None:
        code = self.looked_at
        if code is not None:
            self._fold(code, unfold=False)

    def _fold(self, code: str, *, unfold: bool) -> None:
        if unfold:
            self._unfolded.add(code)
        else:
            self._unfolded.discard(code)
        self._show_rows(code)

    def action_send(self) -> None:
        code = self.looked_at
        if code == NO_CODE:
            self.pectui.say(Shown("This message belongs to no send: its subject carries no send code"))
        elif code is not None:
            self.go_to(code)

    def action_refresh(self) -> None:
        self.following.try_again()
        self.inbox.action_refresh()

    def action_anew(self) -> None:
        self.following.forget()
        self.inbox.action_anew()

    def action_raw(self) -> None:
        if not self.preview.display:
            self.list.action_open()
        self.preview.toggle_raw()

    def action_copy(self) -> None:
        row = self.list.row
        text = shown(self.looked_at or "")
        if isinstance(row, MessageRow) and row.message.code is None:
            text = shown(row.message.sender)
        self.pectui.copy_to_clipboard(text)
        self.pectui.say(shown(f"Copied {text}"))

    def action_switch_pane(self) -> None:
        if not self.list.has_focus:
            self.list.focus()
        elif self.preview.display:
            self.preview.focus()
        else:
            self.fill_with_text()
