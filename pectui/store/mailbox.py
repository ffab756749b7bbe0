"""What pectui remembers of one mailbox: TinyDB over a folder of small files, safe from kills and other writers.

Reading takes no lock: a file is whole at any moment, and if files came or went meanwhile the look is taken again.
Writing holds the folder's lock for the whole of reading, changing and writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from tinydb import TinyDB
from tinydb.table import Document, Table

from pectui.domain.message import Header
from pectui.errors import StoreError
from pectui.store import files
from pectui.store.blocks import MERGE_BELOW, ROOMY, Blocks, Start, parts, table_of
from pectui.store.lock import PATIENCE, locked
from pectui.store.remembered import Finding, Remembered, Summary
from pectui.store.rows import finding_of, finding_row, message_row, remembered_of, summary_of
from pectui.store.storage import BROKEN, BrokenTable, FolderStorage

T = TypeVar("T")

SCHEMA = 1
"""What the files mean. A folder with a higher number belongs to a newer pectui and is left alone."""

_META = "meta"
_SCHEMA_ROW = 1
_FINDING_ROW = 2

_LOOKS = 3
"""How often a look is taken without the lock while another program adds and removes files."""


class MailboxStore:
    """The memory in `folder`, which is made when there is something to remember. Fits `memory.Store`."""

    def __init__(self, folder: Path, *, patience: float = PATIENCE) -> None:
        self._folder = folder
        self._patience = patience
        self._mutex = Lock()
        self._tables = TinyDB(folder, last=_META, storage=FolderStorage)

    def remember(self, headers: Iterable[Header], page: int | None, listed_at: datetime) -> None:
        fresh = {header.id: message_row(header, page, listed_at) for header in headers}
        if not fresh:
            return
        with self._writing() as blocks:
            for start, ids in blocks.sorted_out(fresh):
                rows = self._rows(blocks, start)
                rows.update((message_id, fresh[message_id]) for message_id in ids)
                self._put(blocks, start, rows)
            self._mark()

    def recall(self, message_id: int) -> Remembered | None:
        return self.recall_many((message_id,)).get(message_id)

    def recall_many(self, ids: Iterable[int]) -> dict[int, Remembered]:
        wanted = set(ids)
        return self._look(lambda blocks: dict(self._recalled(blocks, wanted)))

    def forget(self, ids: Iterable[int]) -> None:
        if not files.folder_exists(self._folder):
            return
        with self._writing() as blocks:
            for start, of_block in blocks.sorted_out(ids):
                gone = set(of_block)
                rows = self._rows(blocks, start)
                left = {message_id: row for message_id, row in rows.items() if message_id not in gone}
                if len(left) < len(rows):
                    self._shrink(blocks, start, left)

    def summary(self) -> Summary:
        return self._look(lambda blocks: summary_of(self._all_rows(blocks), self._storage.size()))

    def clear(self) -> None:
        if not files.folder_exists(self._folder):
            return
        with self._writing():
            self._tables.drop_tables()
            self._storage.discard_leftovers()

    def remember_finding(self, stable_ids: bool, at: datetime) -> None:
        with self._writing():
            self._table(_META).upsert(Document(finding_row(stable_ids, at), _FINDING_ROW))
            self._mark()

    def finding(self) -> Finding | None:
        row = self._look(lambda _: self._row(_META, _FINDING_ROW))
        return None if row is None else finding_of(row)

    def has_gaps(self) -> bool:
        with self._mutex:
            return any(BROKEN in name for name in files.entries(self._folder))

    def take_warnings(self) -> tuple[str, ...]:
        with self._mutex:
            return self._storage.take_warnings()

    @property
    def _storage(self) -> FolderStorage:
        storage = self._tables.storage
        assert isinstance(storage, FolderStorage)
        return storage

    @contextmanager
    def _writing(self) -> Iterator[Blocks]:
        """The blocks as they are, under the lock; what is changed in them is on the disk afterwards."""
        files.make_folder(self._folder)
        with locked(self._folder, self._patience), self._mutex, self._storage.batch():
            self._check_schema()
            yield Blocks(self._storage.names())

    def _look(self, look: Callable[[Blocks], T]) -> T:
        """What `look` finds; under the lock only if a file must be set aside, or if others don't rest."""
        try:
            for _ in range(_LOOKS):
                with self._mutex:
                    names = self._storage.names()
                    self._check_schema()
                    found = look(Blocks(names))
                    if self._storage.names() == names:
                        return found
        except BrokenTable:
            pass  # not under the lock: another program may be mending it. The next look mends it itself.
        with self._writing() as blocks:
            return look(blocks)

    def _check_schema(self) -> None:
        row = self._row(_META, _SCHEMA_ROW)
        schema = row.get("schema") if row else None
        if isinstance(schema, int) and schema > SCHEMA:
            raise StoreError(
                "What was remembered is of a newer pectui",
                f"{self._folder} has format {schema}, this pectui knows {SCHEMA}",
                "Update pectui, or remove that folder: it is only a cache.",
            )

    def _mark(self) -> None:
        if self._row(_META, _SCHEMA_ROW) != {"schema": SCHEMA}:
            self._table(_META).upsert(Document({"schema": SCHEMA}, _SCHEMA_ROW))

    def _recalled(self, blocks: Blocks, ids: Iterable[int]) -> Iterator[tuple[int, Remembered]]:
        for start, of_block in blocks.sorted_out(ids):
            table = self._table(table_of(start))
            for message_id in of_block:
                row = table.get(doc_id=message_id)
                remembered = None if row is None else remembered_of(message_id, row)
                if remembered is not None:
                    yield message_id, remembered

    def _all_rows(self, blocks: Blocks) -> Iterator[Mapping[str, Any]]:
        for start in blocks:
            yield from self._rows(blocks, start).values()

    def _rows(self, blocks: Blocks, start: Start) -> dict[int, Mapping[str, Any]]:
        first, end = blocks.limits(start)
        return {row.doc_id: row for row in self._table(table_of(start)) if first <= row.doc_id < end}

    def _put(self, blocks: Blocks, start: Start, rows: Mapping[int, Mapping[str, Any]]) -> None:
        lowest, *upper = parts(sorted(rows))
        for part in reversed(upper):
            self._fill(part[0], part, rows)
            blocks.add(part[0])
        self._fill(start, lowest, rows)

    def _fill(self, start: Start, ids: Iterable[int], rows: Mapping[int, Mapping[str, Any]]) -> None:
        table = self._table(table_of(start))
        table.truncate()
        table.insert_multiple(Document(rows[message_id], message_id) for message_id in ids)

    def _shrink(self, blocks: Blocks, start: Start, left: Mapping[int, Mapping[str, Any]]) -> None:
        """Puts what is left of a block, in the block below if it is little."""
        if start is not None and len(left) < MERGE_BELOW:
            below = blocks.below(start)
            merged = {**self._rows(blocks, below), **left}
            if not left or len(merged) <= ROOMY:
                # Written even if nothing joins it: no stale copy in it may fall into the range that it takes over.
                self._put(blocks, below, merged)
                self._tables.drop_table(table_of(start))
                blocks.remove(start)
                return
        self._put(blocks, start, left)

    def _row(self, table: str, number: int) -> Document | None:
        return self._table(table).get(doc_id=number)

    def _table(self, name: str) -> Table:
        return self._tables.table(name, cache_size=0)
