"""Keeps what is remembered in step with the service, behind whatever the user does, and tells how far it got."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from pectui.engine.progress import Changed, PagesRead, Replaced, SyncEvent, SyncFinished
from pectui.environment import Environment
from pectui.errors import ServiceError, UnreachableError
from pectui.tui.browsing import STALE_AFTER
from pectui.tui.foreign import Shown, shown
from pectui.tui.news import News
from pectui.tui.paced import Paced
from pectui.tui.running import Progress, Work
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pectui.engine.progress import SyncOutcome
    from pectui.session import Session
    from pectui.tui.remembered import Remembered
    from pectui.tui.screens.inbox import InboxScreen

MINUTE = 60.0
"""Seconds."""


class Syncing:
    """The syncs of `screen`, one at a time."""

    def __init__(self, screen: InboxScreen) -> None:
        self.agrees = False
        """Whether the service agreed with what is remembered when it was last asked, by this program."""
        self.unreachable = False
        """Whether the service could not be reached when it was last asked."""
        self.news = News()
        self._screen = screen
        self._current: object | None = None
        self._again = False
        self._failure_told = False
        self._failure: Notice | None = None
        self._tried_at: datetime | None = None
        self._progress: Progress | None = None
        self._changes = Paced(screen, screen.show_again)

    @property
    def is_running(self) -> bool:
        """Whether a sync is under way."""
        return self._current is not None

    @property
    def tried_lately(self) -> bool:
        """Whether the service was asked a moment ago, whatever came of it."""
        return self._tried_at is not None and self._screen.pectui.clock() - self._tried_at <= STALE_AFTER

    def begin(self, *, full: bool = False, asked: bool = True, needed: bool = True) -> None:
        """Begins a sync; where one runs, one that is `needed` follows it. `full` reads every page, from now on.

        One that nobody `asked` for is quiet: it tells of a failure once, not each time.
        """
        session, remembered = self._screen.session, self._screen.remembered
        if session is None or remembered is None or session.offline:
            return
        if self.is_running and not full:
            self._again = self._again or needed
            return
        self._again = False
        app = self._screen.pectui
        self._progress = Progress(Work.SYNC, app.clock(), "syncing", unit="page")
        self._current = run = object()
        app.begin(
            self._screen,
            partial(self._run, session, remembered, full, asked, run),
            group="sync",
            progress=self._progress,
            failed=partial(self._failed, asked),
        )

    @property
    def is_cut_off(self) -> bool:
        """Whether the service is not asked, or could not be reached."""
        session = self._screen.session
        return self.unreachable or (session is not None and session.offline)

    def reached(self) -> None:
        """The service answered something."""
        if self.unreachable:
            self.unreachable = False
            self.show_reach()

    def not_reached(self) -> None:
        """The service could not be reached by somebody else's question."""
        if not self.unreachable:
            self.unreachable = True
            self.show_reach()

    def show_reach(self) -> None:
        """Says in the header whether the service is there."""
        self._screen.pectui.views.show_header(offline=self.is_cut_off)
        self._screen.refresh_bindings()

    def refuses(self, what: Shown) -> bool:
        """True, and told, where the service isn't there for something: `what` says what can't be done."""
        session = self._screen.session
        if not self.is_cut_off or session is None:
            return False
        why, hint = "The service can't be reached", Shown("r tries again.")
        if session.offline:
            why, hint = "pectui is offline", Shown("Leave out --offline to ask the service.")
        self._screen.pectui.say(shown(f"{why}: {what}"), hint, severity=Severity.WARNING)
        return True

    def keep_fresh(self, session: Session) -> None:
        """From now on looks for new mail as often as the profile says."""
        profile = session.profile
        if (
            profile.refresh_minutes > 0
            and profile.environment is not Environment.DEMO
            and not session.offline
        ):
            self._screen.set_interval(profile.refresh_minutes * MINUTE, self.refresh)

    def refresh(self) -> None:
        """Looks for new mail, unless that could disturb something."""
        app = self._screen.pectui
        deleting = any(worker.group == "delete" and not worker.is_finished for worker in app.workers)
        if isinstance(app.screen, FramedScreen) and not deleting and not self.is_running:
            self.begin(asked=False, needed=False)

    async def _run(
        self, session: Session, remembered: Remembered, full: bool, asked: bool, run: object
    ) -> None:
        try:
            while True:
                self._tried_at = self._screen.pectui.clock()
                await self._sync(session, remembered, full, asked)
                if not self._again:
                    break
                self._again = full = False
        except ServiceError as error:
            self.unreachable = isinstance(error, UnreachableError)
            raise
        except asyncio.CancelledError:
            if run is self._current:
                self._screen.call_later(self._stopped)
            raise
        finally:
            self._tried_at = self._screen.pectui.clock()
            if run is self._current:
                self._current = None

    async def _sync(self, session: Session, remembered: Remembered, full: bool, asked: bool) -> None:
        self.news.begin(remembered.headers if remembered.complete and remembered.is_loaded else None)
        if remembered.follow(await session.listing()):
            self.news.compare(remembered.headers, shift=remembered.synced.ids_shift)
            self._changes()
        events = cast("AsyncGenerator[SyncEvent, None]", session.sync(full=full))
        async with aclosing(events):
            async for event in events:
                if isinstance(event, PagesRead):
                    self._count(event)
                elif isinstance(event, SyncFinished):
                    self._finished(event.outcome, asked)
                else:
                    await self._follow(session, remembered, event)

    async def _follow(self, session: Session, remembered: Remembered, event: Changed | Replaced) -> None:
        if isinstance(event, Changed):
            self.news.add(event.change)
        if isinstance(event, Replaced) or remembered.synced.version != event.synced.version:
            remembered.follow(await session.listing())
        self._changes()

    def _finished(self, outcome: SyncOutcome, asked: bool) -> None:
        screen = self._screen
        self.agrees = outcome.agrees
        self.unreachable = self._failure_told = False
        self._changes.flush()
        self.show_reach()
        if self._failure is not None:
            screen.pectui.views.take_back(self._failure)
        screen.pages.tell_once(outcome.warnings)
        screen.opening.tell_warnings()
        screen.whole.arrange()
        if not asked and (outcome.new or outcome.gone):
            screen.watching.ask_now()

    def _failed(self, asked: bool, notice: Notice) -> None:
        """What is remembered stays; the reason is told, where nothing is remembered in the place of the messages."""
        screen = self._screen
        self.agrees = self._again = False
        self._changes.flush()
        if screen.pages.page is None:
            screen.opening.failed(notice)
        elif asked or not self._failure_told:
            self._failure = notice
            screen.pectui.tell(notice)
        self._failure_told = True
        self.show_reach()
        screen.show_status()

    def _stopped(self) -> None:
        """The user cancelled it: what was read up to here stays."""
        self._changes.flush()
        if self._screen.pages.page is None:
            self._screen.opening.stopped()
        self._screen.pectui.begin(self._screen, self._catch_up, group="catch up")

    async def _catch_up(self) -> None:
        session, remembered = self._screen.session, self._screen.remembered
        if session is not None and remembered is not None and remembered.follow(await session.listing()):
            self._screen.show_again()

    def _count(self, event: PagesRead) -> None:
        progress = self._progress
        if progress is not None and event.expected is not None and event.expected > 1:
            progress.done, progress.total = event.done, event.expected
            self._screen.pectui.running.moved()
