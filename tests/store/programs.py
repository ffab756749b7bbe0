"""Programs that the store's tests run beside themselves: to be killed, to compete, to run out of rights or space.

`python -m tests.store.programs NAME FOLDER [ARGUMENTS]`; each prints one JSON document.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import filelock

from pectui.errors import StoreError
from pectui.store.mailbox import MailboxStore
from pectui.store.memory import MemoryStore, Store
from pectui.store.remembered import Remembered
from tests.store.samples import LATER, NOON, header, headers

NOBODY = 65534
ROOT = Path(__file__).parents[2]

assert filelock  # loaded while there are rights to read it


def start(name: str, *arguments: object, module: str = __name__) -> subprocess.Popen[str]:
    """Starts the program of this name."""
    command = [sys.executable, "-m", module, name, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def run(name: str, *arguments: object, module: str = __name__) -> Any:
    """What the program of this name prints."""
    with start(name, *arguments, module=module) as process:
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(output)


def writer(folder: Path, first: str, step: str, times: str) -> int:
    """Remembers `times` listings of 25 messages, `step` ids apart so that two writers share all their blocks."""
    store = MailboxStore(folder)
    for number in range(int(times)):
        start_id = int(first) + number * 25 * int(step)
        store.remember(headers(range(start_id, start_id + 25 * int(step), int(step))), number, NOON)
    return int(times) * 25


def restless(folder: Path, times: str) -> int:
    """Makes blocks split and merge again between the ids that are multiples of 1000."""
    move_about(MailboxStore(folder), int(times))
    return int(times)


def move_about(store: Store, times: int) -> None:
    """What `restless` does."""
    for _ in range(times):
        between = [number for number in range(1, 20_000, 12) if number % 1000]
        store.remember(headers(between), 1, NOON)
        store.forget(between)


def stopped(folder: Path) -> None:
    """Takes the lock, says so, and sits on it until it is ended."""
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / "lock"):
        print("locked", flush=True)
        signal.pause()


def full_disk(folder: Path) -> dict[str, Any]:
    """Remembers on a disk that takes no file above 20 KB any more, then on one with space again."""
    store = MailboxStore(folder)
    store.remember(headers(range(300)), 1, NOON)
    before = contents(folder)
    with no_file_above(20_000):
        words = error_of(lambda: store.remember(headers(range(100, 500), "altro"), 2, LATER))
        untouched = contents(folder) == before
        recalled = store.recall(100)
    store.remember(headers(range(100, 500), "altro"), 2, LATER)
    again = store.recall(100)
    return {
        "words": words,
        "untouched": untouched,
        "still_old": recalled is not None and recalled.header == header(100),
        "new_after": again is not None and again.header == header(100, "altro"),
    }


def without_rights(folder: Path) -> dict[str, Any]:
    """Recalls and remembers in a folder that its owner may read only."""
    MailboxStore(folder).remember(headers(range(30)), 1, NOON)
    take_rights(folder)
    before = contents(folder)
    store = MailboxStore(folder)
    words = error_of(lambda: store.remember(headers([7], "altro"), 2, LATER))
    remembered = store.recall(7)
    folder.chmod(0o700)
    return {
        "words": words,
        "recalled": remembered is not None and remembered.header == header(7),
        "untouched": contents(folder) == before,
    }


def killed_often(folder: Path, kills: str, seed: str) -> dict[str, Any]:
    """Kills a writer again and again at random moments; says what it had acknowledged and is not there."""
    dice = random.Random(seed)
    acknowledged = 0
    for _ in range(int(kills)):
        acknowledged += killed_soon(dice, partial(_write_for_ever, folder, acknowledged))
    store = MailboxStore(folder)
    there = store.recall_many(range(acknowledged * 25))
    lost = [number for number in range(acknowledged * 25) if number not in there]
    store.remember(headers([0]), 1, NOON)
    return {
        "listings": acknowledged,
        "lost": lost,
        "warnings": store.take_warnings(),
        "leftovers": leftovers(folder),
    }


def killed_soon(dice: random.Random, work: Callable[[int], object]) -> int:
    """Kills a program after some of its acknowledgements, at a random moment. How many it wrote to the file that it
    was given."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        work(writing)
    os.close(writing)
    with open(reading, "rb", buffering=0) as acknowledgements:
        count = sum(len(acknowledgements.read(1) or b"") for _ in range(dice.randint(1, 4)))
        until = time.perf_counter() + dice.uniform(0, 0.006)
        while time.perf_counter() < until:
            pass
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return count + len(acknowledgements.read() or b"")


