"""Programs that the engine's tests run beside themselves, to be killed: `python -m tests.engine.programs NAME …`."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.message import Header
from pectui.engine.audit import FileAudit
from pectui.engine.jobs import FolderJobs
from pectui.session import system_clock
from tests.store.programs import start as start_program


def start(name: str, *arguments: object) -> subprocess.Popen[str]:
    """Starts the program of this name."""
    return start_program(name, *arguments, module=__name__)


def working(folder: Path) -> None:
    """Begins a job, says its name, and sits on it until it is ended."""
    journal = FolderJobs(folder, system_clock).begin("mailbox")
    journal.write("plan", {"messages": []})
    print(journal.job, flush=True)
    signal.pause()


def auditing(path: Path, word: str, times: str) -> None:
    """Writes so many lines into the audit log."""
    audit = FileAudit(path, profile=word, mailbox=word, environ={}, clock=system_clock)
    mark = Fingerprint.of(Header(1, "", word * 300, word, word))
    for _ in range(int(times)):
        audit.write(mark, "deleted", "")


_PROGRAMS: dict[str, Callable[..., object]] = {program.__name__: program for program in (working, auditing)}

if __name__ == "__main__":
    _PROGRAMS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
