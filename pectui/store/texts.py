"""Texts that were read: a file for each, in a folder of their own, not many and not for long.

A file is whole or not there, so nothing is locked. Its first line is JSON and says whose text follows, byte by byte
as it came (lone surrogates included), and what it must add up to. The file's time is when the text was read, so that
the oldest are found without reading any. Losing a text costs a request and no more: what can't be kept is not, and
the user is told once.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from pectui.domain.listing import KeptText, storable
from pectui.domain.message import Header
from pectui.errors import StoreError
from pectui.store import files
from pectui.store.limits import TextLimits
from pectui.store.remembered import in_utc
from pectui.store.rows import read, written

LOOK_EVERY = 64
"""Texts that are kept between two looks at what else is there: other programs keep texts too."""

_NAME = re.compile(r"-?[0-9]+\.text")
_SECONDS_OF_WRITING = 3600
"""After this long a temporary file is what a killed program left."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class KeptTexts:
    """The texts in `folder`, which is made when there is one to keep."""

    def __init__(self, folder: Path, limits: TextLimits, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._limits = limits
        self._clock = clock
        self._mutex = Lock()
        self._bytes = 0
        self._unseen = LOOK_EVERY
        self._warning: str | None = None
        self._warned = False

    def keep(self, header: Header, body: str, read_at: datetime) -> None:
        path = self._path(header)
        octets = body.encode("utf-8", "surrogatepass")
        with self._mutex:
            try:
                if not _may_be_replaced(path):
                    return
                if len(octets) > self._limits.bytes_each:
                    self._remove(path)
                    return
                files.make_folder(self._folder.parent)
                files.make_folder(self._folder)
                content = _head(header, octets, read_at) + b"\n" + octets
                files.replace_file(path, content, stamp=_nanoseconds(read_at))
                self._make_room(len(content))
            except StoreError as error:
                # The folder may have gone in this moment: then somebody wants no text to stay.
                if not isinstance(error.__cause__, FileNotFoundError):
                    self._warn(error)

    def get(self, header: Header) -> KeptText | None:
        path = self._path(header)
        try:
            found = files.read_file(path) if files.folder_exists(self._folder) else None
        except StoreError:
            return None
        if found is None:
            return None
        kept = _kept(found[0])
        if kept is None or kept.read_at < self._oldest():
            self._remove(path)
            return None
        return kept if kept.header == storable(header) else None

    def drop(self) -> None:
        """Removes all texts, also those that are being written."""
        with self._mutex:
            try:
                if not files.folder_exists(self._folder):
                    return
            except StoreError:
                return  # it is not ours, nor is what is in it
            names = [name for name, _ in files.plain_files(self._folder)]
            files.remove_files(
                self._folder, [name for name in names if _is_text(name) or _is_temporary(name)]
            )
            files.remove_empty(self._folder)
            self._bytes = 0

    def size(self) -> tuple[int, int]:
        """How many there are, and their bytes."""
        try:
            sizes = [status.st_size for name, status in files.plain_files(self._folder) if _is_text(name)]
        except StoreError:
            return 0, 0
        return len(sizes), sum(sizes)

    def take_warnings(self) -> tuple[str, ...]:
        with self._mutex:
            warning, self._warning = self._warning, None
        return () if warning is None else (warning,)

    def _make_room(self, added: int) -> None:
        self._bytes += added
        self._unseen += 1
        if self._unseen < LOOK_EVERY and self._bytes <= self._limits.bytes_in_all:
            return
        there = files.plain_files(self._folder)
        texts = sorted((status.st_mtime_ns, status.st_size, name) for name, status in there if _is_text(name))
        self._bytes = sum(size for _, size, _ in texts)
        self._unseen = 0
        # Some more than needed goes, so that the next text does not have to look again.
        room = self._limits.bytes_in_all
        room = room if self._bytes <= room else room * 7 // 8
        since = _nanoseconds(self._oldest())
        gone = [name for name, status in there if _is_temporary(name) and _is_left_behind(status)]
        for read_at, size, name in texts:
            if read_at >= since and self._bytes <= room:
                break
            gone.append(name)
            self._bytes -= size
        files.remove_files(self._folder, gone)

    def _oldest(self) -> datetime:
        return self._clock() - self._limits.age

    def _remove(self, path: Path) -> None:
        try:
            files.remove_files(path.parent, [path.name])
        except StoreError:
            pass  # it counts as not kept all the same

    def _warn(self, error: StoreError) -> None:
        if not self._warned:
            self._warned = True
            self._warning = f"Texts of mails can't be kept: {error.detail}. {error.hint}".strip()

    def _path(self, header: Header) -> Path:
        return self._folder / f"{header.id}.text"


def _head(header: Header, octets: bytes, read_at: datetime) -> bytes:
    clean = storable(header)
    says = {
        "id": clean.id,
        "date": clean.date,
        "subject": clean.subject,
        "sender": clean.sender,
        "recipient": clean.recipient,
        "read_at": written(read_at),
        "sha256": hashlib.sha256(octets).hexdigest(),
    }
    return json.dumps(says, ensure_ascii=False).encode()


def _kept(content: bytes) -> KeptText | None:
    """The text; None where the file is not whole, or not one of ours."""
    head, _, octets = content.partition(b"\n")
    try:
        says = json.loads(head)
        texts = [says[name] for name in ("date", "subject", "sender", "recipient")]
        number, read_at, digest = says["id"], read(says["read_at"]), says["sha256"]
        body = octets.decode("utf-8", "surrogatepass")
    except (ValueError, RecursionError, TypeError, KeyError):
        return None
    if type(number) is not int or read_at is None or not all(type(text) is str for text in texts):
        return None
    if digest != hashlib.sha256(octets).hexdigest():
        return None
    return KeptText(Header(number, *texts), body, read_at)


def _may_be_replaced(path: Path) -> bool:
    """True if nothing stands there, or a plain file of ours."""
    try:
        return files.is_plain_file(os.lstat(path))
    except FileNotFoundError:
        return True
    except OSError as error:
        raise files.failure(path, error) from error


def _nanoseconds(moment: datetime) -> int:
    since = in_utc(moment) - _EPOCH
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1000


def _is_text(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _is_temporary(name: str) -> bool:
    return name.startswith(".") and name.endswith(files.TEMPORARY)


def _is_left_behind(status: os.stat_result) -> bool:
    # Not by the file's own time, which is set to when the text was read.
    return time.time() - status.st_ctime > _SECONDS_OF_WRITING
