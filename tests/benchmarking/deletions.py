"""What deleting costs, and how it fares.

`python -m tests.benchmarking.deletions` measures alone; with `COUNT [FIRST]` it tries so many random cases, and with
`kills COUNT` it kills programs at random moments.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple, replace
from datetime import datetime
from pathlib import Path

from pectui.__main__ import collect_rarely
from pectui.api.client import PecClient
from pectui.api.credentials import MailboxCredentials
from pectui.api.transport import HttpxTransport
from pectui.config import Profile
from pectui.domain.fingerprint import Fingerprint
from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.message import Header
from pectui.domain.subject import kind_and_code
from pectui.engine.audit import FileAudit
from pectui.engine.jobs import MemoryJobs
from pectui.engine.journal import FileJournal
from pectui.engine.listing import Listing
from pectui.environment import Environment
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.session import Session, system_clock
from pectui.store.mailbox import MailboxStore
from tests.benchmarking.mailboxes import Mailbox, served
from tests.benchmarking.measuring import alternate, report
from tests.engine.at_random import Case, try_out
from tests.engine.killing import desk, random_lives
from tests.engine.sent import deliver_send, opened

_SHOWN = 12
_SENDS = 300
_SINGLES = 1_000
_LATENCY = 0.05
_CONCURRENCY = 4
_MANY, _MAILBOX = 10_000, 100_000


def deletions(home: Path) -> None:
    """Prints all of it."""
    tried_at_random(200)
    whole, single = asyncio.run(_requests(whole=True)), asyncio.run(_requests(whole=False))
    report(f"requests for {_SENDS} completed sends of 3 receipts", whole, "", single, "one by one")
    _singles(home / "singles")
    _planning(home / "planning")
    _journal(home / "journal")


async def _requests(*, whole: bool) -> int:
    """How many requests the deletion of many sends takes."""
    box = opened(concurrency=_CONCURRENCY)
    for number in range(_SENDS):
        deliver_send(box.mailbox, f"202603020900{number:04}")
    box.bench.fill(1)
    prepared = await box.plan(lambda one: one.code is not None)
    before = len(box.bench.app.requests)
    outcome = await box.delete(prepared if whole else replace(prepared, sends=()))
    assert len(outcome.deleted) == 3 * _SENDS
    return len(box.bench.app.requests) - before


def _singles(home: Path) -> None:
    """What single messages take on a line with latency, where ids are stable."""
    latency = [f"--fault={operation}:latency={_LATENCY}" for operation in ("message", "delete")]
    with served(3 * _SINGLES, home, "--first-uid", "100000", *latency) as mailbox:
        mailbox.run("sync")
        chosen = home / "chosen"
        chosen.write_text("\n".join(str(header.id) for header in _deliveries(mailbox, _SINGLES)))
        started = time.perf_counter()
        mailbox.run("delete", "--from", str(chosen), "--yes")
        seconds = time.perf_counter() - started
        (journal,) = home.rglob("jobs/*.jsonl")
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert lines[-1]["deleted"] == _SINGLES
    begun, ended = (datetime.fromisoformat(lines[at]["at"]) for at in (0, -1))
    floor = 2 * _SINGLES * _LATENCY / _CONCURRENCY
    what = f"deleting {_SINGLES:,} single messages at {1000 * _LATENCY:.0f} ms"
    report(what, (ended - begun).total_seconds(), "s", floor, "the line alone")
    report("the same, whole process", seconds, "s", floor, "the line alone")


def _deliveries(mailbox: Mailbox, count: int) -> list[Header]:
    """So many delivery receipts that nothing looks like."""
    headers = Listing(*MailboxStore(mailbox.cache).listing()).headers
    keys = Counter(Fingerprint.of(header).key for header in headers)
    found = (header for header in headers if kind_and_code(header.subject)[0] is Kind.DELIVERY)
    return [header for header in found if keys[Fingerprint.of(header).key] == 1][:count]


def _planning(home: Path) -> None:
    """What the plan for many of a large mailbox takes, and for how long nothing else runs meanwhile."""
    with served(_MAILBOX, home) as mailbox:
        mailbox.run("sync")
        seconds, longest = asyncio.run(_planned(mailbox))
    what = f"planning {_MANY:,} of {_MAILBOX:,} messages"
    report(what, 1000 * seconds, "ms", 1500, "the limit")
    report("the longest that nothing else ran meanwhile", 1000 * longest, "ms", 50, "the limit")


async def _planned(mailbox: Mailbox) -> tuple[float, float]:
    variables = mailbox.variables
    names = ("PECTUI_TOKEN", "PECTUI_USERNAME", "PECTUI_PASSWORD")
    client = PecClient(
        HttpxTransport(variables["PECTUI_BASE_URL"]), MailboxCredentials(*(variables[name] for name in names))
    )
    session = Session(
        Profile("prova", Environment.SANDBOX, variables["PECTUI_BASE_URL"], concurrency=_CONCURRENCY),
        client,
        MailboxStore(mailbox.cache),
        own=frozenset({DEMO_ADDRESS}),
        address=DEMO_ADDRESS,
        jobs=lambda: MemoryJobs(system_clock),
        clock=system_clock,
        close=client.aclose,
    )
    await session.sends.current()
    chosen = [interpret(header, session.own) for header in _deliveries(mailbox, _MANY)]
    longest, done = 0.0, False

    async def watch() -> None:
        nonlocal longest
        while not done:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before - 0.001)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0.01)
    started = time.perf_counter()
    prepared = await session.prepare(chosen)
    seconds = time.perf_counter() - started
    done = True
    await watching
    assert len(prepared.targets) == _MANY
    await session.aclose()
    return seconds, longest


def _journal(home: Path) -> None:
    """What it takes to write down one deletion: before it with a wait for the disk, after it without."""
    journal = FileJournal(home, system_clock, "mailbox")
    audit = FileAudit(home / "audit.jsonl", profile="", mailbox="", environ={}, clock=system_clock)
    mark = Fingerprint.of(
        Header(1, "Mon, 2 Mar 2026 09:00:00 +0100", "Oggetto", "a@pec.example", "b@pec.example")
    )

    def written() -> None:
        journal.write("delete", {"id": 1, "chosen": 1, "above": [2, *astuple(mark)[1:5]]})
        audit.write(mark, "deleted", "")
        journal.write("deleted", {"id": 1, "reason": ""}, sync=False)

    with open(home / "bare", "wb", buffering=0) as file:

        def synced() -> None:
            file.write(bytes(200))
            os.fsync(file)

        whole, bare = alternate(200, lambda: _timed(written), lambda: _timed(synced))
    journal.close()
    report("journal and audit of one deletion", 1000 * whole, "ms", 1000 * bare, "one write and fsync")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def tried_at_random(count: int, first: int = 0) -> bool:
    """Prints how many of so many random deletions went wrong, and why messages were left. True if none did."""
    started = time.perf_counter()
    done: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    bad: list[str] = []
    for seed in range(first, first + count):
        tried = asyncio.run(try_out(Case.of(seed)))
        outcome = tried.outcome
        left = (*outcome.refused, *outcome.failed)
        done.update(
            chosen=tried.chosen,
            deleted=len(outcome.deleted),
            gone=len(outcome.already_gone),
            left=len(left),
            wrong=len(tried.wrong),
            lied=len(tried.lied) + tried.untold,
        )
        reasons.update(one.reason.partition(":")[0] for one in left)
        if tried.wrong or tried.lied or tried.untold:
            bad.append(f"  {tried.case}: wrong {tried.wrong}, untold {tried.untold}, lied {tried.lied}")
    print(
        f"{count:,} random selections from seed {first}: {done['chosen']:,} messages chosen, "
        f"{done['deleted']:,} deleted, {done['gone']:,} taken by others, {done['left']:,} left with their reasons; "
        f"unchosen and deleted: {done['wrong']}, not as told: {done['lied']} "
        f"({time.perf_counter() - started:.0f} s)"
    )
    for reason, times in reasons.most_common(_SHOWN):
        print(f"  {times:6,} {reason}")
    for one in bad:
        print(one)
    return not bad


def killed_at_random(moments: int, home: Path) -> bool:
    """Prints how many of so many programs that were killed came to the end of one that was not. True if all did."""
    started = time.perf_counter()
    kills = trials = 0
    bad: list[str] = []
    for ids in ("uid", "sequence"):
        with desk(home / ids, ids) as user:
            undisturbed, steps = user.delete([])
            seed = 0
            while user.kills < moments / 2:
                lives = random_lives(seed, steps)
                if not user.delete(lives)[0].is_that_of(undisturbed):
                    bad.append(f"  {ids}, seed {seed}: {lives}")
                seed += 1
            kills, trials = kills + user.kills, trials + seed
    print(
        f"SIGKILL at {kills} random moments of {trials} jobs, each gone on with to its end: "
        f"{trials - len(bad)} ended as if undisturbed ({time.perf_counter() - started:.0f} s)"
    )
    for one in bad:
        print(one)
    return not bad


if __name__ == "__main__":
    collect_rarely()
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) == 1:
            deletions(Path(folder))
        elif sys.argv[1] == "kills":
            sys.exit(not killed_at_random(int(sys.argv[2]), Path(folder)))
        else:
            sys.exit(not tried_at_random(*map(int, sys.argv[1:3])))
