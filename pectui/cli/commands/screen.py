"""`pectui` and `pectui demo`: the screen, where there is one."""

from __future__ import annotations

import sys

from pectui.cli.invocation import Invocation
from pectui.errors import UsageError

_HINT = "Without a screen, use a command such as `pectui inbox` or `pectui inbox --json`."


def run(invocation: Invocation) -> int:
    """Opens the screen. UsageError before anything is loaded or painted where there is no terminal for it."""
    if invocation.arguments.json:
        raise UsageError("The screen has no JSON", "--json goes with a command", _HINT)
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise UsageError("The screen needs a terminal", "input or output is a pipe or a file", _HINT)
    terminal = invocation.environ.get("TERM", "")
    if terminal in ("", "dumb", "unknown"):
        raise UsageError(
            "The screen needs a terminal that can place its cursor",
            f"TERM is {terminal!r}" if terminal else "TERM is not set",
            _HINT,
        )
    settings = invocation.settings
    from pectui.tui.run import run_screen

    return run_screen(settings, environ=invocation.environ, places=invocation.places)
