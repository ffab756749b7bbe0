"""Telling from its neighbours whether a message is still the one that was listed.

Receipts of one send can agree in everything that a listing shows. Where ids are sequence numbers, a deletion
elsewhere gives a message's id to the next one, and that may be its twin. But a deletion moves every id above it by
the same step and never changes the order: so the messages that were listed around the chosen one bear witness.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice

from pectui.domain.fingerprint import Fingerprint, Key
from pectui.domain.message import Header
from pectui.domain.subject import fold_blanks
from pectui.engine.drift import Drift
from pectui.engine.service import Service
from pectui.errors import NotFoundError

_ASKED = 3
"""So many of those above are looked for: some of them may have gone too."""


class Witnesses:
    """What was listed around the chosen messages, at the same time; `drift` is what was deleted here since then."""

    def __init__(self, service: Service, listed: Iterable[Header], drift: Drift | None = None) -> None:
        self._service = service
        self._drift = drift or Drift()
        self._listed = sorted(set(listed), key=lambda header: header.id)
        self._ids = [header.id for header in self._listed]
        # Whole keys are slow to make: only what has the same subject can have the same key.
        self._by_subject: dict[str, list[Header]] = {}
        for header in self._listed:
            self._by_subject.setdefault(fold_blanks(header.subject), []).append(header)
        self._keys: dict[Header, Key] = {}
        self._passed: dict[int, int] = {}
        """By where a search began, where it ended: who can bear no witness never will."""

    def twins(self, header: Header) -> list[Header]:
        """Other messages that were listed with the same facts."""
        return [other for other in self.alike(header) if other.id != header.id]

    def alike(self, header: Header) -> list[Header]:
        """All that were listed with the same facts, itself among them."""
        alike = self._by_subject.get(fold_blanks(header.subject), [])
        if len(alike) < 2 and header in alike:
            return alike
        key = self._key(header)
        return [other for other in alike if self._key(other) == key]

    def above(self, header: Header) -> Header | None:
        """The nearest message with a higher id that is still there and that nothing else looks like."""
        begun = at = bisect_right(self._ids, header.id)
        while at < len(self._listed):
            if at in self._passed:
                at = self._passed[at]
            one = self._listed[at] if at < len(self._listed) else None
            if one is None or not (self._drift.has_gone(one.id) or self.twins(one)):
                break
            at += 1
        self._passed[begun] = at
        return self._listed[at] if at < len(self._listed) else None

    async def vouch(self, header: Header) -> bool:
        """Whether the id of `header` holds what it held: what shifts it also shifts everything above it.

        False says nothing: there may be nobody above to bear witness. By the way it is found out whether ids shift,
        if something was deleted between the two.
        """
        witness = self.above(header)
        if witness is None:
            return False
        drift = self._drift
        if not self._was_there(drift.now(header.id)):
            return False
        places = [drift.now(witness.id)]
        if drift.ids_shift is None and len(drift.possible(header.id)) == 1:
            # First where it is if ids shift: then a look-alike that has come since may be where it was.
            places = sorted(drift.possible(witness.id))
        for place in places:
            if await self._still(witness, place):
                if len(places) > 1:
                    drift.ids_shift = place != witness.id
                return True
        return False

    async def recognise(self, header: Header, now: int) -> bool:
        """Whether what has the id `now` and the facts of `header` stands where `header` stood, below what stood above.

        What has come since stands above all of that. What stands below proves little: the rest may have gone. It counts
        only for what was the newest, above which nobody can bear witness.
        """
        if now > header.id or not self._was_there(now):
            return False
        drift = self._drift
        below = self._below_the_newest(header)
        if below is not None:
            return await self._still(below, now - (header.id - below.id))
        for witness in islice(self._all_above(header), _ASKED):
            apart = {one - other for one in drift.possible(witness.id) for other in drift.possible(header.id)}
            for place in sorted(now + steps for steps in apart if steps > 0):
                if await self._still(witness, place):
                    return True
        return False

    def _all_above(self, header: Header) -> Iterator[Header]:
        """Those with a higher id that are still there and that nothing else looks like, the nearest first."""
        witness = self.above(header)
        while witness is not None:
            yield witness
            witness = self.above(witness)

    def _below_the_newest(self, header: Header) -> Header | None:
        """What was listed right below `header`, if that was the newest and nothing here has deleted any."""
        if len(self._listed) < 2 or self._listed[-1] != header or self._drift.at_most:
            return None
        below = self._listed[-2]
        return None if self.twins(below) else below

    def _was_there(self, now: int) -> bool:
        """Whether what has the id `now` can't have come since: where ids shift, new mail stands above all that is left.

        As much as may have gone is reckoned as gone: what comes since can look like the chosen one and its neighbour.
        """
        return not self._drift.ids_shift or now <= self._ids[-1] - self._drift.at_most

    async def _still(self, header: Header, at: int) -> bool:
        if not self._was_there(at):
            return False
        try:
            mail = await self._service.get_message(at)
        except NotFoundError:
            return False
        return Fingerprint.of(header).matches(mail)

    def _key(self, header: Header) -> Key:
        key = self._keys.get(header)
        if key is None:
            key = self._keys[header] = Fingerprint.of(header).key
        return key
