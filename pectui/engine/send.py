"""Sending what was checked and confirmed: each message once, none lost, none twice.

How a sequence is sent
----------------------
    sending = Sending(service, messages, sender=..., journal=journals.begin(), book=Book(journals), ...)
    async with aclosing(sending.run()) as events:
        async for event in events: ...

`session.sending.Sendings.send` puts that together; nobody else has to. For each message, in order:

1. Its content (`Outgoing.digest`) is looked for in all journals of the mailbox. What was sent is never sent again, and
   what may have been isn't either: the event is `Known`. `Again` allows it, and only the user may say so. So a mass
   send is gone on with by sending the same sequence once more, whichever way it ended.
2. Its files are copied and compared with what was checked (`send_files`). A mismatch is an `Unsent` (failed).
3. `Turn` is told, and the message waits for the mailbox's turn (`send_pace`), which one program has at a time. In it,
   the journals are read once more: what another program has begun meanwhile is `Known`, too.
4. `post` is journalled and on the disk, with digest, recipients and subject. Without that nothing leaves.
5. The POST. Whatever comes of it is journalled before anything else happens: `sent` with its code, `refused`,
   `not_sent`, or `unknown`. A program that is killed leaves a `post` without any of these, which reads as unknown.
6. What was surely not sent is tried again after a `Waiting` (429: after the time that the service asks for; no
   connection: a few times), or ends the job and stays pending: 401, 402 and 403 concern every message.

Each message ends in one `Sent`, `Unsent` or `Known`; those that were not come to are pending. The last event is
`Finished`. Unknown messages are settled by the inbox alone: see `send_settling`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pectui.domain.draft import Dispatch, Draft
from pectui.domain.outgoing import Outgoing
from pectui.engine.journal import Journal
from pectui.engine.send_answer import Verdict, verdict
from pectui.engine.send_book import Book
from pectui.engine.send_events import (
    Begun,
    Finished,
    Known,
    SendEvent,
    SendState,
    Sent,
    Settled,
    Turn,
    Unsent,
    Waiting,
    outcome_of,
)
from pectui.engine.send_files import Copies
from pectui.engine.send_pace import Held, Pace
from pectui.engine.service import Service
from pectui.engine.steps import lowered
from pectui.errors import (
    ConfigError,
    PectuiError,
    RateLimitedError,
    RefusedHereError,
    ServiceError,
    StoreError,
    UsageError,
)

T = TypeVar("T")

UNKNOWN_IN_A_ROW = 3
"""So many messages of which nobody knows what became of them end a job: something on the way is broken."""
_LONGEST_WAIT = 3600.0
"""Seconds. A service that asks for more has had enough for today."""
_MOST_WAITS = 20
"""How often in a row a message is tried again that was surely not sent, where the service asks to wait."""
_TRIES = 4
"""How often in a row no connection may come about."""
_A_WHILE = 0.2


@dataclass(frozen=True, slots=True)
class Again:
    """What may be sent once more although the same content was sent, or may have been. Only a user says so."""

    sent: bool = False
    unknown: bool = False


class Sending:
    """One job. It sends `messages` in their order; see the module."""

    def __init__(
        self,
        service: Service,
        messages: Sequence[Outgoing],
        *,
        sender: str,
        journal: Journal,
        book: Book,
        pace: Pace,
        copies: Copies,
        about: Mapping[str, Any] | None = None,
        again: Again | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        tries: int = _TRIES,
    ) -> None:
        """`about` says in the journal whose mailbox it is and what is sent. Once `cancelled()`, nothing further is
        begun: a POST under way is seen to its end. `tries`: how often a message without a connection is tried."""
        self._service = service
        self._messages = messages
        self._sender = sender
        self._journal = journal
        self._book = book
        self._pace = pace
        self._copies = copies
        self._about = about or {}
        self._again = again or Again()
        self._cancelled = cancelled
        self._tries = tries
        self._stopped: PectuiError | None = None
        self._unknown_in_a_row = 0
        self._resent: set[str] = set()
        """Digests that this job has sent, or may have: `Again` doesn't go for them."""

    async def run(self) -> AsyncIterator[SendEvent]:
        """The events of the job. Closing the iterator between two messages leaves the rest pending."""
        total = len(self._messages)
        await self._note("plan", {**self._about, "sender": self._sender, "rows": total})
        await to_its_end(self._book.refresh)
        yield Begun(self._journal.job, total)
        told: list[SendEvent] = []
        for number, message in enumerate(self._messages, 1):
            if not self._goes_on:
                break
            async with aclosing(self._deliver(number, message)) as events:
                async for event in events:
                    if isinstance(event, Settled):
                        told.append(event)
                    yield event
        outcome = outcome_of(told, total, self._journal.job)
        was_cancelled = outcome.pending > 0 and self._stopped is None
        await self._end("cancelled" if outcome.pending else "end", outcome.as_json())
        yield Finished(replace(outcome, cancelled=was_cancelled, stopped_by=self._stopped))

    async def _deliver(self, number: int, message: Outgoing) -> AsyncGenerator[SendEvent, None]:
        digest = message.digest
        if problem := next(message.problems(), None):
            yield Unsent(number, SendState.FAILED, problem)
            return
        known = self._known(number, digest)
        if known and not known.is_under_way:
            yield known
            return
        # What another program is sending at this moment is known once it is this one's turn.
        try:
            draft = await to_its_end(lambda: self._draft(message))
        except RefusedHereError as error:
            yield Unsent(number, SendState.FAILED, error.detail)
            return
        except StoreError as error:
            self._stopped = error
            return
        tried = 0
        while self._goes_on:
            yield Turn(number)
            try:
                came = await self._post_in_turn(number, message, draft, digest, tried)
            except StoreError as error:
                self._stopped = error
                return
            if came is None:
                return
            if isinstance(came, Settled):
                yield came
                return
            tried += 1
            assert came.wait is not None
            yield Waiting(number, came.wait, came.reason)
            await self._sleep(came.wait)

    def _draft(self, message: Outgoing) -> Draft:
        self._copies.make_room()
        attachments = self._copies.attach(message.enclosures)
        return Draft(self._sender, message.recipients, message.subject, message.posted_body, attachments)

    def _known(self, number: int, digest: str) -> Known | None:
        """What earlier runs and other programs tell of this content, if that forbids to send it."""
        attempt = self._book.standing(digest)
        if attempt is None or attempt.state not in (SendState.SENT, SendState.UNKNOWN):
            return None
        allowed = self._again.sent if attempt.state is SendState.SENT else self._again.unknown
        if allowed and digest not in self._resent and not self._is_under_way(attempt.job):
            return None
        return Known(
            number,
            attempt.state,
            attempt.code,
            attempt.job,
            attempt.at,
            attempt.reason,
            is_under_way=attempt.is_under_way,
        )

    def _is_under_way(self, job: str) -> bool:
        """Whether another program may be about to hear what became of it."""
        return job != self._journal.job and self._book.is_running(job)

    async def _post_in_turn(
        self, number: int, message: Outgoing, draft: Draft, digest: str, tried: int
    ) -> Settled | Verdict | None:
        """What became of the message; a `Verdict` where it may be tried again, None where it is left pending."""
        async with self._pace.turn(lambda: not self._goes_on) as turn:
            if turn is None:
                return None
            await to_its_end(self._book.refresh)
            if known := self._known(number, digest):
                return known
            if not self._goes_on:
                return None
            facts = {
                "number": number,
                "line": message.line,
                "digest": digest,
                "recipients": list(message.recipients),
                "subject": message.subject,
            }
            try:
                await self._note("post", facts)
                await turn.begin()
            except asyncio.CancelledError:
                await self._result("not_sent", number, reason="it was cancelled before it began")
                raise
            except StoreError as error:
                await self._result("not_sent", number, reason=lowered(str(error)))
                raise
            return await self._post(number, draft, digest, turn, tried)

    async def _post(
        self, number: int, draft: Draft, digest: str, turn: Held, tried: int
    ) -> Settled | Verdict | None:
        try:
            dispatch = await self._service.send(draft)
        except (ServiceError, UsageError) as error:
            came = verdict(error, tried)
        except ConfigError as error:  # a secret is nowhere: nothing has left
            self._stopped = error
            await self._result("not_sent", number, reason=lowered(str(error)))
            return None
        except asyncio.CancelledError:
            reason = "it was broken off before the answer came"
            self._resent.add(digest)
            await self._result("unknown", number, reason=reason)
            raise
        else:
            self._resent.add(digest)
            return await self._taken(number, draft, dispatch)
        if came.word == "unknown":
            self._resent.add(digest)
        await self._result(came.word, number, reason=came.reason, code=came.code)
        if came.word == "not_sent":
            return self._once_more(came, turn, tried)
        unknown = came.word == "unknown"
        self._unknown_in_a_row = self._unknown_in_a_row + 1 if unknown else 0
        if self._unknown_in_a_row >= UNKNOWN_IN_A_ROW:
            self._stopped = self._stopped or _broken(came.reason)
        return Unsent(number, SendState.UNKNOWN if unknown else SendState.REFUSED, came.reason, came.code)

    async def _taken(self, number: int, draft: Draft, dispatch: Dispatch) -> Settled:
        self._unknown_in_a_row = 0
        wanted = len(draft.recipients)
        if dispatch.sent == 0:
            reason = "the service says that it took it, and that it went to nobody"
            await self._result("unknown", number, reason=reason, code=dispatch.code)
            return Unsent(number, SendState.UNKNOWN, reason, dispatch.code)
        await self._result("sent", number, code=dispatch.code, count=dispatch.sent)
        return Sent(number, dispatch.code, dispatch.sent, wanted)

    def _once_more(self, came: Verdict, turn: Held, tried: int) -> Verdict | None:
        """The verdict where the message is tried again; else why the job ends is kept."""
        most = _MOST_WAITS if isinstance(came.stops, RateLimitedError) else self._tries - 1
        if came.wait is None or came.wait > _LONGEST_WAIT or tried >= most:
            self._stopped = self._stopped or came.stops
            return None
        if isinstance(came.stops, RateLimitedError):
            turn.wait = max(turn.wait, came.wait)  # for every program that sends from here
        return came

    @property
    def _goes_on(self) -> bool:
        return self._stopped is None and not self._cancelled()

    async def _sleep(self, seconds: float) -> None:
        ends = asyncio.get_running_loop().time() + seconds
        while self._goes_on:
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, _A_WHILE))

    async def _note(self, step: str, facts: Mapping[str, Any]) -> None:
        """Returns once the step is on the disk. StoreError if it can't be: then it must not be taken."""
        await to_its_end(lambda: self._journal.write(step, facts))

    async def _result(self, step: str, number: int, **facts: Any) -> None:
        """What is done is told even if it can't be journalled any more; but nothing more is begun then."""
        try:
            await self._note(step, {"number": number, **facts})
        except StoreError as error:
            self._stopped = self._stopped or error

    async def _end(self, step: str, facts: Mapping[str, Any]) -> None:
        try:
            await self._note(step, facts)
        except StoreError as error:
            self._stopped = self._stopped or error


async def to_its_end(work: Callable[[], T]) -> T:
    """`work()` in a thread. Whoever is cancelled meanwhile hears of it once the work is done, and not before: what is
    written next must not overtake it."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        running.exception()  # looked at: it is told of no more
        raise cancelled
    return running.result()


def _broken(reason: str) -> PectuiError:
    return ServiceError(
        "Sending was stopped",
        f"{UNKNOWN_IN_A_ROW} messages in a row may or may not have been sent; the last one: {reason}",
        "Look into the inbox what went out. Unknown messages are sent again only if you say so.",
    )
