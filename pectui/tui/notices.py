"""Errors in words for the screen. The one place where the screen turns an exception into something to read."""

from __future__ import annotations

import logging

from pectui.errors import PectuiError
from pectui.tui.foreign import Shown, shown
from pectui.tui.widgets.notice import Notice, Severity

_log = logging.getLogger("pectui.tui")


def notice_of(error: Exception) -> Notice:
    """What to tell the user about `error`. One that is not ours is logged: its text may hold anything."""
    if isinstance(error, PectuiError):
        return Notice(shown(error.title), shown(error.detail), shown(error.hint), Severity.ERROR)
    _log.error("An unexpected error", exc_info=error)
    return Notice(
        Shown("Something went wrong inside pectui"),
        shown(
            f"An unexpected {type(error).__name__}; nothing was changed by it that the screen would not show."
        ),
        Shown("Go on if you like. Run pectui with --debug to have it written to a log."),
        Severity.ERROR,
    )
