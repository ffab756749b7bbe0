"""What a sync writes down: each step is kept before it counts, and only on what it was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pectui.domain.listing import ListingChange, Synced
from pectui.engine.mirror import Mirror
from pectui.engine.placing import Edit
from pectui.engine.progress import Changed


class Outpaced(Exception):
    """Another program changed the remembered listing meanwhile."""


class Ledger:
    """`synced` is what holds of the remembered listing after the last step."""

    def __init__(self, mirror: Mirror, clock: Callable[[], datetime]) -> None:
        self.synced = Synced()
        self.opened_at = clock()
        """When the first page was read that this round goes by: what is claimed is claimed for then."""
        self.ids_proven = False
        """Whether that page proved ids stable."""
        self.new = 0
        self.gone = 0
        self.clock = clock
        self.mirror = mirror

    async def agree(self, done: Edit, total: int | None, *, agreed: bool = True) -> Changed:
        """Keeps what was found, and that the service agrees with it now; or that it may not."""
        at = self.opened_at if agreed else None
        return await self.keep(done, replace(self.synced, total=total, agreed_at=at))

    async def keep(self, done: Edit, synced: Synced) -> Changed:
        """Keeps what was found and what holds then. Outpaced if it was made from what holds no more."""
        if done.moved:
            await self.mirror.drop_texts()
        change = self._made_of(done, synced)
        stored = await self.mirror.change(change)
        if stored is None:
            raise Outpaced
        self.synced = stored
        self.new += done.new
        self.gone += done.gone
        return Changed(change, stored)

    def hand_over(self, done: Edit, synced: Synced) -> None:
        """The same for who can't wait any more."""
        self.mirror.hand_over(self._made_of(done, synced))

    async def note_shift(self, seen: bool) -> None:
        """Ids turned out to shift: texts that were kept under them may be those of other messages."""
        if seen and not self.synced.ids_shift:
            self.synced = replace(self.synced, ids_shift=True)
            await self.mirror.drop_texts()

    def _made_of(self, done: Edit, synced: Synced) -> ListingChange:
        highest = max([synced.highest, *(one.rank for one in done.put)])
        proven = not synced.ids_shift and (self.ids_proven or synced.ids_proven)
        after = replace(synced, highest=highest, ids_proven=proven)
        return ListingChange(self.synced.version, after, done.put, done.removed)
