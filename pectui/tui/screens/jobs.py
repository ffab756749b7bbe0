"""View 4, the jobs: what runs and how far it got, what ended and how, and what became of each message beside it.

It lies over the inbox. What is listed is put together in `listed_jobs`; an interrupted deletion is gone on with in
`resuming`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding

from pectui.tui.foreign import Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.job_told import Journalled
from pectui.tui.keys import COMPOSE_KEYS, JOBS, MAIL, MORE_VIEWS, PAGES, PROGRAM, VIEWS
from pectui.tui.listed_jobs import ListedJobs
from pectui.tui.paint import Span
from pectui.tui.resuming import Resuming
from pectui.tui.running import Progress
from pectui.tui.screens.paned import PanedScreen
from pectui.tui.widgets.job_pane import JobPane
from pectui.tui.widgets.job_row import JOB_COLUMNS
from pectui.tui.widgets.row_list import Row, RowList

if TYPE_CHECKING:
    from pectui.session import Session
    from pectui.tui.screens.inbox import InboxScreen


class JobsScreen(PanedScreen):
    """Keys and panes of the jobs; the mailbox that is open in `inbox` is theirs."""

    view_name = "jobs"

    BINDINGS: ClassVar = [
        Binding("o", "go_on", "go on", id="jobs.resume", group=JOBS, tooltip="go on with the job"),
        *VIEWS,
        COMPOSE_KEYS[0],
        *MORE_VIEWS,
        Binding("tab", "switch_pane", "pane", show=False, id="jobs.pane", group=PAGES, tooltip="list or messages"),
        Binding("escape", "back", "back", id="jobs.back", group=PAGES, tooltip="back"),
        Binding("r", "refresh", "refresh", id="jobs.refresh", group=MAIL, tooltip="read the journals again"),
        Binding("q", "leave", "leave", id="app.leave", group=PROGRAM, tooltip="leave"),
    ]  # fmt: skip

    def __init__(self, inbox: InboxScreen) -> None:
        pane = JobPane(id="preview")
        super().__init__(RowList(JOB_COLUMNS, id="list"), pane)
        self.pane = pane
        self.inbox = inbox
        self.listed = ListedJobs(self)
        self.resuming = Resuming(self)
        self._held: str | None = None
        """The job that is read over the whole screen."""

    @property
    def session(self) -> Session | None:
        """None while the mailbox isn't open."""
        return self.inbox.session

    @property
    def running_row(self) -> Progress | None:
        """What runs and is under the cursor."""
        found = self.listed.found(self._chosen)
        return found if isinstance(found, Progress) and found.ending is None else None

    @property
    def _chosen(self) -> str | None:
        return str(self.list.row.key) if self.list.row is not None else None

    def on_mount(self) -> None:
        super().on_mount()
        self.list.focus()

    def on_screen_resume(self) -> None:
        self.show_header(self.pectui.views.header)
        self.listed.read(to_new=True)

    def mailbox_changed(self) -> None:
        if self.is_mounted and self.is_current:
            self.listed.show()

    def jobs_changed(self) -> None:
        """A job has begun or ended."""
        if self.is_mounted and self.is_active:
            self.listed.read()

    def progress_changed(self) -> None:
        """A job got further."""
        if self.is_mounted and self.is_active:
            self.listed.show()

    # What is shown

    def show_rows(self, rows: Sequence[Row], cursor: str | None = None) -> None:
        """Lists `rows`; the cursor stays on its job, or goes to the one called `cursor`."""
        self.list.set_rows(rows, cursor=cursor)
        self._show_details()
        jobs = shown(f"{len(rows):,} job{'s' * (len(rows) != 1)}")
        runs = self.listed.running_count
        self.status.show(Span(jobs), *([Span(shown(f"{runs:,} running"), Ink.ACCENT)] if runs else []))
        self.refresh_bindings()

    def _show_details(self) -> None:
        details = self.listed.details(self._held or self._chosen)
        if details is not None or self._held is None:
            self.pane.show_job(details)

    def hold(self) -> None:
        self._held = self._chosen

    def release(self) -> None:
        self._held = None
        self._show_details()

    # Facts from the widgets

    @on(RowList.Moved)
    def _cursor_moved(self, event: RowList.Moved) -> None:
        event.stop()
        self._show_details()
        self.refresh_bindings()

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        self.fill_with_text()

    # What the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What doesn't apply now is neither shown nor done."""
        if action == "go_on":
            found = self.listed.found(self._held or self._chosen)
            if isinstance(found, Journalled):
                return found.record.can_be_resumed
            return isinstance(found, Progress) and found.ending is not None and found.go_on is not None
        if action == "switch_pane":
            return self.list.row is not None and not self.is_reading
        if action == "back":
            return self.is_in_text or self.notices.notice is not None
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """One step back: what lies on top goes first."""
        if self.notices.notice is not None:
            self.notices.hide()
        else:
            self.back_to_list()
        self.refresh_bindings()

    def action_compose(self) -> None:
        self.inbox.composing.write()

    def action_go_on(self) -> None:
        found = self.listed.found(self._held or self._chosen)
        if isinstance(found, Journalled):
            self.resuming.ask(found)
        elif isinstance(found, Progress) and found.go_on is not None:
            found.go_on()

    def action_refresh(self) -> None:
        self.listed.read()
        self.inbox.action_refresh()

    def word_for(self, binding: Binding) -> Shown:
        return Shown("messages") if binding.id == "list.open" else super().word_for(binding)
