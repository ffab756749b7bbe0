"""What the ways of deleting share: the journal before each step, the DELETE itself, and what ends a job early."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from pectui.domain.message import Header
from pectui.engine.audit import Audit
from pectui.engine.journal import Journal
from pectui.engine.outcome import AlreadyGone, Deleted, Failed, ItemEvent, Refused
from pectui.engine.recognise import Target
from pectui.engine.service import Service
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

YES: Final = None
"""The service says that it did what it was asked for."""

_WAITS = 3
"""How often a 429 is waited for: it says that nothing was done."""

_LONGEST_WAIT = 60.0
"""Seconds."""

_UNNAMED_WAIT = 2.0
"""Seconds, where the service names no time."""


class AnotherHandError(PectuiError):
    """Something else went than was deleted here: another program is working in the mailbox."""


ENDING = (RefusedError, RateLimitedError, UnreachableError, AnotherHandError, StoreError)
"""What ends a job: the next message would fare no better, or must not be touched."""


class Steps:
    """The steps of one job: each is journalled before it is taken, and each deed audited once it is known."""

    def __init__(self, service: Service, journal: Journal, audit: Audit) -> None:
        self.stopped: PectuiError | None = None
        """Why nothing further is begun, if so."""
        self.left_unsettled = False
        """Whether something that was done could not be written down."""
        self.begun: set[int] = set()
        """Chosen ids whose DELETE may have reached the service, by this run or an earlier one."""
        self._service = service
        self._journal = journal
        self._audit = audit

    @property
    def job(self) -> str | None:
        """The job's name; None where nothing is kept."""
        return self._journal.job

    async def note(self, step: str, facts: Mapping[str, Any]) -> None:
        """Returns once the step is on the disk. StoreError if it can't be: then it must not be taken."""
        await asyncio.to_thread(self._journal.write, step, facts)

    async def note_result(self, step: str, facts: Mapping[str, Any]) -> None:
        """What is done is told even if it can't be journalled any more; but nothing more is begun then."""
        try:
            await asyncio.to_thread(self._journal.write, step, facts, sync=False)
        except StoreError as error:
            self.stopped = self.stopped or error

    async def settle(self, target: Target, event: ItemEvent) -> ItemEvent:
        """Audits what became of a message, if it was touched, and journals it. Gives the event back.

        What can't be audited is not called settled: a job that is gone on with looks at it once more.
        """
        reason: str = getattr(event, "reason", "")
        if event.id in self.begun and not await self.audit(target, name_of(event), reason):
            self.left_unsettled = True
            return event
        await self.note_result(name_of(event), {"id": event.id, "reason": reason})
        return event

    async def audit(self, target: Target, outcome: str, reason: str) -> bool:
        """Writes down for good what became of a message that was touched. False if that can't be done any more."""
        try:
            await asyncio.to_thread(self._audit.write, target.fingerprint, outcome, reason)
        except StoreError as error:
            self.stopped = self.stopped or error
            return False
        return True

    async def delete(
        self, target: Target, message_id: int, above: Header | None = None
    ) -> ServiceError | None:
        """DELETE /inbox/{message_id}: `YES`, or the error that leaves open what it did. Raises what is a clear no.

        A 429, though a clear no, is given back: whoever waits for it (`wait`) has to look again before another try.
        `above` is a message listed above it that looks different: by where it is, a job that is gone on with after a
        kill can tell what became of the DELETE, and whether ids shift.
        """
        beside = None if above is None else [above.id, *above.facts]
        await self.note("delete", {"id": message_id, "chosen": target.chosen_id, "above": beside})
        return await self._asked((target,), lambda: self._service.delete_message(message_id))

    async def delete_send(self, code: str, targets: tuple[Target, ...]) -> ServiceError | None:
        """DELETE /send/{code}, in the same way."""
        await self.note("delete_send", {"code": code, "chosen": [target.chosen_id for target in targets]})
        return await self._asked(targets, lambda: self._service.delete_send(code))

    async def wait(self, error: RateLimitedError, waited: int) -> None:
        """Waits as long as a 429 asks for. Raises it where that is too long or was done too often."""
        pause = _UNNAMED_WAIT if error.retry_after is None else error.retry_after
        if waited >= _WAITS or pause > _LONGEST_WAIT:
            raise error
        await asyncio.sleep(pause)

    async def end(self, step: str, facts: Mapping[str, Any]) -> None:
        """The job's last line: with it, all is on the disk."""
        try:
            await self.note(step, facts)
            await asyncio.to_thread(self._audit.sync)
        except StoreError as error:
            self.stopped = self.stopped or error

    async def _asked(
        self, targets: Sequence[Target], ask: Callable[[], Awaitable[None]]
    ) -> ServiceError | None:
        open_before = [target.chosen_id for target in targets if target.chosen_id in self.begun]
        self.begun.update(target.chosen_id for target in targets)
        try:
            await ask()
        except (NotFoundError, ProtocolError, RejectedError) as error:
            # An error page or a 500 is neither yes nor a clear no: only a look can tell.
            return error
        except (RateLimitedError, RefusedError, UnreachableError) as error:
            if isinstance(error, UnreachableError) and error.maybe_done:
                return error
            chosen = [target.chosen_id for target in targets if target.chosen_id not in open_before]
            self.begun.difference_update(chosen)
            await self.note_result("not_done", {"chosen": chosen})
            if isinstance(error, RateLimitedError):
                return error
            raise
        return YES


def name_of(event: ItemEvent) -> str:
    """The journal's word for what became of a message."""
    return _NAMES[type(event)]


_NAMES: Final = {Deleted: "deleted", AlreadyGone: "already_gone", Refused: "refused", Failed: "failed"}


def lowered(sentence: str) -> str:
    """A sentence that goes on in another one."""
    return sentence[:1].lower() + sentence[1:]
