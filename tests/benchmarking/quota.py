"""What a question for the quota costs beside a script that does no more, and what a year of answers does."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from pectui.domain.forecast import forecast
from pectui.domain.quota_history import QuotaSample, thinned
from pectui.store.quota_files import FolderQuotaSamples
from tests.benchmarking.mailboxes import Mailbox, served
from tests.benchmarking.measuring import alternate, report
from tests.store.quota_programs import write_history
from tests.terminal import PECTUI, Terminal

RUNS = 21
VIEW_RUNS = 7
_LIMIT_BYTES = 1_000_000
_DAY = timedelta(days=1)

# The development tools bring click, and httpx loads a command line of its own where it finds that.
_WITHOUT_CLICK = "import sys; sys.modules['click'] = None\n"

SCRIPT = """
import json, os, httpx

names = {"x-username": "PECTUI_USERNAME", "x-password": "PECTUI_PASSWORD"}
headers = {header: os.environ[name] for header, name in names.items()}
headers["Authorization"] = "Bearer " + os.environ["PECTUI_TOKEN"]
answer = httpx.get(os.environ["PECTUI_BASE_URL"] + "/quota/INBOX", headers=headers).raise_for_status()
data = answer.json()["data"]
used, limit = data["usage"] * 1024, data["limit"] * 1024
print(json.dumps({"used_bytes": used, "limit_bytes": limit, "percent": round(100 * used / limit, 1)}))
"""

PROGRAM = "sys.argv[0] = 'pectui'; from pectui.__main__ import run; run()"


def watched_quota(home: Path) -> None:
    """Prints all of it."""
    with served(981, home / "quota") as mailbox:
        _whole_process(mailbox)
        _view(mailbox, home / "year")
    _year(home / "samples")


def _whole_process(mailbox: Mailbox) -> None:
    def run(code: str, *arguments: str) -> Callable[[], float]:
        def measure() -> float:
            started = time.perf_counter()
            command = [sys.executable, "-c", _WITHOUT_CLICK + code, *arguments]
            subprocess.run(command, check=True, capture_output=True, env=mailbox.environment)
            return time.perf_counter() - started

        return measure

    script, quota, check = alternate(
        RUNS, run(SCRIPT), run(PROGRAM, "quota", "--json"), run(PROGRAM, "quota", "--check")
    )
    report("quota --json, whole process", 1000 * quota, "ms", 1000 * script, "ten lines of httpx")
    report("quota --check, whole process", 1000 * check, "ms", 1000 * script, "ten lines of httpx")


def _view(empty: Mailbox, home: Path) -> None:
    """From the key to the history on the screen, with nothing known of before and with a year of it."""
    empty.run("sync")
    year = replace(empty, home=home)
    year.run("sync")
    year.run("quota")
    (folder,) = (home / ".local" / "state" / "pectui" / "quota").iterdir()
    write_history(folder, _samples(datetime.now(UTC).replace(microsecond=0)))
    nothing, all_of_it = alternate(VIEW_RUNS, lambda: _opened(empty), lambda: _opened(year))
    report("view 3 with a year of samples", 1000 * all_of_it, "ms", 1000 * nothing, "without history")


def _opened(mailbox: Mailbox) -> float:
    """Seconds from the key to the whole of view 3, once all else has settled."""
    with Terminal(PECTUI, mailbox.environment, columns=120, rows=40) as terminal:
        terminal.wait_for("messages")
        terminal.settle(1)
        started = time.perf_counter()
        terminal.press("3")
        terminal.wait_for(lambda text: "└" in text and "Could go    …" not in text)
        return time.perf_counter() - started


def _year(folder: Path) -> None:
    """A year of answers each 15 minutes: how large they are, and how long they take to be read and judged."""
    now = datetime.now(UTC).replace(microsecond=0)
    samples = _samples(now)
    write_history(folder / "year", samples)
    size = sum(path.stat().st_size for path in (folder / "year").iterdir())
    report(f"a year of the quota, {len(samples)} samples", size, "B", _LIMIT_BYTES, "the limit")
    paths = sorted((folder / "year").glob("quota-*.json"))
    parsed, read = alternate(
        RUNS,
        lambda: _seconds(lambda: [json.loads(path.read_bytes()) for path in paths]),
        lambda: _seconds(lambda: FolderQuotaSamples(folder / "year").read()),
    )
    report("reading it", 1000 * read, "ms", 1000 * parsed, "parsing its files")
    judged = statistics.median(_seconds(lambda: forecast(samples, now)) for _ in range(RUNS))
    report("its forecast", 1000 * judged, "ms", 50, "the limit")


def _samples(now: datetime) -> list[QuotaSample]:
    """As the store keeps them."""
    dice = Random(7)
    count = int(365 * _DAY / timedelta(minutes=15))
    return thinned(
        (
            QuotaSample(
                now - timedelta(minutes=15 * age), 10**9 - age * 20_000 + dice.randrange(10**6), 2**30
            )
            for age in range(count)
        ),
        now,
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
