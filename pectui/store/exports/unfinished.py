"""An export that is being made: a folder beside the one that it will be, with what is needed to go on after a kill.

```
PATH.unfinished/    plan.jsonl    what was chosen; without it nothing was begun
                    texts.jsonl   the texts, as they come
                    files/        the export itself, written anew by each run, renamed to PATH at the very end
```
So PATH is whole or not there. The folder is locked while a program works in it; the lock ends with the program.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Lock

from pectui.domain.export import ExportFormat, ExportPlan, FoundText, MailCopy, Manifest, NotExported
from pectui.errors import StoreError
from pectui.store import files
from pectui.store.exports import plan_file, spool
from pectui.store.exports.failing import in_the_way, writing
from pectui.store.exports.finished import describe, finished_export, write_manifest
from pectui.store.exports.json_lines import JsonLines
from pectui.store.exports.mailboxes import EmlFiles, Mbox
from pectui.store.exports.outputs import Form, sync_file
from pectui.store.exports.spool import Spool
from pectui.store.exports.spreadsheet import Spreadsheet

ENDING = ".unfinished"
_FILES = "files"
_SYNCED_AT_ONCE = 16
_FORMS: Mapping[ExportFormat, Callable[[Path], Form]] = {
    ExportFormat.JSON: JsonLines,
    ExportFormat.CSV: Spreadsheet,
    ExportFormat.MBOX: Mbox,
    ExportFormat.EML: EmlFiles,
}
_NO_LOCKS = frozenset({errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL})
"""What file systems say that can't lock a folder, such as some on a network: then nothing is locked."""


def open_unfinished(path: Path, plan: ExportPlan) -> UnfinishedExport | Manifest:
    """Takes up the export at `path` where an earlier run left it, or begins it.

    The manifest where an earlier run has finished just this one. StoreError if anything else is there, also the
    unfinished export of other messages: nothing of it is touched.
    """
    path = Path(os.path.abspath(path))
    if not path.name:
        raise in_the_way(path, "names no new folder", "Choose another path.")
    folder = path.with_name(path.name + ENDING)
    if os.path.lexists(path):
        done = _finished(path, folder, plan)
        if done is None:
            raise in_the_way(path, describe(path))
        return done
    lock = _take(folder)
    try:
        begun = _begun(folder, path, plan)
        with writing(folder):
            if begun is None:
                plan_file.write_plan(folder, plan)
            return UnfinishedExport(path, folder, begun or plan, lock)
    except StoreError:
        os.close(lock)
        raise


def _finished(path: Path, folder: Path, plan: ExportPlan) -> Manifest | None:
    """The finished export at `path` if this is what was asked for."""
    with writing(path):
        if not os.path.lexists(folder):
            return finished_export(path, plan)
    # A run was killed when it had just given the export its name: it was to hold what that run was to export.
    lock = _take(folder)
    try:
        begun = _begun(folder, path, plan)
        with writing(path):
            done = finished_export(path, begun or plan)
        if done is not None:
            _clear(folder)
        return done
    finally:
        os.close(lock)


class UnfinishedExport:
    """Fits `engine.export.Unfinished`."""

    def __init__(self, path: Path, folder: Path, plan: ExportPlan, lock: int) -> None:
        self.path = path
        self.plan = plan
        self._folder = folder
        self._lock: int | None = lock
        self._mutex = Lock()
        self._form: Form | None = None
        self._spool = Spool(folder)

    @property
    def held(self) -> Set[int]:
        return self._spool.held

    def keep(self, texts: Mapping[int, FoundText]) -> None:
        with self._mutex, writing(self._folder / spool.NAME):
            self._spool.add(texts)

    def text(self, index: int) -> FoundText:
        with self._mutex, writing(self._folder / spool.NAME):
            return self._spool.get(index)

    def begin_files(self) -> None:
        made = self._folder / _FILES
        with self._mutex, writing(made):
            _remove_tree(made)
            made.mkdir(files.FOLDER_MODE)
            made.chmod(files.FOLDER_MODE)
            self._form = _FORMS[self.plan.format](made)

    def write(self, copies: Sequence[MailCopy]) -> None:
        assert self._form is not None
        with self._mutex, writing(self._folder / _FILES):
            self._form.write(copies)

    def finish(self, missing: Sequence[NotExported], at: datetime) -> Manifest:
        assert self._form is not None
        made = self._folder / _FILES
        with self._mutex, writing(self.path):
            written = self._form.close()
            self._form = None
            manifest = Manifest(self.path, self.plan, at, tuple(missing), tuple(written))
            names = [file.name for file in written] + write_manifest(made, manifest)
            with ThreadPoolExecutor(_SYNCED_AT_ONCE) as threads:
                # Several at once: a journal is written once for all that wait for it.
                for _ in threads.map(lambda name: sync_file(made / name), names):
                    pass
            for folder in sorted({(made / name).parent for name in names} | {made}, reverse=True):
                files.sync_folder(folder)
            if os.path.lexists(self.path):  # an empty folder would be replaced without a word
                raise in_the_way(self.path, describe(self.path))
            os.rename(made, self.path)
            files.sync_folder(self.path.parent)
        self._spool.close()
        _clear(self._folder)
        return manifest

    def close(self) -> None:
        with self._mutex:
            if self._form is not None:
                self._form.abandon()
            self._spool.close()
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None


def _take(folder: Path) -> int:
    """The folder, made if it is missing, locked for this program. StoreError if it is another one's."""
    while True:
        with writing(folder):
            if not files.folder_exists(folder):
                files.make_folder(folder)
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                _lock(folder, descriptor)
                if os.path.samestat(os.fstat(descriptor), os.lstat(folder)):
                    return descriptor
            except FileNotFoundError:
                pass  # it was another program's, which has finished in this moment
            except (OSError, StoreError):
                os.close(descriptor)
                raise
            os.close(descriptor)


def _lock(folder: Path, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        hint = "Wait for it to end, or choose another path."
        raise in_the_way(folder, "is being written by another pectui", hint) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def _begun(folder: Path, path: Path, plan: ExportPlan) -> ExportPlan | None:
    """The plan that the export there was begun with; None if it was not begun. StoreError if it is another one's."""
    with writing(folder):
        names = files.entries(folder)
        begun = plan_file.read_plan(folder)
    if begun is None:
        if all(name.startswith(f".{plan_file.NAME}.") and name.endswith(files.TEMPORARY) for name in names):
            return None  # killed while the plan was written
        raise in_the_way(folder, "is there already, and is no unfinished export of this pectui")
    same = begun.selection == plan.selection != "" or begun.digest == plan.digest
    if (begun.origin, begun.format) != (plan.origin, plan.format) or not same:
        remove = f"rm -r {shlex.quote(str(folder))}"
        hint = f"Finish it by asking for the same messages and form again, or remove it: {remove}"
        raise in_the_way(
            folder, f"is an unfinished export of other messages than are now wanted in {path}", hint
        )
    return begun


def _clear(folder: Path) -> None:
    """Removes what an export needs no more; what can't be removed harms nobody."""
    try:
        _remove_tree(folder / _FILES)
        # The plan goes last: without it what is left would count as somebody else's.
        names = [name for name in files.entries(folder) if name != plan_file.NAME]
        files.remove_files(folder, [*names, plan_file.NAME])
        files.remove_empty(folder)
    except (OSError, StoreError):
        return


def _remove_tree(folder: Path) -> None:
    if os.path.lexists(folder):
        shutil.rmtree(folder)
