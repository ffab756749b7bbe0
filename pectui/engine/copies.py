"""Messages that agree in all that is listed, where one is chosen and another stays: it must not be the other that goes.

Their texts may agree too. Where ids may shift, somebody else's deletion then puts a copy in the place of a chosen
message, and no look at it tells. What tells is what was listed above: it has not moved unless something below it went.
Where that tells nothing, as many as were listed must still be there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pectui.domain.fingerprint import Fingerprint, Key
from pectui.engine.drift import Drift
from pectui.engine.looking import Found, ids_are_stable
from pectui.engine.pages import Page, PageReader
from pectui.engine.recognise import Recognition, Target


class Copies:
    """Of the messages that `recognition` knows, those that look like a chosen one."""

    def __init__(
        self, reader: PageReader, recognition: Recognition, drift: Drift, chosen: Iterable[Target]
    ) -> None:
        """`chosen` are those that may be deleted and are there."""
        self._reader = reader
        self._recognition = recognition
        self._drift = drift
        self._chosen = Counter(target.fingerprint.key for target in chosen if target.has_twin)
        self._gone: Counter[Key] = Counter()

    def went(self, target: Target) -> None:
        """One of the chosen ones is gone."""
        if target.has_twin:
            self._gone[target.fingerprint.key] += 1

    async def could_stand_for(self, target: Target, found: Found) -> bool:
        """Whether what was `found` may be a message that nobody chose, in the place of `target`.

        To be asked right before it is deleted: what was read of it holds until now, or this says so. Takes a request or
        two, or a whole listing where they lie pages apart; and only where another one like it is to stay.
        """
        if not target.has_twin:
            return False
        key, header = target.fingerprint.key, target.message.header
        listed = len(self._recognition.witnesses.alike(header))
        if listed <= self._chosen[key]:
            return False
        if ids_are_stable(found.page):
            return found.fingerprint.id != header.id
        if await self._recognition.witnesses.vouch(header):
            return found.fingerprint.id != self._drift.now(header.id)
        left = listed - self._gone[key]
        if _count(found.page, key) < left and await self._listed_now(key, left) < left:
            return True
        page = await self._reader.page(found.page.number)
        return page.headers != found.page.headers

    async def _listed_now(self, key: Key, enough: int) -> int:
        """How many look like that on all pages, read until there are `enough`."""
        there: set[int] = set()
        async for page in self._reader.everything():
            there.update(row.id for row in page.headers if Fingerprint.of(row).key == key)
            if len(there) >= enough:
                break
        return len(there)


def _count(page: Page, key: Key) -> int:
    return sum(Fingerprint.of(row).key == key for row in page.headers)
