"""What view 3 reads besides the history: what could go, how full other mailboxes are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.timer import Timer

from pectui.errors import ServiceError
from pectui.tui.could_go import DAYS, found_completed
from pectui.tui.foreign import shown
from pectui.tui.notices import notice_of
from pectui.tui.quota_told import OtherMailbox

if TYPE_CHECKING:
    from pectui.domain.completed import Completed
    from pectui.session import Session
    from pectui.tui.screens.quota import QuotaScreen

COUNTED_AFTER = 1.0
"""Seconds without another change of the mailbox until what could go is counted again."""
_OTHERS_AFTER = timedelta(minutes=1)
"""How old what is known of other mailboxes must be to be asked again when one comes to the view."""


class QuotaReading:
    """Reads for `screen`, and has it show what there is each time."""

    def __init__(self, screen: QuotaScreen) -> None:
        self.could_go: Completed | None = None
        self.others: tuple[OtherMailbox, ...] = ()
        self._screen = screen
        self._timer: Timer | None = None
        self._others_asked: datetime | None = None

    @property
    def _session(self) -> Session:
        assert self._screen.session is not None
        return self._screen.session

    def count(self) -> None:
        """Counts again what could go."""
        if self._screen.session is not None:
            self._screen.pectui.begin(self._screen, self._count, group="could go")

    def count_soon(self) -> None:
        """Counts again once the mailbox has stopped changing."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(COUNTED_AFTER, self.count)

    def ask_others(self, *, anew: bool = False) -> None:
        """Asks how full the other mailboxes of the profile are, unless that is known already."""
        session, now = self._screen.session, self._screen.pectui.clock()
        if session is None or session.offline or not session.profile.other_mailboxes:
            return
        if not anew and self._others_asked is not None and now - self._others_asked < _OTHERS_AFTER:
            return
        self._others_asked = now
        self._screen.pectui.begin(self._screen, self._ask_others, group="other quotas")

    async def _count(self) -> None:
        self.could_go = await found_completed(self._session, self._screen.pectui.clock(), DAYS)
        self._screen.show_told()

    async def _ask_others(self) -> None:
        names = self._session.profile.other_mailboxes
        known = {one.name: one for one in self.others}
        self.others = tuple(known.get(shown(name), OtherMailbox(shown(name))) for name in names)
        self._screen.show_told()
        for place, name in enumerate(names):
            other = await self._other(name)
            self.others = (*self.others[:place], other, *self.others[place + 1 :])
            self._screen.show_told()

    async def _other(self, name: str) -> OtherMailbox:
        try:
            return OtherMailbox(shown(name), await self._session.quota_of(name))
        except ServiceError as error:
            return OtherMailbox(shown(name), problem=notice_of(error))
