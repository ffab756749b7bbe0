"""What the keys mark in view 2: a send's receipts and own copies at once, or single messages below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.domain.send import SendSummary
from pectui.tui.foreign import Shown, shown
from pectui.tui.marking import Marking
from pectui.tui.paint import Span
from pectui.tui.selecting import MARKED, NO_SIGN, PARTLY, Selecting
from pectui.tui.send_rows import SendRows
from pectui.tui.widgets.message_row import MessageRow
from pectui.tui.widgets.row_list import Row
from pectui.tui.widgets.send_row import NO_CODE, NoCodeRow, SendRow

if TYPE_CHECKING:
    from pectui.tui.screens.sends import SendsScreen


class SendSelecting(Selecting):
    """Marks what is listed on `sends`. A send's row stands for its receipts and own copies, never for answers to it."""

    def __init__(self, sends: SendsScreen, marking: Marking) -> None:
        super().__init__(sends, marking)
        self._sends = sends
        self._signs: tuple[int, dict[str, tuple[SendSummary, Span]]] = (-1, {})

    @property
    def listed(self) -> Sequence[Header] | None:
        return self._sends.listed.arranging.listed

    def of_row(self, row: Row) -> Sequence[Header]:
        if isinstance(row, MessageRow):
            return (row.message.header,)
        sends = self._sends.listed.arranging.sends
        return (
            sends.own_messages([row.summary.code]) if isinstance(row, SendRow) and sends is not None else ()
        )

    def of_rows(self, places: range) -> Sequence[Header]:
        rows, sends = self._sends.list.rows, self._sends.listed.arranging.sends
        if not isinstance(rows, SendRows) or sends is None:
            return ()
        codes, members = rows.stretch(places)
        return list(dict.fromkeys((*sends.own_messages(codes), *members)))

    def page(self) -> tuple[Sequence[Header], str]:
        row, listed = self._sends.list.row, self._sends.listed
        code = listed.looked_at
        if isinstance(row, SendRow):
            return self.of_row(row), f"of send {row.summary.code} (no answers)"
        if code is None or not listed.is_unfolded(code):
            return (), ""
        return listed.members(code), "without a send code" if code == NO_CODE else f"of send {code}"

    def mark_all(self) -> None:
        listed = self._sends.listed
        if self.is_stale() or listed.arranging.sends is None:
            return
        chosen = listed.chosen.sends
        found = listed.arranging.sends.own_messages(one.code for one in chosen)
        of = f"of {len(chosen):,} send{'s' * (len(chosen) != 1)}"
        detail = "Answers, and what has no send code, are not among them."
        remembered = self._sends.remembered
        if remembered is not None and not remembered.complete:
            detail += " Not all of the mailbox is known so far."
        self.add(found, of, detail=detail)

    def shown_count(self) -> int:
        marks, chosen = self.marking.marks, self._sends.listed.chosen
        if not chosen.wish.hides_some:
            return len(marks) - len(marks.adrift)
        return sum(marks.count(_ids(one)) for one in chosen.sends)

    def hidden(self, headers: Sequence[Header]) -> frozenset[int]:
        chosen = self._sends.listed.chosen
        if not chosen.wish.hides_some:
            return frozenset()
        there = {number for one in chosen.sends for number in _ids(one)}
        return frozenset(one.id for one in headers if one.id not in there)

    def known(self) -> Sequence[Header]:
        rows, places = self._sends.list.rows, self._sends.list.places_in_sight
        return [row.message.header for at in places if isinstance(row := rows[at], MessageRow)]

    def sign_of_row(self, row: Row) -> Span:
        marks = self.marking.marks
        if not isinstance(row, SendRow):
            return NO_SIGN
        if self._signs[0] != marks.version:
            self._signs = marks.version, {}
        known = self._signs[1].get(row.summary.code)
        if known is None or known[0] is not row.summary:
            known = self._signs[1][row.summary.code] = row.summary, self._sign(row.summary)
        return known[1]

    def say_nothing_to_mark(self, row: Row) -> None:
        if isinstance(row, NoCodeRow):
            told = Shown("These messages belong to no send: they are marked one by one")
            self._screen.pectui.say(told, Shown("Enter unfolds them; v marks a range of them."))
        elif isinstance(row, SendRow):
            self._screen.pectui.say(shown(f"No receipt of send {row.summary.code} is in the mailbox"))

    def _sign(self, summary: SendSummary) -> Span:
        marks = self.marking.marks
        count = marks.count(summary.message_ids)
        if count and count == len(summary.message_ids):
            return MARKED
        return PARTLY if count or marks.count((*summary.reply_ids, *summary.other_ids)) else NO_SIGN


def _ids(summary: SendSummary) -> Sequence[int]:
    return (*summary.message_ids, *summary.reply_ids, *summary.other_ids)
