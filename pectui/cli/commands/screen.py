"""`pectui` and `pectui demo`: the screen, where there is one."""

from __future__ import annotations

import sys

from pectui.cli.invocation import Invocation
from pectui.config import Profile
from pectui.environment import Environment
from pectui.errors import UsageError

_HINT = "Without a screen, use a command such as `pectui inbox` or `pectui inbox --json`."


def run(invocation: Invocation) -> int:
    """Opens the screen. UsageError before anything is loaded or painted where there is no terminal for it."""
    if invocation.arguments.json:
        raise UsageError("The screen has no JSON", "--json goes with a command", _HINT)
    # Textual paints on stderr: that must be the terminal as well.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError("The screen needs a terminal", "input or output is a pipe or a file", _HINT)
    terminal = invocation.environ.get("TERM", "")
    if terminal in ("", "dumb", "unknown"):
        raise UsageError(
            "The screen needs a terminal that can place its cursor",
            f"TERM is {terminal!r}" if terminal else "TERM is not set",
            _HINT,
        )
    settings = invocation.settings
    asked = {} if settings.offline else _asked(settings.profile, invocation)
    environ = {**invocation.environ, **asked}
    from pectui.tui.run import run_screen

    return run_screen(settings, environ=environ, places=invocation.places)


def _asked(profile: Profile | None, invocation: Invocation) -> dict[str, str]:
    """Secrets that are nowhere, asked for while the terminal still is a terminal."""
    if profile is None or profile.environment is Environment.DEMO or invocation.prompt is None:
        return {}
    from pectui.credentials import look_up, wanted_secrets

    typed: dict[str, str] = {}
    for wanted in wanted_secrets(profile):
        if profile.username and look_up(wanted, invocation.environ) is None:
            typed[wanted.variables[0]] = invocation.prompt(f"{wanted.name.capitalize()} of {profile.name}: ")
    return typed
