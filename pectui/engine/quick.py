"""The quick way to delete a message, where ids are stable: look, delete, look again only if the answer got lost.

Several may be under way at once: nothing that happens to other messages changes what an id stands for.
"""

from __future__ import annotations

from dataclasses import replace

from pectui.domain.message import MailText
from pectui.engine.outcome import AlreadyGone, Deleted, Failed, ItemEvent
from pectui.engine.recognise import Target
from pectui.engine.service import Service
from pectui.engine.steps import YES, Steps, lowered
from pectui.errors import NotFoundError, RateLimitedError, ServiceError, UnreachableError

_TRIES = 2
"""A DELETE whose answer got lost is tried once more, after a look that shows the message still there."""


class Quick:
    """Deletes messages whose ids are known to stay theirs."""

    def __init__(self, service: Service, steps: Steps) -> None:
        self._service = service
        self._steps = steps

    async def delete(self, target: Target) -> ItemEvent | None:
        """What became of `target`; None if its id holds another message, and nothing was done."""
        mail = await self._look(target)
        if mail is None:
            begun = target.chosen_id in self._steps.begun
            return Deleted(target.chosen_id) if begun else AlreadyGone(target.chosen_id)
        if not target.fingerprint.matches(mail):
            return None
        # With the text that was just read: what is looked for after a lost answer is this message and no twin of it.
        target = replace(target, fingerprint=target.fingerprint.with_text(mail.body))
        answer: ServiceError | None = YES
        tries = waits = 0
        while tries < _TRIES:
            try:
                answer = await self._steps.delete(target, target.fingerprint.id)
            except UnreachableError as error:
                answer = error  # the next look tells whether the service is there at all
            if isinstance(answer, RateLimitedError):
                await self._steps.wait(answer, waits)
                waits += 1
            else:
                tries += 1
            if answer is YES:
                return Deleted(target.chosen_id)
            try:
                mail = await self._look(target)
            except ServiceError as error:
                return self._untold(target, error)
            if mail is None:
                return (AlreadyGone if isinstance(answer, NotFoundError) else Deleted)(target.chosen_id)
            if not target.fingerprint.matches(mail):
                return Failed(
                    target.chosen_id, "unknown: the answer got lost, and its id holds another message now"
                )
        return Failed(target.chosen_id, f"still there after two attempts: {lowered(str(answer))}")

    async def _look(self, target: Target) -> MailText | None:
        try:
            return await self._service.get_message(target.fingerprint.id)
        except NotFoundError:
            return None

    def _untold(self, target: Target, error: ServiceError) -> ItemEvent:
        if isinstance(error, UnreachableError):
            self._steps.stopped = error
        return Failed(
            target.chosen_id,
            f"unknown: the answer got lost, and so did the look after it ({lowered(error.title)})",
        )
