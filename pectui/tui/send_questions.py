"""What the service is asked about sends, for the cursor and for the rows in sight: each once, a few at a time.

A question that was begun is seen to its end, wherever the cursor is by then: nobody has to ask it again. Nothing is
asked twice about the same receipts, also where the answer was an error or told nothing new.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pectui.domain.send import SendSummary
from pectui.errors import RateLimitedError, RefusedError, ServiceError, UnreachableError
from pectui.tui.following import SLOW
from pectui.tui.foreign import Shown
from pectui.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from pectui.engine.sends import SendReading
    from pectui.tui.screens.sends import SendsScreen


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for a send."""

    receipts: Hashable
    """The receipts that were listed then: where they are the same, the answer would be."""
    reading: SendReading | None = None
    problem: tuple[Shown, ...] = ()


class SendQuestions:
    """Asks for sends of `screen`, at most as many at once as the profile allows."""

    def __init__(self, screen: SendsScreen) -> None:
        self.is_refused = False
        """Whether the service wants no more of them: what nobody looks at is not asked for."""
        self._screen = screen
        self._answers: dict[str, Answer] = {}
        self._under_way: set[str] = set()
        self._slow: set[str] = set()
        self._round = 0

    def answer(self, code: str) -> Answer | None:
        """What came of asking for the send."""
        return self._answers.get(code)

    def is_slow(self, code: str) -> bool:
        """Whether the service is being asked for the send, and takes its time."""
        return code in self._slow

    def is_open(self, summary: SendSummary) -> bool:
        """Whether there are receipts whose texts nobody has read or tried to read."""
        if summary.is_read or not summary.message_ids:
            return False
        answer = self._answers.get(summary.code)
        return answer is None or answer.receipts != self._receipts(summary)

    def may_ask(self, summary: SendSummary) -> bool:
        """Whether the service has something to say of the send that it wasn't asked for yet."""
        asked = summary.code in self._under_way or self._screen.syncing.is_cut_off
        return not asked and self.is_open(summary)

    def has_room(self, spare: int = 0) -> bool:
        """Whether one more may be asked for now, with `spare` places left for others."""
        session = self._screen.session
        places = session.profile.concurrency - spare if session is not None else 0
        return len(self._under_way) < max(1, places)

    def ask(self, summary: SendSummary) -> None:
        """Asks for the send. The list shows what came of it."""
        self._under_way.add(summary.code)
        work, failed = partial(self._ask, summary), partial(self._failed, summary)
        self._screen.pectui.begin(self._screen, work, group="question", exclusive=False, failed=failed)

    def forget(self) -> None:
        """Forgets all answers."""
        self._answers.clear()
        self.is_refused = False

    def try_again(self) -> None:
        """What could not be asked for is to be asked for again, and what told nothing of all that is listed."""
        self._round += 1
        self._answers = {code: answer for code, answer in self._answers.items() if not answer.problem}
        self.is_refused = False

    def forget_problem(self, code: str) -> None:
        """The send is to be asked for again, if that went wrong before."""
        answer = self._answers.get(code)
        if answer is not None and answer.problem:
            del self._answers[code]

    async def _ask(self, summary: SendSummary) -> None:
        session, code, was_refused = self._screen.session, summary.code, self.is_refused
        assert session is not None
        slow = self._screen.set_timer(SLOW, partial(self._takes_its_time, code))
        try:
            reading = await session.sends.read(code)
        except ServiceError as error:
            if isinstance(error, UnreachableError):
                self._screen.syncing.not_reached()  # the next send would fare no better
            self.is_refused = self.is_refused or isinstance(error, RefusedError | RateLimitedError)
            raise
        finally:
            slow.stop()
            self._slow.discard(code)
            self._under_way.discard(code)
        self._screen.syncing.reached()
        if was_refused:
            self.is_refused = False
        self._answered(code, Answer(self._receipts(summary), reading))

    def _failed(self, summary: SendSummary, notice: Notice) -> None:
        problem = tuple(text for text in (notice.title, notice.detail, notice.hint) if text)
        self._answered(summary.code, Answer(self._receipts(summary), problem=problem))

    def _answered(self, code: str, answer: Answer) -> None:
        self._answers[code] = answer
        self._screen.following.ask()  # the cursor's first: there is room for another one
        self._screen.reasons.look()
        self._screen.listed.arranging.again()

    def _takes_its_time(self, code: str) -> None:
        self._slow.add(code)
        self._screen.following.show_again(code)

    def _receipts(self, summary: SendSummary) -> Hashable:
        remembered = self._screen.remembered
        # Where each new mail shifts all ids, the same ones would look like others.
        shift = remembered is not None and remembered.synced.ids_shift
        return self._round, len(summary.message_ids) if shift else summary.message_ids
