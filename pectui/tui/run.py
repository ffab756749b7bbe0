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

_COLLECTED = (2_000, 10, 1_000)
"""New objects until garbage is looked for among them, and how often among older ones: a few milliseconds each time.
With the 50,000 of the command line a key waits for 40 ms and more."""
_TURN = 0.001
"""Seconds that the screen waits for its turn where another thread computes. With the usual 5 ms it is a tenth of a
second until a key is seen while a large mailbox is sorted and something is deleted: each answer costs some turns."""


def run_screen(settings: Settings, *, environ: Mapping[str, str], places: Places) -> int:
    """Shows the mailbox of `settings` until the user leaves, and returns the exit status.

    128 and the signal's number where SIGTERM or SIGHUP ended it, 1 where an error of its own did.
    """
    if settings.color == "never":
        os.environ["NO_COLOR"] = "1"  # the only way in which Textual takes it
    # What was imported stays: looking through it for garbage would cost the first frame some 20 ms.
    gc.freeze()
    gc.set_threshold(*_COLLECTED)
    sys.setswitchinterval(_TURN)
    app = PectuiApp(settings, partial(open_session, environ=environ, places=places))
    app.run(mouse=settings.mouse)
    for words in app.parting_words:
        print(f"pectui: {words}", file=sys.stderr)
    return app.return_code or 0
