"""`python -m pectui` and the console script: one of the two outer edges."""

from __future__ import annotations

import gc
import sys

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
    # All is written and closed. Looking through everything for garbage once more would cost some 30 ms.
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    run()
