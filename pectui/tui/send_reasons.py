"""Why sends failed, without another key: the problems in sight whose receipts were not read are read by themselves.

Only once the list has rested: who runs through forty thousand sends wants none of those that flit by. What went out
of sight before its turn is not asked for, and nothing runs while there is nothing to ask. Among problems only, what
turns out to be none leaves its place to another one: so that nobody who just looks has a whole mailbox read by that,
it ends after a few screens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.worker import Worker

from pectui.domain.send import SendSummary
from pectui.tui.choosing import Wish
from pectui.tui.widgets.send_row import SendRow

if TYPE_CHECKING:
    from pectui.tui.screens.sends import SendsScreen

REST = 0.3
"""Seconds that the list rests: longer than the cursor's pause, whose send is asked for first."""
_SPARE = 1
"""A place that is left for the send under the cursor."""
_SCREENS = 3
"""So many times what is in sight is asked for at most until the user moves or mail comes."""


class SendReasons:
    """Asks for the problems in sight of `screen`, the uppermost first."""

    def __init__(self, screen: SendsScreen) -> None:
        self._screen = screen
        self._rest: Worker[None] | None = None
        self._wish = Wish()
        """What the user wanted to see when that began."""
        self._left = 0
        """How many may still be asked for."""
        self._version = -1
        """That of the listing for which this holds."""

    def moved(self) -> None:
        """To be called when the cursor moved or other rows came in sight: the list rests anew."""
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        self._wish = self._screen.listed.chosen.wish
        if next(self._unread(), None) is not None:
            self._rest = self._screen.pectui.begin(self._screen, self._ask_rested, group="reasons")

    def look(self) -> None:
        """To be called when what is in sight may have changed by itself, or there may be room for a question."""
        if self._rest is None or self._screen.listed.chosen.wish != self._wish:
            self.moved()
        elif self._rest.is_finished:
            self._ask()

    async def _ask_rested(self) -> None:
        await asyncio.sleep(REST)
        self._version = -1
        self._ask()

    def _ask(self) -> None:
        screen = self._screen
        version = screen.remembered.synced.version if screen.remembered is not None else -1
        if version != self._version:
            self._version, self._left = version, _SCREENS * len(screen.list.places_in_sight)
        for summary in self._unread():
            if not self._left or not screen.questions.has_room(_SPARE):
                return
            self._left -= 1
            screen.questions.ask(summary)

    def _unread(self) -> Iterator[SendSummary]:
        screen, rows = self._screen, self._screen.list.rows
        is_in_front = screen.is_active and not screen.is_reading
        if not is_in_front or screen.questions.is_refused or screen.pectui.is_leaving:
            return
        for place in screen.list.places_in_sight:
            row = rows[place]
            if isinstance(row, SendRow) and row.summary.is_problem and screen.questions.may_ask(row.summary):
                yield row.summary
