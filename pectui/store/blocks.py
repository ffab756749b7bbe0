"""Which table holds which message: ranges of ids, so that writing a few messages writes one small file.

A block holds the ids from its first one (its name tells it) up to the next block's first one; the lowest block
has no first one. Blocks are split and merged by how many messages they hold, not by how far apart ids are:
dense, sparse and huge ids all give few files. The files' names are the only directory: none can be wrong.

Splitting writes the upper part first and merging removes the upper part last. If the program is killed in
between, a message stands in two blocks: the one whose range it is in counts, the other copy is not looked at and
goes when that block is next written.

A name is a prefix, which says what the table's rows are, and the block's first id.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

Start: TypeAlias = int | None
"""A block's first id; None for the lowest block."""

T = TypeVar("T")

SPLIT_ABOVE = 512
"""Messages in a block. Fewer make more files, more make each writing longer: 512 are about 130 KB."""

MERGE_BELOW = SPLIT_ABOVE // 8
ROOMY = SPLIT_ABOVE * 3 // 4

_LOWEST = "lowest"


class Blocks:
    """The blocks that begin at `starts`, and the lowest one."""

    def __init__(self, starts: Iterable[Start]) -> None:
        self._starts = sorted(start for start in starts if start is not None)

    def __iter__(self) -> Iterator[Start]:
        yield None
        yield from self._starts

    def holding(self, message_id: int) -> Start:
        """The block that this id belongs to."""
        index = bisect_right(self._starts, message_id)
        return self._starts[index - 1] if index else None

    def sorted_out(self, ids: Iterable[int]) -> list[tuple[Start, list[int]]]:
        """The ids by their block, in ascending order, each once."""
        by_block: dict[Start, list[int]] = {}
        for message_id in sorted(set(ids)):
            by_block.setdefault(self.holding(message_id), []).append(message_id)
        return list(by_block.items())

    def limits(self, start: Start) -> tuple[float, float]:
        """The block's range: the first belongs to it, the second does not."""
        index = 0 if start is None else bisect_right(self._starts, start)
        end = self._starts[index] if index < len(self._starts) else float("inf")
        return (float("-inf") if start is None else start, end)

    def below(self, start: int) -> Start:
        """The block before this one."""
        index = bisect_left(self._starts, start)
        return self._starts[index - 1] if index else None

    def add(self, start: int) -> None:
        """A block begins here; the one that reached over `start` ends before it."""
        insort(self._starts, start)

    def remove(self, start: int) -> None:
        """The block below takes its range over."""
        self._starts.remove(start)


def table_of(prefix: str, start: Start) -> str:
    """The name of the block's table."""
    return f"{prefix}{_LOWEST if start is None else start}"


def starts_in(prefix: str, tables: Iterable[str]) -> list[Start]:
    """Where the blocks begin whose tables have this prefix; what only looks like one has none."""
    found = (name.removeprefix(prefix) for name in tables if name.startswith(prefix))
    return [start for name in found if (start := _start_of(name)) is not None or name == _LOWEST]


def parts(items: Sequence[T]) -> list[Sequence[T]]:
    """`items` as one part; too many for one as several of about the same size, with room to grow."""
    if len(items) <= SPLIT_ABOVE:
        return [items]
    count = -(-len(items) // ROOMY)
    edges = [len(items) * part // count for part in range(count + 1)]
    return [items[low:high] for low, high in pairwise(edges)]


def _start_of(name: str) -> Start:
    try:
        start = int(name)
    except ValueError:
        return None
    return start if str(start) == name else None
