"""The drafts of the mailbox, but for the one that is open: go on with one, or throw it away."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from pectui.domain.composition import DraftState, SavedDraft
from pectui.tui.compose_words import people
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.keys import COMPOSE, PAGES, PROGRAM
from pectui.tui.moment import short_date
from pectui.tui.paint import BLANK_LINE, Line, Span, wrapped
from pectui.tui.screens.confirm import ConfirmScreen
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.widgets.message_row import today_of
from pectui.tui.widgets.row_list import Column, RowList

if TYPE_CHECKING:
    from pectui.config import Profile
    from pectui.session import Session
    from pectui.tui.keeping import Keeping

_COLUMNS = (
    Column("when", 6),
    Column("state", 15, from_width=60),
    Column("subject", 0),
    Column("people", 14, from_width=76),
)
_GONE = Shown("It was never sent, and nothing brings it back.")
_DOUBTFUL = Shown("It is unknown whether it was sent. The journals of sending keep what is known of that.")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list."""

    draft: SavedDraft
    when: Shown

    @property
    def key(self) -> Hashable:
        return self.draft.name

    @property
    def likeness(self) -> Hashable:
        return self.draft.name

    def cell(self, name: str) -> Span | Line:
        written = self.draft.composition
        if name == "when":
            return Span(self.when, Ink.MUTED)
        if name == "state":
            return (
                Span(NOTHING)
                if self.draft.state is DraftState.UNFINISHED
                else Span(Shown("? may be sent"), Ink.WARN)
            )
        if name == "people":
            return Span(people(len(written.addresses)), Ink.MUTED)
        subject = shown(written.subject.strip()) or shown(written.body.strip()[:200])
        return Span(subject) if subject else Span(Shown("(no subject)"), Ink.MUTED)


class DraftsScreen(FramedScreen):
    """Goes back to the message with what was chosen."""

    view_name = "drafts"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("d", "throw_away", "throw away", id="drafts.discard", group=COMPOSE, tooltip="throw the draft away"),
        Binding("escape,q", "back", "back", id="drafts.back", group=PAGES, tooltip="back to the message"),
        Binding("ctrl+g,f1", "app.help", "help", show=False, id="drafts.help", group=PROGRAM, tooltip="these keys"),
    ]  # fmt: skip

    def __init__(self, keeping: Keeping, session: Session, drafts: Sequence[SavedDraft]) -> None:
        super().__init__()
        self.list = RowList(_COLUMNS)
        self._keeping = keeping
        self._session = session
        self._drafts = list(drafts)

    def body(self) -> Iterable[Widget]:
        yield self.list

    def on_mount(self) -> None:
        super().on_mount()
        self.list.set_placeholder(Span(Shown("No other draft is left."), Ink.MUTED))
        self._show()
        self.set_focus(self.list)

    def _show(self) -> None:
        zone = self.pectui.zone
        today = today_of(self.pectui.clock(), zone)
        self.list.set_rows([DraftRow(one, short_date(one.saved_at, today, zone)) for one in self._drafts])
        count = len(self._drafts)
        self.status.show(Span(shown(f"{count:,} other draft{'s' * (count != 1)}")))
        self.refresh_bindings()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        if isinstance(event.row, DraftRow):
            self.dismiss()
            self._keeping.go_on_with(event.row.draft)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return (
            self.list.row is not None if action == "throw_away" else super().check_action(action, parameters)
        )

    def word_for(self, binding: Binding) -> Shown:
        return Shown("go on with it") if binding.id == "list.open" else super().word_for(binding)

    def action_back(self) -> None:
        self.dismiss()

    def action_throw_away(self) -> None:
        if isinstance(self.list.row, DraftRow):
            draft = self.list.row.draft
            dialog = ThrowAwayScreen(draft, self._session.profile)
            self.pectui.push_screen(dialog, partial(self._answered, draft))

    def _answered(self, draft: SavedDraft, yes: bool | None) -> None:
        if yes:
            self.pectui.begin(self, partial(self._throw_away, draft), group="drafts")

    async def _throw_away(self, draft: SavedDraft) -> None:
        await self._keeping.remove(draft)
        self._drafts.remove(draft)
        self._show()


class ThrowAwayScreen(ConfirmScreen):
    """True if the draft is to go. Only `y` means yes."""

    def __init__(self, draft: SavedDraft, profile: Profile) -> None:
        super().__init__(profile)
        self._draft = draft

    def yes(self) -> Shown:
        return Shown("throw it away")

    def text(self, width: int) -> list[Line]:
        subject = shown(self._draft.composition.subject) or Shown("(no subject)")
        told = _GONE if self._draft.state is DraftState.UNFINISHED else _DOUBTFUL
        return [
            (*self.where(), Span(Shown("Throw this draft away?"), Ink.STRONG)),
            BLANK_LINE,
            *wrapped(Span(subject), width)[:3],
            *wrapped(Span(told, Ink.MUTED), width),
        ]
