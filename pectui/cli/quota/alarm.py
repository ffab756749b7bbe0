"""A time limit for a whole command, whatever it hangs in: a secret's command, a name server, a disk."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

from pectui.errors import PectuiError

_GRACE = 1.0
"""Seconds that closing may take on top before the process is ended without it."""


class TooLate(PectuiError):
    """The time is over."""


class Alarm:
    """Use it as a context. First it raises `TooLate` wherever the program is; once told to `insist` it gives the
    event loop its time and then ends the process."""

    def __init__(self, seconds: float, last_words: Callable[[TooLate], int]) -> None:
        """`last_words` says that the time is over and gives the exit status."""
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._last_words = last_words

    def __enter__(self) -> Self:
        signal.signal(signal.SIGALRM, self._raise)
        signal.setitimer(signal.ITIMER_REAL, self._seconds)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def insist(self) -> float:
        """From now on who runs out of time must end by itself, or is ended a second later. The seconds left."""
        left = max(0.0, self._end - time.monotonic())
        signal.signal(signal.SIGALRM, self._leave)
        signal.setitimer(signal.ITIMER_REAL, left + _GRACE)
        return left

    def too_late(self) -> TooLate:
        return TooLate("There was no answer in time", f"{self._seconds:g} s were given")

    def _raise(self, number: int, frame: FrameType | None) -> None:
        raise self.too_late()

    def _leave(self, number: int, frame: FrameType | None) -> None:
        os._exit(self._last_words(self.too_late()))
