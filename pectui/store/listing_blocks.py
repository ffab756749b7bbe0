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
from pectui.store.position import Block, block_row, placed_of
from pectui.store.storage import FolderStorage
from pectui.store.tables import Unsettled

PREFIX = "listing-"

_ROW = "1"
"""The block's one document. TinyDB's tables would copy it: storage and blocks deal with each other directly."""

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

        True if there is something that the user was not told of when a file was set aside.
        """
        untold = False
        for start in list(self._order):
            try:
                self._placed(start)
            except Unsettled:
                left = self._left(start)
                untold = untold or left != []
                self._replace(version, start, left or [])
        return untold

    def gather(self, version: int, tables: Iterable[str]) -> None:
        """Writes for this version all that any of these tables holds; what was written last counts."""
        written = sorted((int(match[1]), match[0]) for match in map(_TABLE.fullmatch, tables) if match)
        found: dict[int, Placed] = {}
        for _, name in written:
            found.update((placed.header.id, placed) for placed in self._read(name) or ())
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
        """What can be read of the block's messages, none if it was set aside; None where it is missing or strange."""
        return self._read(_name(start, self._blocks[start].version))

    def _read(self, table: str) -> list[Placed] | None:
        try:
            rows = self._storage.load(table)
        except KeyError:
            return None
        return placed_of(rows.get(_ROW, {}), self._seen.setdefault) if rows else []

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
        self._storage.put_ahead(_name(start, version), {_ROW: block_row(placed)})
        self._blocks[start] = Block(version, len(placed), max(one.rank for one in placed))


def newest(tables: Iterable[str]) -> int:
    """The highest version that any of these tables was written for; 0 where none was."""
    return max((int(match[1]) for match in map(_TABLE.fullmatch, tables) if match), default=0)


def _name(start: Start, version: int) -> str:
    return table_of(f"{PREFIX}{version}-", start)
