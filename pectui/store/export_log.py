"""Which messages were exported, and where to: a plan of a deletion says whether a proof has a copy.

A file for each export under the state folder. It holds digests of what a listing shows, no text. An export whose
folder is gone counts no more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from pectui.domain.message import Header
from pectui.errors import StoreError
from pectui.store import files

_SUFFIX = ".json"
_MANIFEST = "manifest.json"


class ExportLog(Protocol):
    """Remembers finished exports of one mailbox."""

    def add(self, path: Path, headers: Iterable[Header]) -> None:
        """The export in the folder `path` is finished and holds these messages. StoreError if that can't be kept."""

    def exported(self, headers: Collection[Header]) -> set[Header]:
        """Those of which a copy is still there, as they were listed."""


class MemoryExportLog:
    """Forgets with the program."""

    def __init__(self) -> None:
        self._exports: list[tuple[Path, frozenset[str]]] = []

    def add(self, path: Path, headers: Iterable[Header]) -> None:
        self._exports.append((path.absolute(), frozenset(map(_digest, headers))))

    def exported(self, headers: Collection[Header]) -> set[Header]:
        return _among(headers, (digests for path, digests in self._exports if (path / _MANIFEST).exists()))


class FolderExportLog:
    """In `folder`, which is made with the first export."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    def add(self, path: Path, headers: Iterable[Header]) -> None:
        files.make_folder(self._folder)
        digests = sorted(map(_digest, headers))
        facts = {"path": str(path.absolute()), "at": self._clock().isoformat(), "messages": digests}
        # Named by its place: an export that is made again in the same folder replaces what is known of the first.
        name = blake2b(str(path.absolute()).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        files.replace_file(self._folder / f"{name}{_SUFFIX}", json.dumps(facts).encode("ascii"))

    def exported(self, headers: Collection[Header]) -> set[Header]:
        try:
            return _among(headers, self._there()) if headers else set()
        except StoreError:
            return set()  # nobody knows of any

    def _there(self) -> Iterable[Collection[str]]:
        for name in files.entries(self._folder):
            if not name.endswith(_SUFFIX):
                continue
            try:
                found = files.read_file(self._folder / name)
                facts = json.loads(found[0]) if found is not None else {}
                if (Path(facts["path"]) / _MANIFEST).exists():
                    yield frozenset(facts["messages"])
            except (StoreError, ValueError, KeyError, TypeError):
                continue  # what can't be read proves no export


def _among(headers: Collection[Header], exports: Iterable[Collection[str]]) -> set[Header]:
    wanted = {_digest(header): header for header in headers}
    return {wanted[digest] for digests in exports for digest in wanted.keys() & digests}


def _digest(header: Header) -> str:
    facts = repr((header.id, *header.facts)).encode("utf-8", "surrogatepass")
    return blake2b(facts, digest_size=12).hexdigest()
