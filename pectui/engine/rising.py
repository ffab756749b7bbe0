"""The longest part of a sequence that rises: what keeps its order while other things move."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise


def longest_rising(values: Sequence[int]) -> list[int]:
    """The positions of the longest strictly rising part of `values`, in order."""
    if all(one < other for one, other in pairwise(values)):
        return list(range(len(values)))
    ends: list[int] = []
    positions: list[int] = []
    before: list[int] = []
    for at, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(positions[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        positions[length : length + 1] = [at]
    chain: list[int] = []
    at = positions[-1]
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]
