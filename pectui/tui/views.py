"""The views of the open mailbox: which one is in front, and what is said on all of them at once.

The inbox is at the bottom and lives as long as the program does; other views lie over it and keep their state while
they are not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pectui.tui.foreign import NOTHING, Shown
from pectui.tui.screens.framed import FramedScreen
from pectui.tui.widgets.header import HeaderState

if TYPE_CHECKING:
    from pectui.tui.app import PectuiApp
    from pectui.tui.running import Progress
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.screens.jobs import JobsScreen
    from pectui.tui.screens.quota import QuotaScreen
    from pectui.tui.screens.sends import SendsScreen
    from pectui.tui.widgets.notice import Notice

VIEW_NAMES = ("inbox", "sends", "quota", "jobs")


class Views:
    """The views of `app`."""

    def __init__(self, app: PectuiApp) -> None:
        self.header = HeaderState()
        """What the header of every view says."""
        self.pointer = NOTHING
        """What every status says of view 4, so that somebody looks there."""
        self._app = app
        self._sends: SendsScreen | None = None
        self._quota: QuotaScreen | None = None
        self._jobs: JobsScreen | None = None
        self._waiting: list[Notice] = []

    @property
    def framed(self) -> Iterator[FramedScreen]:
        """The full screens that are open, the lowest first."""
        return (screen for screen in self._app.screen_stack if isinstance(screen, FramedScreen))

    @property
    def inbox(self) -> InboxScreen | None:
        """The inbox; None while no mailbox was chosen."""
        from pectui.tui.screens.inbox import InboxScreen

        return next((screen for screen in self.framed if isinstance(screen, InboxScreen)), None)

    @property
    def name(self) -> str:
        """Which view is in front, below a dialog if one is open."""
        return next((screen.view_name for screen in reversed(list(self.framed))), "inbox")

    @property
    def chosen_progress(self) -> Progress | None:
        """What runs that somebody has under the cursor in view 4, or that the dialog in front is about."""
        from pectui.tui.screens.dialog import DialogScreen

        if isinstance(dialog := self._app.screen, DialogScreen) and dialog.progress is not None:
            return dialog.progress
        return self._jobs.running_row if self._jobs is not None and self._over is self._jobs else None

    @property
    def _over(self) -> SendsScreen | QuotaScreen | JobsScreen | None:
        """The view that lies over the inbox."""
        stack = self._app.screen_stack
        views = (self._sends, self._quota, self._jobs)
        return next((view for view in views if view is not None and view in stack), None)

    def show_header(self, **changes: Any) -> None:
        """Changes fields of what the header says."""
        self.header = replace(self.header, **changes)
        for screen in self.framed:
            screen.show_header(self.header)

    def show_activity(self, label: Shown) -> None:
        """Says in the header what runs."""
        self.header = replace(self.header, activity=label)
        for screen in self.framed:
            screen.show_activity(label)

    def point_to_jobs(self, told: Shown) -> None:
        """Says in the status of each view that something is to be seen in view 4, until somebody was there."""
        self.pointer = told
        for screen in self.framed:
            screen.status.point(told)

    def jobs_changed(self) -> None:
        """To be called when a job has begun or ended."""
        if self._jobs is not None:
            self._jobs.jobs_changed()

    def progress_changed(self) -> None:
        """To be called when a job got further, a few times a second at most."""
        if self._jobs is not None:
            self._jobs.progress_changed()

    def quota_changed(self) -> None:
        """To be called when something new is known of how full the mailbox is."""
        if self._quota is not None:
            self._quota.quota_changed()

    def mailbox_changed(self) -> None:
        """To be called when what is known of the mailbox may read differently now."""
        for screen in self.framed:
            screen.mailbox_changed()

    def marks_changed(self) -> None:
        """To be called when other messages are marked."""
        from pectui.tui.screens.markable import MarkableScreen

        for screen in self.framed:
            if isinstance(screen, MarkableScreen):
                screen.marks_changed()

    def tell(self, notice: Notice) -> None:
        """Shows a notice in the view in front, the one below where a dialog is open."""
        for screen in reversed(list(self.framed)):
            screen.tell(notice)
            return

    def tell_later(self, notice: Notice) -> None:
        """Shows a notice once no other one stands there: what somebody waits for must not vanish under it."""
        self._waiting.append(notice)
        self.tell_waiting()

    def tell_waiting(self) -> None:
        """To be called when there may be room for what waits to be told."""
        front = next(reversed(list(self.framed)), None)
        if self._waiting and front is not None and front.notices.notice is None:
            front.tell(self._waiting.pop(0))

    def take_back(self, notice: Notice) -> None:
        """Hides a notice that is true no more, wherever it still stands."""
        if notice in self._waiting:
            self._waiting.remove(notice)
        for screen in self.framed:
            if screen.notices.notice is notice:
                screen.notices.hide()

    def may_go(self, view: str) -> bool:
        """Whether `view` is there and not in front."""
        return self.inbox is not None and self.name != view

    def show_inbox(self) -> None:
        """View 1."""
        if self._over is not None:
            self._app.pop_screen()

    def show_sends(self, code: str | None = None) -> None:
        """View 2, with the cursor on the send `code` or where it was."""
        from pectui.tui.screens.sends import SendsScreen

        inbox = self.inbox
        if inbox is None:
            return
        if self._sends is None:
            # Installed, so that it keeps its cursor, its filter and what is unfolded while it is not shown.
            self._sends = SendsScreen(inbox)
            self._app.install_screen(self._sends, "sends")
        self._bring(self._sends)
        if code is not None:
            self._sends.listed.go_to(code)

    def mark_completed(self) -> None:
        """Asks in view 2 which receipts of completed sends are to be marked; who wants none is back where they were."""
        before = self.name
        self.show_sends()
        if self._sends is not None:
            self._sends.completing.begin(otherwise=self.show_quota if before == "quota" else None)

    def show_quota(self) -> None:
        """View 3."""
        from pectui.tui.screens.quota import QuotaScreen

        inbox = self.inbox
        if inbox is None:
            return
        if self._quota is None:
            self._quota = QuotaScreen(inbox)
            self._app.install_screen(self._quota, "quota")
        self._bring(self._quota)

    def show_jobs(self) -> None:
        """View 4."""
        from pectui.tui.screens.jobs import JobsScreen

        inbox = self.inbox
        if inbox is None:
            return
        if self._jobs is None:
            self._jobs = JobsScreen(inbox)
            self._app.install_screen(self._jobs, "jobs")
        self.point_to_jobs(NOTHING)
        self._bring(self._jobs)

    def _bring(self, view: SendsScreen | QuotaScreen | JobsScreen) -> None:
        """Lays `view` over the inbox, instead of what lies there."""
        if self._over is view:
            return
        if self._over is not None:
            self._app.switch_screen(view)
        else:
            self._app.push_screen(view)
