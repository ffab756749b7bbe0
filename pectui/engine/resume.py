"""Going on with a job whose program ended in the middle of it: what is left is found again, by nothing but GETs.

Where ids are stable, what is left is where it was. Else the whole listing is read, and only what can be told for sure
from everything else in it is gone on with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pectui.domain.fingerprint import Fingerprint, Key
from pectui.domain.interpret import interpret
from pectui.domain.message import Header
from pectui.domain.plan import plan_deletion
from pectui.engine.delete import Before
from pectui.engine.jobs import JobItem, JobRecord
from pectui.engine.looking import ids_are_stable
from pectui.engine.outcome import Unfinished
from pectui.engine.pages import PageReader
from pectui.engine.prepare import Prepared
from pectui.engine.recognise import Target
from pectui.engine.whole_send import WholeSend

_MANY_ALIKE = (
    "only its text tells it from another message, and that was not read before the job ended: choose it again"
)


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a job goes on with."""

    prepared: Prepared
    before: Before


@dataclass(frozen=True, slots=True)
class _Row:
    header: Header
    page: int


async def resume(record: JobRecord, reader: PageReader, *, own: frozenset[str]) -> Resumed:
    """What is left of the job. ServiceError where the service can't be asked."""
    opening = await reader.page(1)
    if ids_are_stable(opening):
        return _resumed(
            record, [_target(item, item.header, item.page, own) for item in record.left], (), (), ()
        )
    rows: list[_Row] = []
    total: int | None = None
    async for page in reader.everything():
        rows += [_Row(header, page.number) for header in page.headers]
        total = page.total
    listing = _Listing(rows, complete=total is not None and len(rows) >= total)
    targets: list[Target] = []
    gone: list[int] = []
    refused: list[Unfinished] = []
    unmoved = listing.unmoved_below(record.items)
    for item in record.left:
        found = listing.find(item, unmoved)
        if found is not None:
            targets.append(_target(item, found.header, found.page, own))
        elif item.text_hash is not None or item.chosen_id in record.begun or not listing.complete:
            targets.append(_target(item, item.header, item.page, own))  # it is looked for when it is its turn
        elif listing.alike(item):
            refused.append(Unfinished(item.chosen_id, _MANY_ALIKE))
        else:
            gone.append(item.chosen_id)
    return _resumed(record, targets, gone, refused, [row.header for row in rows])


class _Listing:
    """What the service lists now."""

    def __init__(self, rows: Sequence[_Row], *, complete: bool) -> None:
        self.complete = complete
        self._headers = {row.header: row for row in rows}
        self._by_key: dict[Key, list[_Row]] = {}
        for row in rows:
            self._by_key.setdefault(Fingerprint.of(row.header).key, []).append(row)

    def alike(self, item: JobItem) -> Sequence[_Row]:
        return self._by_key.get(Fingerprint.of(item.header).key, ())

    def unmoved_below(self, items: Sequence[JobItem]) -> int:
        """Every id below this one holds what it held: a deletion below a message that nothing looks like moves it."""
        unmoved = (
            item.header.id
            for item in items
            if not item.has_twin and item.header in self._headers and len(self.alike(item)) == 1
        )
        return max(unmoved, default=0)

    def find(self, item: JobItem, unmoved_below: int) -> _Row | None:
        """The row of the item, if it can be told for sure which one that is."""
        if item.header.id <= unmoved_below and item.header in self._headers:
            return self._headers[item.header]
        alike = self.alike(item)
        return alike[0] if len(alike) == 1 and not item.has_twin else None


def _target(item: JobItem, header: Header, page: int | None, own: frozenset[str]) -> Target:
    mark = replace(Fingerprint.of(header), text_hash=item.text_hash)
    return Target(item.chosen_id, mark, interpret(header, own), page, item.has_twin)


def _resumed(
    record: JobRecord,
    targets: Sequence[Target],
    gone: Sequence[int],
    refused: Sequence[Unfinished],
    known: Sequence[Header],
) -> Resumed:
    by_id: Mapping[int, Target] = {target.chosen_id: target for target in targets}
    sends = [
        WholeSend(code, tuple(by_id[one] for one in chosen))
        for code, chosen in record.sends
        if all(one in by_id for one in chosen)
    ]
    prepared = Prepared(
        plan=plan_deletion([target.message for target in targets]),
        targets=tuple(targets),
        already_gone=tuple(gone),
        refused=tuple(refused),
        warnings=(),
        kept=record.kept,
        sends=tuple(sends),
        known=known,
    )
    return Resumed(prepared, Before(record.events, record.begun))
