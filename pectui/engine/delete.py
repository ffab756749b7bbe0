"""Deleting what was planned, never the wrong message.

There is no trash and no undo, and receipts are legal proof. So each message is looked at right before its DELETE, and,
unless ids are stable, right after it. A job begins carefully: one message at a time, the highest id first, since a
deletion where ids shift moves only what is above it. Once ids are seen to be stable, several go at once; a mismatch
makes it careful again. Sends of which everything goes are deleted by one request each, where that is proven safe.

What remains: between a look and its DELETE another program may act. Where ids are stable that is harmless; where
they shift it is a window of one request, and the job stops at the first sign of another hand.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pectui.domain.send import SendRecord
from pectui.engine.as_they_come import as_they_come
from pectui.engine.audit import Audit, NoAudit
from pectui.engine.careful import LATE_AFTER, Careful
from pectui.engine.copies import Copies
from pectui.engine.drift import Drift
from pectui.engine.journal import Journal
from pectui.engine.looking import Missing, ids_are_stable
from pectui.engine.outcome import (
    AlreadyGone,
    Deleted,
    DeleteEvent,
    Failed,
    Finished,
    ItemEvent,
    Refused,
    Started,
    Unfinished,
    outcome_of,
)
from pectui.engine.pages import PageReader
from pectui.engine.prepare import Prepared
from pectui.engine.quick import Quick
from pectui.engine.recognise import Recognition, Target
from pectui.engine.service import Service
from pectui.engine.steps import ENDING, Steps, lowered
from pectui.engine.whole_send import Settled, WholeSend, WholeSends
from pectui.errors import PectuiError, ServiceError

_PATIENCE = 5.0
"""Seconds that a job that is broken off waits for the messages in hand."""


def _utc() -> datetime:
    return datetime.now(UTC)


async def _forget(record: SendRecord) -> None:
    """Keeps nothing of what receipts say."""


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run of the same job has done."""

    events: tuple[ItemEvent, ...] = ()
    deleted: tuple[Target, ...] = ()
    """What went, as can be seen now only."""
    begun: frozenset[int] = frozenset()
    """Chosen ids whose DELETE was begun, and nobody knows yet what became of it."""
    absent: frozenset[int] = frozenset()
    """Chosen ids that are not listed any more: to find them gone moves no other id."""
    ids_shift: bool | None = None
    """What it has shown of the server's ids, seen again now."""


