"""From a message that is written to one that is sent: checked, looked over, confirmed by `y`, and followed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.composition import DraftState
from pectui.domain.cost import RECIPIENTS_A_DAY, cost_of, cost_words
from pectui.domain.outgoing import Outgoing
from pectui.tui.foreign import Shown, shown
from pectui.tui.paths import expanded
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from pectui.engine.send_events import SendEvent
    from pectui.tui.screens.compose import ComposeScreen
    from pectui.tui.screens.review import Before, Review
    from pectui.tui.screens.sending import SendingScreen, Went

_NOT_YET = Shown("It can't be sent like this")
_MOST = 3
"""Problems that are told at once."""


class Reviewing:
    """Sends what is written in `screen`."""

    def __init__(self, screen: ComposeScreen) -> None:
        self._screen = screen

    def begin(self) -> None:
        """Checks it, and shows it once more."""
        screen = self._screen
        if self._may_begin():
            label = Shown("looking the message over")
            screen.pectui.begin(screen, self._check, group="review", label=label)

    def _may_begin(self) -> bool:
        """Whether something can be sent now. Why not is told; the draft stays in any case."""
        app, session = self._screen.pectui, self._screen.session
        if self._screen.inbox.syncing.refuses(Shown("nothing can be sent now; the draft is kept")):
            return False
        if session.profile.read_only:
            told = shown(f"The profile {session.profile.name} is read-only. The draft is kept.")
            app.say(Shown("Nothing is sent from here"), told, severity=Severity.WARNING)
            return False
        if any(worker.group == "send" and not worker.is_finished for worker in app.workers):
            told = Shown("Another message is being sent")
            app.say(told, Shown("Wait until it is known what became of it."), severity=Severity.WARNING)
            return False
        return True

    async def _check(self) -> None:
        from pectui.tui.screens.review import ReviewScreen

        screen = self._screen
        written = screen.composition
        await screen.keeping.save()
        outgoing = await self._outgoing()
        problems = list(outgoing.problems())
        if problems:
            more = f"; and {len(problems) - _MOST:,} more" if len(problems) > _MOST else ""
            told = shown("; ".join(problems[:_MOST]) + more)
            screen.pectui.tell(Notice(_NOT_YET, told, severity=Severity.ERROR))
            return
        review = await self._review(outgoing)
        if screen.is_current and screen.composition == written:
            app = screen.pectui
            dialog = ReviewScreen(review, screen.session.profile, now=app.clock(), zone=app.zone)
            app.push_screen(dialog, partial(self._answered, review))

    async def _outgoing(self) -> Outgoing:
        written = self._screen.composition
        paths = [expanded(path) for path in written.attachments]
        return Outgoing(
            written.addresses,
            written.subject.strip(" "),
            written.body,
            is_html=written.is_html,
            enclosures=tuple(await self._screen.session.sendings.examine(paths)),
        )

    async def _review(self, outgoing: Outgoing) -> Review:
        from pectui.tui.screens.review import Review

        screen = self._screen
        sendings, app = screen.session.sendings, screen.pectui
        before = await self._before(outgoing)  # it reads the journals
        midnight = app.clock().astimezone(app.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return Review(
            outgoing,
            sender=sendings.sender,
            cost=cost_words(cost_of(len(outgoing.recipients), screen.session.profile.recipient_price)),
            today=sendings.book.recipients_since(midnight),
            a_day=RECIPIENTS_A_DAY,
            before=before,
            was_another=screen.keeping.draft.state is not DraftState.UNFINISHED,
        )

    async def _before(self, outgoing: Outgoing) -> Before | None:
        from pectui.engine.send_events import SendState
        from pectui.tui.screens.review import Before

        attempt = await self._screen.session.sendings.standing(outgoing.digest)
        if attempt is None or attempt.state not in (SendState.SENT, SendState.UNKNOWN):
            return None
        return Before(attempt.at, attempt.code, attempt.state is SendState.SENT)

    def _answered(self, review: Review, yes: bool | None) -> None:
        app = self._screen.pectui
        if not yes:
            app.say(Shown("Nothing was sent: the draft is kept"))
            return
        from pectui.tui.screens.sending import SendingScreen
        from pectui.tui.send_job import SendJob

        count = len(review.outgoing.recipients)
        dialog = SendingScreen(shown(f"Sending to {count:,} recipient{'s' * (count != 1)} …"))
        app.push_screen(dialog, partial(self._closed, dialog))
        SendJob(self._screen, dialog, review.outgoing, partial(self._steps, review)).begin()

    def _steps(self, review: Review, cancelled: Callable[[], bool]) -> AsyncGenerator[SendEvent, None]:
        before = review.before
        return self._screen.session.sendings.send(
            [review.outgoing],
            {"by": "hand"},
            cancelled,
            # What the user was told of, and wants all the same; nothing else.
            force=before is not None and before.is_sure,
            resend_unknown=before is not None and not before.is_sure,
        )

    def _closed(self, dialog: SendingScreen, went: Went | None) -> None:
        """Back to the message only where it surely was not sent."""
        from pectui.tui.screens.sending import Went

        screen = self._screen
        if dialog.result is None or screen.keeping.draft.state is not DraftState.UNFINISHED:
            screen.close()
        if went is Went.TO_ITS_SEND:
            screen.pectui.views.show_sends(dialog.code)
