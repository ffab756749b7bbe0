"""One writer at a time over all programs: a lock around the whole of reading, changing and writing.

It is `flock`'s, as journals and exports have it: it goes with the process that holds it, however that ends. A package
for it would cost every command that writes more time than its writing takes.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pectui.errors import StoreError
from pectui.store.files import FILE_MODE, check_owner, failure

LOCK = "lock"
"""The lock's file in the folder. It is never removed: others may be waiting for this very file."""

PATIENCE = 10.0
"""Seconds to wait for another program. Its operation takes milliseconds; it may have been stopped in one."""

_POLL = 0.005


@contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Holds the folder's lock, not re-entrant. StoreError if another program does not give it back in time."""
    path = folder / LOCK
    try:
        descriptor = _opened(path)
    except OSError as error:
        raise failure(path, error) from error
    try:
        _take(descriptor, path, patience)
        yield
    finally:
        os.close(descriptor)  # gives it back


def _opened(path: Path) -> int:
    try:
        check_owner(path, os.lstat(path))
    except FileNotFoundError:
        pass
    # O_NONBLOCK: a pipe that comes into the file's place must not hold the program.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, FILE_MODE)
    os.fchmod(descriptor, FILE_MODE)  # the umask may have taken our own rights
    return descriptor


def _take(descriptor: int, path: Path, patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise StoreError(
                    "Another pectui is still writing what it listed",
                    f"{path} was locked for {patience:g} s",
                    "Look for one that was stopped (Ctrl-Z) and let it go on or end it.",
                ) from None
            time.sleep(_POLL)
        except OSError as error:
            raise failure(path, error) from error
        else:
            return
