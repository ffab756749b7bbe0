"""The audit log: one line for each message that pectui deleted or may have deleted, and who asked for it.

It is not cache and not a job's journal: nothing of pectui removes it, and it answers one question years later: who
deleted this, when, from where. It holds what a listing shows of a message, never its text.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pectui.domain.fingerprint import Fingerprint
from pectui.errors import StoreError


class Audit(Protocol):
    """Where destructive acts are written down."""

    def write(self, mark: Fingerprint, outcome: str, reason: str) -> None:
        """`mark` went (`outcome` is "deleted") or may have gone. StoreError if that can't be written."""

    def sync(self) -> None:
        """Returns once all that was written is on the disk. StoreError if it can't be."""


class NoAudit:
    """For the demo, whose mailbox ends with it."""

    def write(self, mark: Fingerprint, outcome: str, reason: str) -> None:
        return None

    def sync(self) -> None:
        return None


class FileAudit:
    """JSON lines in a file that its owner alone reads. Several programs may write at once.

    A line is with the system as soon as it is written, and on the disk at the latest with the job's end: waiting for
    the disk at each message would cost more than deleting it, and a job's journal knows what was begun in any case.
    """

    def __init__(
        self,
        path: Path,
        *,
        profile: str,
        mailbox: str,
        environ: Mapping[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self._path = path
        self._who = {
            "user": _user(),
            "ssh_client": ssh_client(environ),
            "profile": profile,
            "mailbox": mailbox,
        }
        self._clock = clock

    def write(self, mark: Fingerprint, outcome: str, reason: str) -> None:
        line = {
            "at": self._clock().isoformat(),
            **self._who,
            "act": "delete",
            "outcome": outcome,
            "reason": reason,
            "id": mark.id,
            "date": mark.date,
            "subject": mark.subject,
            "sender": mark.sender,
            "recipient": mark.recipient,
            "text_sha256": mark.text_hash,
        }
        data = (json.dumps(line) + "\n").encode("ascii")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._at_the_end(lambda descriptor: _write_line(descriptor, data))
        except OSError as error:
            raise self._unwritable(error) from error

    def sync(self) -> None:
        try:
            if self._path.exists():
                self._at_the_end(os.fsync)
        except OSError as error:
            raise self._unwritable(error) from error

    def _at_the_end(self, work: Callable[[int], None]) -> None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # for a moment: the end of the file is looked at
            work(descriptor)
        finally:
            os.close(descriptor)

    def _unwritable(self, error: OSError) -> StoreError:
        return StoreError(
            "The audit log can't be written",
            f"{self._path}: {error.strerror or error}",
            "Nothing more is deleted without it. Free some space or mend the file's rights, then resume the job.",
        )


def _write_line(descriptor: int, line: bytes) -> None:
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        line = b"\n" + line  # what a full disk left of another line is ended
    _write_whole(descriptor, line)


def _write_whole(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def ssh_client(environ: Mapping[str, str]) -> str | None:
    """The host that the user came from by SSH, as sshd says; None where nobody says."""
    words = (environ.get("SSH_CONNECTION") or environ.get("SSH_CLIENT") or "").split()
    return words[0] if words else None


def _user() -> str:
    """The name of the user that this process belongs to: what the environment says may be anything."""
    import pwd

    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
