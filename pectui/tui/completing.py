"""What may go of completed sends, marked in one step; where it is wanted, sends that were not read are read before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from pectui.tui.could_go import found_completed
from pectui.tui.foreign import Shown, shown
from pectui.tui.paced import Paced
from pectui.tui.widgets.notice import Severity

if TYPE_CHECKING:
    from pectui.domain.completed import Completed
    from pectui.tui.screens.completed import Wanted
    from pectui.tui.screens.sends import SendsScreen

_MOST_DAYS = 36_500


class Completing:
    """Marks on `screen`."""

    def __init__(self, screen: SendsScreen) -> None:
        self._screen = screen
        self._done = 0
        self._of = 0

    def begin(self, *, otherwise: Callable[[], object] | None = None) -> None:
        """Asks how old they must be; `otherwise` is what follows where nothing is to be marked."""
        from pectui.tui.screens.completed import CompletedScreen

        self._screen.pectui.push_screen(CompletedScreen(), partial(self._answered, otherwise))

    def _answered(self, otherwise: Callable[[], object] | None, wanted: Wanted | None) -> None:
        if wanted is None and otherwise is not None:
            otherwise()
        if wanted is None or self._screen.session is None:
            return
        if wanted.read_first and self._screen.syncing.refuses(Shown("no send can be read now")):
            return
        self._done = self._of = 0
        work = partial(self._mark, min(wanted.days, _MOST_DAYS), read_first=wanted.read_first)
        self._screen.pectui.begin(self._screen, work, group="complete", label=self._label)

    async def _mark(self, days: int, *, read_first: bool) -> None:
        found = await self._found(days)
        failed = 0
        if read_first and found.unread:
            failed = await self._read(found.unread)
            found = await self._found(days)
        if found.headers and self._screen.selecting.is_stale():
            return
        self._tell(found, days, failed)

    async def _found(self, days: int) -> Completed:
        assert self._screen.session is not None
        return await found_completed(self._screen.session, self._screen.pectui.clock(), days)

    async def _read(self, codes: Sequence[str]) -> int:
        """Asks the service for these sends. How many could not be read."""
        from pectui.engine.sends import SendFailed

        session, app = self._screen.session, self._screen.pectui
        assert session is not None
        failed, self._of = 0, len(codes)
        told = Paced(self._screen, app.running.labels_changed)
        try:
            async with aclosing(session.sends.read_all(codes)) as events:
                async for event in events:
                    self._done = event.done
                    failed += isinstance(event, SendFailed)
                    told()
        finally:
            told.stop()
            self._screen.listed.arranging.again()
        return failed

    def _tell(self, found: Completed, days: int, failed: int) -> None:
        unread = len(found.unread)
        details = []
        if failed:
            details.append(f"{failed:,} could not be read.")
        if unread:
            more = "more " if found.headers else ""
            sends = f"1 {more}send looks" if unread == 1 else f"{unread:,} {more}sends look"
            details.append(f"{sends} delivered, but not all texts were read: f, then r reads them first.")
        if found.headers:
            of = f"of {len(found.codes):,} completed send{'s' * (len(found.codes) != 1)}"
            self._screen.selecting.add(found.headers, of, detail=" ".join(("d shows the plan.", *details)))
            return
        title = shown(f"No receipt of a completed send is older than {days:,} day{'s' * (days != 1)}")
        self._screen.pectui.say(title, shown(" ".join(details)), severity=Severity.INFORMATION)

    def _label(self) -> Shown:
        if not self._of:
            return Shown("looking for completed sends")
        return shown(f"reading sends {self._done:,}/{self._of:,}")
