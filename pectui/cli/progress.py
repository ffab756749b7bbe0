"""How far something is, on one line of the terminal that is written over; nothing where nobody watches."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from pectui.cli.output import write_over

_PAUSE = 0.25
"""Seconds between two changes: more could not be read, and costs the line of an SSH connection."""


class ProgressLine:
    """Use it as a context: the line is gone at the end, however that comes."""

    def __init__(self, *, watched: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._watched = watched
        self._clock = clock
        self._next = 0.0
        self._width = 0

    @classmethod
    def on_stderr(cls, *, as_json: bool) -> ProgressLine:
        """A line on stderr if that is a terminal and the answer is for people."""
        return cls(watched=sys.stderr.isatty() and not as_json)

    def show(self, text: str) -> None:
        """Shows `text`, which is clean and plain, unless something was shown a moment ago."""
        now = self._clock()
        if not self._watched or now < self._next:
            return
        self._next = now + _PAUSE
        self._write(text[: _columns() - 1])

    def clear(self) -> None:
        """Takes the line away, so that something else can be said there."""
        if self._width:
            self._write("")

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def _write(self, text: str) -> None:
        write_over(text, self._width)
        self._width = len(text)


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
