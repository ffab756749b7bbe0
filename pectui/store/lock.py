"""One writer at a time over all programs: a lock around the whole of reading, changing and writing."""

from __future__ import annotations

import os
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
    from filelock import FileLock, Timeout  # costs 60 ms: only who writes pays

    path = folder / LOCK
    try:
        check_owner(path, os.lstat(path))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise failure(path, error) from error
    lock = FileLock(path, mode=FILE_MODE)
    try:
        lock.acquire(timeout=patience, poll_interval=_POLL)
    except Timeout as error:
        raise StoreError(
            "Another pectui is still writing what it listed",
            f"{path} was locked for {patience:g} s",
            "Look for one that was stopped (Ctrl-Z) and let it go on or end it.",
        ) from error
    except OSError as error:
        raise failure(path, error) from error
    try:
        yield
    finally:
        lock.release()
