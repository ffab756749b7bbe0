"""The archive of sends on the disk: a table for each day on which something was sent.

It lies in the state folder and is not cleared with the memory of listings. Two programs may learn of one send: what
both know is put together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tinydb.table import Document

from pectui.domain.send import SendRecord
from pectui.domain.settling import merged
from pectui.errors import StoreError
from pectui.store import files
from pectui.store.lock import PATIENCE
from pectui.store.send_rows import edition_of, record_of, record_row
from pectui.store.storage import SUFFIX
from pectui.store.tables import MailboxTables, Unsettled

T = TypeVar("T")

PREFIX = "sends-"
_DAY = 8
"""Digits of a code that tell the day."""

_LOST = "read again where the receipts are still in the mailbox"


_SETTLED_AFTER = 1_000_000_000
"""Nanoseconds after which a change of a folder has a time of its own: clocks of file systems tick in large steps."""


@dataclass(slots=True)
class _Seen:
    """What the last look has found, to know by it what is new."""

    folder: files.Signature | None = None
    """The folder's own, where nothing can have changed in it that this would not show."""
    tables: dict[str, files.Signature | None] = field(default_factory=dict)
    rows: dict[int, object] = field(default_factory=dict)
    """Each row's edition, by its code."""


class FolderArchive:
    """The archive in `folder`, which is made when there is something to keep."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._tables = MailboxTables(folder, patience, lost=_LOST)
        self._seen = _Seen()

    def records(self) -> list[SendRecord]:
        self._seen = _Seen()
        return self._guarded(lambda: self._tables.look(self._read, mend=self._read_changed))

    def news(self) -> list[SendRecord]:
        return self._guarded(self._read_news)

    def keep(self, records: Iterable[SendRecord]) -> None:
        by_day: dict[str, list[SendRecord]] = {}
        for record in records:
            by_day.setdefault(record.code[:_DAY], []).append(record)
        if by_day:
            self._guarded(lambda: self._keep(by_day))

    def take_warnings(self) -> tuple[str, ...]:
        return self._tables.with_mutex(self._tables.storage.take_warnings)

    def _keep(self, by_day: dict[str, list[SendRecord]]) -> None:
        with self._tables.writing():
            for day, records in by_day.items():
                table = self._tables.table(PREFIX + day)
                rows = {row.doc_id: row for row in table}
                for record in records:
                    number = int(record.code)
                    before = record_of(record.code, rows[number]) if number in rows else None
                    rows[number] = Document(record_row(merged(before, record)), number)
                table.truncate()
                table.insert_multiple(rows.values())
            self._tables.mark()

    def _read_news(self) -> list[SendRecord]:
        if self._seen.folder is not None and files.signature(self._folder) == self._seen.folder:
            return []
        return self._tables.look(self._read, mend=self._read_changed)

    def _read(self) -> list[SendRecord]:
        names, seen = self._names(), self._seen
        found = self._read_changed()
        if self._names() != names:
            self._seen = seen
            raise Unsettled
        return found

    def _read_changed(self) -> list[SendRecord]:
        """The records that were not seen before as they are now."""
        seen = _Seen(_at_rest(self._folder), dict(self._seen.tables), dict(self._seen.rows))
        found: list[SendRecord] = []
        for name in sorted(self._names()):
            # Asked before it is read: what is replaced in between is read once more.
            signature = files.signature(self._folder / f"{name}{SUFFIX}")
            if signature == self._seen.tables.get(name):
                continue
            for row in self._tables.table(name):
                if self._seen.rows.get(row.doc_id) != (edition := edition_of(row)):
                    record = record_of(str(row.doc_id), row)
                    seen.rows[row.doc_id] = edition
                    if record is not None:
                        found.append(record)
            seen.tables[name] = signature
        self._seen = seen
        return sorted(found, key=lambda record: record.code)

    def _names(self) -> set[str]:
        return {name for name in self._tables.storage.names() if name.startswith(PREFIX)}

    def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except StoreError as error:
            hint = (
                f"It is no cache: what is in {self._folder} can't be fetched again. Mend it, or move it away."
            )
            raise StoreError("What became of the sends can't be kept", error.detail, hint) from error


def _at_rest(folder: Path) -> files.Signature | None:
    """The folder's signature; None where it changed a moment ago, since the next change may look the same."""
    signature = files.signature(folder)
    if signature is None or time.time_ns() - signature[0] < _SETTLED_AFTER:
        return None
    return signature
