"""What goes wrong with an export on the disk, in words to act on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pectui.errors import StoreError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

_TITLE = "The export can't be written"


class InTheWayError(StoreError):
    """Something stands where the export would be, and is not touched."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Errors of the disk inside become one StoreError about `path`."""
    try:
        yield
    except InTheWayError:
        raise
    except OSError as error:
        raise _failure(path, error) from error
    except StoreError as error:
        # What the files of the cache say of themselves holds for them only.
        if isinstance(error.__cause__, OSError):
            raise _failure(path, error.__cause__) from error
        raise StoreError(_TITLE, error.detail, "Choose another path, or move it out of the way.") from error


def _failure(path: Path, error: OSError) -> StoreError:
    if error.errno in _FULL:
        hint = "Free some space, then do the same again: it goes on from there."
    elif error.errno in _FORBIDDEN:
        hint = "Give yourself the right to write there, or choose another path."
    else:
        hint = "Mend it and do the same again: it goes on from there. Or choose another path."
    return StoreError(_TITLE, f"{path}: {error.strerror or error}", hint)


def in_the_way(path: Path, why: str, hint: str = "Choose another path, or move it away.") -> InTheWayError:
    """What stands at `path`, in words."""
    return InTheWayError("Nothing was exported", f"{path} {why}", hint)
