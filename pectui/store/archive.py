"""What became of sends, kept when their receipts are deleted.

This is no cache: what was read out of a receipt that is gone can't be read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Protocol

from pectui.domain.send import SendRecord
from pectui.domain.settling import merged


class Archive(Protocol):
    """What was learned of the sends of one mailbox. Methods may be called from any thread; each raises StoreError."""

    def records(self) -> list[SendRecord]:
        """All that was ever kept, the latest send last."""

    def news(self) -> list[SendRecord]:
        """What was kept since `records` or this was last asked, by whatever program. Quick where that is nothing."""

    def keep(self, records: Iterable[SendRecord]) -> None:
        """Puts these together with what is known of the same sends. Once this returns it outlives the program."""

    def take_warnings(self) -> tuple[str, ...]:
        """What the user should hear of since the last call, each once."""


class MemoryArchive:
    """Forgets when the program ends: for the demo, and for those who may keep nothing of a mail."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._records: dict[str, SendRecord] = {}
        self._kept: set[str] = set()

    def records(self) -> list[SendRecord]:
        with self._mutex:
            self._kept.clear()
            return [self._records[code] for code in sorted(self._records)]

    def news(self) -> list[SendRecord]:
        with self._mutex:
            kept, self._kept = self._kept, set()
            return [self._records[code] for code in sorted(kept)]

    def keep(self, records: Iterable[SendRecord]) -> None:
        with self._mutex:
            for record in records:
                self._records[record.code] = merged(self._records.get(record.code), record)
                self._kept.add(record.code)

    def take_warnings(self) -> tuple[str, ...]:
        return ()
