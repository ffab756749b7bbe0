"""A folder for a store, and the two stores that must behave alike."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pectui.store.mailbox import MailboxStore
from pectui.store.memory import MemoryStore, Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a store goes; not there yet, nor is the folder above it."""
    return tmp_path / "cache" / "production-0123456789abcdef"


@pytest.fixture(params=["memory", "files"])
def store(request: pytest.FixtureRequest, folder: Path) -> Store:
    return MailboxStore(folder) if request.param == "files" else MemoryStore()


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A folder that a program without root's rights can reach, which pytest's own is not when root runs it."""
    root = Path(tempfile.mkdtemp(prefix="pectui-store-"))
    root.chmod(0o755)
    yield root
    shutil.rmtree(root)


_recordings: list[list[str]] = []


def _record(event: str, arguments: tuple[object, ...]) -> None:
    if not _recordings or event not in {"os.rename", "os.remove"}:
        return
    sign, path = ("+", arguments[1]) if event == "os.rename" else ("-", arguments[0])
    for recording in _recordings:
        recording.append(f"{sign}{Path(str(path)).name}")


sys.addaudithook(_record)  # there is no taking it back: it does nothing but while a test asks for it


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The names that files get (+) and lose (-), in the order in which it happens."""
    recording: list[str] = []
    _recordings.append(recording)
    yield recording
    _recordings.remove(recording)
