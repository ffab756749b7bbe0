"""What a sync asks of whoever remembers the listing. The engine never sees the disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pectui.domain.listing import ListingChange, Placed, Synced


class Mirror(Protocol):
    """The remembered listing. Whoever fails to remember says so elsewhere and goes on in memory: nothing raises."""

    async def synced(self) -> Synced:
        """How far the listing can be trusted. Quick, however long the listing is."""

    async def placed(self) -> tuple[Synced, Sequence[Placed]]:
        """The whole listing, the highest rank first, and what holds of it."""

    async def change(self, change: ListingChange) -> Synced | None:
        """What holds afterwards; None if the listing changed since `change.base`, and then nothing was done."""

    def hand_over(self, change: ListingChange) -> None:
        """The same without waiting, for who is being cancelled: it is done before the program ends."""

    async def drop_texts(self) -> None:
        """Forgets every text that was kept: ids say no more which message they belong to."""
