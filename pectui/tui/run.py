"""Runs the screen in the terminal. Imported only when there is one to run in."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from functools import partial

from pectui.config import Places, Settings
from pectui.session import open_session
from pectui.tui.app import PectuiApp


def run_screen(settings: Settings, *, environ: Mapping[str, str], places: Places) -> int:
    """Shows the mailbox of `settings` until the user leaves, and returns the exit status.

    128 and the signal's number where SIGTERM or SIGHUP ended it, 1 where an error of its own did.
    """
    if settings.color == "never":
        os.environ["NO_COLOR"] = "1"  # the only way in which Textual takes it
    # What was imported stays: looking through it for garbage would cost the first frame some 20 ms.
    gc.freeze()
    app = PectuiApp(settings, partial(open_session, environ=environ, places=places))
    app.run(mouse=settings.mouse)
    for words in app.parting_words:
        print(f"pectui: {words}", file=sys.stderr)
    return app.return_code or 0
