"""The journal of a job: what was planned, and each step before it is taken.

One file of JSON lines for each job under the state folder. It holds what tells messages apart (as the listing
showed them) and never a mail's text or a secret. It is not cache: nothing of pectui removes it.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from pectui.errors import StoreError


class Journal(Protocol):
    """Where a job writes its steps."""

    @property
    def job(self) -> str | None:
        """The job's name; None where nothing is kept."""

    def write(self, step: str, facts: Mapping[str, Any]) -> None:
        """Returns once the step is on the disk. StoreError if it can't be."""

    def close(self) -> None: ...


class NoJournal:
    """For the demo, which leaves nothing behind."""

    job: str | None = None

    def write(self, step: str, facts: Mapping[str, Any]) -> None:
        return None

    def close(self) -> None:
        return None


class FileJournal:
    """A journal in `folder/JOB.jsonl`, readable by its owner only, synced to the disk line by line."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.job: str | None = f"{clock():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        path = folder / f"{self.job}.jsonl"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            _sync_folder(folder)
        except OSError as error:
            raise _unwritable(path, error) from error
        self._path = path

    def write(self, step: str, facts: Mapping[str, Any]) -> None:
        line = json.dumps({"at": self._clock().isoformat(), "step": step, **facts}) + "\n"
        try:
            _write_whole(self._descriptor, line.encode("ascii"))
            os.fsync(self._descriptor)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def close(self) -> None:
        os.close(self._descriptor)


def _write_whole(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        "The job's journal can't be written",
        f"{path}: {error.strerror or error}",
        "Nothing is deleted without a journal. Free some space or mend the folder's rights, then try again.",
    )
