"""How sending fares and what it costs: kills, the pace, one program beside another, and what a large file takes.

`python -m tests.benchmarking.sending kills COUNT` kills programs at so many random moments, `pace` sends 50 messages
to a server that refuses what comes too soon, alone and beside another program, `memory` attaches large files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pectui.engine.send_pace import INTERVAL
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from tests.benchmarking.mailboxes import Mailbox, served
from tests.benchmarking.measuring import report
from tests.engine.sending import program, random_lives, try_out
from tests.terminal import PECTUI

_ROWS = 50
_KILLED_ROWS = 6
_MEGABYTES = (60, 90)
_MEASURING = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
# A small program in between: what a large one held at its most would count for the one that it starts.


def kills(count: int) -> None:
    """Programs killed at so many random moments, each gone on with and looked after at the server."""
    killed, seed, unknown = 0, 0, 0
    while killed < count:
        with tempfile.TemporaryDirectory() as folder:
            trial = try_out(Path(folder) / "sending", random_lives(seed, _KILLED_ROWS), _KILLED_ROWS)
        killed, unknown, seed = killed + trial.kills, unknown + trial.unknown, seed + 1
    print(
        f"{killed} kills in {seed} runs of {_KILLED_ROWS} messages: nobody got two, nobody none; {unknown} unknown"
    )


def pace() -> None:
    """50 messages by one program, and by two at once, to a server that takes one a second."""
    alone, refused = _paced(1, _ROWS)
    report(
        f"{_ROWS} messages by one program, {refused} refused", alone, "s", float(_ROWS - 1), "one a second"
    )
    two, refused = _paced(2, _ROWS)
    report(
        f"{_ROWS} messages wanted by two at once, {refused} refused", two, "s", float(_ROWS - 1), "the same"
    )


def _paced(programs: int, count: int) -> tuple[float, int]:
    """Seconds between the first and the last message that the server took, and how many it refused."""
    app = create_app(Options(messages=0), credentials=DEMO_CREDENTIALS, clock=system_clock)
    arrivals: list[float] = []

    class Watching:
        async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
            arrivals.append(time.monotonic())
            await app(scope, receive, send)

    with tempfile.TemporaryDirectory() as folder, ServerThread(Watching()) as server:
        running = [program(server.url, Path(folder), count, INTERVAL) for _ in range(programs)]
        for one in running:
            one.communicate()
            assert one.returncode == 0
    assert set(_recipients(app).values()) == {1}
    assert len(_recipients(app)) == count
    return arrivals[-1] - arrivals[0], len(arrivals) - count


def _recipients(app: SandboxApp) -> Counter[str]:
    return Counter(one for sent in app.mailbox.sent for one in sent.order.recipients)


def large_files(home: Path) -> None:
    """What the whole program takes at its most for a message with a large file, next to the file's size."""
    for megabytes in _MEGABYTES:
        attached = home / f"{megabytes}.bin"
        attached.write_bytes(os.urandom(megabytes * 1_000_000))
        with served(3, home / f"attached{megabytes}") as mailbox:
            peak = _peak(mailbox, attached)
        attached.unlink()
        report(f"memory of sending a file of {megabytes} MB", peak, "MB", float(megabytes), "the file")


def _peak(mailbox: Mailbox, attached: Path) -> float:
    """Megabytes that `pectui send` held at once."""
    command = [
        *PECTUI,
        "send",
        "--to",
        "mario@pec.example.it",
        "--subject",
        "Avviso",
        "--body",
        "Testo",
        "--yes",
    ]
    measured = [sys.executable, "-c", _MEASURING, *command, "--attach", str(attached)]
    done = subprocess.run(measured, env=mailbox.environment, check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) * 1024 / 1_000_000


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["kills", count]:
            kills(int(count))
        case ["pace"]:
            pace()
        case ["memory"]:
            with tempfile.TemporaryDirectory() as folder:
                large_files(Path(folder))
        case _:
            raise SystemExit(__doc__)
