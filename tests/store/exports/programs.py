"""Programs that the tests of exports run beside themselves: to be killed, or to run out of space or rights.

`python -m tests.store.exports.programs NAME FOLDER [ARGUMENTS]`; each prints one JSON document.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pectui.domain.export import ExportFormat, Manifest, NotExported
from pectui.errors import StoreError
from pectui.store.exports.unfinished import UnfinishedExport, open_unfinished
from tests.store.exports.copies import NOON, contents, copy_of, header, plan_of, text
from tests.store.programs import error_of, no_file_above, take_rights

HEADERS = tuple(header(number, f"CONSEGNA: Avviso {number} 2020082610003492") for number in range(12))
BODIES = [f"Testo {number}: è così\n" * 40 for number in range(12)]
MISSING = 5
"""The one whose text can't be had."""


def export(path: Path, form: ExportFormat) -> Manifest:
    """A whole export, from wherever an earlier one was left."""
    work = open_unfinished(path, plan_of(HEADERS, form, "--all"))
    if isinstance(work, Manifest):
        return work
    try:
        _keep_texts(work)
        work.begin_files()
        for index in range(len(HEADERS)):
            if index != MISSING:
                work.write([copy_of(HEADERS[index], work.text(index).body)])
        return work.finish([NotExported(HEADERS[MISSING], "it is gone")], NOON)
    finally:
        work.close()


def _gather(path: Path, form: ExportFormat) -> None:
    """An export up to its texts."""
    work = open_unfinished(path, plan_of(HEADERS, form, "--all"))
    assert not isinstance(work, Manifest)
    _keep_texts(work)
    work.close()


def _keep_texts(work: UnfinishedExport) -> None:
    left = [index for index in range(len(HEADERS)) if index not in work.held and index != MISSING]
    for start in range(0, len(left), 3):
        work.keep({index: text(BODIES[index]) for index in left[start : start + 3]})


def killed_at_each_step(folder: Path, form: str) -> dict[str, Any]:
    """Kills an export before its first touch of the disk, then before its second, and so on to the last.

    Each time the export is whole or not there; and the next run ends as one that nobody disturbed.
    """
    wanted = _undisturbed(folder, ExportFormat(form))
    problems: list[str] = []
    step, finished = 0, False
    while not finished:
        step += 1
        place = folder / str(step)
        place.mkdir()
        finished = _killed_at(step, place / "out", ExportFormat(form))
        problems += [f"step {step}: {problem}" for problem in _problems(place / "out", form, wanted)]
        shutil.rmtree(place)
    return {"steps": step, "problems": problems}


def killed_often(folder: Path, form: str, kills: str, seed: str) -> dict[str, Any]:
    """The same at random moments, also several times in one export."""
    wanted = _undisturbed(folder, ExportFormat(form))
    dice = random.Random(seed)
    problems: list[str] = []
    for number in range(int(kills)):
        place = folder / str(number)
        place.mkdir()
        for _ in range(dice.randint(1, 3)):
            _killed_after(dice.uniform(0, 0.03), place / "out", ExportFormat(form))
        problems += [f"kill {number}: {problem}" for problem in _problems(place / "out", form, wanted)]
        shutil.rmtree(place)
    return {"problems": problems}


def full_disk(folder: Path, form: str) -> dict[str, Any]:
    """An export on a disk that takes no file above some kilobytes any more, then on one with space again."""
    wanted = _undisturbed(folder, ExportFormat(form))
    path = folder / "out"
    words = []
    for size in (300, 3_000, 9_000):  # for the plan, then for the texts
        with no_file_above(size):
            words.append(error_of(lambda: export(path, ExportFormat(form))))
    _gather(path, ExportFormat(form))
    for size in (300, 1_200):  # for the export's own files
        with no_file_above(size):
            words.append(error_of(lambda: export(path, ExportFormat(form))))
    problems = ["it has its name"] if path.exists() else []
    return {"words": words, "problems": [*problems, *_problems(path, form, wanted)]}


def without_rights(folder: Path) -> list[str]:
    """An export into a folder that its owner may read only."""
    take_rights(folder)
    return error_of(lambda: export(folder / "out", ExportFormat.JSON))


def stopped(folder: Path) -> None:
    """Begins an export, says so, and sits on it until it is ended."""
    work = open_unfinished(folder / "out", plan_of(HEADERS, ExportFormat.JSON, "--all"))
    assert not isinstance(work, Manifest)
    print("begun", flush=True)
    signal.pause()


def _undisturbed(folder: Path, form: ExportFormat) -> dict[str, bytes]:
    manifest = export(folder / "undisturbed", form)
    assert len(manifest.copied) == len(HEADERS) - 1
    return contents(folder / "undisturbed")


def _problems(path: Path, form: str, wanted: dict[str, bytes]) -> Iterator[str]:
    if path.exists() and contents(path) != wanted:
        yield "it has its name and is not whole"
    try:
        export(path, ExportFormat(form))
    except StoreError as error:
        yield str(error)
    if not path.exists() or contents(path) != wanted:
        yield "the next run ends otherwise"
    if os.listdir(path.parent) != [path.name] and not (path.parent / "undisturbed").exists():
        yield f"left behind: {os.listdir(path.parent)}"
    if not all(sums_are_right(path)):
        yield "its sums are wrong"


def sums_are_right(folder: Path) -> Iterator[bool]:
    """What `sha256sum -c SHA256SUMS` would say of each file."""
    for line in (folder / "SHA256SUMS").read_text("ascii").splitlines():
        digest, _, name = line.partition("  ")
        yield hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def _killed_at(step: int, path: Path, form: ExportFormat) -> bool:
    """Whether the export came to its end before its touch of the disk that has this number."""
    child = os.fork()
    if child == 0:
        count = 0

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            writes = event == "open" and isinstance(flags := arguments[2], int) and flags & os.O_WRONLY
            if writes or event in _TOUCHES:
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        export(path, form)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return status == 0


_TOUCHES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.utime"}


def _killed_after(seconds: float, path: Path, form: ExportFormat) -> None:
    child = os.fork()
    if child == 0:
        export(path, form)
        os._exit(0)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


_PROGRAMS: dict[str, Callable[..., object]] = {
    program.__name__: program
    for program in (killed_at_each_step, killed_often, full_disk, without_rights, stopped)
}


def _listed(value: Any) -> Any:
    return {key: list(one) if isinstance(one, Iterator) else one for key, one in value.items()}


if __name__ == "__main__":
    result = _PROGRAMS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
    print(json.dumps(_listed(result) if isinstance(result, dict) else result))
