"""One `POST /send` a second, over all programs that send from a mailbox (`api.md`: at most one request a second).

The service counts arrivals, and nobody here knows how long a request takes to arrive. What is known: it has arrived
when its answer is there. So a turn lasts until the answer came, only one program has it at a time, and the next
request begins a second after that end: however uneven the line is, arrivals lie at least a second apart.

When the last turn ended is written down twice, by the machine's monotonic clock, which programs share, and by the
wall clock, for a home folder that machines share. Whichever asks for the longer wait is believed, up to the whole
interval: a clock that was set wrong, or began anew with the machine, costs one wait and never a turn too soon. A
turn whose holder was killed is over when its lock is found free: from then on it is waited once more.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pectui.engine.journal import lock
from pectui.errors import StoreError

INTERVAL = 1.005
"""Seconds between two requests: a second, and what clocks may differ in it."""
LEAD = 0.03
"""A turn is given so many seconds before its request may begin, for what is to be written down before."""
_LOOK = 0.02
"""Seconds until it is looked again whether another program's turn is over."""
_A_WHILE = 0.2
"""Seconds after which a wait looks whether it is still wanted."""
_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Mark:
    """How the last turn stands: when it ended, and how long nobody may begin another."""

    monotonic: float
    wall: float
    wait: float
    is_open: bool = False
    """Whether it began and nobody wrote down its end."""

    @property
    def is_ahead(self) -> bool:
        """Whether a clock was set back since, or began anew with the machine: by it nobody can tell when it ended."""
        return self.monotonic > time.monotonic() or self.wall > time.time()

    def left(self) -> float:
        """Seconds to wait from now."""
        return max(
            _left(time.monotonic() - self.monotonic, self.wait), _left(time.time() - self.wall, self.wait)
        )


def _left(passed: float, wait: float) -> float:
    return wait if passed < 0 else max(0.0, wait - passed)


class Place(Protocol):
    """Where the mark is kept, and who has the turn."""

    def take(self) -> bool:
        """Whether the turn could be taken: it is held until `give_back`, or until the program ends. StoreError if
        that can't be told."""

    def give_back(self) -> None: ...

    def read(self) -> Mark | None:
        """The mark; None where there never was a turn. By its holder only."""

    def write(self, mark: Mark) -> None:
        """By its holder only. StoreError if it can't be."""


class MemoryPlace:
    """For the demo, which is one program."""

    def __init__(self) -> None:
        self._is_taken = False
        self._mark: Mark | None = None

    def take(self) -> bool:
        if self._is_taken:
            return False
        self._is_taken = True
        return True

    def give_back(self) -> None:
        self._is_taken = False

    def read(self) -> Mark | None:
        return self._mark

    def write(self, mark: Mark) -> None:
        self._mark = mark


class FilePlace:
    """A small file, locked by whoever has the turn."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        if self._descriptor is not None:
            return False  # another task of this program has it
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._trouble(error) from error
        if lock(descriptor, patient=False):
            self._descriptor = descriptor
            return True
        os.close(descriptor)
        return False

    def give_back(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def read(self) -> Mark | None:
        try:
            words = os.pread(self._held, _LENGTH, 0).split()
        except OSError as error:
            raise self._trouble(error) from error
        if not words:
            return None
        try:
            monotonic, wall, wait, is_open = map(float, words)
        except ValueError:
            # Half of a mark says that there was a turn, and not when.
            return Mark(time.monotonic(), time.time(), INTERVAL, is_open=True)
        return Mark(monotonic, wall, wait, bool(is_open))

    def write(self, mark: Mark) -> None:
        line = f"{mark.monotonic:.6f} {mark.wall:.6f} {mark.wait:.3f} {int(mark.is_open)}"
        try:
            os.pwrite(self._held, f"{line:<{_LENGTH - 1}}\n".encode("ascii"), 0)
        except OSError as error:
            raise self._trouble(error) from error

    @property
    def _held(self) -> int:
        assert self._descriptor is not None, "only who has the turn reads and writes the mark"
        return self._descriptor

    def _trouble(self, error: OSError) -> StoreError:
        return StoreError(
            "It can't be written down when something was sent last",
            f"{self._path}: {error.strerror or error}",
            "Nothing is sent without that: the service takes one request a second. Free some space or mend the rights.",
        )


class Held:
    """A turn that somebody has."""

    def __init__(self, place: Place, interval: float, left: float) -> None:
        self._place = place
        self._begins = time.monotonic() + left
        self.wait = interval
        """Seconds that everybody waits after this turn; to be changed where the service asks for more."""
        self.has_begun = False

    async def begin(self) -> None:
        """Returns when the request may begin: right then it must. StoreError if that can't be written down."""
        left = self._begins - time.monotonic()
        while left > 0:  # a timer may ring a little early
            await asyncio.sleep(left)
            left = self._begins - time.monotonic()
        self._place.write(_mark(self.wait, is_open=True))
        self.has_begun = True


class Pace:
    """Gives turns. One for each mailbox and program; all that share a `place` take turns."""

    def __init__(self, place: Place, interval: float | None = None) -> None:
        self._place = place
        self._interval = INTERVAL if interval is None else interval

    @asynccontextmanager
    async def turn(self, cancelled: Callable[[], bool]) -> AsyncIterator[Held | None]:
        """The next turn, which ends with the block; None once `cancelled()`."""
        while not cancelled():
            left = self._looked()
            if left is None:
                await asyncio.sleep(_LOOK)
            elif left > LEAD:
                await asyncio.sleep(min(left - LEAD, _A_WHILE))
            else:
                held = Held(self._place, self._interval, left)
                with self._ending(held):
                    yield held
                return
        yield None

    def _looked(self) -> float | None:
        """Seconds until the turn may be used, which is taken if they are few; None while somebody has it."""
        if not self._place.take():
            return None
        left = self._interval
        try:
            mark = self._place.read()
            if mark is not None and (mark.is_open or mark.is_ahead):
                # Who began it was killed: its request may be arriving at this moment. Or it ended nobody knows when.
                mark = _mark(max(mark.wait, self._interval))
                self._place.write(mark)
            left = 0.0 if mark is None else mark.left()
        finally:
            if left > LEAD:
                self._place.give_back()
        return left

    @contextmanager
    def _ending(self, held: Held) -> Iterator[None]:
        try:
            yield
        finally:
            try:
                if held.has_begun:
                    self._place.write(_mark(held.wait))
            except StoreError:
                pass  # it still says that a turn began: the next one waits
            finally:
                self._place.give_back()


def _mark(wait: float, *, is_open: bool = False) -> Mark:
    return Mark(time.monotonic(), time.time(), wait, is_open)
