"""Keeps the listed sends in step with what is remembered and with what the user wants to see of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.domain.sends import Sends
from pectui.tui.choosing import Choosing, Chosen
from pectui.tui.foreign import NOTHING, Shown

if TYPE_CHECKING:
    from pectui.tui.listed_sends import ListedSends
    from pectui.tui.screens.sends import SendsScreen

AGES_AFTER = 60.0
"""Seconds until a send may be in another state because it is older."""


class Arranging:
    """Chooses the sends for `screen`, outside of the event loop, one choice at a time and the last one always."""

    def __init__(self, screen: SendsScreen, listed: ListedSends) -> None:
        self.sends: Sends | None = None
        """All sends; None until they were grouped once."""
        self.listed: Sequence[Header] | None = None
        """The listing that they were grouped from, or an older one."""
        self._screen = screen
        self._listed = listed
        self._choosing = Choosing()
        self._is_busy = False
        self.is_due = False
        """Whether what is listed is about to be chosen again."""
        self._chosen_at: datetime | None = None

    def again(self) -> None:
        """To be called when there may be something else to list."""
        self.is_due = True
        if self._is_busy or self._screen.session is None:
            return
        self._is_busy = True
        # Later it is quicker, and a word in the header would only flicker.
        label = NOTHING if self.sends is not None else Shown("grouping the sends")
        self._screen.pectui.begin(self._screen, self._arrange, group="arrange", exclusive=False, label=label)

    async def _arrange(self) -> None:
        try:
            while self.is_due:
                self.is_due = False
                await self._choose()
        finally:
            self._is_busy = False

    async def _choose(self) -> None:
        listed, session = self._listed, self._screen.session
        assert session is not None
        remembered = self._screen.remembered
        headers = remembered.headers if remembered is not None else None
        sends, _ = await session.sends.current()
        self.sends = sends
        self._screen.inbox.opening.tell_warnings()
        now, wish, before = self._screen.pectui.clock(), listed.wish, listed.chosen
        if sends.version != before.version or wish != before.wish or self._has_aged(now):
            self._chosen_at = now
            keep = listed.looked_at if before.wish.problems_only else None
            chosen: Chosen = await asyncio.to_thread(self._choosing.choose, sends, wish, now, keep)
            self.listed = headers
            listed.show(chosen)
        else:
            self.listed = headers
            listed.show(before)

    def _has_aged(self, now: datetime) -> bool:
        return self._chosen_at is None or (now - self._chosen_at).total_seconds() >= AGES_AFTER
