"""What was seen of a mailbox's use over time. This is no cache: what was not kept can't be asked for again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import Protocol

from pectui.domain.quota_history import QuotaSample, thinned


class QuotaSamples(Protocol):
    """The samples of one mailbox. Methods may be called from any thread; each raises StoreError."""

    def add(self, sample: QuotaSample) -> None:
        """Keeps it, and thins what has become old by then. Once this returns it outlives the program."""

    def read(self, since: datetime | None = None) -> list[QuotaSample]:
        """Those that are kept, whichever program saw them, from `since` on, the oldest first."""

    def take_warnings(self) -> tuple[str, ...]:
        """What the user should hear of since the last call, each once."""


class MemoryQuotaSamples:
    """Forgets when the program ends: for the demo. `samples` are there from the beginning, the oldest first."""

    def __init__(self, samples: Iterable[QuotaSample] = ()) -> None:
        self._mutex = Lock()
        self._samples = list(samples)

    def add(self, sample: QuotaSample) -> None:
        with self._mutex:
            self._samples = thinned([*self._samples, sample], sample.at)

    def read(self, since: datetime | None = None) -> list[QuotaSample]:
        with self._mutex:
            return [one for one in self._samples if since is None or one.at >= since]

    def take_warnings(self) -> tuple[str, ...]:
        return ()
