"""A deletion that was confirmed, carried out behind what the user does: followed event by event, told at its end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING

from pectui.domain.message import Header, Message
from pectui.tui.deletion_words import told_of_many, told_of_one
from pectui.tui.foreign import shown
from pectui.tui.job_items import JobItems, item_of
from pectui.tui.paced import Paced
from pectui.tui.running import Progress, Work

if TYPE_CHECKING:
    from pectui.engine.outcome import DeleteEvent, DeleteOutcome, ItemEvent
    from pectui.tui.screens.inbox import InboxScreen

Steps = Callable[[Callable[[], bool]], AsyncGenerator["DeleteEvent", None]]
"""The events of the deletion, which ends once what it is given says so."""


class DeletionJob:
    """Deletes in the mailbox that is open in `inbox`."""

    def __init__(
        self,
        inbox: InboxScreen,
        steps: Steps,
        headers: Mapping[int, Header],
        *,
        job: str | None = None,
        done_before: Collection[int] = (),
        one: Message | None = None,
    ) -> None:
        """`headers` are the chosen messages by their ids as they were listed. The job called `job` is gone on with,
        which has settled those of `done_before`. `one`: nothing but this message is deleted."""
        self._inbox = inbox
        self._steps = steps
        self._headers = headers
        self._before = frozenset(done_before)
        self._one = one
        self._stop: list[bool] = []
        self._items = JobItems()
        self._progress = Progress(
            Work.DELETION,
            inbox.pectui.clock(),
            "deleting",
            total=len(headers),
            before=len(self._before),
            job=job,
            items=self._items,
        )

    def begin(self) -> None:
        """Deletes in the background. One that is under way was to be ruled out before."""
        self._inbox.pectui.begin(
            self._inbox,
            self._run,
            group="delete",
            exclusive=False,
            cancel=lambda: self._stop.append(True),
            must_finish=True,
            progress=self._progress,
        )

    async def _run(self) -> None:
        from pectui.engine.outcome import Finished, Started

        marking, progress, running = self._inbox.marking, self._progress, self._inbox.pectui.running
        marking.deletion_begins()
        marks = Paced(self._inbox, marking.changed)
        outcome: DeleteOutcome | None = None
        gone: list[Header] = []
        try:
            async with aclosing(self._steps(lambda: bool(self._stop))) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        outcome = event.outcome
                    elif isinstance(event, Started):
                        progress.job, progress.total = event.job or progress.job, event.total
                        running.moved()
                    else:
                        progress.done += 1
                        self._items.add(item_of(event, self._headers))
                        header = self._went(event)
                        if header is not None:
                            gone.append(header)
                            marking.went(header)
                        running.moved()
                        marks()
        finally:
            marks.stop()
            marking.deletion_ends()
        if gone:
            self._inbox.deleting.take_out(gone)
        marking.changed()
        if outcome is not None:
            self._tell(outcome)

    def _went(self, event: ItemEvent) -> Header | None:
        """What went just now, as it was listed. What went before may look like something that is there by now."""
        from pectui.engine.outcome import AlreadyGone, Deleted

        if not isinstance(event, Deleted | AlreadyGone) or event.id in self._before:
            return None
        return self._headers.get(event.id)

    def _tell(self, outcome: DeleteOutcome) -> None:
        app = self._inbox.pectui
        notice = told_of_many(outcome) if self._one is None else told_of_one(self._one, outcome)
        app.tell(notice)
        if app.is_leaving:
            app.parting_words.append(shown(f"{notice.title}: {notice.detail}"))
