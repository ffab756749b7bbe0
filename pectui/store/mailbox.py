"""What pectui remembers of one mailbox in a folder of small files, safe from kills and other writers.

Three things stand beside each other: what was shown (`shown`), the listing (`listing`) and texts (`texts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from pectui.domain.listing import Kept, KeptText, ListingChange, Placed, Synced
from pectui.domain.message import Header
from pectui.store import files
from pectui.store.limits import DEFAULT_LIMITS, TextLimits, utc_now
from pectui.store.listing import RememberedListing
from pectui.store.listing_blocks import PREFIX
from pectui.store.lock import PATIENCE
from pectui.store.remembered import Finding, Remembered, Summary
from pectui.store.shown import ShownMessages
from pectui.store.storage import BROKEN
from pectui.store.tables import MailboxTables
from pectui.store.texts import KeptTexts


class MailboxStore:
    """The memory in `folder`, which is made when there is something to remember. Fits `memory.Store`."""

    def __init__(
        self,
        folder: Path,
        *,
        patience: float = PATIENCE,
        limits: TextLimits = DEFAULT_LIMITS,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._folder = folder
        self._tables = MailboxTables(folder, patience)
        self._shown = ShownMessages(self._tables)
        self._listing = RememberedListing(self._tables)
        self._texts = KeptTexts(folder / "texts", limits, clock)

    def remember(self, headers: Iterable[Header], page: int | None, listed_at: datetime) -> None:
        self._shown.remember(headers, page, listed_at)

    def recall(self, message_id: int) -> Remembered | None:
        return self.recall_many((message_id,)).get(message_id)

    def recall_many(self, ids: Iterable[int]) -> dict[int, Remembered]:
        return self._shown.recall_many(ids)

    def forget(self, ids: Iterable[int]) -> None:
        if files.folder_exists(self._folder):
            self._shown.forget(ids)

    def summary(self) -> Summary:
        return self._shown.summary()

    def remember_finding(self, stable_ids: bool, at: datetime) -> None:
        self._shown.remember_finding(stable_ids, at)

    def finding(self) -> Finding | None:
        return self._shown.finding()

    def synced(self) -> Synced:
        return self._listing.synced()

    def listing(self) -> tuple[Synced, list[Placed]]:
        return self._listing.listing()

    def change_listing(self, change: ListingChange) -> Synced | None:
        return self._listing.change(change)

    def keep_text(self, header: Header, body: str, read_at: datetime) -> None:
        self._tables.look(lambda: None)  # a newer pectui's folder is left alone
        self._texts.keep(header, body, read_at)

    def text(self, header: Header) -> KeptText | None:
        self._tables.look(lambda: None)
        return self._texts.get(header)

    def drop_texts(self) -> None:
        self._tables.look(lambda: None)
        self._texts.drop()

    def kept(self) -> Kept:
        messages = self.synced().count
        texts, text_bytes = self._texts.size()
        size = self._tables.with_mutex(self._tables.storage.size)
        return Kept(messages, texts, text_bytes, size + text_bytes)

    def clear(self) -> None:
        if not files.folder_exists(self._folder):
            return
        with self._tables.writing():
            self._listing.clear()
            self._tables.storage.discard_leftovers()
        self._texts.drop()

    def has_gaps(self) -> bool:
        # What is missing in the listing was never shown under an id, or is remembered as shown all the same.
        names = self._tables.with_mutex(lambda: files.entries(self._folder))
        return any(BROKEN in name and not name.startswith(PREFIX) for name in names)

    def take_warnings(self) -> tuple[str, ...]:
        return (*self._tables.with_mutex(self._tables.storage.take_warnings), *self._texts.take_warnings())
