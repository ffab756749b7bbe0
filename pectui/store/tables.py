"""The tables of one mailbox: looked at without a lock, changed under one, and left alone if they are a newer pectui's.

Reading takes no lock: a file is whole at any moment, and if files came or went meanwhile the look is taken again.
Writing holds the folder's lock for the whole of reading, changing and writing. Knows nothing of what the rows mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from tinydb import TinyDB
from tinydb.table import Document, Table

from pectui.errors import StoreError
from pectui.store import files
from pectui.store.lock import locked
from pectui.store.storage import FETCHED_AGAIN, BrokenTable, FolderStorage

T = TypeVar("T")

SCHEMA = 1
"""What the files mean. A folder with a higher number belongs to a newer pectui and is left alone."""

META = "meta"
"""The table that is written last: what holds of all others."""

_SCHEMA_ROW = 1

_LOOKS = 3
"""How often a look is taken without the lock while another program adds and removes files."""


class Unsettled(Exception):
    """What was found doesn't fit together: another program is writing, or something is missing."""


class MailboxTables:
    """TinyDB over `folder`, which is made when something is written."""

    def __init__(self, folder: Path, patience: float, *, lost: str = FETCHED_AGAIN) -> None:
        """`patience` is for how many seconds a lock is waited for; `lost` what becomes of what a broken table held."""
        self.folder = folder
        self._patience = patience
        self._mutex = Lock()
        self._tables = TinyDB(folder, last=META, lost=lost, storage=FolderStorage)

    @property
    def storage(self) -> FolderStorage:
        storage = self._tables.storage
        assert isinstance(storage, FolderStorage)
        return storage

    def table(self, name: str) -> Table:
        return self._tables.table(name, cache_size=0)

    def drop(self, name: str) -> None:
        self._tables.drop_table(name)

    def drop_all(self) -> None:
        self._tables.drop_tables()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the lock; what is changed meanwhile is on the disk afterwards."""
        files.make_folder(self.folder)
        with locked(self.folder, self._patience), self._mutex, self.storage.batch():
            self._check_schema()
            yield

    def look(self, look: Callable[[], T], *, mend: Callable[[], T] | None = None) -> T:
        """What `look` finds; under the lock only if a file must be set aside, or if others don't rest.

        There `mend` is called instead, which may change tables; it may not find anything unsettled.
        """
        for _ in range(_LOOKS):
            try:
                with self._mutex:
                    files.folder_exists(self.folder)  # raises where it is not ours
                    self._check_schema()
                    return look()
            except Unsettled:
                continue
            except BrokenTable:
                # Not under the lock: another program may be mending it. The next look mends it itself.
                break
        with self.writing():
            return (mend or look)()

    def with_mutex(self, work: Callable[[], T]) -> T:
        """What `work` finds while no other thread is at the tables."""
        with self._mutex:
            return work()

    def meta(self, number: int) -> Mapping[str, Any] | None:
        """A row of the table that is written last."""
        return self.table(META).get(doc_id=number)

    def put_meta(self, number: int, row: Mapping[str, Any]) -> None:
        """Puts that row there, and marks the folder as one of this pectui's format."""
        self.table(META).upsert(Document(row, number))
        self.mark()

    def mark(self) -> None:
        """Says of which format the folder is."""
        if self.meta(_SCHEMA_ROW) != {"schema": SCHEMA}:
            self.table(META).upsert(Document({"schema": SCHEMA}, _SCHEMA_ROW))

    def _check_schema(self) -> None:
        row = self.meta(_SCHEMA_ROW)
        schema = row.get("schema") if row else None
        if schema is not None and (not isinstance(schema, int) or schema > SCHEMA):
            raise StoreError(
                "What was remembered is of a newer pectui",
                f"{self.folder} has format {str(schema)[:20]}, this pectui knows {SCHEMA}",
                "Update pectui, or remove that folder: it is only a cache.",
            )
