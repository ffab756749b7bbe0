"""Files of an export as they are written: new ones only, summed up on the way, on the disk before they count."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pectui.domain.export import ExportedFile, MailCopy
from pectui.store.files import FILE_MODE


class Output:
    """A new file `name` below `folder`, readable by its owner only. OSError where the disk fails."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = open(os.open(folder / name, flags, FILE_MODE), "wb")  # noqa: SIM115 - `close` does
        os.fchmod(self._file.fileno(), FILE_MODE)  # the umask may have taken our own rights
        self._sum = hashlib.sha256()
        self._octets = 0

    def write(self, data: bytes) -> None:
        self._sum.update(data)
        self._octets += len(data)
        self._file.write(data)

    def close(self) -> ExportedFile:
        """What was written; the disk may still hold it back."""
        self._file.close()
        return ExportedFile(self.name, self._octets, self._sum.hexdigest())

    def abandon(self) -> None:
        """Closes it where it doesn't matter any more what is in it."""
        try:
            self._file.close()
        except OSError:
            pass


def sync_file(path: Path) -> None:
    """Returns once the file is on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Form(Protocol):
    """One form of an export: it writes messages into the folder that it was made for. OSError where the disk fails."""

    def write(self, copies: Sequence[MailCopy]) -> None: ...

    def close(self) -> list[ExportedFile]:
        """The files, all of them closed."""

    def abandon(self) -> None:
        """Closes what is open; it is not used any more."""
