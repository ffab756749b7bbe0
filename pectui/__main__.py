"""`python -m pectui` and the console script: one of the two outer edges."""

from __future__ import annotations

import sys


def run() -> None:
    from pectui.cli.main import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
