"""Watches how full the mailbox is, behind whatever the user does: for the meter in the header and for view 3."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from pectui.domain.quota import Quota
from pectui.tui.foreign import Shown, shown
from pectui.tui.meter import Meter
from pectui.tui.moment import day_and_time
from pectui.tui.notices import notice_of
from pectui.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from textual.worker import Worker

    from pectui.domain.forecast import Forecast, NoTrend
    from pectui.domain.quota_history import QuotaSample
    from pectui.engine.quota import Crossed, QuotaEvent, QuotaMonitor, Sampled, Unknown
    from pectui.session import Session
    from pectui.tui.screens.inbox import InboxScreen

MINUTE = 60.0
"""Seconds."""
_READ = timedelta(days=366)
READ_AFTER = 1.0
"""Seconds after the start until the history is read, so that view 3 has it at once when it is wanted."""
_NONSENSE = Shown("How full the mailbox is can't be told")
_NO_GUESS = Shown("pectui doesn't guess. It asks again by itself, and r asks now.")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nobody knows how full the mailbox is now."""

    at: datetime
    notice: Notice


class Watching:
    """Watches the mailbox that is open in `screen`; offline it tells what was known last."""

    def __init__(self, screen: InboxScreen) -> None:
        self.meter: Meter | None = None
        """What the header says; None as long as nothing is known."""
        self.told_at: datetime | None = None
        """When the service last said how full it is, to whatever program."""
        self.failure: Failure | None = None
        """Of the last question, if it failed."""
        self.samples: tuple[QuotaSample, ...] | None = None
        """How full it was for a year, the oldest first; None: not read yet."""
        self.trend: Forecast | NoTrend | None = None
        self.problem: Notice | None = None
        """Why the history could not be read."""
        self._known: Meter | None = None
        self._crossing: Notice | None = None
        self._screen = screen
        self._monitor: QuotaMonitor | None = None
        self._worker: Worker[None] | None = None

    @property
    def is_asking(self) -> bool:
        """Whether there is a question to ask, or to be answered."""
        return self._is_on and (self._monitor is None or not self._monitor.is_resting)

    @property
    def _is_on(self) -> bool:
        return self._worker is not None and not self._worker.is_finished

    def begin(self) -> None:
        """Watches from now on, as often as the profile says."""
        session, app = self._screen.session, self._screen.pectui
        if session is not None:
            self._worker = app.begin(self._screen, partial(self._watch, session), group="quota")

    def ask_now(self) -> None:
        """Asks at once: something has changed, or somebody wants to know. Offline nobody is asked."""
        if self._monitor is not None:
            self._monitor.ask_now()
        elif not self._is_on:
            self.begin()

    def read_history(self) -> None:
        """Reads how full it was, off the event loop."""
        session, app = self._screen.session, self._screen.pectui
        if session is not None:
            work = partial(self._read_history, session)
            app.begin(self._screen, work, group="quota history", failed=self._history_not_read)

    async def _read_history(self, session: Session) -> None:
        from pectui.domain.forecast import forecast

        now = self._screen.pectui.clock()
        samples = await session.quota_history(now - _READ)
        self.trend = await asyncio.to_thread(forecast, samples, now)
        self.samples, self.problem = tuple(samples), None
        self._screen.pectui.views.quota_changed()

    def _history_not_read(self, notice: Notice) -> None:
        self.problem = notice
        self._screen.pectui.views.quota_changed()

    async def _watch(self, session: Session) -> None:
        profile = session.profile
        last = await session.last_quota_sample()
        if last is not None and self._known is None:
            quota = Quota(profile.mailbox, last.used_bytes, last.limit_bytes)
            self.told_at, self._known = last.at, Meter(quota, profile.thresholds.level(quota))
            self._show(self._known.stale(self._as_of(last.at)))
        self._screen.set_timer(READ_AFTER, self._read_ahead)
        if session.offline:
            return
        interval = profile.quota_minutes * MINUTE or inf
        monitor = self._monitor = await session.quota_monitor(profile.thresholds, interval)
        try:
            async with aclosing(monitor.run()) as events:
                async for event in events:
                    self._follow(session, event)
        finally:
            self._monitor = None

    def _read_ahead(self) -> None:
        if self.samples is None:
            self.read_history()

    def _follow(self, session: Session, event: QuotaEvent) -> None:
        from pectui.engine.quota import Crossed, Sampled

        if isinstance(event, Sampled):
            self._sampled(event)
        elif isinstance(event, Crossed):
            app = self._screen.pectui
            app.begin(self._screen, partial(self._tell_crossing, session, event), group="crossing")
        else:
            self._not_known(session, event)

    def _sampled(self, event: Sampled) -> None:
        self.told_at, self.failure = event.at, None
        self._known = Meter(event.quota, event.level)
        self._show(self._known)
        self._screen.opening.tell_warnings()
        if self.samples is not None:
            self.read_history()

    async def _tell_crossing(self, session: Session, event: Crossed) -> None:
        from pectui.tui.crossing import told_of_crossing

        app = self._screen.pectui
        notice = await told_of_crossing(session, event, app.clock())
        if self._crossing is not None:
            app.views.take_back(self._crossing)
        self._crossing = notice
        app.views.tell_later(notice)

    def _not_known(self, session: Session, event: Unknown) -> None:
        notice = Notice(_NONSENSE, shown(event.reason), _NO_GUESS)
        self.failure = Failure(event.at, notice if event.error is None else notice_of(event.error))
        if event.error is None or self._known is None or self.told_at is None:
            self._show(Meter(event.quota or Quota(session.profile.mailbox, None, None)))
        else:
            self._show(self._known.stale(self._as_of(self.told_at)))

    def _as_of(self, moment: datetime) -> Shown:
        app = self._screen.pectui
        return day_and_time(moment, app.clock(), app.zone)

    def _show(self, meter: Meter) -> None:
        self.meter = meter
        self._screen.pectui.views.show_header(meter=meter)
        self._screen.pectui.views.quota_changed()
