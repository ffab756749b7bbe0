"""TinyDB's storage as pectui needs it: a folder, a file for each table, each replaced as a whole.

TinyDB reads and writes all tables at once. Here it gets a mapping that reads a table's file when the table is
asked for, and only the tables that were changed are written. The files are not atomic together: for the order see
`FolderStorage.batch`. Knows nothing of messages; locking is the caller's task, around its whole operation.
"""

from __future__ import annotations

import json
import re
import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from tinydb.storages import Storage

from pectui.errors import StoreError
from pectui.store import files

Rows: TypeAlias = dict[str, dict[str, Any]]
"""A table as TinyDB stores it: documents by their id, which is a string here."""

SUFFIX = ".json"
FETCHED_AGAIN = "fetched again"
BROKEN = ".json.broken-"
_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]*")


class BrokenTable(StoreError):
    """A table's file can't be parsed. In a batch, which holds the lock, it is set aside instead."""

    def __init__(self, path: Path) -> None:
        super().__init__("A file of the cache can't be read", str(path), "Remove it: it is only a cache.")


class Known(NamedTuple):
    """A table as it was last read or written, and the file it was."""

    signature: files.Signature
    rows: Rows


class FolderStorage(Storage):
    """The tables in `folder`. The table `last` is written after all others; `kept` tables stay in memory.

    `lost` says what becomes of what a broken table held.
    """

    def __init__(self, folder: Path, *, last: str, kept: int = 16, lost: str = FETCHED_AGAIN) -> None:
        self._folder = folder
        self._last = last
        self._kept = kept
        self._lost = lost
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._pending: dict[str, Rows | None] = {}
        self._listed: tuple[list[str], frozenset[str]] = ([], frozenset())
        self._in_batch = False
        self._ahead: list[str] = []
        self._superseded: set[str] = set()
        self._warnings: list[str] = []

    def read(self) -> Tables:  # type: ignore[override]  # TinyDB asks for a dict and uses it as a mapping
        return Tables(self)

    def write(self, data: Mapping[str, Rows]) -> None:
        """Takes the tables that `data` changed; outside of a batch they are on the disk when this returns."""
        changed = data.changed if isinstance(data, Tables) else {**dict.fromkeys(self.names()), **data}
        if self._in_batch:
            self._pending.update(changed)
            return
        with self.batch():
            self._pending.update(changed)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Gathers what is written and puts it on the disk at the end, or nothing of it if the block raises.

        Files are written in the order in which their tables were first changed, then tables are removed, then
        the last table follows: a kill between two files leaves a beginning of this, never a part of a file.
        What was superseded goes after all.
        """
        files.make_folder(self._folder)
        self._in_batch = True
        done = False
        try:
            yield
            self.flush()
            done = True
        finally:
            self._in_batch = False
            self._pending.clear()
            self._superseded.clear()
            if not done:
                self._known.clear()  # documents in there may have been changed in place
                self._remove_now(self._ahead)
            self._ahead.clear()

    def flush(self) -> None:
        """Puts on the disk at once what the batch has gathered so far, in the batch's order."""
        self._commit()
        self._pending.clear()
        self._ahead.clear()
        self._remove_now(self._superseded)
        self._superseded.clear()

    def put_ahead(self, name: str, rows: Rows) -> None:
        """Puts a table on the disk before the batch ends, for a table whose name nothing refers to until then.

        It need not wait in memory for the others. If the batch fails it is removed again.
        """
        self._ahead.append(name)
        self._put({name: rows})

    def supersede(self, names: Iterable[str]) -> None:
        """Removes these tables when all else is on the disk. A kill before may leave some of them."""
        self._superseded.update(names)

    def warn(self, warning: str) -> None:
        """Something that the user should hear of."""
        self._warnings.append(warning)

    def names(self) -> frozenset[str]:
        """The tables there are at this moment."""
        entries = files.entries(self._folder)
        if entries != self._listed[0]:
            found = (name.removesuffix(SUFFIX) for name in entries if name.endswith(SUFFIX))
            self._listed = entries, frozenset(name for name in found if _NAME.fullmatch(name))
        if not self._pending:
            return self._listed[1]
        written = {name for name, rows in self._pending.items() if rows is not None}
        return self._listed[1] - self._pending.keys() | written

    def load(self, name: str) -> Rows:
        """The table's documents, read again if another program replaced them. KeyError if there are none."""
        if name in self._pending:
            pending = self._pending[name]
            if pending is None:
                raise KeyError(name)
            return pending
        path = self._path(name)
        known = self._known.get(name)
        if known and known.signature == files.signature(path):
            self._known.move_to_end(name)
            return known.rows
        found = files.read_file(path)
        if found is None:
            self._known.pop(name, None)
            raise KeyError(name)
        content, signature = found
        try:
            rows = _decoded(content)
        except (ValueError, RecursionError):
            if not self._in_batch:
                raise BrokenTable(path) from None
            rows, signature = {}, self._set_aside(path)
        self._keep(name, Known(signature, rows))
        return rows

    def size(self) -> int:
        """Bytes on the disk, with what was set aside."""
        found = (
            files.signature(self._folder / name) for name in files.entries(self._folder) if _is_ours(name)
        )
        return sum(signature[1] for signature in found if signature)

    def discard_leftovers(self) -> None:
        """Removes what was set aside, and what a killed program left, now."""
        names = files.entries(self._folder)
        files.remove_files(self._folder, [name for name in names if BROKEN in name or _is_orphan(name)])

    def take_warnings(self) -> tuple[str, ...]:
        """What was set aside since the last call."""
        taken, self._warnings = tuple(self._warnings), []
        return taken

    def _commit(self) -> None:
        if not self._pending:
            return
        # Under the lock nobody else is writing: what looks like being written is what a killed program left.
        files.remove_files(self._folder, filter(_is_orphan, files.entries(self._folder)))
        last = {self._last: self._pending.pop(self._last)} if self._last in self._pending else {}
        self._put(self._pending)
        self._put(last)

    def _put(self, tables: Mapping[str, Rows | None]) -> None:
        for name, rows in tables.items():
            if rows is not None:
                self._keep(name, Known(files.replace_file(self._path(name), _encoded(rows)), rows))
        removed = [name for name, rows in tables.items() if rows is None]
        files.remove_files(self._folder, (self._path(name).name for name in removed))
        for name in removed:
            self._known.pop(name, None)

    def _remove_now(self, names: Collection[str]) -> None:
        """Removes tables that nothing refers to. Where that fails they take up some room, and no more."""
        for name in names:
            self._known.pop(name, None)
        try:
            files.remove_files(self._folder, (self._path(name).name for name in names))
        except StoreError:
            pass

    def _keep(self, name: str, known: Known) -> None:
        self._known[name] = known
        self._known.move_to_end(name)
        while len(self._known) > self._kept:
            self._known.popitem(last=False)

    def _set_aside(self, path: Path) -> files.Signature:
        aside = path.with_name(f"{path.stem}{BROKEN}{time.time_ns():x}")
        files.rename_file(path, aside)
        self.warn(
            f"A part of what was remembered can't be read. It was set aside as {aside}; "
            f"what it held is {self._lost}."
        )
        # An empty table stands for it: what belongs to this table must not be looked for in another one.
        return files.replace_file(path, _encoded({}))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"no name for a table: {name!r}")
        return self._folder / f"{name}{SUFFIX}"


