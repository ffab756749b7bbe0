"""A folder for a store, and the two stores that must behave alike."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

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


Hook: TypeAlias = Callable[[str, tuple[object, ...]], None]

_hooks: list[Hook] = []


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    for hook in _hooks:
        hook(event, arguments)


sys.addaudithook(_on_event)  # there is no taking it back: it does nothing but while a test asks for it


@contextmanager
def hooked(hook: Hook) -> Iterator[None]:
    _hooks.append(hook)
    yield
    _hooks.remove(hook)


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The names that files get (+) and lose (-), in the order in which it happens."""
    names: list[str] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.rename":
            names.append(f"+{Path(str(arguments[1])).name}")
        elif event == "os.remove":
            names.append(f"-{Path(str(arguments[0])).name}")

    with hooked(hook):
        yield names


@pytest.fixture
def looked_at() -> Iterator[list[tuple[str, Path]]]:
    """What is opened (`open`) and the folders that are listed (`os.listdir`, `os.scandir`)."""
    paths: list[tuple[str, Path]] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"open", "os.listdir", "os.scandir"}:
            paths.append((event, Path(str(arguments[0]))))

    with hooked(hook):
        yield paths
