"""Paths of files as they are typed: `~` for the home folder, names completed from the disk, what is wrong in words."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import dataclass
from pathlib import Path

_LOOKED_AT = 2_000
"""Names of a folder that are looked at for one that goes on as typed."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What stands at a path."""

    size: int = 0
    """Octets."""
    problem: str = ""
    """Why it can't be attached, in words that go on after its name."""


def expanded(typed: str) -> Path:
    """The path that was typed, with `~` as the home folder, and without the quotes that a file manager puts around it.

    RuntimeError where somebody's home folder isn't known.
    """
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return Path(text).expanduser()


def look_at(typed: str) -> LookedAt:
    """What stands there now. Asks the disk, reads nothing."""
    try:
        path = expanded(typed)
        status = path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        return LookedAt(problem=_words(error))
    if stat.S_ISDIR(status.st_mode):
        return LookedAt(problem="is a folder")
    if not stat.S_ISREG(status.st_mode):
        return LookedAt(problem="is no plain file")
    if not os.access(path, os.R_OK):
        return LookedAt(problem="can't be read")
    return LookedAt(size=status.st_size)


async def completion_of(typed: str) -> str | None:
    """`typed` with the rest of the one name that goes on so; None where there is none, or several differ at once."""
    if "/" not in typed:
        return None
    return await asyncio.to_thread(_completed, typed)


def _completed(typed: str) -> str | None:
    before, slash, begun = typed.rpartition("/")
    try:
        folder = expanded(before + slash)
        with os.scandir(folder) as entries:
            names = [
                entry.name + ("/" if entry.is_dir() else "")
                for entry, _ in zip(entries, range(_LOOKED_AT), strict=False)
                if entry.name.startswith(begun) and (begun or not entry.name.startswith("."))
            ]
    except (OSError, RuntimeError, ValueError):
        return None
    common = _beginning([name for name in names if name.isprintable()])
    return before + slash + common if len(common) > len(begun) else None


def _beginning(names: list[str]) -> str:
    """What all of them begin with."""
    if not names:
        return ""
    first, last = min(names), max(names)
    same = next(
        (place for place, letter in enumerate(first) if last[place : place + 1] != letter), len(first)
    )
    return first[:same]


def _words(error: Exception) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "is not there"
    if isinstance(error, PermissionError):
        return "can't be reached"
    return "is no path"
