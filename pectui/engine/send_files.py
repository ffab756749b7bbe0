"""Files to be attached: looked at when a message is checked, and copied before it is sent.

A file may change between the check and the sending, and in the middle of it. Once bytes have left there is no way
back, so what leaves is a copy of our own that nobody else can open: made right before the POST, compared with what
was checked while it is made, and gone with the program. Nothing is ever held in memory as a whole.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from mimetypes import guess_type
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from pectui.domain.draft import Attachment
from pectui.domain.outgoing import LARGEST_MESSAGE, Enclosure
from pectui.errors import RefusedHereError, StoreError

_CHUNK = 256 * 1024
_MOST_COPIES = 8
"""Kept for messages that follow: a mass send attaches the same few files again and again."""

_Edition = tuple[int, int, int, int]


class Files:
    """Looks at files, and remembers those that it has read as long as they look the same."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[_Edition, str]] = {}

    def examine(self, path: Path, name: str | None = None) -> Enclosure:
        """The file as it is now. RefusedHereError where it can't be attached; its size is looked at before it is read.

        A file with the same size and times as before is not read again: sending compares its content in any case.
        """
        try:
            with _opened(path) as file:
                edition = _edition(file, path)
                known = self._known.get(path)
                if known is None or known[0] != edition:
                    known = self._known[path] = edition, _hash(file, None)
        except OSError as error:
            raise _refused(path, error.strerror or type(error).__name__) from None
        called = name or path.name
        return Enclosure(path, edition[2], known[1], called, guess_type(called)[0] or _ANY_TYPE)


class Copies:
    """Copies of files, for this program alone. `folder` is where they are for a moment; None: the system's own."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._kept: dict[str, Copy] = {}

    def attach(self, enclosures: Sequence[Enclosure]) -> tuple[Attachment, ...]:
        """What is to be sent, each the very content that was checked. To be called in a thread.

        RefusedHereError where a file is not what it was; StoreError where there is no room for a copy.
        """
        return tuple(Attachment(one.name, self._copy(one), one.media_type) for one in enclosures)

    def close(self) -> None:
        for copy in self._kept.values():
            copy.close()
        self._kept.clear()

    def _copy(self, enclosure: Enclosure) -> Copy:
        kept = self._kept.pop(enclosure.sha256, None) or self._made(enclosure)
        self._kept[enclosure.sha256] = kept  # the last one now
        return kept

    def make_room(self) -> None:
        """Gives up copies that were not used lately. To be called between messages."""
        while len(self._kept) > _MOST_COPIES:
            self._kept.pop(next(iter(self._kept))).close()

    def _made(self, enclosure: Enclosure) -> Copy:
        path = enclosure.path
        try:
            if self._folder is not None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            copy = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - `Copy` closes it
        except OSError as error:
            raise _no_room(self._folder, error) from None
        with ExitStack() as undo:
            undo.callback(copy.close)
            try:
                with _opened(path) as file:
                    size = _edition(file, path)[2]
                    same = size == enclosure.size and _hash(file, copy) == enclosure.sha256
            except OSError as error:
                raise _refused(path, error.strerror or type(error).__name__) from None
            if not same:
                raise _refused(path, "it has changed since it was checked")
            undo.pop_all()
        return Copy(copy, enclosure.size)


class Copy:
    """A file that has no name: its content can't change any more."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def __len__(self) -> int:
        return self._size

    def piece(self, start: int, length: int) -> bytes:
        return os.pread(self._file.fileno(), length, start)

    def close(self) -> None:
        self._file.close()


def _opened(path: Path) -> BinaryIO:
    """For reading. What would wait for somebody who writes, such as a pipe, doesn't."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _refused(path, "it is no file")
    return os.fdopen(descriptor, "rb")


def _edition(file: BinaryIO, path: Path) -> _Edition:
    """What a file has of its own until somebody writes to it. RefusedHereError where it can't be sent at all."""
    status = os.fstat(file.fileno())
    if status.st_size > LARGEST_MESSAGE:
        raise _refused(
            path, f"it is larger than the {LARGEST_MESSAGE // 1_000_000} MB that a message may have"
        )
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _hash(file: BinaryIO, copy: BinaryIO | None) -> str:
    """The digest of what `file` holds, which goes to `copy` on the way."""
    digest = hashlib.sha256()
    left = LARGEST_MESSAGE + 1  # it may be growing
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        left -= len(chunk)
        digest.update(chunk)
        if copy is not None:
            _write(copy, chunk)
    return digest.hexdigest()


def _write(copy: BinaryIO, chunk: bytes) -> None:
    try:
        copy.write(chunk)
        copy.flush()
    except OSError as error:
        raise _no_room(None, error) from None


def _refused(path: Path, why: str) -> RefusedHereError:
    return RefusedHereError(
        f"The file {path.name} can't be attached", f"{path}: {why}", "Nothing of this message was sent."
    )


def _no_room(folder: Path | None, error: OSError) -> StoreError:
    where = f"{folder}: " if folder is not None else ""
    return StoreError(
        "A file can't be made ready to be sent",
        f"{where}{error.strerror or error}",
        "A copy of it is made first. Free some space or mend the folder's rights, then try again.",
    )


_ANY_TYPE = "application/octet-stream"
