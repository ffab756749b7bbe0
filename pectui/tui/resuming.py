"""Going on with a deletion that was interrupted or stopped, and telling of one when the program begins."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from pectui.tui.deletion_job import DeletionJob
from pectui.tui.foreign import Shown, shown
from pectui.tui.marking import messages
from pectui.tui.widgets.notice import Severity

if TYPE_CHECKING:
    from pectui.engine.jobs import JobRecord
    from pectui.engine.outcome import DeleteEvent
    from pectui.session import Session
    from pectui.tui.job_told import Journalled
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.screens.jobs import JobsScreen


class Resuming:
    """Goes on with what is chosen on `screen`."""

    def __init__(self, screen: JobsScreen) -> None:
        self._screen = screen

    def ask(self, job: Journalled) -> None:
        """Asks whether the job is to be gone on with, and does so. Why it can't be is told."""
        from pectui.tui.screens.resume import ResumeScreen

        app, session, record = self._screen.pectui, self._screen.session, job.record
        if session is None:
            return
        if not job.here:
            why = f"It deletes in {record.mailbox} ({record.environment}), and another mailbox is open"
            hint = f"Open its profile for that: {record.profile}."
            app.say(
                Shown("This job can't be gone on with here"),
                shown(f"{why}. {hint}"),
                severity=Severity.WARNING,
            )
        elif self._screen.inbox.deleting.may_begin():
            dialog = ResumeScreen(record, session.profile, app.zone)
            app.push_screen(dialog, partial(self._answered, session, record))

    def _answered(self, session: Session, record: JobRecord, yes: bool | None) -> None:
        if not yes:
            self._screen.pectui.say(Shown("Nothing was deleted"))
        elif self._screen.inbox.deleting.may_begin():
            headers = {item.chosen_id: item.header for item in record.items}
            before = {event.id for event in record.events}
            steps = partial(_steps, session, record)
            job = DeletionJob(self._screen.inbox, steps, headers, job=record.job, done_before=before)
            job.begin()


async def tell_of_interrupted(inbox: InboxScreen, session: Session) -> None:
    """Says what of this mailbox was not seen to its end, if there is something."""
    from pectui.engine.jobs import JobState

    found = [
        record
        for record in await session.jobs()
        if record.state is JobState.INTERRUPTED
        and record.can_be_resumed
        and session.is_of_this_mailbox(record)
    ]
    if not found:
        return
    left = sum(len(record.left) for record in found)
    was = "A deletion was" if len(found) == 1 else f"{len(found):,} deletions were"
    told = f"{messages(left)} of {'it' if len(found) == 1 else 'them'} {'is' if left == 1 else 'are'} left."
    title = shown(f"{was} interrupted")
    inbox.pectui.views.point_to_jobs(shown(f"! {len(found):,} interrupted, see 4"))
    inbox.pectui.say(title, shown(f"{told} 4 shows it, and goes on with it."), severity=Severity.WARNING)


async def _steps(
    session: Session, record: JobRecord, cancelled: Callable[[], bool]
) -> AsyncGenerator[DeleteEvent, None]:
    resumed = await session.resume(record, cancelled=cancelled)
    events = cast("AsyncGenerator[DeleteEvent, None]", resumed)
    try:
        async for event in events:
            yield event
    finally:
        await events.aclose()
