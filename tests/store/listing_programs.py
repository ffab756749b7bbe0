"""Programs that remember listings and texts: to be killed, to compete, to run out of rights or space.

`python -m tests.store.listing_programs NAME FOLDER [ARGUMENTS]`; each prints one JSON document.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pectui.domain.listing import ListingChange, Placed, Synced
from pectui.domain.message import Header
from pectui.store.mailbox import MailboxStore
from pectui.store.memory import MemoryStore, Store
from tests.store import programs
from tests.store.programs import (
    contents,
    error_of,
    killed_at,
    killed_soon,
    leftovers,
    no_file_above,
    take_rights,
)
from tests.store.samples import AGREED, LATER, NOON, changed, header, placed

start = partial(programs.start, module=__name__)
run = partial(programs.run, module=__name__)


def syncer(folder: Path, first: str, step: str, times: str) -> int:
    """Puts one message after another into the listing, and counts each in `total`; how often others were first."""
    store, refused = MailboxStore(folder), 0
    for number in range(int(first), int(first) + int(step) * int(times), int(step)):
        while True:
            synced = store.synced()
            news = replace(AGREED, total=(synced.total or 0) + 1)
            after = store.change_listing(ListingChange(synced.version, news, placed([number])))
            if after is not None:
                break
            refused += 1
    return refused


def shifting(folder: Path, times: str) -> int:
    """Replaces the whole listing again and again: each message says with which `total` it came."""
    store = MailboxStore(folder)
    for number in range(1, int(times) + 1):
        # More and fewer by turns, so that blocks split and merge.
        changed(store, placed(range(2000), f"giro{number}"), synced=replace(AGREED, total=number))
        changed(store, removed=tuple(range(1900)), synced=replace(AGREED, total=number))
    return int(times)


def killed_often(folder: Path, kills: str, seed: str) -> dict[str, Any]:
    """Kills who changes the listing at random moments. It must be as it was last acknowledged, or one change on."""
    dice = random.Random(seed)
    model, problems = MemoryStore(), []
    for _ in range(int(kills)):
        done = model.synced().version
        done += killed_soon(dice, partial(_change_for_ever, folder))
        store = MailboxStore(folder)
        synced = store.synced()
        if synced.version not in (done, done + 1):
            problems.append(f"{done} changes were acknowledged, {synced.version} are there")
            break
        while model.synced().version < synced.version:
            _change(model)
        if store.listing() != model.listing() or store.synced() != model.synced():
            problems.append(f"the listing is not what {synced.version} changes make")
        problems += store.take_warnings()
    _change(MailboxStore(folder))
    return {"changes": model.synced().version, "problems": problems, "leftovers": _leftovers(folder)}


def killed_at_each_step(folder: Path) -> dict[str, Any]:
    """Kills who changes the listing before its first touch of a file, then before its second, and so on."""
    base, model = folder / "base", MemoryStore()
    for store in (MailboxStore(base), model):
        changed(store, placed(range(0, 3000, 4)))
    return _kill_at_each_step(folder, model, _CHANGES)


def killed_at_the_first_change(folder: Path) -> dict[str, Any]:
    """The same where there is no listing yet."""
    (folder / "base").mkdir(parents=True)
    return _kill_at_each_step(folder, MemoryStore(), [lambda store: changed(store, placed(range(600)))])


def on_a_full_disk(folder: Path) -> dict[str, Any]:
    """Changes the listing where a block or else the table that is written last finds no space, then where all do."""
    store = MailboxStore(folder)
    long = tuple(
        Placed(Header(number, "", "x" * 2000, "", ""), number * 16) for number in range(10_000, 10_050)
    )
    changed(store, (*placed(range(600)), *long))
    before, listing = contents(folder), store.listing()
    words, untouched = [], []
    for limit in (20_000, 60_000):
        with no_file_above(limit):
            words.append(error_of(lambda: changed(store, removed=(5,))))
            untouched.append(contents(folder) == before)
            untouched.append(store.listing() == listing == MailboxStore(folder).listing())
    after = changed(store, removed=(5,))
    return {"words": words, "untouched": untouched, "after": after.count, "leftovers": _leftovers(folder)}


def without_rights(folder: Path) -> dict[str, Any]:
    """Looks at a listing and changes it in a folder that its owner may read only."""
    changed(MailboxStore(folder), placed(range(1000)))
    take_rights(folder)
    before, store = contents(folder), MailboxStore(folder)
    synced, found = store.listing()
    return {
        "words": error_of(lambda: changed(store, placed([7], "altro"))),
        "found": [synced.count, len(found), len(store.synced().front)],
        "untouched": contents(folder) == before,
    }


def texts_without_rights(folder: Path) -> dict[str, Any]:
    """Reads and keeps texts in folders that their owner may read only."""
    store = MailboxStore(folder, clock=lambda: LATER)
    changed(store, placed([1]))
    store.keep_text(header(1), "testo", LATER)
    take_rights(folder, folder / "texts")
    before = contents(folder / "texts")
    store = MailboxStore(folder, clock=lambda: LATER)
    for number in (1, 2):
        store.keep_text(header(number), "altro", LATER)
    kept = store.text(header(1))
    return {
        "text": kept is not None and kept.body == "testo",
        "untouched": contents(folder / "texts") == before,
        "warnings": store.take_warnings(),
    }


def texts_on_a_full_disk(folder: Path) -> dict[str, Any]:
    """Keeps texts on a disk that takes no file above 20 KB."""
    store = MailboxStore(folder, clock=lambda: LATER)
    store.keep_text(header(1), "short", NOON)
    with no_file_above(20_000):
        for number in (1, 2):
            store.keep_text(header(number), "long" * 10_000, LATER)
    kept = store.text(header(1))
    return {
        "text": kept and kept.body,
        "files": os.listdir(folder / "texts"),
        "warnings": store.take_warnings(),
    }


_CHANGES: tuple[Callable[[Store], object], ...] = (
    lambda store: changed(store, placed(range(3000, 3025))),
    lambda store: changed(store, placed(range(1000, 2000), "altro"), (0, 4, 8)),
    lambda store: changed(store, removed=tuple(range(100, 2900))),
    lambda store: changed(store, placed(range(3024), "spostato"), (3024,)),
    lambda store: changed(store, removed=tuple(range(3024))),
    lambda store: changed(store, placed(range(20))),
    lambda store: store.clear(),
    lambda store: changed(store, placed(range(10))),
)


def _kill_at_each_step(
    folder: Path, model: MemoryStore, changes: Sequence[Callable[[Store], object]]
) -> dict[str, Any]:
    states = [model.listing()]
    for change in changes:
        change(model)
        states.append(model.listing())
    problems: list[str] = []
    step, finished = 0, False
    while not finished:
        step += 1
        copy = folder / f"step{step}"
        shutil.copytree(folder / "base", copy)
        acknowledged, finished = killed_at(step, copy, changes)
        allowed = states[acknowledged : acknowledged + 2]
        problems += [f"step {step}: {problem}" for problem in _problems(copy, allowed)]
        shutil.rmtree(copy)
    return {"steps": step, "problems": problems}


def _problems(folder: Path, allowed: list[tuple[Synced, list[Placed]]]) -> Iterator[str]:
    store = MailboxStore(folder, clock=lambda: LATER)
    synced = store.synced()
    found = store.listing()
    if found not in allowed or synced != found[0]:
        yield f"there are {found[0].count} of version {found[0].version}"
    after = changed(store)
    if store.listing() != (after, found[1]) or after.count != len(found[1]):
        yield "the next change makes something else of it"
    if store.take_warnings() or _leftovers(folder):
        yield f"left behind: {_leftovers(folder)}"


def _change_for_ever(folder: Path, acknowledgements: int) -> None:
    store = MailboxStore(folder)
    while True:
        _change(store)
        os.write(acknowledgements, b".")


def _change(store: Store) -> None:
    """The change that follows from the listing's version: some come, some go, some stand elsewhere."""
    number = store.synced().version
    dice = random.Random(number)
    new = placed(range(number * 25, number * 25 + 25))
    gone = tuple(dice.sample(range(max(25, number * 25)), 20))
    moved = placed(range(-600, 0), f"giro{number}") if number % 6 == 0 else ()
    fewer = tuple(range(-600, -30)) if number % 6 == 3 else ()
    changed(store, (*new, *moved), (*gone, *fewer), replace(AGREED, total=number))


def _leftovers(folder: Path) -> list[str]:
    """What no program should leave behind, tables that are not the listing's any more included."""
    blocks = json.loads((folder / "meta.json").read_text())["3"]["blocks"].split()
    named = {"listing-{1}-{0}.json".format(*block.split(":")) for block in blocks}
    return leftovers(folder) + sorted({path.name for path in folder.glob("listing-*")} ^ named)


_PROGRAMS: dict[str, Callable[..., object]] = {
    program.__name__: program
    for program in (
        syncer,
        shifting,
        killed_often,
        killed_at_each_step,
        killed_at_the_first_change,
        on_a_full_disk,
        without_rights,
        texts_without_rights,
        texts_on_a_full_disk,
    )
}

if __name__ == "__main__":
    print(json.dumps(_PROGRAMS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])))
