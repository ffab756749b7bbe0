"""Files of ours: whole or not there, readable by their owner only, never through somebody's link.

A file is replaced by writing another one beside it and renaming that, so a kill or a full disk at any moment
leaves the old file or the new one. Every failure becomes a StoreError that names the file and says what to do.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from pectui.errors import StoreError

FOLDER_MODE = 0o700
FILE_MODE = 0o600
TEMPORARY = ".tmp"

Signature: TypeAlias = tuple[int, int, int]
"""Time of writing in nanoseconds, size and inode: another one means another file."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def failure(path: Path, error: OSError) -> StoreError:
    """`error` at `path`, in words to act on."""
    if error.errno in _FULL:
        hint = "Free some space: what was remembered before is still there."
    elif error.errno in _FORBIDDEN:
        hint = "Give yourself the right to write there, or remove it: it is only a cache."
    else:
        hint = "Remove it: it is only a cache, and pectui makes a new one."
    return StoreError("What the mailbox listed can't be kept", f"{path}: {error.strerror or error}", hint)


def not_ours(path: Path, why: str) -> StoreError:
    """Something stands at `path` that pectui neither reads nor touches."""
    return StoreError("What the mailbox listed can't be kept", f"{path} {why}", "Move it out of the way.")


def folder_exists(folder: Path) -> bool:
    """True if the folder is there and ours. StoreError if something else stands in its place."""
    try:
        status = os.lstat(folder)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise failure(folder, error) from error
    if stat.S_ISLNK(status.st_mode):
        raise not_ours(folder, "is a link to somewhere else")
    if not stat.S_ISDIR(status.st_mode):
        raise not_ours(folder, "is not a folder")
    if status.st_uid != os.geteuid():
        raise not_ours(folder, "belongs to another user")
    return True


def make_folder(folder: Path) -> None:
    """Makes the folder and what is missing above it, 0700 whatever the umask; closes one that others can enter.

    A folder that its owner may not write stays so: somebody meant it.
    """
    try:
        for missing in _missing(folder):
            try:
                os.mkdir(missing, FOLDER_MODE)
            except FileExistsError:  # another program made it in this moment
                continue
            os.chmod(missing, FOLDER_MODE)
            sync_folder(missing.parent)
        if folder_exists(folder) and (mode := stat.S_IMODE(os.lstat(folder).st_mode)) & ~FOLDER_MODE:
            os.chmod(folder, mode & FOLDER_MODE)
    except OSError as error:
        raise failure(folder, error) from error


def entries(folder: Path) -> list[str]:
    """The names in the folder; none where there is no folder."""
    if not folder_exists(folder):
        return []
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise failure(folder, error) from error


def plain_files(folder: Path) -> list[tuple[str, os.stat_result]]:
    """The folder's plain files that are ours, with what the disk says of them; none where there is no folder."""
    if not folder_exists(folder):
        return []
    found: list[tuple[str, os.stat_result]] = []
    try:
        with os.scandir(folder) as entries_there:
            for entry in entries_there:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # another program removed it in this moment
                    continue
                if is_plain_file(status):
                    found.append((entry.name, status))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise failure(folder, error) from error
    return found


def signature(path: Path) -> Signature | None:
    """What tells this file from one that replaced it; None where there is no file."""
    try:
        return _signature(os.lstat(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failure(path, error) from error


def read_file(path: Path) -> tuple[bytes, Signature] | None:
    """The file's content; None where there is no file. StoreError for a link, a pipe or another user's file."""
    try:
        # O_NONBLOCK: a pipe that stands in the file's place must not hold the program.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise not_ours(path, "is a link to somewhere else") from error
        raise failure(path, error) from error
    try:
        status = os.fstat(descriptor)
        check_owner(path, status)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(), _signature(status)
    except OSError as error:
        raise failure(path, error) from error
    finally:
        os.close(descriptor)


def check_owner(path: Path, status: os.stat_result) -> None:
    """StoreError unless this is a plain file of ours."""
    if not stat.S_ISREG(status.st_mode):
        raise not_ours(path, "is not a plain file")
    if status.st_uid != os.geteuid():
        raise not_ours(path, "belongs to another user")


def replace_file(path: Path, content: bytes, *, stamp: int | None = None, mode: int = FILE_MODE) -> Signature:
    """Puts `content` there at once and for good: no kill and no power cut takes it back after this returns.

    `stamp` is the file's time in nanoseconds, for files whose time says more than when they were written; `mode` its
    rights, for files that are not ours alone.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
    try:
        try:
            written = _write_new(temporary, content, stamp, mode)
            os.rename(temporary, path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise failure(path, error) from error
    return written


def rename_file(path: Path, new: Path) -> None:
    try:
        os.rename(path, new)
        sync_folder(path.parent)
    except OSError as error:
        raise failure(path, error) from error


def remove_files(folder: Path, names: Iterable[str]) -> None:
    """Removes these files, for good as well; those that are gone already are fine."""
    path = folder
    try:
        for name in names:
            path = folder / name
            path.unlink(missing_ok=True)
        if path != folder:
            sync_folder(folder)
    except OSError as error:
        raise failure(path, error) from error


def remove_empty(folder: Path) -> None:
    """Removes the folder if nothing is left in it."""
    try:
        os.rmdir(folder)
    except OSError:
        pass


def is_plain_file(status: os.stat_result) -> bool:
    """True for a plain file of ours."""
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _missing(folder: Path) -> list[Path]:
    """The folders to make, the outermost first."""
    missing: list[Path] = []
    for one in (folder, *folder.parents):
        if os.path.lexists(one):
            break
        missing.append(one)
    return missing[::-1]


def _write_new(path: Path, content: bytes, stamp: int | None, mode: int) -> Signature:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, FILE_MODE), "wb", buffering=0) as file:
        os.fchmod(file.fileno(), mode)  # the umask may have taken our own rights
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) or 0 :]
        # The kernel's own stamp is as coarse as its clock tick: two writings could share it, and their signature.
        at = time.time_ns() if stamp is None else stamp
        os.utime(file.fileno(), ns=(at, at))
        os.fsync(file.fileno())
        return _signature(os.fstat(file.fileno()))


def _signature(status: os.stat_result) -> Signature:
    return (status.st_mtime_ns, status.st_size, status.st_ino)
