"""Taking times in turn, and printing each figure beside its floor."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.terminal import Terminal, clean_environment


def alternate(runs: int, *measures: Callable[[], float]) -> list[float]:
    """The medians of `measures`, each taken `runs` times in turn after one run that doesn't count."""
    taken: list[list[float]] = [[] for _ in measures]
    for run in range(runs + 1):
        for measure, results in zip(measures, taken, strict=True):
            value = measure()
            if run:
                results.append(value)
    return [statistics.median(results) for results in taken]


def process(*command: str, home: Path) -> float:
    """Seconds of a whole process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=clean_environment(home))
    return time.perf_counter() - started


def first_frame(
    command: list[str], shown: Callable[[str], bool] | str, environment: Mapping[str, str]
) -> float:
    """Seconds from the start of the process until the screen shows it."""
    with Terminal(command, environment) as terminal:
        return terminal.wait_for(shown)


def report(what: str, figure: float, unit: str, floor: float | None, of: str) -> None:
    """One line: the figure, its floor, how many times the floor it is, and what the floor is."""
    ratio = f"{figure / floor:5.2f}x" if floor else "      "
    beside = f"{floor:9.1f} {unit:<4}" if floor is not None else " " * 14
    print(f"{what:<52}{figure:9.1f} {unit:<4} {beside} {ratio}  {of}", flush=True)
