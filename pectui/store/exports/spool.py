"""The texts of an export that is not finished: a line of JSON for each, added as they come.

What a kill, a full disk or a power cut left of a line doesn't count: each line says what its text must add up to.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from pathlib import Path

from pectui.domain.export import FoundText, TextSource
from pectui.errors import StoreError
from pectui.store.files import FILE_MODE, check_owner

NAME = "texts.jsonl"


class Spool:
    """The file in `folder`. Only one program may have it. OSError where the disk fails: then it is of no use more."""

    def __init__(self, folder: Path) -> None:
        path = folder / NAME
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._places: dict[int, tuple[int, int]] = {}
        self._end = 0
        self._file = open(os.open(path, flags, FILE_MODE), "r+b", buffering=0)  # noqa: SIM115 - `close` does
        try:
            check_owner(path, os.fstat(self._file.fileno()))
            os.fchmod(self._file.fileno(), FILE_MODE)
            self._read()
        except (OSError, StoreError):
            self._file.close()
            raise

    def _read(self) -> None:
        for start, line in self._lines():
            if (index := _index(line)) is not None:
                self._places[index] = (start, len(line))
            self._end = start + len(line)
        if self._end and os.pread(self._file.fileno(), 1, self._end - 1) != b"\n":
            self._append(b"\n")

    @property
    def held(self) -> Set[int]:
        """The numbers of the texts that are there."""
        return self._places.keys()

    def add(self, texts: Mapping[int, FoundText]) -> None:
        """Adds texts under their numbers; a text that is there already is replaced."""
        for index, text in texts.items():
            line = _line(index, text)
            start = self._end
            self._append(line)
            self._places[index] = (start, len(line))

    def get(self, index: int) -> FoundText:
        """The text with this number, which must be there."""
        start, length = self._places[index]
        row = json.loads(os.pread(self._file.fileno(), length, start))
        return FoundText(row["body"], TextSource(row["source"]), datetime.fromisoformat(row["read_at"]))

    def close(self) -> None:
        self._file.close()

    def _append(self, line: bytes) -> None:
        rest = memoryview(line)
        while rest:
            rest = rest[self._file.write(rest) or 0 :]
        self._end += len(line)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        start = 0
        with open(os.dup(self._file.fileno()), "rb") as reading:
            for line in reading:
                yield start, line
                start += len(line)


def _line(index: int, text: FoundText) -> bytes:
    row = {
        "n": index,
        "sha256": _digest(text.body),
        "source": text.source.value,
        "read_at": text.read_at.isoformat(),
        "body": text.body,
    }
    return json.dumps(row).encode("ascii") + b"\n"


def _index(line: bytes) -> int | None:
    """The number of the text on this line; None if the line is not what was once written."""
    try:
        row = json.loads(line)
        index, body = row["n"], row["body"]
        TextSource(row["source"])
        datetime.fromisoformat(row["read_at"])
        whole = isinstance(index, int) and isinstance(body, str) and row["sha256"] == _digest(body)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return index if whole else None


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
