"""A file of metrics for another program: whole or not there, and readable by that program."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pectui.errors import StoreError
from pectui.store import files

_MODE = 0o644
"""Unlike files of ours: the collector that reads it runs as another user. What stands there keeps its own mode."""


def write_metrics(path: Path, text: str) -> None:
    """Puts `text` there at once. StoreError where that can't be."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        mode = _MODE
    except OSError as error:
        raise _failure(f"{path}: {error.strerror or error}") from error
    else:
        if not stat.S_ISREG(status.st_mode):
            raise _failure(f"{path} is not a plain file")
        mode = stat.S_IMODE(status.st_mode)
    try:
        files.replace_file(path, text.encode(), mode=mode)
    except StoreError as error:
        raise _failure(error.detail) from error


def _failure(detail: str) -> StoreError:
    return StoreError(
        "The metrics can't be written",
        detail,
        "Name a file in a folder that is there and that you may write.",
    )
