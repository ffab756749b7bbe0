"""How long a key takes while a deletion runs, in a real pseudo-terminal: from the key to the changed screen.

`python -m tests.benchmarking.keys` measures alone.
"""

from __future__ import annotations

import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from tests.benchmarking.mailboxes import served
from tests.benchmarking.measuring import report
from tests.patience import PATIENCE
from tests.terminal import PECTUI, Terminal, clean_environment

MESSAGES = 5_000
DEMO_MESSAGES = 10_000
_LATENCY = 0.01
_QUIET = 2.0
"""Seconds after which a deletion is taken to have ended that the header doesn't name any more."""
_LOWEST = 20
"""The line of the list from which one goes up again."""
_KEYS = 300
_WITHIN = 1.0
"""Seconds within which a key is taken to have changed the screen at all."""

_SECONDS, _WORKED = attrgetter("seconds"), attrgetter("worked")
_SIGNS = {"1": "page ", "2": " sends", "4": " job"}
"""What the status line of each view says."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One key, and how long it took."""

    key: str
    seconds: float
    worked: float
    """Seconds that the program's threads worked meanwhile: on a machine with nothing else to do the key takes no more,
    since only one of them works at a time."""


class User:
    """Presses keys at random in three views. Each of them changes the screen, unless the list has become shorter."""

    def __init__(self, terminal: Terminal, seed: int) -> None:
        self._terminal = terminal
        self._dice = random.Random(seed)
        self._view = "1"

    def press(self) -> Pressed | None:
        """Presses one key; None where it changed nothing."""
        key, changed = self._choose()
        started, worked = time.perf_counter(), _worked(self._terminal.process.pid)
        self._terminal.press(key)
        while not changed():
            if time.perf_counter() - started > _WITHIN:
                return None
            self._terminal.read(0.05)
        return Pressed(key, self._terminal.read_at - started, _worked(self._terminal.process.pid) - worked)

    def _choose(self) -> tuple[str, Callable[[], bool]]:
        if self._view == "4" or self._dice.random() < 0.2:
            self._view = self._dice.choice([view for view in _SIGNS if view != self._view])
            return self._view, lambda: _SIGNS[self._view] in self._status
        page, line = self._page, self._line
        if page and self._dice.random() < 0.25:
            key = "n" if page == "1" else self._dice.choice("np")
            return key, lambda: self._page not in ("", page)
        key = "j" if line in (None, 0) else "k" if line >= _LOWEST else self._dice.choice("jk")
        return key, lambda: self._line not in (None, line)

    @property
    def _status(self) -> str:
        return self._terminal.screen.display[-2]

    @property
    def _page(self) -> str:
        """The number of the page that is shown; "" in other views."""
        found = self._status.partition("page ")[2].partition("/")
        return found[0] if found[1] else ""

    @property
    def _line(self) -> int | None:
        """The line with the cursor: it has another ground than the others of the list."""
        buffer = self._terminal.screen.buffer
        grounds = [buffer[line][1].bg for line in range(1, self._terminal.screen.lines - 2)]
        usual = statistics.mode(grounds)
        return next((line for line, ground in enumerate(grounds) if ground != usual), None)


def keys_while_deleting(home: Path) -> None:
    """Prints median, 99th percentile and longest, beside those of the same keys while nothing runs."""
    latency = [f"--fault={operation}:latency={_LATENCY}" for operation in ("message", "delete")]
    with served(MESSAGES, home / "served", *latency) as mailbox:
        mailbox.run("sync")
        _measure("deleting on loopback", PECTUI, mailbox.environment, MESSAGES)
    command = [*PECTUI, "demo", "--messages", str(DEMO_MESSAGES)]
    _measure(
        "deleting in the demo, its service in the same process",
        command,
        clean_environment(home),
        DEMO_MESSAGES,
    )


def _measure(what: str, command: Sequence[str], environment: Mapping[str, str], messages: int) -> None:
    with Terminal(command, environment, columns=120, rows=30) as terminal:
        terminal.wait_for(f"{messages:,} messages")
        for key in "241":  # what a view costs when it is opened for the first time is not what is measured
            terminal.press(key)
            terminal.settle(1)
        idle = _pressed(terminal, lambda: True, _KEYS // 2)
        chosen = _confirm(terminal)
        deletion, started = Deletion(terminal), time.perf_counter()
        busy = _pressed(terminal, deletion.goes_on, _KEYS)
        while deletion.goes_on():
            terminal.read(0.1)
        taken = deletion.seen_at - started
        for key in "1q":
            terminal.press(key)
            terminal.settle(1)
        terminal.wait()
    print(f"{what}: {len(busy)} keys while {chosen:,} messages went in {taken:.0f} s")
    for told, of in (("key to changed screen", _SECONDS), ("the program's own work for it", _WORKED)):
        for name, part in (("median", 0.5), ("99th percentile", 0.99), ("longest", 1.0)):
            figures = [1000 * _at(sorted(of(one) for one in pressed), part) for pressed in (busy, idle)]
            report(f"  {told}, {name}", figures[0], "ms", figures[1], "nothing runs")
    worst = sorted(busy, key=_WORKED)[-8:]
    print("  the longest: " + ", ".join(f"{one.key} {1000 * one.worked:.0f} ms" for one in worst))


def _confirm(terminal: Terminal) -> int:
    """Begins a deletion of all delivery receipts, one by one since no send goes whole; how many they are."""
    for keys in ("1", "/", "consegna", "\t", "A", "\x1b", "\x1b", "d"):
        terminal.press(keys)
        terminal.settle(0.4)
    terminal.wait_for("press Enter")
    found = re.search(r"Type (\d+) and", terminal.text)
    assert found is not None
    terminal.settle(0.3)
    terminal.press(f"{found[1]}\r")
    terminal.wait_for("deleting ")
    return int(found[1])


class Deletion:
    """Whether the deletion still runs, as far as the header tells: something else is named there now and then."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.seen_at = time.perf_counter()

    def goes_on(self) -> bool:
        now = time.perf_counter()
        if "deleting " in self._terminal.screen.display[0]:
            self.seen_at = now
        return now - self.seen_at < _QUIET


def _pressed(terminal: Terminal, goes_on: Callable[[], bool], count: int) -> list[Pressed]:
    user = User(terminal, seed=7)
    pressed: list[Pressed] = []
    end = time.perf_counter() + PATIENCE
    while goes_on() and len(pressed) < count and time.perf_counter() < end:
        one = user.press()
        if one is not None:
            pressed.append(one)
        terminal.read(0.03)
    return pressed


def _at(times: Sequence[float], part: float) -> float:
    return times[min(len(times) - 1, int(part * len(times)))]


def _worked(pid: int) -> float:
    """Seconds for which the threads of the process have run so far."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        keys_while_deleting(Path(folder))
