"""The tables that hold the listing's messages: read as one version names them, written for the next one.

A table's name holds the version that it was written for, so that none is changed while somebody looks at it. What is
written here counts once a position names it; whoever says so is not this module's affair.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from operator import attrgetter

from pectui.domain.listing import FRONT, Placed
from pectui.store.blocks import MERGE_BELOW, ROOMY, Blocks, Start, parts, table_of
from pectui.store.front import front_of
from pectui.store.position import Block, placed_of, placed_row
from pectui.store.storage import FolderStorage, Rows
from pectui.store.tables import Unsettled

PREFIX = "listing-"

_TABLE = re.compile(rf"{PREFIX}([0-9]{{1,30}})-(?:lowest|-?[0-9]+)")


class ListingBlocks:
    """The `blocks` of a listing. Each method that reads raises Unsettled where a table is not as they say."""

    def __init__(self, storage: FolderStorage, blocks: Mapping[Start, Block]) -> None:
        self._storage = storage
        self._blocks = dict(blocks)
        self._order = Blocks(blocks)
        self._seen: dict[str, str] = {}

    @property
    def blocks(self) -> Mapping[Start, Block]:
        return self._blocks

    @property
    def count(self) -> int:
        return sum(block.count for block in self._blocks.values())

    @property
    def tables(self) -> set[str]:
        return {_name(start, block.version) for start, block in self._blocks.items()}

    def listing(self) -> list[Placed]:
        """All messages, the highest rank first."""
        found: list[Placed] = []
        for start in self._order:
            found += self._placed(start)
        # Sorting leaves equals in their order: by ids, the highest first.
        found.reverse()
        found.sort(key=attrgetter("rank"), reverse=True)
        return found

    def front(self) -> tuple[Placed, ...]:
        """The front, from the few blocks that can hold a part of it."""
        found: tuple[Placed, ...] = ()
        for start, block in sorted(self._blocks.items(), key=lambda item: item[1].top, reverse=True):
            if len(found) == FRONT and found[-1].rank > block.top:
                break
            found = front_of([*found, *self._placed(start)])
        return found

    def change(self, version: int, put: Mapping[int, Placed], removed: Iterable[int]) -> None:
        """Writes for this version what the change makes of the blocks that it touches."""
        for start, ids in self._order.sorted_out([*removed, *put]):
            before = {placed.header.id: placed for placed in self._placed(start)}
            after = dict(before)
            for message_id in ids:
                if message_id in put:
                    after[message_id] = put[message_id]
                else:
                    after.pop(message_id, None)
            if after != before:
                self._replace(version, start, list(after.values()), shrinking=len(after) < len(before))

    def mend(self, version: int) -> bool:
        """Writes for this version what is left of the blocks that are not as they should be; never Unsettled.

        False if all that is not there was set aside, of which the user is told elsewhere.
        """
        told_elsewhere = True
        for start in list(self._order):
            try:
                self._placed(start)
            except Unsettled:
                left = self._left(start)
                told_elsewhere = told_elsewhere and left is not None and not left
                self._replace(version, start, left or [])
        return not told_elsewhere

    def gather(self, version: int, tables: Iterable[str]) -> None:
        """Writes for this version all that any of these tables holds; what was written last counts."""
        written = sorted((int(match[1]), match[0]) for match in map(_TABLE.fullmatch, tables) if match)
        found: dict[int, Placed] = {}
        for _, name in written:
            found.update((placed.header.id, placed) for placed in self._valid(self._storage.load(name)))
        self._replace(version, None, list(found.values()))

    def _placed(self, start: Start) -> list[Placed]:
        """The block's messages by ascending ids."""
        block = self._blocks.get(start)
        if block is None:
            return []
        found = self._left(start)
        if found is None or len(found) != block.count:
            raise Unsettled
        return found

    def _left(self, start: Start) -> list[Placed] | None:
        """What can be read of the block's messages by ascending ids; None where its table is missing."""
        try:
            return self._valid(self._storage.load(_name(start, self._blocks[start].version)))
        except KeyError:
            return None

    def _valid(self, rows: Rows) -> list[Placed]:
        same = self._seen.setdefault
        found = (placed_of(int(number), row, same) for number, row in rows.items())
        return [placed for placed in found if placed is not None]

    def _replace(
        self, version: int, start: Start, placed: Collection[Placed], *, shrinking: bool = False
    ) -> None:
        """Puts these in the block's place: in several blocks if they are many, below if they are few."""
        if start is not None and (not placed or (shrinking and len(placed) < MERGE_BELOW)):
            below = self._order.below(start)
            merged = [*self._placed(below), *placed] if placed else []
            if len(merged) <= ROOMY:
                del self._blocks[start]
                self._order.remove(start)
                if placed:
                    self._replace(version, below, merged)
                return
        lowest, *upper = parts(sorted(placed, key=lambda one: one.header.id))
        for part in upper:
            self._order.add(part[0].header.id)
            self._write(version, part[0].header.id, part)
        self._write(version, start, lowest)

    def _write(self, version: int, start: Start, placed: Collection[Placed]) -> None:
        if not placed:
            self._blocks.pop(start, None)
            return
        rows = {str(one.header.id): placed_row(one) for one in placed}
        self._storage.put_ahead(_name(start, version), rows)
        self._blocks[start] = Block(version, len(rows), max(one.rank for one in placed))


def newest(tables: Iterable[str]) -> int:
    """The highest version that any of these tables was written for; 0 where none was."""
    return max((int(match[1]) for match in map(_TABLE.fullmatch, tables) if match), default=0)


def _name(start: Start, version: int) -> str:
    return table_of(f"{PREFIX}{version}-", start)
