"""Telling from its neighbours whether a message is still the one that was listed.

Receipts of one send can agree in everything that a listing shows. Where ids are sequence numbers, a deletion
elsewhere gives a message's id to the next one, and that may be its twin. But a deletion moves every id above it by
the same step and never changes the order: so the messages that were listed around the chosen one bear witness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.message import Header
from pectui.engine.service import Service
from pectui.errors import NotFoundError


class Witnesses:
    """What was listed around the chosen messages, at the same time."""

    def __init__(self, service: Service, listed: Iterable[Header]) -> None:
        self._service = service
        self._listed = sorted(set(listed), key=lambda header: header.id)
        self._keys = {header: Fingerprint.of(header).key for header in self._listed}
        self._often = Counter(self._keys.values())

    def twins(self, header: Header) -> list[Header]:
        """Other messages that were listed with the same facts."""
        key = Fingerprint.of(header).key
        return [other for other in self._listed if self._keys[other] == key and other.id != header.id]

    def above(self, header: Header) -> Header | None:
        """The nearest message with a higher id that nothing else looks like."""
        higher = (other for other in self._listed if other.id > header.id)
        return next((other for other in higher if self._often[self._keys[other]] == 1), None)

    async def vouch(self, header: Header) -> bool:
        """Whether the id of `header` holds what it held: what shifts it also shifts everything above it.

        False says nothing: there may be nobody above to bear witness.
        """
        witness = self.above(header)
        return witness is not None and await self._still(witness, witness.id)

    async def recognise(self, header: Header, now: int) -> bool:
        """Whether what has the id `now` and the facts of `header` stands beside a neighbour that `header` had."""
        if now > header.id:
            return False
        above = [other for other in self._listed if other.id > header.id][:1]
        below = [other for other in self._listed if other.id < header.id][-1:]
        for neighbour in (*above, *below):
            if await self._still(neighbour, neighbour.id - header.id + now):
                return True
        return False

    async def _still(self, header: Header, at: int) -> bool:
        try:
            mail = await self._service.get_message(at)
        except NotFoundError:
            return False
        return Fingerprint.of(header).matches(mail)
