"""How a process ends: at once where all is done, and never before what is still at work."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.patience import PATIENCE


def ended(lines: str) -> tuple[int, str, str]:
    """What a process tells that ends with these lines."""
    done = subprocess.run(
        [sys.executable, "-c", f"import logging, sys, threading\nfrom pectui.__main__ import leave\n{lines}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


def test_what_was_printed_and_logged_arrives() -> None:
    lines = (
        "from logging.handlers import MemoryHandler\n"
        "logging.basicConfig(handlers=[MemoryHandler(9, target=logging.StreamHandler(sys.stderr))])\n"
        "logging.warning('logged')\nprint('printed', end='')\nleave(3)"
    )
    assert ended(lines) == (3, "printed", "logged\n")


@pytest.mark.parametrize("status", [0, 75])
def test_who_is_still_at_work_is_waited_for(status: int) -> None:
    work = "def work():\n    threading.main_thread().join()\n    print('done')\n"
    assert ended(f"{work}threading.Thread(target=work).start()\nleave({status})") == (status, "done\n", "")