class Tables(MutableMapping[str, Rows]):
    """All tables, each read when it is asked for. `changed` holds what was set, None for what was removed."""

    def __init__(self, storage: FolderStorage) -> None:
        self._storage = storage
        self.changed: dict[str, Rows | None] = {}

    def __getitem__(self, name: str) -> Rows:
        if name not in self.changed:
            return self._storage.load(name)
        rows = self.changed[name]
        if rows is None:
            raise KeyError(name)
        return rows

    def __setitem__(self, name: str, rows: Rows) -> None:
        self.changed[name] = rows

    def __delitem__(self, name: str) -> None:
        self[name]  # KeyError if there is none
        self.changed[name] = None

    def __iter__(self) -> Iterator[str]:
        written = {name for name, rows in self.changed.items() if rows is not None}
        return iter(self._storage.names() - self.changed.keys() | written)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _is_ours(name: str) -> bool:
    return name.endswith(SUFFIX) or BROKEN in name


def _is_orphan(name: str) -> bool:
    return name.startswith(".") and name.endswith(files.TEMPORARY)


def _encoded(rows: Rows) -> bytes:
    # What somebody else wrote may hold lone surrogates; as escapes they are JSON again.
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _decoded(content: bytes) -> Rows:
    """The documents. ValueError or RecursionError where this is no table."""
    rows = json.loads(content)
    if type(rows) is not dict or not all(type(row) is dict for row in rows.values()):
        raise ValueError("no table")
    for key in rows:
        int(key)
    return rows
