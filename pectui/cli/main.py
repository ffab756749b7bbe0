"""The outermost edge: arguments in, an exit status out, and every error in words."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from pectui.cli.parser import build_parser, wants_json
from pectui.errors import PectuiError

if TYPE_CHECKING:
    from pectui.cli.invocation import Invocation

_INTERRUPTED = 130
_BROKEN = 70
"""EX_SOFTWARE: a mistake of ours, not of the user or the service."""


def main(argv: list[str]) -> int:
    """Runs `pectui ARGV…` and returns its exit status. Prints no traceback unless --debug is given."""
    as_json = wants_json(argv)
    try:
        try:
            arguments = build_parser().parse_args(argv)
        except SystemExit as left:
            return int(left.code or 0)
        as_json = arguments.json
        return _run(arguments)
    except PectuiError as error:
        from pectui.cli.output import print_error

        print_error(error, as_json=as_json)
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Who reads our output has had enough. Nothing may be written any more, not even at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in argv:
            raise
        return _report_mistake(error, as_json=as_json)


def _run(arguments: object) -> int:
    from pectui.cli.invocation import Invocation, flags_of
    from pectui.config import find_places

    invocation = Invocation(arguments, dict(os.environ), find_places())  # type: ignore[arg-type]  # a Namespace
    if flags_of(invocation.arguments).debug:
        from pectui.cli.debug import start_log

        start_log(invocation.places)
    status = _command(invocation)
    sys.stdout.flush()
    return status


def _command(invocation: Invocation) -> int:
    name = invocation.arguments.command
    module = import_module(f"pectui.cli.commands.{'screen' if name in (None, 'demo') else name}")
    status = module.run(invocation)
    assert isinstance(status, int)
    return status


def _report_mistake(error: Exception, *, as_json: bool) -> int:
    from pectui.cli.output import print_error

    class Mistake(PectuiError):
        exit_code = _BROKEN

    # The text of an unexpected error may hold anything, a secret or a mail: only its kind is told.
    print_error(
        Mistake(
            f"pectui made a mistake ({type(error).__name__})",
            "nothing more is known here",
            "Run the command again with --debug, and report what it says.",
        ),
        as_json=as_json,
    )
    return _BROKEN
