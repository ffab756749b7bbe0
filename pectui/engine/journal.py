"""The journal of a job: what was planned, and each step before it is taken.

One file of JSON lines for each job under the state folder. It holds what tells messages apart (as the listing
showed them) and never a mail's text or a secret. It is not cache: nothing of pectui removes it.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from pectui.errors import RefusedHereError, StoreError

_LOOKS = 5
_A_LOOK = 0.02
"""Seconds."""


class Journal(Protocol):
    """Where a job writes its steps."""

    @property
    def job(self) -> str | None:
        """The job's name; None where nothing is kept."""

    def write(self, step: str, facts: Mapping[str, Any], *, sync: bool = True) -> None:
        """Returns once the step is on the disk, with all before it; without `sync` once the system has it, so that
        it outlives this process. StoreError if it can't be written."""

    def close(self) -> None: ...


class NoJournal:
    """For what leaves nothing behind."""

    job: str | None = None

    def write(self, step: str, facts: Mapping[str, Any], *, sync: bool = True) -> None:
        return None

    def close(self) -> None:
        return None


class MemoryJournal:
    """A journal that ends with the program: its job has no name that could be asked for later."""

    job: str | None = None

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.lines: list[str] = []
        """What a file would hold."""
        self.is_open = True
        """Whether its job runs."""
        self._clock = clock

    def write(self, step: str, facts: Mapping[str, Any], *, sync: bool = True) -> None:
        self.lines.append(line_of(self._clock(), step, facts))

    def close(self) -> None:
        self.is_open = False


class FileJournal:
    """A journal in `folder/JOB.jsonl`, readable by its owner only. It and its mailbox are locked while its job runs.

    With `job` an earlier one is gone on with. StoreError if it can't be written; RefusedHereError if its job runs, or
    another one in the same mailbox. Without `mailbox` only the journal is locked: jobs may run side by side.
    """

    def __init__(
        self, folder: Path, clock: Callable[[], datetime], mailbox: str | None, job: str | None = None
    ) -> None:
        self._clock = clock
        self._one_at_a_time = Lock()
        self._broken: StoreError | None = None
        """Why a line was not written whole: what would follow it could not be read."""
        self.job: str | None = job or new_job(clock())
        self._path = folder / f"{self.job}.jsonl"
        new = 0 if job else os.O_CREAT | os.O_EXCL
        self._occupied: int | None = None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if mailbox is not None:
                self._occupied = os.open(folder / f"{_digest(mailbox)}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        with ExitStack() as undo:
            if self._occupied is not None:
                undo.callback(os.close, self._occupied)
            if self._occupied is not None and not lock(self._occupied):
                raise RefusedHereError(
                    "Another job runs in this mailbox",
                    "two at once could take each other's messages",
                    "Wait for its end, or end it where it runs.",
                )
            self._descriptor = self._opened(folder, new)
            undo.pop_all()

    def _opened(self, folder: Path, new: int) -> int:
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | new, 0o600)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        with ExitStack() as undo:
            undo.callback(os.close, descriptor)
            if not lock(descriptor):
                raise RefusedHereError(
                    f"Job {self.job} is running",
                    "another pectui works on it",
                    "Wait for its end, or end it there.",
                )
            try:
                _sync_folder(folder)
                _mend_the_end(descriptor)
            except OSError as error:
                raise _unwritable(self._path, error) from error
            undo.pop_all()
        return descriptor

    def write(self, step: str, facts: Mapping[str, Any], *, sync: bool = True) -> None:
        line = line_of(self._clock(), step, facts) + "\n"
        with self._one_at_a_time:
            if self._broken is not None:
                raise self._broken
            try:
                _write_whole(self._descriptor, line.encode("ascii"))
                if sync:
                    os.fsync(self._descriptor)
            except OSError as error:
                self._broken = _unwritable(self._path, error)
                raise self._broken from error

    def close(self) -> None:
        with self._one_at_a_time:  # what a cancelled task still writes goes to no other file
            self._broken = self._broken or _closed(self._path)
            os.close(self._descriptor)
            if self._occupied is not None:
                os.close(self._occupied)


def _mend_the_end(descriptor: int) -> None:
    """What a kill left of a line is ended, so that it spoils no other."""
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        _write_whole(descriptor, b"\n")


def _digest(mailbox: str) -> str:
    return blake2b(mailbox.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _closed(path: Path) -> StoreError:
    return StoreError("The job's journal is closed", str(path), "The job has ended.")


def new_job(now: datetime) -> str:
    """A name that no other job has; names sort by time."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def line_of(at: datetime, step: str, facts: Mapping[str, Any]) -> str:
    """One step as a journal holds it."""
    return json.dumps({"at": at.isoformat(), "step": step, **facts})


def is_running(path: Path) -> bool:
    """Whether some program works on the job of this journal now. OSError if the journal can't be opened."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return not lock(descriptor, shared=True)
    finally:
        os.close(descriptor)


def lock(descriptor: int, *, shared: bool = False, patient: bool = True) -> bool:
    """The system's own lock: it ends with the process, however that ends. False if somebody else has it."""
    for look in range(_LOOKS):
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            # It may be somebody who only looks whether the job runs, and is gone in a moment.
            if shared or not patient or look == _LOOKS - 1:
                return False
            time.sleep(_A_LOOK)
        except OSError:
            return True  # a file system without locks: nobody can tell
        else:
            return True
    raise AssertionError("unreachable: the last look returns")


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
        "Nothing is deleted or sent without a journal. Free some space or mend the folder's rights, then try again.",
    )
