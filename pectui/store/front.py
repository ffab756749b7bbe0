"""The order of the remembered listing, and its front: the few messages that are had without reading all. No disk."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pectui.domain.listing import FRONT, Placed, Synced


def place(placed: Placed) -> tuple[int, int]:
    """What the listing is ordered by, the highest first. Ranks that are equal are told apart by their ids."""
    return (placed.rank, placed.header.id)


def front_of(placed: Iterable[Placed]) -> tuple[Placed, ...]:
    """The front of a listing that holds these."""
    return tuple(heapq.nlargest(FRONT, placed, key=place))


def front_after(
    front: Sequence[Placed], count: int, put: Mapping[int, Placed], removed: Iterable[int]
) -> tuple[Placed, ...] | None:
    """The front after a change, told from the front before it; None where the rest of the listing must be asked.

    `count` is how many messages there were before the change, in the front and behind it.
    """
    gone = {*removed, *put}
    ahead = front_of([*(placed for placed in front if placed.header.id not in gone), *put.values()])
    if count <= len(front):
        return ahead
    # Of what stood behind the front nothing is known but that it stands behind its last one.
    sure = len(ahead) == FRONT and bool(front) and place(ahead[-1]) >= place(front[-1])
    return ahead if sure else None


def stored(synced: Synced, version: int, count: int, front: Sequence[Placed]) -> Synced:
    """`synced` as a listing of this version, size and front has it."""
    highest = max(synced.highest, front[0].rank) if front else synced.highest
    headers = tuple(placed.header for placed in front)
    return replace(synced, version=version, count=count, highest=highest, front=headers)
