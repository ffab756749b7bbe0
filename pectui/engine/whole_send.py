"""Deleting all that is left of a send by one request, where that is proven safe.

`DELETE /send/{code}` takes whatever matches the code: answers that carry it, and with them perhaps another send whose
code begins with it. So it is asked for only if `GET /send/{code}` has just shown exactly the planned messages, and
nothing more is expected to come. A look confirms what it did.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from pectui.domain.belonging import Role, belonging
from pectui.domain.fingerprint import Fingerprint, hash_text
from pectui.domain.message import MailText, SendMail
from pectui.domain.send import RecipientState, SendRecord
from pectui.domain.standing import FINAL_AFTER
from pectui.engine.outcome import Deleted, Failed, ItemEvent
from pectui.engine.reading import header_of
from pectui.engine.recognise import Target
from pectui.engine.sends import understood
from pectui.engine.service import Service
from pectui.engine.steps import YES, Steps, lowered
from pectui.errors import NotFoundError, RateLimitedError, ServiceError, UnreachableError

_TRIES = 2
"""The DELETE is tried once more, after a look that shows every message still there."""

_FINAL = frozenset({RecipientState.DELIVERED, RecipientState.FAILED, RecipientState.REFUSED})

Facts: TypeAlias = tuple[object, ...]
"""Date, subject and sender, normalised: what both `GET /inbox` and `GET /send/{code}` tell of a message."""


@dataclass(frozen=True, slots=True)
class WholeSend:
    """A send of which everything that is listed was chosen, and nothing else carries its code."""

    code: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the messages of a send; `left` are to be gone through one by one."""

    events: tuple[ItemEvent, ...]
    left: tuple[Target, ...] = ()


class WholeSends:
    """Deletes sends one at a time."""

    def __init__(
        self,
        service: Service,
        steps: Steps,
        *,
        own: frozenset[str],
        clock: Callable[[], datetime],
        learned: Callable[[SendRecord], Awaitable[None]],
    ) -> None:
        """`learned` is told what a send's receipts say; they go once it returns."""
        self._service = service
        self._steps = steps
        self._own = own
        self._clock = clock
        self._learned = learned

    async def delete(self, send: WholeSend) -> Settled:
        """What became of the send's messages. What ends the job is raised."""
        tries = waits = 0
        answer: ServiceError | None = YES
        before: SendMail | None = None
        while tries < _TRIES:
            before = before or await self._look(send)
            if before is None:
                return await self._gone_before(send)
            record = await asyncio.to_thread(self._safe, send, before)
            if record is None:
                return Settled((), send.targets)
            await self._learned(record)
            try:
                answer = await self._steps.delete_send(send.code, send.targets)
            except UnreachableError as error:
                answer = error  # the next look tells whether the service is there at all
            if isinstance(answer, RateLimitedError):
                await self._steps.wait(answer, waits)
                waits += 1
                before = None
                continue  # an answer to the send may have come in the wait
            tries += 1
            try:
                after = await self._look(send)
            except ServiceError as error:
                return self._untold(send, error, said_yes=answer is YES)
            still = _planned(send, after)
            if answer is YES:
                # What is still listed is looked at by its own id: no second request takes what has come since.
                return _went(send, still)
            if not still and not (after is not None and after.skipped):
                return await self._gone_before(send)
            if len(still) < len(send.targets):
                return Settled((), send.targets)
            before = after
        reason = f"still listed after two attempts: {lowered(str(answer))}"
        return Settled(tuple(Failed(target.chosen_id, reason) for target in send.targets))

    async def _look(self, send: WholeSend) -> SendMail | None:
        try:
            return await self._service.get_send(send.code)
        except NotFoundError:
            return None

    async def _gone_before(self, send: WholeSend) -> Settled:
        """The service shows nothing of the send. If its DELETE was begun and a second look agrees, it is gone; any
        other one is looked for by its ids."""
        begun = all(target.chosen_id in self._steps.begun for target in send.targets)
        if begun and not _planned(send, await self._look(send)):
            return Settled(tuple(Deleted(target.chosen_id) for target in send.targets))
        return Settled((), send.targets)

    def _safe(self, send: WholeSend, found: SendMail) -> SendRecord | None:
        """What is known of the send, if exactly the planned messages are there and nothing more is expected."""
        if (
            found.skipped
            or not all(_belongs(send.code, mail, self._own) for mail in found.mails)
            or not _are_the_planned(send.targets, found.mails)
        ):
            return None
        now = self._clock()
        record = understood(send.code, found, self._own, now).record
        if record is None:
            return None
        is_old = record.sent_at is not None and now - record.sent_at >= FINAL_AFTER
        return record if is_old or _is_final(record) else None

    def _untold(self, send: WholeSend, error: ServiceError, *, said_yes: bool) -> Settled:
        if isinstance(error, UnreachableError):
            self._steps.stopped = error
        if said_yes:
            return Settled(tuple(Deleted(target.chosen_id) for target in send.targets))
        reason = f"unknown: the answer got lost, and so did the look after it ({lowered(error.title)})"
        return Settled(tuple(Failed(target.chosen_id, reason) for target in send.targets))


def _belongs(code: str, mail: MailText, own: frozenset[str]) -> bool:
    found, role = belonging(header_of(0, mail), own)
    return found == code and role <= Role.OWN_COPY


def _is_final(record: SendRecord) -> bool:
    return record.recipients_known and all(one.state in _FINAL for one in record.certified)


def _are_the_planned(targets: Sequence[Target], mails: Sequence[MailText]) -> bool:
    """Whether the service shows the planned messages, each once, and no other; by their texts where those are known."""
    planned = Counter(_facts(target.fingerprint) for target in targets)
    if planned != Counter(_facts(Fingerprint.of(header_of(0, mail))) for mail in mails):
        return False
    known = Counter(
        (_facts(target.fingerprint), target.fingerprint.text_hash)
        for target in targets
        if target.fingerprint.text_hash is not None
    )
    return known <= Counter(_rows(mails).elements())


def _planned(send: WholeSend, found: SendMail | None) -> Sequence[Target]:
    """The planned messages that are listed, by their facts alone: a text may come as null where an answer is broken."""
    if found is None:
        return ()
    if found.skipped:
        return send.targets  # what can't be read may be any of them
    listed = {_facts(Fingerprint.of(header_of(0, mail))) for mail in found.mails}
    return [target for target in send.targets if _facts(target.fingerprint) in listed]


def _went(send: WholeSend, still: Sequence[Target]) -> Settled:
    left = {target.chosen_id for target in still}
    gone = (target.chosen_id for target in send.targets if target.chosen_id not in left)
    return Settled(tuple(map(Deleted, gone)), tuple(still))


def _rows(mails: Iterable[MailText]) -> Counter[tuple[Facts, str | None]]:
    return Counter((_facts(Fingerprint.of(header_of(0, mail))), hash_text(mail.body)) for mail in mails)


def _facts(mark: Fingerprint) -> Facts:
    return mark.key[:3]
