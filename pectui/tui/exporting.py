"""An export from the key to its begin: what is to be exported, in which form and where to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.message import Header
from pectui.tui.export_job import ExportJob
from pectui.tui.foreign import Shown, shown
from pectui.tui.running import Work
from pectui.tui.widgets.message_row import today_of
from pectui.tui.widgets.notice import Severity

if TYPE_CHECKING:
    from pectui.domain.export import ExportTarget
    from pectui.tui.screens.delete import DeleteScreen
    from pectui.tui.screens.inbox import InboxScreen


class Exporting:
    """The exports of the mailbox that is open in `inbox`, one at a time; each view may begin one."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox

    def export_marked(self) -> None:
        """What is marked, in whatever view."""
        marks, app = self._inbox.marking.marks, self._inbox.pectui
        if not marks.headers:
            told = Shown("Nobody can tell any more which messages are marked: mark them again")
            app.say(told, severity=Severity.WARNING)
            return
        self.export(marks.headers)
        if marks.adrift:
            adrift = f"{len(marks.adrift):,} marked with ? can't be told from others, and will not be in it"
            app.say(shown(adrift), severity=Severity.WARNING)

    def export(self, headers: Sequence[Header]) -> None:
        """Asks for form and path, and exports these."""
        self._ask(len(headers), lambda target: ExportJob(self._inbox, headers, target).begin())

    def export_plan(self, dialog: DeleteScreen) -> None:
        """What the plan of `dialog` would delete; it is told what comes of it."""
        targets = dialog.prepared.targets
        headers = [target.message.header for target in targets]
        # Of twins just that one is exported which goes: its text was read for the plan.
        read = {
            one.message.header: text for one in targets if (text := one.fingerprint.text_hash) is not None
        }
        self._ask(len(headers), partial(self._begin_of_plan, dialog, headers, read))

    def may_begin(self) -> bool:
        """Whether something can be exported now. Why not is told."""
        app = self._inbox.pectui
        if self._inbox.session is None:
            return False
        if any(one.work is Work.EXPORT for one in app.running.progresses):
            app.say(Shown("An export is running"), Shown("4 shows it."), severity=Severity.WARNING)
            return False
        return True

    def _ask(self, count: int, begin: Callable[[ExportTarget], None]) -> None:
        """Asks for form and path of an export of `count` messages, and has it begun."""
        from pectui.tui.screens.export import ExportScreen, default_path

        app, session = self._inbox.pectui, self._inbox.session
        if not self.may_begin() or session is None:
            return
        day = today_of(app.clock(), app.zone).isoformat()
        dialog = ExportScreen(count, default_path(session.address, day))
        app.push_screen(dialog, lambda target: begin(target) if target is not None else None)

    def _begin_of_plan(
        self,
        dialog: DeleteScreen,
        headers: Sequence[Header],
        text_hashes: Mapping[Header, str],
        target: ExportTarget,
    ) -> None:
        job = ExportJob(self._inbox, headers, target, text_hashes=text_hashes, plan=dialog)
        dialog.export_begins(job.progress)
        job.begin()
