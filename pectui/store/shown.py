"""What an id was last shown as, and what jobs found out: TinyDB tables of messages in blocks of ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from tinydb.table import Document

from pectui.domain.message import Header
from pectui.store.blocks import MERGE_BELOW, ROOMY, Blocks, Start, parts, starts_in, table_of
from pectui.store.remembered import Finding, Remembered, Summary
from pectui.store.rows import finding_of, finding_row, message_row, remembered_of, summary_of, written
from pectui.store.tables import MailboxTables, Unsettled

T = TypeVar("T")

PREFIX = "messages-"

_FINDING_ROW = 2


class ShownMessages:
    """The messages in `tables` by their ids. What is changed is changed while `tables.writing()`."""

    def __init__(self, tables: MailboxTables) -> None:
        self._tables = tables

    def remember(self, headers: Iterable[Header], page: int | None, listed_at: datetime) -> None:
        at = written(listed_at)
        fresh = {header.id: message_row(header, page, at) for header in headers}
        if not fresh:
            return
        with self._tables.writing():
            blocks = self._blocks()
            for start, ids in blocks.sorted_out(fresh):
                rows = self._rows(blocks, start)
                rows.update((message_id, fresh[message_id]) for message_id in ids)
                self._put(blocks, start, rows)
            self._tables.mark()

    def recall_many(self, ids: Iterable[int]) -> dict[int, Remembered]:
        wanted = set(ids)
        return self._look(lambda blocks: dict(self._recalled(blocks, wanted)))

    def forget(self, ids: Iterable[int]) -> None:
        with self._tables.writing():
            blocks = self._blocks()
            for start, of_block in blocks.sorted_out(ids):
                gone = set(of_block)
                rows = self._rows(blocks, start)
                left = {message_id: row for message_id, row in rows.items() if message_id not in gone}
                if len(left) < len(rows):
                    self._shrink(blocks, start, left)

    def summary(self) -> Summary:
        return self._look(lambda blocks: summary_of(self._all_rows(blocks), self._tables.storage.size()))

    def remember_finding(self, stable_ids: bool, at: datetime) -> None:
        with self._tables.writing():
            self._tables.put_meta(_FINDING_ROW, finding_row(stable_ids, at))

    def finding(self) -> Finding | None:
        row = self._tables.look(lambda: self._tables.meta(_FINDING_ROW))
        return None if row is None else finding_of(row)

    def _look(self, look: Callable[[Blocks], T]) -> T:
        def at_rest() -> T:
            names = self._tables.storage.names()
            found = look(Blocks(starts_in(PREFIX, names)))
            now = self._tables.storage.names()
            if now != names and set(starts_in(PREFIX, now)) != set(starts_in(PREFIX, names)):
                raise Unsettled
            return found

        return self._tables.look(at_rest, mend=lambda: look(self._blocks()))

    def _blocks(self) -> Blocks:
        return Blocks(starts_in(PREFIX, self._tables.storage.names()))

    def _recalled(self, blocks: Blocks, ids: Iterable[int]) -> Iterator[tuple[int, Remembered]]:
        for start, of_block in blocks.sorted_out(ids):
            table = self._tables.table(table_of(PREFIX, start))
            for message_id in of_block:
                row = table.get(doc_id=message_id)
                remembered = None if row is None else remembered_of(message_id, row)
                if remembered is not None:
                    yield message_id, remembered

    def _all_rows(self, blocks: Blocks) -> Iterator[Mapping[str, Any]]:
        for start in blocks:
            yield from self._rows(blocks, start).values()

    def _rows(self, blocks: Blocks, start: Start) -> dict[int, Mapping[str, Any]]:
        first, end = blocks.limits(start)
        table = self._tables.table(table_of(PREFIX, start))
        return {row.doc_id: row for row in table if first <= row.doc_id < end}

    def _put(self, blocks: Blocks, start: Start, rows: Mapping[int, Mapping[str, Any]]) -> None:
        lowest, *upper = parts(sorted(rows))
        for part in reversed(upper):
            self._fill(part[0], part, rows)
            blocks.add(part[0])
        self._fill(start, lowest, rows)

    def _fill(self, start: Start, ids: Iterable[int], rows: Mapping[int, Mapping[str, Any]]) -> None:
        table = self._tables.table(table_of(PREFIX, start))
        table.truncate()
        table.insert_multiple(Document(rows[message_id], message_id) for message_id in ids)

    def _shrink(self, blocks: Blocks, start: Start, left: Mapping[int, Mapping[str, Any]]) -> None:
        """Puts what is left of a block, in the block below if it is little."""
        if start is not None and len(left) < MERGE_BELOW:
            below = blocks.below(start)
            merged = {**self._rows(blocks, below), **left}
            if not left or len(merged) <= ROOMY:
                # Written even if nothing joins it: no stale copy in it may fall into the range that it takes over.
                self._put(blocks, below, merged)
                self._tables.drop(table_of(PREFIX, start))
                blocks.remove(start)
                return
        self._put(blocks, start, left)
