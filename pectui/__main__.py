"""`python -m pectui` and the console script: one of the two outer edges."""

from __future__ import annotations

import gc
import sys


def run() -> None:
    from pectui.cli.main import main

    status = main(sys.argv[1:])
    # All is written and closed. Looking through everything for garbage once more would cost some 30 ms.
    gc.freeze()
    sys.exit(status)


if __name__ == "__main__":
    run()
