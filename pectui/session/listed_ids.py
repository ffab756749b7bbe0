"""What ids meant when they were last listed, here or by an earlier command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pectui.errors import RefusedHereError
from pectui.session.memory import Memory

if TYPE_CHECKING:
    from pectui.domain.message import Header, Message
    from pectui.engine.recognise import Choice

_NEAR = 50
"""How many ids around a chosen one are looked at for its neighbours and twins: two pages."""


class ListedIds:
    """The ids that `memory` knows."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    async def choices(self, ids: Sequence[int]) -> list[Choice]:
        """What was last listed under each of `ids`."""
        from pectui.engine.recognise import Choice

        found = await self._memory.ask(lambda store: store.recall_many(ids))
        return [
            Choice(message_id, found[message_id].header, found[message_id].page)
            if message_id in found
            else Choice(message_id, None)
            for message_id in ids
        ]

    async def recall(self, ids: Sequence[int], own: frozenset[str]) -> list[Message | None]:
        """The messages that were listed under `ids`; None where none was. RefusedHereError where that is forgotten."""
        from pectui.domain.interpret import interpret

        choices = await self.choices(ids)
        if await self.are_forgotten(choices):
            raise RefusedHereError(
                "It is not known which messages are meant",
                "what was last listed under these ids is not remembered, and other messages may have them now",
                "List the inbox again, then choose again.",
            )
        return [None if one.header is None else interpret(one.header, own) for one in choices]

    async def are_forgotten(self, choices: Sequence[Choice]) -> bool:
        """Whether something else may have been listed under these ids than is remembered."""
        unknown = any(choice.header is None for choice in choices)
        gaps = unknown and await self._memory.ask(lambda store: store.has_gaps())
        return self._memory.is_lost or self._memory.mark.is_set or gaps

    async def neighbours(self, choices: Sequence[Choice]) -> list[Header]:
        """What was listed around them: neighbours in a listing have neighbouring ids where ids may shift."""
        around = {
            message_id
            for choice in choices
            if choice.header is not None
            for message_id in range(max(0, choice.id - _NEAR), choice.id + _NEAR + 1)
        }
        found = await self._memory.ask(lambda store: store.recall_many(around))
        return [one.header for one in found.values()]
