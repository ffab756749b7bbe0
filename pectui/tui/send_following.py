"""The text beside the sends follows the cursor, and asks the service by itself for a send whose receipts were not read.

What is known is shown at once, and says what is missing while the service isn't there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.send import SendSummary
from pectui.tui.following import PAUSE, Following
from pectui.tui.foreign import Shown
from pectui.tui.widgets.message_row import MessageRow
from pectui.tui.widgets.notice import Severity
from pectui.tui.widgets.send_details import Details
from pectui.tui.widgets.send_row import NoCodeRow, SendRow

if TYPE_CHECKING:
    from pectui.tui.screens.sends import SendsScreen

_GROUP = "send"


class SendFollowing(Following):
    """Keeps the text of `screen` on the send or the message under its cursor."""

    def __init__(self, screen: SendsScreen) -> None:
        super().__init__(screen)
        self._sends = screen
        self._followed: Hashable | None = None
        """The row that the text is about, or will be after the pause."""
        self._rests = False
        self._opened_row: Hashable | None = None
        """The send, or what has none, that is read over the whole screen."""
        self._loss_told = False

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
            self._sends.pectui.begin(self._sends, partial(self._rest, str(row.key)), group=_GROUP)
        elif not self._rests:
            self._show_send()
        self.ask()

    def forget(self) -> None:
        super().forget()
        self._sends.questions.forget()

    async def _rest(self, key: str) -> None:
        if self._sends.preview.lines:
            await asyncio.sleep(PAUSE)
        self._rests = False
        self._sends.questions.forget_problem(key)  # whoever comes back wants to know whether it works now
        self._show_send()
        self.ask()

    def show_again(self, code: str) -> None:
        """The text reads differently now if it is about the send `code`."""
        if self._followed == code and not self._rests:
            self._show_send()

    def ask(self) -> None:
        """Asks for the send under the cursor, if it isn't known and there is room for a question."""
        row, questions = self._sends.list.row, self._sends.questions
        if not isinstance(row, SendRow) or row.key != self._followed or self._rests:
            return
        if questions.may_ask(row.summary) and questions.has_room():
            questions.ask(row.summary)

    def _show_send(self) -> None:
        row = self._sends.list.row
        if isinstance(row, SendRow):
            self._sends.pane.show_send(self._details(row.summary))
        elif isinstance(row, NoCodeRow):
            self._sends.pane.show_no_code(row.count)

    def _details(self, summary: SendSummary) -> Details:
        app, questions = self._sends.pectui, self._sends.questions
        answer = questions.answer(summary.code)
        problem = answer.problem if answer is not None else ()
        if questions.is_open(summary) and self._sends.syncing.is_cut_off:
            problem = self._not_asked()
        reading = answer.reading if answer is not None and not questions.is_open(summary) else None
        asking = questions.is_slow(summary.code)
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
