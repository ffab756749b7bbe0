"""What every store offers, and the one that forgets when the program ends: for the demo, without any disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Protocol

from pectui.domain.listing import Kept, KeptText, ListingChange, Placed, Synced, storable
from pectui.domain.message import Header
from pectui.store.front import front_after, front_of, place, stored
from pectui.store.limits import DEFAULT_LIMITS, TextLimits, utc_now
from pectui.store.remembered import Finding, Remembered, Summary, in_utc, synced_in_utc


class Store(Protocol):
    """What is remembered of one mailbox. Methods may be called from any thread, and may wait for the disk.

    Each raises StoreError where a file can't be read or written; the program can go on without a memory then.

    Three things are remembered beside each other, none of which changes another: what was *shown* under an id
    (`remember` and what follows it), the *listing* of the whole mailbox as the service would give it, and *texts*.
    """

    def remember(self, headers: Iterable[Header], page: int | None, listed_at: datetime) -> None:
        """What a listing showed. Once this returns it outlives the program, however that ends."""

    def recall(self, message_id: int) -> Remembered | None:
        """What the last listing showed under this id."""

    def recall_many(self, ids: Iterable[int]) -> dict[int, Remembered]:
        """The same for many ids at once, which costs about as much as one; ids never listed are left out."""

    def forget(self, ids: Iterable[int]) -> None:
        """These are gone. Ids that were never remembered don't matter."""

    def summary(self) -> Summary:
        """How much is remembered, counted now."""

    def clear(self) -> None:
        """Forgets everything: listing, texts, findings and what was set aside included.

        The listing's version still grows: what another program made from the listing before doesn't fit any more.
        """

    def remember_finding(self, stable_ids: bool, at: datetime) -> None:
        """Whether ids are stable on this mailbox's server, as a job found out."""

    def finding(self) -> Finding | None:
        """The last finding."""

    def has_gaps(self) -> bool:
        """Whether something that was remembered could not be read: an id that isn't known may have been listed."""

    def take_warnings(self) -> tuple[str, ...]:
        """What the user should hear of since the last call, each once: such as a file that can't be read."""

    def synced(self) -> Synced:
        """How far the listing can be trusted; version 0 where there is none. As quick for a long listing as for a
        short one."""

    def listing(self) -> tuple[Synced, list[Placed]]:
        """The whole listing, the highest rank first, and how far it can be trusted at the same moment."""

    def change_listing(self, change: ListingChange) -> Synced | None:
        """Changes the listing as a whole and gives what holds then; None, and nothing changed, if the listing's
        version is not the one that the change was made from. Once this returns it outlives the program.
        """

    def keep_text(self, header: Header, body: str, read_at: datetime) -> None:
        """Keeps a text, within the store's limits: what is longer than they allow is not kept."""

    def text(self, header: Header) -> KeptText | None:
        """The text of just this message, if it is still kept: another message's under the same id is not it."""

    def drop_texts(self) -> None:
        """Forgets all texts, such as when ids turn out to say nothing."""

    def kept(self) -> Kept:
        """How much is kept, counted now."""


class MemoryStore:
    """A store without a disk."""

    def __init__(
        self, *, limits: TextLimits = DEFAULT_LIMITS, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._mutex = Lock()
        self._messages: dict[int, Remembered] = {}
        self._finding: Finding | None = None
        self._synced = Synced()
        self._front: tuple[Placed, ...] = ()
        self._placed: dict[int, Placed] = {}
        self._texts: dict[int, tuple[KeptText, int]] = {}  # with its bytes

    def remember(self, headers: Iterable[Header], page: int | None, listed_at: datetime) -> None:
        at = in_utc(listed_at)
        fresh = {header.id: Remembered(storable(header), page, at) for header in headers}
        with self._mutex:
            self._messages.update(fresh)

    def recall(self, message_id: int) -> Remembered | None:
        with self._mutex:
            return self._messages.get(message_id)

    def recall_many(self, ids: Iterable[int]) -> dict[int, Remembered]:
        with self._mutex:
            return {one: self._messages[one] for one in sorted(set(ids)) if one in self._messages}

    def forget(self, ids: Iterable[int]) -> None:
        with self._mutex:
            for message_id in ids:
                self._messages.pop(message_id, None)

    def summary(self) -> Summary:
        with self._mutex:
            times = [remembered.listed_at for remembered in self._messages.values()]
        return Summary(len(times), 0, min(times, default=None), max(times, default=None))

    def clear(self) -> None:
        with self._mutex:
            self._messages.clear()
            self._finding = None
            self._placed.clear()
            self._texts.clear()
            self._front = ()
            version = self._synced.version
            self._synced = Synced(version=version + 1) if version else Synced()

    def remember_finding(self, stable_ids: bool, at: datetime) -> None:
        with self._mutex:
            self._finding = Finding(stable_ids, in_utc(at))

    def finding(self) -> Finding | None:
        with self._mutex:
            return self._finding

    def has_gaps(self) -> bool:
        return False

    def take_warnings(self) -> tuple[str, ...]:
        return ()

    def synced(self) -> Synced:
        with self._mutex:
            return self._synced

    def listing(self) -> tuple[Synced, list[Placed]]:
        with self._mutex:
            return self._synced, sorted(self._placed.values(), key=place, reverse=True)

    def change_listing(self, change: ListingChange) -> Synced | None:
        put = {one.header.id: replace(one, header=storable(one.header)) for one in change.put}
        with self._mutex:
            if change.base != self._synced.version:
                return None
            front = front_after(self._front, len(self._placed), put, change.removed)
            for message_id in change.removed:
                self._placed.pop(message_id, None)
            self._placed.update(put)
            self._front = front_of(self._placed.values()) if front is None else front
            self._synced = stored(
                synced_in_utc(change.synced), change.base + 1, len(self._placed), self._front
            )
            return self._synced

    def keep_text(self, header: Header, body: str, read_at: datetime) -> None:
        size = len(body.encode("utf-8", "surrogatepass"))
        with self._mutex:
            self._texts.pop(header.id, None)
            if size <= self._limits.bytes_each:
                self._texts[header.id] = KeptText(storable(header), body, in_utc(read_at)), size
            self._drop_old_texts()

    def text(self, header: Header) -> KeptText | None:
        with self._mutex:
            kept, _ = self._texts.get(header.id, (None, 0))
        fits = kept is not None and kept.header == storable(header) and not self._is_old(kept)
        return kept if fits else None

    def drop_texts(self) -> None:
        with self._mutex:
            self._texts.clear()

    def kept(self) -> Kept:
        with self._mutex:
            self._drop_old_texts()
            return Kept(len(self._placed), len(self._texts), 0, 0)

    def _drop_old_texts(self) -> None:
        room = self._limits.bytes_in_all
        for kept, size in sorted(self._texts.values(), key=lambda text: text[0].read_at, reverse=True):
            room -= size
            if room < 0 or self._is_old(kept):
                del self._texts[kept.header.id]

    def _is_old(self, kept: KeptText) -> bool:
        return kept.read_at < self._clock() - self._limits.age
