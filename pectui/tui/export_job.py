"""An export, carried out behind what the user does: followed event by event, told at its end, gone on with by a key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from pectui.domain.interpret import interpret
from pectui.domain.message import Header, Message
from pectui.tui.deletion_words import reasons_of
from pectui.tui.foreign import Shown, shown
from pectui.tui.job_items import Item, ItemState, JobItems
from pectui.tui.marking import messages
from pectui.tui.running import Ending, Progress, Work
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from pectui.domain.export import ExportTarget
    from pectui.engine.exported import ExportEvent, ExportOutcome
    from pectui.tui.screens.delete import DeleteScreen
    from pectui.tui.screens.inbox import InboxScreen

_WRITING: Final = "writing"
_COPIES = Shown("They are copies of what the API returns, not the signed originals.")


class ExportJob:
    """Exports from the mailbox that is open in `inbox`."""

    def __init__(
        self,
        inbox: InboxScreen,
        headers: Sequence[Header],
        target: ExportTarget,
        *,
        text_hashes: Mapping[Header, str] | None = None,
        plan: DeleteScreen | None = None,
    ) -> None:
        """`text_hashes` are of texts that are known to be those of their messages; `plan` asks whether to delete them,
        and waits for their copies."""
        self._inbox = inbox
        self._headers = headers
        self._target = target
        self._text_hashes = text_hashes
        self._plan = plan
        what = shown(f"{messages(len(headers))} as {target.format.value} to {target.path}")
        self.progress = Progress(
            Work.EXPORT, inbox.pectui.clock(), "exporting", total=len(headers), what=what, go_on=self._go_on
        )

    def begin(self) -> None:
        """Begins in the background."""
        self._inbox.pectui.begin(
            self._inbox,
            self._run,
            group="export",
            exclusive=False,
            failed=self._failed,
            progress=self.progress,
        )

    def _go_on(self) -> None:
        """The same export again, which goes on where this one ended and stands in its place."""
        if self._inbox.exporting.may_begin():
            self.progress.go_on = None
            self._inbox.pectui.running.exports.remove(self.progress)
            ExportJob(self._inbox, self._headers, self._target, text_hashes=self._text_hashes).begin()

    async def _run(self) -> None:
        from pectui.engine.exported import ExportFinished

        session = self._inbox.session
        assert session is not None
        chosen = await asyncio.to_thread(_newest_first, self._headers, session.own)
        outcome: ExportOutcome | None = None
        try:
            async with aclosing(
                session.export(chosen, self._target, text_hashes=self._text_hashes)
            ) as events:
                async for event in events:
                    if isinstance(event, ExportFinished):
                        outcome = event.outcome
                    else:
                        self._follow(event)
        except asyncio.CancelledError:
            told = shown(f"What was read is in {self._target.path}.unfinished.")
            self.progress.end(Ending.STOPPED, Shown("stopped"), told)
            self._tell_plan(None, Notice(Shown("The export was stopped"), told))
            raise
        self._inbox.opening.tell_warnings()
        if outcome is not None:
            self._finished(outcome)

    def _follow(self, event: ExportEvent) -> None:
        from pectui.engine.exported import CopiesWritten, ExportBegan, TextsRead

        progress, app = self.progress, self._inbox.pectui
        if isinstance(event, ExportBegan):
            progress.total, progress.done, progress.before = event.total, event.held, event.held
        elif isinstance(event, TextsRead):
            progress.done, progress.total = event.done, event.of
        elif isinstance(event, CopiesWritten):
            if progress.verb != _WRITING:
                progress.verb, progress.before, progress.measured_from = _WRITING, 0, app.clock()
            progress.done, progress.total = event.done, event.of
        app.running.moved()
        if self._plan is not None:
            self._plan.export_moved()

    def _finished(self, outcome: ExportOutcome) -> None:
        progress = self.progress
        progress.done, progress.total = outcome.exported, outcome.requested
        progress.items = items = JobItems()
        for one in outcome.missing:
            items.add(Item(ItemState.MISSING, one.header.id, one.header, one.reason))
        for header in outcome.copied:
            items.add(Item(ItemState.COPIED, header.id, header))
        ending = Ending.FINISHED if outcome.complete else Ending.PARTLY
        progress.end(ending, shown(f"to {outcome.path}"), _COPIES)
        progress.go_on = None
        notice = told_of_export(outcome)
        self._tell_plan(outcome, notice)
        self._inbox.pectui.tell(notice)

    def _failed(self, notice: Notice) -> None:
        self._tell_plan(None, notice)
        self._inbox.pectui.tell(notice)

    def _tell_plan(self, outcome: ExportOutcome | None, notice: Notice) -> None:
        if self._plan is not None:
            self._plan.export_ended(outcome, notice)


def told_of_export(outcome: ExportOutcome) -> Notice:
    """Where it is, how many, what is missing and why."""
    from pectui.engine.outcome import Unfinished

    title = f"Exported {messages(outcome.exported)} to {outcome.path}"
    if outcome.was_there:
        title = f"{messages(outcome.exported)} were exported to {outcome.path} before; the sums are right"
    if outcome.complete:
        return Notice(shown(title), _COPIES)
    missing = reasons_of(Unfinished(one.header.id, one.reason) for one in outcome.missing)
    count = len(outcome.missing)
    told = shown(f"{count:,} {'is' if count == 1 else 'are'} missing: {missing}")
    return Notice(shown(title), told, _COPIES, Severity.ERROR)


def _newest_first(headers: Sequence[Header], own: frozenset[str]) -> Sequence[Message]:
    from pectui.engine.order import newest_first

    return newest_first([interpret(header, own) for header in headers])
