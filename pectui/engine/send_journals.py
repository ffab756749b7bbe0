"""Where the journals of sending lie: one for each job, all of one mailbox together.

Whoever sends reads what the others have written, whichever program they belong to: that is how nothing goes out
twice. Every journal is read once, and then only what was added to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pectui.engine.journal import FileJournal, Journal, MemoryJournal, is_running, new_job
from pectui.errors import StoreError

SETTLED = "settled"
"""The journal of what the inbox has shown to be sent. It belongs to no job."""


class SendJournals(Protocol):
    """The journals of one mailbox."""

    def begin(self) -> Journal:
        """The journal of a new job. StoreError if there can be none."""

    def settling(self) -> Journal:
        """The journal that `SETTLED` names, for a moment. RefusedHereError while another program writes it."""

    def news(self) -> Iterator[tuple[str, list[str]]]:
        """Jobs with the lines that were added since the last time. StoreError if they can't be read."""

    def is_running(self, job: str) -> bool:
        """Whether some program works on the job now."""


class MemoryJournals:
    """Journals that end with the program, for the demo. Those who are given the same `journals` read the same."""

    def __init__(
        self, clock: Callable[[], datetime], journals: dict[str, MemoryJournal] | None = None
    ) -> None:
        self._clock = clock
        self._journals = {} if journals is None else journals
        self._read: dict[str, int] = {}

    def begin(self) -> Journal:
        return self._made(new_job(self._clock()))

    def settling(self) -> Journal:
        return self._journals.get(SETTLED) or self._made(SETTLED)

    def news(self) -> Iterator[tuple[str, list[str]]]:
        for job, journal in list(self._journals.items()):
            lines = journal.lines[self._read.get(job, 0) :]
            self._read[job] = len(journal.lines)
            if lines:
                yield job, lines

    def is_running(self, job: str) -> bool:
        return job in self._journals and self._journals[job].is_open

    def _made(self, job: str) -> MemoryJournal:
        journal = self._journals[job] = MemoryJournal(self._clock)
        journal.job = job
        return journal


class FolderJournals:
    """Journals in a folder that holds those of one mailbox and nothing else."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock
        self._read: dict[str, int] = {}
        """How much of each is known already, in octets."""

    def begin(self) -> Journal:
        return FileJournal(self._folder, self._clock, None)

    def settling(self) -> Journal:
        path = self._folder / f"{SETTLED}.jsonl"
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        except OSError as error:
            raise _unreadable(path, error) from error
        return FileJournal(self._folder, self._clock, None, SETTLED)

    def news(self) -> Iterator[tuple[str, list[str]]]:
        for path, size in self._sizes():
            known = self._read.get(path.stem, 0)
            if size <= known:
                continue
            try:
                with path.open("rb") as file:
                    file.seek(known)
                    added = file.read(size - known)
            except OSError as error:
                raise _unreadable(path, error) from error
            # A line that is being written, or was left torn, is none yet.
            whole = added[: added.rfind(b"\n") + 1]
            self._read[path.stem] = known + len(whole)
            if whole:
                yield path.stem, whole.decode("ascii", "replace").splitlines()

    def is_running(self, job: str) -> bool:
        try:
            return is_running(self._folder / f"{job}.jsonl")
        except OSError:
            return False

    def _sizes(self) -> list[tuple[Path, int]]:
        try:
            names = [name for name in os.listdir(self._folder) if name.endswith(".jsonl")]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreadable(self._folder, error) from error
        return [(path, _size(path)) for path in sorted(self._folder / name for name in names)]


def _size(path: Path) -> int:
    """StoreError where a journal is listed and not there, as a link to a disk that is away: it may tell of sends."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        "The journals of sending can't be read",
        f"{path}: {error.strerror or error}",
        "Nothing is sent without them: they tell what went out already. Mend the folder's rights, then try again.",
    )