class Deletion:
    """One job. It deletes what `prepared` holds, and says what became of each message."""

    def __init__(
        self,
        service: Service,
        reader: PageReader,
        prepared: Prepared,
        journal: Journal,
        *,
        audit: Audit | None = None,
        own: frozenset[str] = frozenset(),
        clock: Callable[[], datetime] = _utc,
        concurrency: int = 1,
        learned: Callable[[SendRecord], Awaitable[None]] = _forget,
        before: Before | None = None,
        about: Mapping[str, Any] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        late_after: float = LATE_AFTER,
    ) -> None:
        """`before`: the job is gone on with.

        `about` says in the journal whose mailbox it is. Once `cancelled()`, nothing further is begun: what is in hand
        is seen to its end, and the job ends with its four lists. `learned` is told what receipts say; they go once
        it returns. `late_after`: see `Careful`.
        """
        self._prepared = prepared
        self._reader = reader
        self._concurrency = concurrency
        self._before = before or Before()
        self._is_resumed = before is not None
        self._steps = Steps(service, journal, audit or NoAudit())
        self._steps.begun.update(self._before.begun)
        self._drift = Drift()
        self._drift.ids_shift = self._before.ids_shift
        self._recognition = Recognition(service, reader, own=own, known=prepared.known, drift=self._drift)
        begun = self._before.begun
        there = (target for target in prepared.targets if target.chosen_id not in begun)
        self._copies = Copies(reader, self._recognition, self._drift, there)
        self._careful = Careful(
            service, reader, self._steps, self._copies, begun_before=begun, late_after=late_after
        )
        self._quick = Quick(service, self._steps)
        self._whole = WholeSends(service, self._steps, own=own, clock=clock, learned=learned)
        self._newest_first = _newest_first(prepared.targets)
        self._cancelled = cancelled
        self._about = dict(about or {})
        self._left_some = False

    @property
    def ids_shift(self) -> bool | None:
        """What the job has found out about the server's ids; None as long as it is nothing."""
        return self._drift.ids_shift

    async def run(self) -> AsyncIterator[DeleteEvent]:
        """The events of the job; the last one is `Finished`. Closing the iterator stops after the messages in hand."""
        prepared = self._prepared
        told: list[ItemEvent] = [
            *self._before.events,
            *(AlreadyGone(message_id) for message_id in prepared.already_gone),
            *(Refused(item.id, item.reason) for item in prepared.refused),
        ]
        if self._is_resumed:
            await self._steps.note("resumed", {"left": len(prepared.targets)})
        else:
            await self._steps.note("plan", self._about | await asyncio.to_thread(prepared.as_journal))
        yield Started(self._steps.job, len(told) + len(self._before.deleted) + len(prepared.targets))
        for target in self._before.deleted:
            told.append(await self._steps.settle(target, Deleted(target.chosen_id)))
        for event in told:
            yield event
        async with aclosing(self._work()) as events:
            async for event in events:
                told.append(event)
                yield event
        outcome = outcome_of(told, self._steps.job, prepared.kept)
        ended = "cancelled" if self._left_some or self._steps.left_unsettled else "end"
        await self._steps.end(ended, {"deleted": len(outcome.deleted), "failed": len(outcome.failed)})
        yield Finished(replace(outcome, stopped_by=self._steps.stopped, cancelled=ended == "cancelled"))

    async def _work(self) -> AsyncGenerator[ItemEvent, None]:
        prepared = self._prepared
        whole = {id(target) for send in prepared.sends for target in send.targets}
        single = [target for target in prepared.targets if id(target) not in whole]
        async with aclosing(self._one_by_one(single)) as events:
            async for event in events:
                yield event
        left: list[Target] = []
        async with aclosing(self._send_by_send(prepared.sends, left)) as events:
            async for event in events:
                yield event
        async with aclosing(self._one_by_one(left)) as events:
            async for event in events:
                yield event

    async def _one_by_one(self, targets: Sequence[Target]) -> AsyncGenerator[ItemEvent, None]:
        # Highest id first: where ids shift, deleting a message moves only those above it.
        queue = deque(sorted(targets, key=lambda target: target.fingerprint.id, reverse=True))
        if len(queue) > 1 and self._goes_on:
            await self._look_for_proof()
        while queue and self._goes_on:
            stable = self._drift.ids_shift is False
            if not stable:
                await self._learn_twins(queue)
            way = as_they_come(
                self._quickly if stable else self._carefully,
                partial(self._following, queue, stable=stable),
                self._concurrency if stable else 1,
                patience=_PATIENCE,
            )
            async with aclosing(way) as results:
                async for target, event in results:
                    if event is None:
                        # Not the message that was listed: everything is looked at anew, with care.
                        self._drift.ids_shift = None
                        queue.appendleft(target)
                    else:
                        yield event
        for target in queue:
            yield self._not_tried(target)

    def _following(self, queue: deque[Target], *, stable: bool) -> Target | None:
        if not queue or not self._goes_on or (self._drift.ids_shift is False) is not stable:
            return None
        return queue.popleft()

    async def _look_for_proof(self) -> None:
        """An id above the number of messages proves that ids are stable. Most are seen on the first page."""
        if self._drift.ids_shift is not None:
            return
        try:
            if ids_are_stable(await self._reader.page(1)):
                self._drift.ids_shift = False
        except ENDING as error:
            self._steps.stopped = error
        except ServiceError:
            return  # it is found out on the way

    async def _learn_twins(self, queue: deque[Target]) -> None:
        """Reads the texts of what has a twin, while everything is where it was listed."""
        unread = [target for target in queue if target.has_twin and target.fingerprint.text_hash is None]
        if not unread:
            return
        following = iter(unread)
        learned: dict[int, Target] = {}
        reading = as_they_come(
            self._learn, lambda: next(following, None) if self._goes_on else None, self._concurrency
        )
        async with aclosing(reading) as results:
            async for target, known in results:
                learned[target.chosen_id] = known
        for at, target in enumerate(queue):
            queue[at] = learned.get(target.chosen_id, target)

    async def _learn(self, target: Target) -> Target:
        try:
            known = await self._recognition.text(target)
        except ENDING as error:
            self._steps.stopped = error
            return target
        except ServiceError:
            return target  # it is tried once more when it is its turn
        if not isinstance(known, Target):
            return target
        facts = {"chosen": target.chosen_id, "text_sha256": known.fingerprint.text_hash}
        await self._steps.note_result("text", facts)
        return known

    async def _carefully(self, target: Target) -> ItemEvent | None:
        try:
            event = await self._look_and_delete(target)
        except ENDING as error:
            return await self._ended_by(target, error)
        except ServiceError as error:
            event = Failed(target.chosen_id, lowered(str(error)))
        if self._careful.ids_shift is not None and self._drift.ids_shift is not True:
            self._drift.ids_shift = self._careful.ids_shift
        return await self._settled(target, event)

    async def _look_and_delete(self, target: Target) -> ItemEvent:
        if target.fingerprint.text_hash is None:
            known = await self._recognition.text(target)
            if isinstance(known, Unfinished):
                return Refused(target.chosen_id, known.reason)
            if isinstance(known, Missing):
                return self._careful.missing(target, known)
            target = known
        mark = replace(target.fingerprint, id=self._drift.now(target.fingerprint.id))
        page = target.page and self._drift.page_now(
            target.fingerprint.id, target.page, newest_first=self._newest_first
        )
        target_now = replace(target, fingerprint=mark, page=page)
        return await self._careful.delete(target_now, self._recognition.above(target.message.header))

    async def _quickly(self, target: Target) -> ItemEvent | None:
        try:
            event = await self._quick.delete(target)
        except ENDING as error:
            return await self._ended_by(target, error)
        except ServiceError as error:
            event = Failed(target.chosen_id, lowered(str(error)))
        return None if event is None else await self._settled(target, event)

    async def _send_by_send(
        self, sends: Sequence[WholeSend], left: list[Target]
    ) -> AsyncGenerator[ItemEvent, None]:
        """What can't go by one request is put into `left`."""
        queue = deque(sends)

        def following() -> WholeSend | None:
            return queue.popleft() if queue and self._goes_on else None

        way = as_they_come(self._whole_send, following, self._concurrency, patience=_PATIENCE)
        async with aclosing(way) as results:
            async for _, settled in results:
                left.extend(settled.left)
                for event in settled.events:
                    yield event
        for target in (target for send in queue for target in send.targets):
            yield self._not_tried(target)

    async def _whole_send(self, send: WholeSend) -> Settled:
        try:
            settled = await self._whole.delete(send)
        except ENDING as error:
            return Settled(tuple([await self._ended_by(target, error) for target in send.targets]))
        except ServiceError as error:
            reason = lowered(str(error))
            settled = Settled(tuple(Failed(target.chosen_id, reason) for target in send.targets))
        by_id = {target.chosen_id: target for target in send.targets}
        for event in settled.events:
            await self._settled(by_id[event.id], event, tried_again=True)
        return settled

    @property
    def _goes_on(self) -> bool:
        return self._steps.stopped is None and not self._cancelled()

    async def _settled(self, target: Target, event: ItemEvent, *, tried_again: bool = False) -> ItemEvent:
        """`tried_again`: what an earlier run has begun to delete is deleted once more where it is still there."""
        before = self._before
        gone_before = before.absent if tried_again else before.absent | before.begun
        if isinstance(event, Deleted | AlreadyGone) and target.chosen_id not in gone_before:
            self._drift.went(target.fingerprint.id)
            self._copies.went(target)
        elif isinstance(event, Failed) and target.chosen_id in self._steps.begun:
            self._drift.may_have_gone(target.fingerprint.id)
        return await self._steps.settle(target, event)

    async def _ended_by(self, target: Target, error: PectuiError) -> ItemEvent:
        # Not journalled: a job that is gone on with looks at it once more. But what was touched is audited.
        self._steps.stopped = error
        self._left_some = True
        reason = lowered(str(error))
        if target.chosen_id in self._steps.begun:
            await self._steps.audit(target, "failed", f"unknown: {reason}")
        return Failed(target.chosen_id, reason)

    def _not_tried(self, target: Target) -> ItemEvent:
        self._left_some = True
        stopped = self._steps.stopped
        why = "the job was cancelled" if stopped is None else lowered(stopped.title)
        return Failed(target.chosen_id, f"not tried: {why}")


def _newest_first(targets: Sequence[Target]) -> bool:
    """Whether the service lists the highest ids on the first pages; True where all are on one."""
    by_id = sorted((target.fingerprint.id, target.page) for target in targets if target.page is not None)
    return not by_id or by_id[-1][1] <= by_id[0][1]
