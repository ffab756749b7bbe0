"""The archive of sends on the disk: a table for each day on which something was sent.

It lies in the state folder and is not cleared with the memory of listings. Two programs may learn of one send: what
both know is put together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from tinydb.table import Document

from pectui.domain.send import SendRecord
from pectui.domain.settling import merged
from pectui.errors import StoreError
from pectui.store.lock import PATIENCE
from pectui.store.send_rows import record_of, record_row
from pectui.store.tables import MailboxTables, Unsettled

T = TypeVar("T")

PREFIX = "sends-"
_DAY = 8
"""Digits of a code that tell the day."""

_LOST = "read again where the receipts are still in the mailbox"


class FolderArchive:
    """The archive in `folder`, which is made when there is something to keep."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._tables = MailboxTables(folder, patience, lost=_LOST)

    def records(self) -> list[SendRecord]:
        return self._guarded(lambda: self._tables.look(self._read, mend=self._read_all))

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

    def _read(self) -> list[SendRecord]:
        names = self._names()
        found = self._read_all()
        if self._names() != names:
            raise Unsettled
        return found

    def _read_all(self) -> list[SendRecord]:
        found: list[SendRecord] = []
        for name in sorted(self._names()):
            for row in self._tables.table(name):
                record = record_of(str(row.doc_id), row)
                if record is not None:
                    found.append(record)
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
