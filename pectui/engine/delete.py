"""Deleting messages one by one, never the wrong one.

There is no trash and no undo, and receipts are legal proof. So each message is looked at right before its DELETE,
and, unless ids are proven stable, right after it: the page that listed it must show that this message went and no
other. An answer that got lost is settled by a look, never by a second blind DELETE. What can't be settled is said
to be unknown.

What remains: between a look and its DELETE another program may act. Where ids are stable that is harmless; where
they shift it is a window of one request, and the job stops at the first sign of another hand.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Final

from pectui.engine.journal import Journal
from pectui.engine.looking import Doubtful, Found, Missing, compare, find, ids_are_stable
from pectui.engine.outcome import (
    AlreadyGone,
    Deleted,
    DeleteEvent,
    DeleteOutcome,
    Failed,
    Finished,
    ItemEvent,
    Refused,
    Started,
    Unfinished,
)
from pectui.engine.pages import PageReader
from pectui.engine.prepare import Prepared, Target
from pectui.engine.service import Service
from pectui.engine.witnesses import Witnesses
from pectui.errors import (
    NotFoundError,
    PectuiError,
    ProtocolError,
    RateLimitedError,
    RefusedError,
    RejectedError,
    ServiceError,
    StoreError,
    UnreachableError,
)

_TRIES = 2
"""A DELETE whose answer got lost is tried once more, after a look that shows the message still there."""


_PATIENCE = 5.0
"""Seconds that a cancelled job waits for the message in hand."""

_YES: Final = None


class AnotherHandError(PectuiError):
    """Something else went than was deleted here: another program is working in the mailbox."""


class Deletion:
    """One job: deletes what `prepared` holds, highest id first, and says what became of each."""

    def __init__(self, service: Service, reader: PageReader, prepared: Prepared, journal: Journal) -> None:
        self._service = service
        self._reader = reader
        self._prepared = prepared
        self._journal = journal
        self._stopped: PectuiError | None = None

    async def run(self) -> AsyncIterator[DeleteEvent]:
        """The events of the job; the last one is `Finished`. Closing the iterator stops after the current message."""
        prepared = self._prepared
        events: list[ItemEvent] = [
            *(AlreadyGone(message_id) for message_id in prepared.already_gone),
            *(Refused(item.id, item.reason) for item in prepared.refused),
        ]
        await self._note("plan", {"messages": [_facts(target) for target in prepared.targets]})
        yield Started(self._journal.job, len(events) + len(prepared.targets))
        for event in events:
            yield event
        # Highest id first: where ids shift, deleting a message moves only those above it.
        for target in sorted(prepared.targets, key=lambda target: target.fingerprint.id, reverse=True):
            event = await self._one(target)
            events.append(event)
            await self._note_result(_step(event), {"id": event.id, "reason": getattr(event, "reason", "")})
            yield event
        outcome = _outcome(events, self._journal.job, self._stopped)
        await self._note_result("end", {"deleted": len(outcome.deleted), "failed": len(outcome.failed)})
        yield Finished(replace(outcome, stopped_by=self._stopped))

    async def _one(self, target: Target) -> ItemEvent:
        if self._stopped is not None:
            return Failed(target.chosen_id, f"not tried: {_lowered(self._stopped.title)}")
        try:
            return await self._unbroken(target)
        except (RefusedError, RateLimitedError, UnreachableError, AnotherHandError, StoreError) as error:
            self._stopped = error
            return Failed(target.chosen_id, _lowered(str(error)))
        except ServiceError as error:
            return Failed(target.chosen_id, _lowered(str(error)))

    async def _unbroken(self, target: Target) -> ItemEvent:
        """Runs to its end even if the job is cancelled: a DELETE and the look that says what it did belong together."""
        task = asyncio.ensure_future(self._delete(target))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=_PATIENCE)
            if task.done() and not task.cancelled() and task.exception() is None:
                event = task.result()
                await self._note_result(_step(event), {"id": event.id, "reason": "cancelled after it"})
            else:
                task.cancel()
                reason = "unknown: cancelled before a look could tell"
                await self._note_result("interrupted", {"id": target.chosen_id, "reason": reason})
            raise

    async def _delete(self, target: Target) -> ItemEvent:
        wanted = target.fingerprint
        answer: ServiceError | None = _YES
        before: Found | None = None
        for _ in range(_TRIES):
            found = await find(self._service, self._reader, wanted, target.page)
            if isinstance(found, Missing):
                return _missing(target, found)
            if isinstance(found, Doubtful):
                return Refused(target.chosen_id, found.reason)
            if before is not None and not await self._is_untouched(before, found):
                return Failed(
                    target.chosen_id, f"unknown: {_lowered(str(answer))}, and twins hide what it did"
                )
            before = found
            await self._note("delete", {"id": found.fingerprint.id, "chosen": target.chosen_id})
            answer = await self._ask_to_delete(found.fingerprint.id)
            if answer is _YES and ids_are_stable(found.page):
                return Deleted(target.chosen_id)
            try:
                went = await self._went(found, said_yes=answer is _YES)
            except ServiceError as error:
                if answer is _YES:
                    return Deleted(target.chosen_id)
                return Failed(
                    target.chosen_id,
                    f"unknown: the answer got lost, and so did the look after it ({_lowered(error.title)})",
                )
            if went:
                return (AlreadyGone if isinstance(answer, NotFoundError) else Deleted)(target.chosen_id)
            if went is None:
                return Failed(
                    target.chosen_id, "unknown: what the service lists now doesn't tell what happened"
                )
            if answer is _YES:
                return Failed(target.chosen_id, "the service says that it is deleted, but still lists it")
        return Failed(target.chosen_id, f"still listed after two attempts: {_lowered(str(answer))}")

    async def _ask_to_delete(self, message_id: int) -> ServiceError | None:
        """The DELETE: `_YES`, or the error that leaves open what it did. Raises what is a clear no."""
        try:
            await self._service.delete_message(message_id)
        except (NotFoundError, ProtocolError, RejectedError) as error:
            # An error page or a 500 is neither yes nor a clear no: only a look can tell.
            return error
        except UnreachableError as error:
            if not error.maybe_done:
                raise
            return error
        return _YES

    async def _went(self, found: Found, *, said_yes: bool) -> bool | None:
        """Looks again: True if the chosen message went, False if it is still there, None if nobody can tell.

        A page is enough where the service said yes, counts one message less and every other one is still there.
        In any other case the whole listing must show that the message is not in it.
        """
        before = found.page
        after = await self._reader.page(before.number)
        change = compare(before, after, found.fingerprint)
        if change.others_gone:
            self._stopped = AnotherHandError(
                "Other messages left the mailbox at the same time",
                "another program is deleting in it",
                "Read the inbox again before you delete more.",
            )
        elif change.one_less and (said_yes or change.gone):
            return True
        now = await find(self._service, self._reader, found.fingerprint, before.number)
        if isinstance(now, Missing):
            fell = now.total is not None and before.total is not None and now.total < before.total - 1
            if not now.certain or (fell and not change.others_gone):
                return None
            return None if fell and not said_yes else True
        if change.others_gone and self._stopped is not None:
            raise self._stopped
        return False if isinstance(now, Found) else None

    async def _is_untouched(self, first: Found, now: Found) -> bool:
        """Whether what is found after an answer got lost is the message itself, and not a twin in its place.

        It must have kept its id. Where ids shift, a deletion would have moved everything above it.
        """
        header = next(row for row in first.page.headers if row.id == first.fingerprint.id)
        if now.fingerprint.id != header.id:
            return False
        if ids_are_stable(first.page) or all(row.id <= header.id for row in first.page.headers):
            return True
        return await Witnesses(self._service, first.page.headers).vouch(header)

    async def _note_result(self, step: str, facts: dict[str, object]) -> None:
        """What is done is told even if it can't be journalled any more; but nothing more is begun then."""
        try:
            await self._note(step, facts)
        except StoreError as error:
            self._stopped = self._stopped or error

    async def _note(self, step: str, facts: dict[str, object]) -> None:
        await asyncio.to_thread(self._journal.write, step, facts)


