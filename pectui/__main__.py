"""`python -m pectui` and the console script: one of the two outer edges."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # typing's own costs 4 ms of each start
if TYPE_CHECKING:
    from typing import NoReturn

_OBJECTS = 50_000
"""New objects until garbage is looked for. What is made here by the hundred thousand, listings and sends, stays: the
usual 700 cost a third of the time in which a large mailbox is read and grouped."""


def collect_rarely() -> None:
    """Has garbage looked for less often, for the rest of the process."""
    gc.set_threshold(_OBJECTS)


def run() -> None:
    from pectui.cli.main import main

    collect_rarely()
    status = main(sys.argv[1:])
    leave(status)


def leave(status: int) -> NoReturn:
    """Ends the process. All is written and closed: to look for garbage once more and to take every module apart would
    cost some 40 ms."""
    gc.freeze()
    threading = sys.modules.get("threading")  # who never loaded it has one thread
    if threading is None or threading.active_count() == 1:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            pass  # nobody reads any more: the interpreter has its way of saying so
        else:
            if "logging" in sys.modules:
                sys.modules["logging"].shutdown()
            os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    run()
