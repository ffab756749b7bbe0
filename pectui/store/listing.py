"""The remembered listing: the whole mailbox in blocks of ids, changed as a whole or not at all.

A change writes the blocks that it touches as new tables, which nobody looks at until the position, in the table that
is written last, says that they are the listing's blocks now; then the old ones are removed. So a kill at any moment
leaves the listing as it was or as it is to be, and a look without the lock sees one version of it.

A block that is broken or missing was spoilt from outside. What is left of the listing stays, and no longer claims to
agree with the service's: everything will be read again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pectui.domain.listing import ListingChange, Placed, Synced, storable
from pectui.store.front import front_after, stored
from pectui.store.listing_blocks import PREFIX, ListingBlocks, newest
from pectui.store.position import Position, position_of, position_row, synced_of
from pectui.store.remembered import synced_in_utc
from pectui.store.tables import MailboxTables, Unsettled

_POSITION_ROW = 3


class RememberedListing:
    """The listing in `tables`."""

    def __init__(self, tables: MailboxTables) -> None:
        self._tables = tables

    def synced(self) -> Synced:
        return self._tables.look(self._synced, mend=lambda: self._locked_position().synced)

    def listing(self) -> tuple[Synced, list[Placed]]:
        return self._tables.look(self._listing, mend=self._mended_listing)

    def change(self, change: ListingChange) -> Synced | None:
        put = {one.header.id: replace(one, header=storable(one.header)) for one in change.put}
        with self._tables.writing():
            before = self._locked_position()
            if before.synced.version != change.base:
                return None
            if self._row() is None:
                # Tables without a position mean that a position was lost, so there must be one before them.
                self._commit(before)
                self._tables.storage.flush()
            try:
                after = self._changed(before, change, put)
            except Unsettled:
                self._mend(before)
                return None
            self._commit(after)
            return after.synced

    def clear(self) -> None:
        """Removes all tables, others' too, while they are being written. The listing's version grows."""
        version = self._locked_position().synced.version
        empty = Position(Synced(version=version + 1))
        if version:
            self._commit(empty)
            self._tables.storage.flush()
        self._tables.drop_all()
        if version:
            self._commit(empty)

    def _synced(self) -> Synced:
        row = self._row()
        synced = Synced() if row is None else synced_of(row)
        if synced is None:
            raise Unsettled
        return synced

    def _listing(self) -> tuple[Synced, list[Placed]]:
        position = self._position()
        return position.synced, self._blocks(position).listing()

    def _mended_listing(self) -> tuple[Synced, list[Placed]]:
        position = self._locked_position()
        try:
            return position.synced, self._blocks(position).listing()
        except Unsettled:
            mended = self._mend(position)
            return mended.synced, self._blocks(mended).listing()

    def _changed(self, before: Position, change: ListingChange, put: Mapping[int, Placed]) -> Position:
        version = change.base + 1
        blocks = self._blocks(before)
        blocks.change(version, put, change.removed)
        front = front_after(before.front, before.synced.count, put, change.removed)
        return _position(synced_in_utc(change.synced), version, blocks, front)

    def _mend(self, before: Position) -> Position:
        """Keeps what is left, and says that it need not be what the service lists."""
        version = before.synced.version + 1
        blocks = self._blocks(before)
        if blocks.mend(version):
            self._tables.storage.warn(
                f"A part of the remembered listing in {self._tables.folder} is missing or was changed; "
                "what it held is fetched again."
            )
        doubted = replace(before.synced, agreed_at=None, full_at=None, scan=None)
        after = _position(doubted, version, blocks)
        self._commit(after)
        return after

    def _recover(self) -> Position:
        """A position for the tables that there are, where none says which of them count."""
        tables = self._tables_there()
        blocks = ListingBlocks(self._tables.storage, {})
        # The version that was lost is unknown: time counts faster than any listing changes.
        version = max(time.time_ns(), newest(tables) + 1)
        blocks.gather(version, tables)
        after = _position(Synced(), version, blocks)
        self._commit(after)
        return after

    def _locked_position(self) -> Position:
        try:
            return self._position()
        except Unsettled:
            return self._recover()

    def _position(self) -> Position:
        row = self._row()
        position = Position() if row is None else position_of(row)
        if position is None:
            raise Unsettled
        return position

    def _row(self) -> Mapping[str, Any] | None:
        row = self._tables.meta(_POSITION_ROW)
        if row is None and self._tables_there():
            raise Unsettled
        return row

    def _blocks(self, position: Position) -> ListingBlocks:
        return ListingBlocks(self._tables.storage, position.blocks)

    def _tables_there(self) -> set[str]:
        return {name for name in self._tables.storage.names() if name.startswith(PREFIX)}

    def _commit(self, position: Position) -> None:
        self._tables.put_meta(_POSITION_ROW, position_row(position))
        self._tables.storage.supersede(self._tables_there() - self._blocks(position).tables)


def _position(
    synced: Synced, version: int, blocks: ListingBlocks, front: tuple[Placed, ...] | None = None
) -> Position:
    """The position of these blocks; the front is read from them where it isn't known."""
    front = blocks.front() if front is None else front
    return Position(stored(synced, version, blocks.count, front), front, blocks.blocks)
