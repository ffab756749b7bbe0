"""The log of --debug: what was asked and how long it took, never a secret, never the text of a mail."""

from __future__ import annotations

import logging
import os
import sys
import time
import traceback

from pectui import __version__
from pectui.cli.output import say
from pectui.config import Places
from pectui.credentials import redactor
from pectui.errors import StoreError
from pectui.session import private_folder
from pectui.text.clean import clean

_log = logging.getLogger("pectui.cli")


class _Redacted(logging.Formatter):
    """The last door: whatever a record holds, no secret leaves by it."""

    def format(self, record: logging.LogRecord) -> str:
        return redactor.redact(super().format(record))


def start_log(places: Places, command: str) -> None:
    """Logs pectui's own records to a new file that only its owner can read, and says where it is."""
    path = places.state / "logs" / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    try:
        private_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (OSError, StoreError) as error:
        why = error.detail if isinstance(error, StoreError) else f"{path}: {error.strerror}"
        raise StoreError("The log can't be written", why, "Run without --debug.") from error
    handler = logging.StreamHandler(os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace"))
    handler.setFormatter(_Redacted("%(asctime)s %(levelname)s %(name)s %(message)s"))
    # Only ours: httpx's own records hold URLs with what was searched for.
    logger = logging.getLogger("pectui")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    _log.info("pectui %s, Python %s, %s", __version__, sys.version.split()[0], command)
    say(f"pectui: the log is {path}")


def log_trace(error: BaseException) -> None:
    """Where the error came from. Its text is left out: it may hold part of a mail."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s\n%s", type(error).__name__, places)


def print_trace(error: BaseException) -> None:
    """The traceback for the person at the terminal, without secrets and without what steers a terminal."""
    text = "".join(traceback.format_exception(error))
    sys.stderr.write(clean(redactor.redact(text)))