def _missing(target: Target, missing: Missing) -> ItemEvent:
    if missing.certain:
        return AlreadyGone(target.chosen_id)
    return Failed(
        target.chosen_id, "unknown: not found, but the service doesn't list all the messages it counts"
    )


def _facts(target: Target) -> dict[str, object]:
    mark = target.fingerprint
    return {
        "chosen": target.chosen_id,
        "id": mark.id,
        "date": mark.date,
        "subject": mark.subject,
        "sender": mark.sender,
        "recipient": mark.recipient,
        "text_sha256": mark.text_hash,
    }


def _step(event: ItemEvent) -> str:
    return {Deleted: "deleted", AlreadyGone: "already_gone", Refused: "refused", Failed: "failed"}[
        type(event)
    ]


def _outcome(events: Sequence[ItemEvent], job: str | None, stopped: PectuiError | None) -> DeleteOutcome:
    return DeleteOutcome(
        requested=len(events),
        deleted=tuple(event.id for event in events if isinstance(event, Deleted)),
        already_gone=tuple(event.id for event in events if isinstance(event, AlreadyGone)),
        refused=tuple(Unfinished(event.id, event.reason) for event in events if isinstance(event, Refused)),
        failed=tuple(Unfinished(event.id, event.reason) for event in events if isinstance(event, Failed)),
        job=job,
        stopped_by=stopped,
    )


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
