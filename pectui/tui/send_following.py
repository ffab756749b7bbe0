"""The text beside the sends follows the cursor, and asks the service by itself for a send whose receipts were not read.

A failure's reason is there without another key. Nothing is asked twice about the same receipts, and nothing at all
while the service isn't there: what is known is shown at once, and says what is missing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.send import SendSummary
from pectui.errors import ServiceError, UnreachableError
from pectui.tui.following import PAUSE, SLOW, Following
from pectui.tui.foreign import Shown
from pectui.tui.notices import notice_of
from pectui.tui.widgets.message_row import MessageRow
from pectui.tui.widgets.notice import Severity
from pectui.tui.widgets.send_details import Details
from pectui.tui.widgets.send_row import NoCodeRow, SendRow

if TYPE_CHECKING:
    from pectui.engine.sends import SendReading
    from pectui.tui.screens.sends import SendsScreen

_GROUP = "send"


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of asking for a send."""

    receipts: tuple[int, ...]
    """The receipts that were listed then: where they are the same, the answer would be."""
    reading: SendReading | None = None
    problem: tuple[Shown, ...] = ()


class SendFollowing(Following):
    """Keeps the text of `screen` on the send or the message under its cursor."""

    def __init__(self, screen: SendsScreen) -> None:
        super().__init__(screen)
        self._sends = screen
        self._answers: dict[str, _Answer] = {}
        self._followed: Hashable | None = None
        """The row that the text is about, or will be after the pause."""
        self._rests = False
        self._opened_row: Hashable | None = None
        """The send, or what has none, that is read over the whole screen."""
        self._loss_told = False
        self._asked_for: str | None = None
        """The send for which the service is being asked."""
        self._asking: str | None = None
        """The same, once it has taken so long that it is told."""

    @property
    def is_lost(self) -> bool:
        row = self._sends.list.row
        return super().is_lost or (
            self._opened_row is not None and (row is None or row.key != self._opened_row)
        )

    def hold(self) -> None:
        super().hold()
        row = self._sends.list.row
        self._opened_row, self._loss_told = row.key if isinstance(row, SendRow | NoCodeRow) else None, False

    def release(self) -> None:
        lost, self._opened_row = self._opened_row is not None and self.is_lost, None
        super().release()
        if lost:
            self.follow()

    def follow(self) -> None:
        row = self._sends.list.row
        if self._opened_row is not None and self.is_lost:
            self._followed = None
            self._sends.workers.cancel_group(self._sends, _GROUP)
            if not self._loss_told:
                self._loss_told = True
                told = Shown("The send that you read is not in the list any more")
                self._sends.pectui.say(told, severity=Severity.WARNING)
            return
        if self.is_held or row is None or isinstance(row, MessageRow):
            self._followed = None
            self._sends.workers.cancel_group(self._sends, _GROUP)
            super().follow()
            return
        self.stop()
        self._sends.workers.cancel_group(self._sends, "text")
        if row.key != self._followed:
            self._followed, self._rests = row.key, True
            self._begin_work(partial(self._rest, row.key))
        elif not self._rests:
            self._show_send()
            summary = self._to_ask_for()
            if summary is not None and summary.code != self._asked_for:
                self._begin_work(partial(self._ask, summary))

    def forget(self) -> None:
        super().forget()
        self._answers.clear()

    def try_again(self) -> None:
        """What could not be asked for is to be asked for again."""
        self._answers = {code: one for code, one in self._answers.items() if not one.problem}
        self.follow()

    def _begin_work(self, work: Callable[[], Awaitable[None]]) -> None:
        self._sends.pectui.begin(self._sends, work, group=_GROUP)

    async def _rest(self, key: Hashable) -> None:
        if self._sends.preview.lines:
            await asyncio.sleep(PAUSE)
        self._rests = False
        answer = self._answers.get(str(key))
        if answer is not None and answer.problem:
            del self._answers[str(key)]  # whoever comes back wants to know whether it works now
        self._show_send()
        summary = self._to_ask_for()
        if summary is not None:
            await self._ask(summary)

    def _show_send(self) -> None:
        row = self._sends.list.row
        if isinstance(row, SendRow):
            self._sends.pane.show_send(self._details(row.summary))
        elif isinstance(row, NoCodeRow):
            self._sends.pane.show_no_code(row.count)

    def _details(self, summary: SendSummary) -> Details:
        app, answer = self._sends.pectui, self._answers.get(summary.code)
        problem = answer.problem if answer is not None else ()
        if self._is_open_question(summary) and self._sends.syncing.is_cut_off:
            problem = self._not_asked()
        reading = answer.reading if answer is not None and not self._is_open_question(summary) else None
        asking = self._asking == summary.code
        remembered = self._sends.remembered
        complete = remembered is not None and remembered.complete
        return Details(
            summary, app.clock(), app.zone, reading, asking=asking, problem=problem, complete=complete
        )

    def _not_asked(self) -> tuple[Shown, ...]:
        session = self._sends.session
        if session is not None and session.offline:
            return (Shown("pectui is offline: the texts of its receipts can't be read now."),)
        return (Shown("The service can't be reached: the texts of its receipts can't be read now."),)

    def _is_open_question(self, summary: SendSummary) -> bool:
        """Whether there are receipts whose texts nobody has read."""
        if summary.is_read or not summary.message_ids:
            return False
        answer = self._answers.get(summary.code)
        return answer is None or answer.receipts != summary.message_ids

    def _to_ask_for(self) -> SendSummary | None:
        """The send under the cursor, if the service has something to say of it."""
        row = self._sends.list.row
        if not isinstance(row, SendRow) or self._sends.syncing.is_cut_off:
            return None
        return row.summary if self._is_open_question(row.summary) else None

    async def _ask(self, summary: SendSummary) -> None:
        session = self._sends.session
        assert session is not None
        self._asked_for = summary.code
        slow = self._sends.set_timer(SLOW, partial(self._say_asking, summary.code))
        try:
            reading = await session.sends.read(summary.code)
        except ServiceError as error:
            if isinstance(error, UnreachableError):
                self._sends.syncing.not_reached()  # the next send would fare no better
            notice = notice_of(error)
            problem = tuple(text for text in (notice.title, notice.detail, notice.hint) if text)
            self._answers[summary.code] = _Answer(summary.message_ids, problem=problem)
        else:
            self._sends.syncing.reached()
            self._answers[summary.code] = _Answer(summary.message_ids, reading)
        finally:
            slow.stop()
            if self._asked_for == summary.code:
                self._asked_for = self._asking = None
        self._sends.listed.arranging.again()

    def _say_asking(self, code: str) -> None:
        self._asking = code
        if self._followed == code and not self._rests:
            self._show_send()