def killed_at_each_step(folder: Path) -> dict[str, Any]:
    """Kills a writer before its first touch of a file, then before its second, and so on to the last.

    What it does makes blocks split, merge and go. Each time everything acknowledged must be there, and what it
    was at must be, message by message, as before or as after.
    """
    base, model = folder / "base", MemoryStore()
    states = []
    for store in (MailboxStore(base), model):
        store.remember(headers(range(0, 3000, 6)), 1, NOON)
    states.append(model.recall_many(_IDS))
    for change in _CHANGES:
        change(model)
        states.append(model.recall_many(_IDS))
    problems: list[str] = []
    step = 0
    finished = False
    while not finished:
        step += 1
        copy = folder / f"step{step}"
        shutil.copytree(base, copy)
        acknowledged, finished = killed_at(step, copy, _CHANGES)
        after = states[min(acknowledged + 1, len(states) - 1)]
        problems += [f"step {step}: {problem}" for problem in _problems(copy, states[acknowledged], after)]
        shutil.rmtree(copy)
    return {"steps": step, "problems": problems}


_IDS = range(3000)

_CHANGES: tuple[Callable[[Store], None], ...] = (
    lambda store: store.remember(headers(range(1500)), 3, LATER),
    lambda store: store.forget(range(200, 1400)),
    lambda store: store.remember(headers(range(1000, 1025)), 4, LATER),
    lambda store: store.forget(range(1000, 3000)),
    lambda store: store.forget(_IDS),
)


def killed_at(
    step: int, folder: Path, changes: Sequence[Callable[[MailboxStore], object]]
) -> tuple[int, bool]:
    """Kills a writer before its touch of a file that has this number. How many changes it acknowledged, and whether
    it came to its end before."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        store, count = MailboxStore(folder), 0

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            writes = event == "open" and isinstance(flags := arguments[2], int) and flags & os.O_WRONLY
            if writes or event in {"os.rename", "os.remove", "os.utime"}:
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        for change in changes:
            change(store)
            os.write(writing, b".")
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with open(reading, "rb") as acknowledgements:
        return len(acknowledgements.read()), status == 0


def _problems(folder: Path, before: dict[int, Remembered], after: dict[int, Remembered]) -> Iterator[str]:
    store = MailboxStore(folder)
    for moment in ("at once", "after the next writing"):
        there = store.recall_many(_IDS)
        for message_id in _IDS:
            if there.get(message_id) not in (before.get(message_id), after.get(message_id)):
                yield f"{moment}, {message_id} is {there.get(message_id)}"
        store.remember(headers([5000]), 9, LATER)
    if store.take_warnings() or leftovers(folder):
        yield f"left behind: {leftovers(folder)}"


def _write_for_ever(folder: Path, number: int, acknowledgements: int) -> None:
    store = MailboxStore(folder)
    while True:
        store.remember(headers(range(number * 25, number * 25 + 25)), number, NOON)
        os.write(acknowledgements, b".")
        number += 1


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """A disk that takes no larger file meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def take_rights(*folders: Path) -> None:
    """Makes this program one that may read these folders and not write in them, also if root started it."""
    if os.geteuid() == 0:
        for folder in folders:
            for path in (folder, *folder.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    for folder in folders[::-1]:
        folder.chmod(0o500)


def leftovers(folder: Path) -> list[str]:
    """What no program should leave behind."""
    return [name for name in os.listdir(folder) if name.endswith(".tmp") or "broken" in name]


def contents(folder: Path) -> dict[str, bytes]:
    """The folder's files."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def error_of(work: Callable[[], object]) -> list[str]:
    """What the user reads if `work` fails."""
    try:
        work()
    except StoreError as error:
        return [error.title, error.detail, error.hint]
    return []


_PROGRAMS: dict[str, Callable[..., object]] = {
    program.__name__: program
    for program in (writer, restless, stopped, full_disk, without_rights, killed_often, killed_at_each_step)
}

if __name__ == "__main__":
    print(json.dumps(_PROGRAMS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])))
