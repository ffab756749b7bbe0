"""What a session remembers: the store behind one thread, the listing in memory, and what becomes of a broken store.

The disk is never touched by the event loop. One thread does all of it, so that what is remembered later was listed
later. A store that fails is replaced by one without a disk: the user is told once, and everything goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from pectui.errors import StoreError
from pectui.session.forgetful import no_store
from pectui.session.unremembered import Unremembered

if TYPE_CHECKING:
    from pectui.domain.listing import ListingChange, Placed, Synced
    from pectui.domain.message import Header
    from pectui.engine.listing import Listing
    from pectui.store.memory import Store

T = TypeVar("T")

_log = logging.getLogger("pectui.session")


class Memory:
    """Fits `engine.mirror.Mirror`."""

    def __init__(self, store: Store | Callable[[], Store] | None, mark: Unremembered | None = None) -> None:
        """What makes a store is called when one is first needed; None: nothing is to outlive the program."""
        self.warnings: list[str] = []
        """What the user should hear of once, such as a memory that can't be used."""
        self.is_lost = False
        """Whether something that was remembered before can't be asked for any more."""
        self._make_store = store if callable(store) else no_store
        self._store = None if callable(store) else store
        self.mark = mark or Unremembered(None)
        """Whether what was shown last, here or by another program, could not be remembered."""
        self._listing: Listing | None = None
        self._disk = _one_thread()
        self._is_closed = False

    @property
    def keeps(self) -> bool:
        """Whether what is listed outlives the program."""
        from pectui.store.memory import MemoryStore

        made_later = self._store is None and self._make_store is not no_store
        return made_later or not isinstance(self._store, MemoryStore | None)

    async def ask(self, work: Callable[[Store], T]) -> T:
        """What `work` finds in the store."""
        return await asyncio.wrap_future(self._submit(self._guarded, work))

    async def on_disk(self, work: Callable[[], T]) -> T:
        """What `work` gives, done in the thread that does everything with the disk."""
        return await asyncio.wrap_future(self._submit(work))

    def begin_on_disk(self, work: Callable[[], object]) -> None:
        """Has `work` done in that thread without waiting for it; it is done before the program ends."""
        self._begin(work)

    def submit(self, work: Callable[[Store], object]) -> None:
        """Has `work` done on the store without waiting for it; it is done before the program ends."""
        self._begin(self._guarded, work)

    def remember_shown(self, headers: Sequence[Header], page: int | None, at: datetime) -> None:
        """From now on the ids of `headers` mean these messages; if that can't be remembered, no id means anything."""
        self._begin(self._remember_shown, headers, page, at)

    async def synced(self) -> Synced:
        return await self.ask(lambda store: store.synced())

    async def listing(self) -> Listing:
        """The listing in memory. The same object for as long as nobody else changes what is remembered."""
        synced = await self.synced()
        if self._listing is None or self._listing.synced.version != synced.version:
            from pectui.engine.listing import Listing

            self._listing = Listing(*await self.ask(lambda store: store.listing()))
        return self._listing

    async def placed(self) -> tuple[Synced, Sequence[Placed]]:
        listing = await self.listing()
        return listing.synced, listing.placed

    async def change(self, change: ListingChange) -> Synced | None:
        synced = await self.ask(lambda store: store.change_listing(change))
        if self._listing is not None:
            if synced is not None and self._listing.synced.version == change.base:
                self._listing.apply(change, synced)
            else:
                self._listing = None
        return synced

    def hand_over(self, change: ListingChange) -> None:
        self._listing = None
        self.submit(lambda store: store.change_listing(change))

    async def take_out(self, gone: Collection[Header]) -> None:
        """Takes what was deleted out of the listing. What ids stand for since then, the next sync finds out."""
        if not gone:
            return
        synced, placed = await self.placed()
        from pectui.domain.listing import ListingChange

        # By id first: comparing a hundred thousand messages whole would hold up whatever else waits.
        wanted = {header.id: header for header in gone}
        removed = tuple(one.header.id for one in placed if wanted.get(one.header.id) == one.header)
        total = None if synced.total is None else max(0, synced.total - len(removed))
        if not synced.ids_proven:
            await self.drop_texts()  # ids may have moved by it
        if removed:
            await self.change(ListingChange(synced.version, replace(synced, total=total), removed=removed))

    async def drop_texts(self) -> None:
        await self.ask(lambda store: store.drop_texts())

    async def close(self) -> None:
        """Waits for what is still to be remembered. Closing twice is fine, and what comes later is remembered too."""
        self._is_closed = True
        await asyncio.to_thread(self._disk.shutdown)

    def _begin(self, work: Callable[..., object], *arguments: object) -> None:
        self._submit(work, *arguments).add_done_callback(self._ended)

    def _submit(self, work: Callable[..., T], *arguments: object) -> Future[T]:
        if self._is_closed:
            # A job that was torn down has still something to remember: after all else.
            before, self._disk, self._is_closed = self._disk, _one_thread(), False
            self._disk.submit(before.shutdown)
        return self._disk.submit(work, *arguments)

    def _ended(self, work: Future[object]) -> None:
        error = work.exception()
        if error is not None:
            _log.error("What was to be remembered was not", exc_info=error)
            self._lose(f"What was listed can't be remembered: an unexpected {type(error).__name__}.")
            self.mark.set()

    def _remember_shown(self, headers: Sequence[Header], page: int | None, at: datetime) -> None:
        if self.mark.is_set:
            # What is remembered from before must not stand for what was shown since.
            self._guarded(lambda store: store.clear())
        self._guarded(lambda store: store.remember(headers, page, at))
        if self.is_lost:
            self.mark.set()
        else:
            self.mark.lift()

    def _lose(self, warning: str) -> None:
        self.is_lost = True
        self.warnings.append(
            f"{warning} pectui goes on without remembering listings: don't use their ids later."
        )

    def _guarded(self, work: Callable[[Store], T]) -> T:
        if self._store is None:
            self._store = self._make_store()
        store = self._store
        try:
            result = work(store)
        except StoreError as error:
            self._lose(f"{error.title}: {error.detail}.")
            store = self._store = self._without_disk(store)
            result = work(store)
        self.warnings.extend(store.take_warnings())
        return result

    def _without_disk(self, broken: Store) -> Store:
        """A store in memory that begins with the listing that is known, if it can be had at all."""
        from pectui.domain.listing import ListingChange

        store = no_store()
        try:
            synced, placed = broken.listing()
        except StoreError:
            if self._listing is None:
                return store
            synced, placed = self._listing.synced, list(self._listing.placed)
        store.change_listing(ListingChange(0, synced, tuple(placed)))
        return store


def _one_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="pectui-store")
