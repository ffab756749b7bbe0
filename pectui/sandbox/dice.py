"""Numbers from a seed, the same on every Python, and quicker to import and to roll than `random`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_Choice = TypeVar("_Choice")
_MASK = (1 << 64) - 1


class Dice:
    """A linear congruential generator (Knuth's MMIX constants); its upper bits are what it gives."""

    __slots__ = ("_state",)

    def __init__(self, seed: int) -> None:
        self._state = (seed * 0x9E3779B97F4A7C15 + 0x7F4A7C15) & _MASK
        self.below(2)

    def below(self, limit: int) -> int:
        """0 to `limit` - 1."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & _MASK
        return (self._state >> 33) % limit

    def pick(self, choices: Sequence[_Choice]) -> _Choice:
        return choices[self.below(len(choices))]
