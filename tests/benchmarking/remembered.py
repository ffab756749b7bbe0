"""What a mailbox of 100,000 messages costs beside a small one: the first frame, a write, a key, the memory."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from pectui.domain.listing import ListingChange
from pectui.domain.message import Header
from pectui.engine.placing import on_top
from pectui.store.mailbox import MailboxStore
from tests.benchmarking.mailboxes import Mailbox, served
from tests.benchmarking.measuring import alternate, first_frame, report
from tests.terminal import PECTUI, Terminal

SMALL, MIDDLE, LARGE = 100, 1_000, 100_000
RUNS = 7
_LIMIT_KIB = 250 * 1000


def remembered_mailboxes(home: Path) -> None:
    """Prints all of it. Filling the large mailbox takes half a minute."""
    with ExitStack() as stack:
        small, middle, large = (
            stack.enter_context(served(count, home / str(count))) for count in (SMALL, MIDDLE, LARGE)
        )
        for mailbox in (small, middle, large):
            mailbox.run("sync")
        _first_frames(small, large)
        _writes(middle, large)
        _keys(middle, large)


def _first_frames(small: Mailbox, large: Mailbox) -> None:
    few, many = alternate(
        RUNS,
        *(
            lambda mailbox=mailbox: first_frame(PECTUI, _lists_messages(mailbox), mailbox.environment)
            for mailbox in (small, large)
        ),
    )
    report("first frame with 100,000 remembered", 1000 * many, "ms", 1000 * few, "with 100")


def _lists_messages(mailbox: Mailbox) -> Callable[[str], bool]:
    return lambda text: f"{mailbox.messages:,} messages" in text and "page 1/" in text


def _writes(middle: Mailbox, large: Mailbox) -> None:
    stores = [MailboxStore(mailbox.cache) for mailbox in (middle, large)]
    flushes = [lambda store=store: _flush(store) for store in stores]
    few, many = alternate(15, *flushes)
    report("writing 25 new ones with 100,000 remembered", 1000 * many, "ms", 1000 * few, "with 1,000")
    loads = [lambda mailbox=mailbox: _load(MailboxStore(mailbox.cache)) for mailbox in (middle, large)]
    few, many = alternate(5, *loads)
    report("reading the listing of 100,000", 1000 * many, "ms", 1000 * few, "of 1,000")


def _flush(store: MailboxStore) -> float:
    synced = store.synced()
    newest = max(header.id for header in synced.front)
    front = synced.front[0]
    new = [Header(newest + 25 - at, front.date, f"nuovo {at}", front.sender, "") for at in range(25)]
    put = on_top(new, synced.highest)
    now = replace(synced, highest=put[0].rank)
    started = time.perf_counter()
    assert store.change_listing(ListingChange(synced.version, now, put))
    return time.perf_counter() - started


def _load(store: MailboxStore) -> float:
    started = time.perf_counter()
    store.listing()
    return time.perf_counter() - started


def _keys(middle: Mailbox, large: Mailbox) -> None:
    """In the list of all messages: from the key to the changed screen, and what is written for it."""
    figures = [_in_the_whole_list(mailbox) for mailbox in (middle, large)]
    (few_moves, few_bytes, few_filters, _), (moves, written, filters, memory) = figures
    report("a cursor move among 100,000", 1000 * moves, "ms", 1000 * few_moves, "among 1,000")
    report("what it writes", written, "B", few_bytes, "among 1,000")
    report("a key of the filter over 100,000", 1000 * filters, "ms", 1000 * few_filters, "over 1,000")
    report("memory with 100,000 in one list", memory, "KiB", _LIMIT_KIB, "the limit")


def _in_the_whole_list(mailbox: Mailbox) -> tuple[float, float, float, float]:
    with Terminal(PECTUI, mailbox.environment) as terminal:
        terminal.wait_for("synced")
        terminal.settle(1)
        terminal.press("w")
        terminal.wait_for("all ")
        terminal.settle(1)
        moves, sizes = _timed(terminal, ["j"] * 15)
        terminal.press("/")
        terminal.settle(0.5)
        # Letters that most subjects have, then fewer and fewer.
        filters, _ = _timed(terminal, list("avviso di"))
        memory = _resident_kib(terminal.process.pid)
        return statistics.median(moves), statistics.median(sizes), max(filters), memory


def _timed(terminal: Terminal, keys: Sequence[str]) -> tuple[list[float], list[int]]:
    """For each key: seconds until the first change on the screen, and the bytes of it."""
    times: list[float] = []
    sizes: list[int] = []
    for key in keys:
        before = len(terminal.written)
        started = time.perf_counter()
        terminal.press(key)
        while len(terminal.written) == before:
            terminal.read(1)
        times.append(time.perf_counter() - started)
        terminal.read(0.02)
        sizes.append(len(terminal.written) - before)
        terminal.settle(0.4)
    return times, sizes


def _resident_kib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return float(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def first_reading(home: Path) -> None:
    """Prints how long 5,000 messages take from a server that answers after 50 ms."""
    messages, latency, concurrency = 5_000, 0.05, 4
    bound = messages / 25 * latency / concurrency
    with served(messages, home / "slow", "--fault", f"latency={latency}") as mailbox:

        def read() -> float:
            started = time.perf_counter()
            mailbox.run("sync")
            taken = time.perf_counter() - started
            mailbox.run("cache", "clear")
            return taken

        (whole,) = alternate(3, read)
    report("`sync` of 5,000 at 50 ms, whole process", 1000 * whole, "ms", 1000 * bound, "pages x latency / 4")
