"""What view 2 lists: the chosen sends, the messages of those that are unfolded, and where the cursor is to go."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.tui.arranging import Arranging
from pectui.tui.choosing import Chosen, Wish
from pectui.tui.foreign import Shown, shown
from pectui.tui.send_rows import SendRows
from pectui.tui.widgets.send_row import NO_CODE

if TYPE_CHECKING:
    from pectui.tui.screens.sends import SendsScreen


class ListedSends:
    """The list of `screen`."""

    def __init__(self, screen: SendsScreen) -> None:
        self.wish = Wish()
        self.chosen = Chosen()
        self.arranging = Arranging(screen, self)
        self._screen = screen
        self._unfolded: set[str] = set()
        self._wanted: str | None = None
        """The send to which the cursor is to go."""

    @property
    def looked_at(self) -> str | None:
        """The code of the send under the cursor; `NO_CODE` for what has none, None in an empty list."""
        rows = self._screen.list.rows
        return rows.code_at(self._screen.list.cursor) if isinstance(rows, SendRows) and len(rows) else None

    def is_unfolded(self, code: Hashable) -> bool:
        """Whether the messages of the send are listed below it."""
        return code in self._unfolded

    def ask_for(self, wish: Wish) -> None:
        """Lists what `wish` asks for from now on."""
        self.wish = wish
        self.arranging.again()

    def go_to(self, code: str) -> None:
        """Puts the cursor on the send, also if it is not listed now."""
        self._screen.back_to_list()
        if code in self.chosen.places:
            # At once: keys that follow are meant for that send.
            self._wanted = None
            self._show_rows(code)
        else:
            self._wanted = code
        self.arranging.again()

    def show(self, chosen: Chosen) -> None:
        """Lists `chosen`; the cursor stays where it is, or goes to the send that is wanted."""
        self.chosen = chosen
        wanted, sends = self._wanted, self.arranging.sends
        if wanted not in chosen.places and chosen.wish.hides_some and sends is not None and wanted in sends:
            self._lift()
            return
        if wanted is not None and (wanted in chosen.places or not self.arranging.is_due):
            self._wanted = None
            if wanted not in chosen.places:
                told = Shown("That send is not among what is remembered yet")
                self._screen.pectui.say(told, Shown("r looks again."))
        self._show_rows(wanted)

    def fold(self, code: str, *, unfold: bool) -> None:
        """Lists the messages of a send below it, or no more. The cursor goes to the send."""
        if unfold:
            self._unfolded.add(code)
        else:
            self._unfolded.discard(code)
        self._show_rows(code)

    def _show_rows(self, cursor: Hashable | None = None) -> None:
        session, app = self._screen.session, self._screen.pectui
        unfolded = {code: self.members(code) for code in self._unfolded}
        own = session.own if session is not None else frozenset()
        rows = SendRows(self.chosen, unfolded, own=own, now=app.clock(), zone=app.zone)
        self._screen.show_rows(rows, cursor)

    def members(self, code: str) -> Sequence[Header]:
        """The messages of a send, answers among them; of `NO_CODE` all that belong to none."""
        if code == NO_CODE:
            return self.chosen.unassigned
        sends = self.arranging.sends
        return [member.header for member in sends.members(code)] if sends is not None else ()

    def _lift(self) -> None:
        told = "Problems only" if self.wish.problems_only else "The filter"
        if self.wish.problems_only and self.wish.text:
            told = "Problems only and the filter"
        self._screen.pectui.say(shown(f"{told} hid that send: all are shown again"))
        self._screen.call_later(self._screen.filter.clear)
        self.ask_for(Wish(order=self.wish.order))
