"""What happens often is shown a few times a second: a line over SSH is no place for a counter that races."""

from __future__ import annotations

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

PACE = 0.25
"""Seconds between two updates."""


class Paced:
    """Calls `work` at once, and then at most once in `PACE` seconds; the last call is never lost."""

    def __init__(self, owner: MessagePump, work: Callable[[], object]) -> None:
        self._owner = owner
        self._work = work
        self._timer: Timer | None = None
        self._is_due = False

    def __call__(self) -> None:
        """To be called whenever there is something to show."""
        if self._timer is not None:
            self._is_due = True
            return
        self._timer = self._owner.set_timer(PACE, self._elapsed)
        self._work()

    def flush(self) -> None:
        """Shows now what is still waiting to be shown."""
        self.stop()
        self._work()

    def stop(self) -> None:
        """Forgets what is waiting."""
        self._is_due = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _elapsed(self) -> None:
        self._timer = None
        if self._is_due:
            self._is_due = False
            self()
