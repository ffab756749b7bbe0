"""What every store offers, and the one that forgets when the program ends: for the demo, without any disk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import Protocol

from pectui.domain.listing import storable
from pectui.domain.message import Header
from pectui.store.remembered import Finding, Remembered, Summary, in_utc


class Store(Protocol):
    """What is remembered of one mailbox. Methods may be called from any thread, and may wait for the disk.

    Each raises StoreError where a file can't be read or written; the program can go on without a memory then.
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
        """Forgets everything, findings and what was set aside included."""

    def remember_finding(self, stable_ids: bool, at: datetime) -> None:
        """Whether ids are stable on this mailbox's server, as a job found out."""

    def finding(self) -> Finding | None:
        """The last finding."""

    def has_gaps(self) -> bool:
        """Whether something that was remembered could not be read: an id that isn't known may have been listed."""

    def take_warnings(self) -> tuple[str, ...]:
        """What the user should hear of since the last call, each once: such as a file that can't be read."""


class MemoryStore:
    """A store without a disk."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._messages: dict[int, Remembered] = {}
        self._finding: Finding | None = None

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
