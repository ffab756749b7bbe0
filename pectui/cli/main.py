"""The outermost edge: arguments in, an exit status out, and every error in words."""

from __future__ import annotations

import os
import sys

from pectui.cli.parser import parse, wants_json
from pectui.errors import PectuiError, StoreError

TYPE_CHECKING = False  # typing's own costs 4 ms of each start
if TYPE_CHECKING:
    import argparse

_INTERRUPTED = 130
_BROKEN = 70
"""EX_SOFTWARE: a mistake of ours, not of the user or the service."""


def main(argv: list[str]) -> int:
    """Runs `pectui ARGV...` and returns its exit status. Prints no traceback unless --debug is given."""
    _fill_missing_streams()
    if "quota" in argv and any(word.partition("=")[0] == "--check" for word in argv):
        return _checked(argv)
    status = 0
    try:
        status = _guarded(argv)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        _stop_writing()
    except OSError as error:
        _stop_writing()
        status = status or _tell(
            StoreError(
                "The output can't be written", error.strerror or "", "Free some space, or write it elsewhere."
            )
        )
    return status


def _guarded(argv: list[str]) -> int:
    """The status of the command, once what went wrong has been told."""
    as_json = wants_json(argv)
    debug = "--debug" in argv
    try:
        arguments = parse(argv)
        as_json = arguments.json
        return _run(arguments)
    except SystemExit as left:
        return int(left.code or 0)
    except PectuiError as error:
        if debug:
            _log_trace(error)
        return _tell(error, as_json=as_json)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and _is_output(error):
            raise
        if debug:
            _log_trace(error)
            _print_trace(error)
        return _tell_mistake(error, as_json=as_json)


def _checked(argv: list[str]) -> int:
    """`quota --check`: the status of its one line, 0 to 3 whatever happens."""
    import signal

    from pectui.cli.quota.verdict import UNKNOWN, verdict

    # What runs a check ends it by SIGTERM: until the event loop listens to that, it is as good as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _verdict_of(argv)
    except BrokenPipeError:
        _stop_writing()
        return UNKNOWN if verdict.status is None else verdict.status
    except OSError:
        _stop_writing()
        return UNKNOWN


def _verdict_of(argv: list[str]) -> int:
    """What any other command would tell on stderr becomes UNKNOWN here. OSError where the line can't be written."""
    from pectui.cli.quota.verdict import UNKNOWN, verdict

    try:
        _run(parse(argv))
        # Told already, unless SIGTERM made it return without a verdict.
        return verdict.unknown("it was ended before there was an answer")
    except SystemExit:
        return UNKNOWN  # --help and --version, by the convention
    except PectuiError as error:
        return verdict.unknown(str(error))
    except KeyboardInterrupt:
        return verdict.unknown("it was interrupted")
    except Exception as error:
        if isinstance(error, OSError) and _is_output(error):
            raise
        if "--debug" in argv:
            _log_trace(error)
        return verdict.unknown(f"pectui made a mistake ({type(error).__name__})")


def _run(arguments: argparse.Namespace) -> int:
    from importlib import import_module

    from pectui.cli.invocation import Invocation
    from pectui.config import find_places

    invocation = Invocation(arguments, dict(os.environ), find_places())
    if arguments.debug:
        from pectui.cli.debug import start_log

        start_log(invocation.places, arguments.command or "screen")
    name = arguments.command
    module = import_module(f"pectui.cli.commands.{'screen' if name in (None, 'demo') else name}")
    status = module.run(invocation)
    assert isinstance(status, int)
    return status


def _tell(error: PectuiError, *, as_json: bool = False) -> int:
    from pectui.cli.output import print_error

    try:
        print_error(error, as_json=as_json)
        sys.stdout.flush()
    except OSError:
        _stop_writing()  # nobody hears it, but the status still tells
    return error.exit_code


def _tell_mistake(error: Exception, *, as_json: bool) -> int:
    class Mistake(PectuiError):
        exit_code = _BROKEN

    # The text of an unexpected error may hold anything, a secret or a mail: only its kind is told.
    return _tell(
        Mistake(
            f"pectui made a mistake ({type(error).__name__})",
            "nothing more is known here",
            "Run the command again with --debug, and report what it says.",
        ),
        as_json=as_json,
    )


def _log_trace(error: BaseException) -> None:
    from pectui.cli.debug import log_trace

    log_trace(error)


def _print_trace(error: BaseException) -> None:
    from pectui.cli.debug import print_trace

    print_trace(error)


def _is_output(error: OSError) -> bool:
    """Whether it came from writing to stdout or stderr: a full disk behind `>`, a terminal that is gone."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals.get("__name__") == "pectui.cli.output"


def _fill_missing_streams() -> None:
    """A stream that was closed before pectui began (`>&-`) is None, and its number would go to the next file."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - lives as long as the process


def _stop_writing() -> None:
    """Nobody reads any more: what is still in the buffers goes nowhere, also when the interpreter ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
