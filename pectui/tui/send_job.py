"""A message that is being sent, behind what the user does: followed event by event, told at its end.

Its draft is marked before anything can have left, and goes only once the service has taken the message.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from pectui.domain.composition import DraftState
from pectui.engine.send_events import Begun, Finished, Known, SendState, Sent, Turn, Waiting, state_of
from pectui.errors import StoreError
from pectui.tui.compose_words import people
from pectui.tui.foreign import Shown, shown
from pectui.tui.notices import notice_of
from pectui.tui.running import Ending, Progress, Work
from pectui.tui.send_words import told_of, unanswered, unsent, waits
from pectui.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from pectui.domain.outgoing import Outgoing
    from pectui.engine.send_events import SendEvent, Settled
    from pectui.tui.screens.compose import ComposeScreen
    from pectui.tui.screens.sending import SendingScreen

Steps = Callable[[Callable[[], bool]], AsyncGenerator["SendEvent", None]]
"""The events of the sending, which ends before anything has left once what it is given says so."""

_STAYS = {
    SendState.UNKNOWN: DraftState.UNKNOWN,
    SendState.REFUSED: DraftState.UNFINISHED,
    SendState.FAILED: DraftState.UNFINISHED,
    SendState.PENDING: DraftState.UNFINISHED,
}


class SendJob:
    """Sends what is written in `screen`; `dialog` says how it stands while it is open."""

    def __init__(
        self, screen: ComposeScreen, dialog: SendingScreen, outgoing: Outgoing, steps: Steps
    ) -> None:
        self._inbox = screen.inbox
        self._keeping = screen.keeping
        self._dialog = dialog
        self._outgoing = outgoing
        self._steps = steps
        self._stop: list[bool] = []
        self._may_have_left = False
        self._settled: Settled | None = None
        self._stopped_by: Notice | None = None
        what = shown(f"to {people(len(outgoing.recipients))}: {outgoing.subject}")
        self._progress = Progress(Work.SEND, screen.pectui.clock(), "sending", total=1, what=what)

    def begin(self) -> None:
        """Sends in the background. Another one that is under way was to be ruled out before."""
        self._inbox.pectui.begin(
            self._inbox,
            self._run,
            group="send",
            exclusive=False,
            failed=self._failed,
            cancel=self._cancel,
            must_finish=True,
            progress=self._progress,
        )

    def _cancel(self) -> None:
        self._stop.append(True)
        self._dialog.wait(Shown("It is stopped unless it has left."))

    async def _run(self) -> None:
        # Before anything can have left: who is killed in the middle of it must not find an innocent draft.
        if not await self._keeping.mark(DraftState.SENDING, self._outgoing.digest):
            await self._end(
                unsent(Notice(Shown("its draft can't be marked as being sent"))), SendState.PENDING
            )
            return
        try:
            async with aclosing(self._steps(lambda: bool(self._stop))) as events:
                async for event in events:
                    self._follow(event)
        except asyncio.CancelledError:
            self._leave_behind()
            raise
        await self._conclude()

    def _failed(self, why: Notice) -> None:
        """Whatever it was: what became of the message is told, and its draft stays."""
        self._stopped_by = why
        self._inbox.pectui.begin(self._inbox, self._conclude, group="send", exclusive=False, must_finish=True)

    def _follow(self, event: SendEvent) -> None:
        if isinstance(event, Begun):
            self._progress.job = event.job
        elif isinstance(event, Turn):
            self._may_have_left = True
        elif isinstance(event, Waiting):
            self._may_have_left = False
            self._dialog.wait(waits(event))
        elif isinstance(event, Finished):
            self._may_have_left = False  # whatever has was told before
            if event.outcome.stopped_by is not None:
                self._stopped_by = notice_of(event.outcome.stopped_by)
        else:
            self._settled = event
        self._inbox.pectui.running.moved()

    async def _conclude(self) -> None:
        settled, why = self._settled, self._stopped_by
        if settled is not None:
            await self._end(told_of(settled), state_of(settled))
        elif self._may_have_left and why is not None:
            await self._end(unanswered(why.title), SendState.UNKNOWN)
        else:
            await self._end(unsent(why or Notice(Shown("stopped before it left"))), SendState.PENDING)

    async def _end(self, result: Notice, state: SendState) -> None:
        """What became of it is told, whether its draft can be kept in step with that or not."""
        settled, progress = self._settled, self._progress
        if state is SendState.SENT:
            progress.done = 1
            await self._throw_away()
        else:
            await self._keeping.mark(_STAYS[state], self._outgoing.digest)
        progress.end(
            Ending.FINISHED if isinstance(settled, Sent) else Ending.FAILED, result.title, result.detail
        )
        self._tell(result)
        if isinstance(settled, Sent):
            self._inbox.syncing.begin(asked=False)
            self._inbox.watching.ask_now()

    async def _throw_away(self) -> None:
        try:
            await self._keeping.throw_away()
        except StoreError as error:
            self._inbox.pectui.tell(notice_of(error))

    def _tell(self, result: Notice) -> None:
        app = self._inbox.pectui
        settled = self._settled
        code = settled.code if isinstance(settled, Sent | Known) else None
        if self._dialog.is_open:
            self._dialog.end(result, code)
        else:
            app.tell(result)
        if app.is_leaving:
            app.parting_words.append(shown(f"{result.title}. {result.detail}"))

    def _leave_behind(self) -> None:
        """The program ends and its answer was not waited for any longer."""
        if self._may_have_left and self._settled is None:
            told = unanswered("no answer came before pectui ended")
            self._progress.end(Ending.STOPPED, told.title, told.detail)
            self._inbox.pectui.parting_words.append(shown(f"{told.title}: {told.detail}. {told.hint}"))
