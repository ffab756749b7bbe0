"""View 3, the quota: how full the mailbox is and was, when it will be full, and what of it could go.

It lies over the inbox, where the mailbox is watched. What else it reads is in `quota_reading`, what it says in
`quota_told`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.widget import Widget

from pectui.environment import Environment
from pectui.tui.foreign import Shown, shown
from pectui.tui.keys import COMPOSE_KEYS, MAIL, MORE_VIEWS, PAGES, PROGRAM, QUOTA, VIEWS
from pectui.tui.paint import Span
from pectui.tui.quota_reading import QuotaReading
from pectui.tui.quota_told import QuotaTold
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.time_axis import Reach
from pectui.tui.widgets.quota_pane import QuotaPane

if TYPE_CHECKING:
    from pectui.session import Session
    from pectui.tui.screens.inbox import InboxScreen


class QuotaScreen(FramedScreen):
    """Keys and text of the quota of the mailbox that is open in `inbox`."""

    view_name = "quota"

    BINDINGS: ClassVar = [
        Binding("f", "completed", "completed", id="quota.completed", group=QUOTA, tooltip="mark completed sends"),
        Binding("minus", "reach(1)", "longer", id="quota.longer", group=QUOTA, tooltip="a longer time"),
        Binding("plus", "reach(-1)", "shorter", id="quota.shorter", group=QUOTA, tooltip="a shorter time"),
        Binding("z", "zoom", "zoom", id="quota.zoom", group=QUOTA, tooltip="zoom in / whole"),
        Binding("r", "refresh", "refresh", id="quota.refresh", group=MAIL, tooltip="look again"),
        *VIEWS,
        *MORE_VIEWS,
        COMPOSE_KEYS[0],
        Binding("escape", "back", "back", id="quota.back", group=PAGES, tooltip="back"),
        Binding("q", "leave", "leave", id="app.leave", group=PROGRAM, tooltip="leave"),
    ]  # fmt: skip

    def __init__(self, inbox: InboxScreen) -> None:
        super().__init__()
        self.inbox = inbox
        self.pane = QuotaPane(id="quota")
        self.reading = QuotaReading(self)
        self._reach: Reach | None = None
        self._is_close = False
        self._halves_only = os.environ.get("TERM") == "linux"  # its font has no finer blocks

    @property
    def session(self) -> Session | None:
        """None while the mailbox isn't open."""
        return self.inbox.session

    @property
    def reach(self) -> Reach:
        """How far back the graph goes: as somebody wants it, else as much as is known."""
        if self._reach is not None:
            return self._reach
        samples = self.inbox.watching.samples
        past = self.pectui.clock() - samples[0].at if samples else timedelta.max
        return Reach.covering(past)

    def body(self) -> Iterable[Widget]:
        yield self.pane

    def on_mount(self) -> None:
        super().on_mount()
        self.pane.focus()

    def on_screen_resume(self) -> None:
        self.show_header(self.pectui.views.header)
        self.show_told()
        self.inbox.watching.read_history()
        self.reading.count()
        self.reading.ask_others()

    def mailbox_changed(self) -> None:
        if self.is_mounted and self.is_active:
            self.reading.count_soon()

    def quota_changed(self) -> None:
        """Something new is known of how full the mailbox is."""
        if self.is_mounted and self.is_active:
            self.show_told()

    def show_told(self) -> None:
        """Shows what is known now."""
        session = self.session
        if session is None or not self.is_mounted:
            return
        watching, reading, app, profile = self.inbox.watching, self.reading, self.pectui, session.profile
        self.pane.show(
            QuotaTold(
                mailbox=shown(profile.mailbox),
                thresholds=profile.thresholds,
                now=_end_of_minute(app.clock()),
                zone=app.zone,
                meter=watching.meter,
                told_at=watching.told_at,
                failure=watching.failure,
                is_offline=session.offline,
                every=profile.quota_minutes,
                samples=watching.samples,
                problem=watching.problem,
                trend=watching.trend,
                could_go=reading.could_go,
                others=reading.others,
                reach=self.reach,
                is_close=self._is_close,
                is_made_up=profile.environment is Environment.DEMO,
                halves_only=self._halves_only,
            )
        )
        known = len(watching.samples or ())
        self.status.show(Span(shown(f"the history of a year holds {known:,} value{'s' * (known != 1)}")))
        self.refresh_bindings()

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What doesn't apply now is neither shown nor done."""
        if action == "reach":
            steps = parameters[0]
            return (
                bool(self.inbox.watching.samples)
                and isinstance(steps, int)
                and self.reach.other(steps) is not self.reach
            )
        if action == "zoom":
            return bool(self.inbox.watching.samples)
        if action == "back":
            return self.notices.notice is not None
        return super().check_action(action, parameters)

    def word_for(self, binding: Binding) -> Shown:
        return Shown("whole") if binding.id == "quota.zoom" and self._is_close else super().word_for(binding)

    def action_reach(self, steps: int) -> None:
        self._reach = self.reach.other(steps)
        self.show_told()

    def action_zoom(self) -> None:
        self._is_close = not self._is_close
        self.show_told()

    def action_back(self) -> None:
        self.notices.hide()
        self.refresh_bindings()

    def action_completed(self) -> None:
        self.pectui.views.mark_completed()

    def action_refresh(self) -> None:
        self.inbox.action_refresh()
        self.reading.ask_others(anew=True)

    def action_compose(self) -> None:
        self.inbox.composing.write()

    def action_leave(self) -> None:
        self.pectui.action_leave()


def _end_of_minute(moment: datetime) -> datetime:
    """For a graph, and the words beside it, that is close enough; and it is the same for a while."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
