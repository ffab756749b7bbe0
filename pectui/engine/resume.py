"""Going on with a job whose program ended in the middle of it: what is left is found again, by nothing but GETs.

Where ids are stable, what is left is where it was. Else the whole listing is read, and only what can be told for sure
from everything else in it is gone on with. A DELETE that was begun and whose end nobody wrote down is settled by the
message above it: where ids shift, that has moved if and only if the DELETE was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pectui.domain.fingerprint import Fingerprint, Key
from pectui.domain.interpret import interpret
from pectui.domain.message import Header
from pectui.domain.plan import plan_deletion
from pectui.engine.delete import Before
from pectui.engine.jobs import JobItem, JobRecord
from pectui.engine.looking import ids_are_stable
from pectui.engine.outcome import Deleted, Unfinished
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


@dataclass(slots=True)
class _Left:
    """What became of what was left, looked at now."""

    targets: list[Target] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    deleted: list[Target] = field(default_factory=list)
    refused: list[Unfinished] = field(default_factory=list)
    begun: set[int] = field(default_factory=set)
    absent: set[int] = field(default_factory=set)


async def resume(record: JobRecord, reader: PageReader, *, own: frozenset[str]) -> Resumed:
    """What is left of the job. ServiceError where the service can't be asked."""
    stable = ids_are_stable(await reader.page(1))
    rows: list[_Row] = []
    if not stable:
        total: int | None = None
        listed = 0
        async for page in reader.everything():
            listed += len(page.headers)
            rows += [_Row(header, page.number) for header in page.headers]
            total = page.total
        rows = _known_to_the_plan(rows, record.newest)
        listing = _Listing(rows, complete=total is not None and listed >= total)
        stable = listing.shows_stable_ids(record)
    if stable:
        targets = [_target(item, item.header, item.page, own) for item in record.left]
        return _resumed(record, _Left(targets, begun=set(record.begun)), (), ids_shift=False)
    left = _looked_for(record, listing, own)
    shift = True if listing.shows_shifting_ids(record) else None
    return _resumed(record, left, [row.header for row in rows], ids_shift=shift)


def _looked_for(record: JobRecord, listing: _Listing, own: frozenset[str]) -> _Left:
    left = _Left()
    steps = {step.chosen_id: step for step in record.steps}
    unmoved = listing.unmoved_below(record.items)
    groups = listing.whole_groups([item for item in record.left if item.chosen_id not in record.begun])
    for item in record.left:
        step = steps.get(item.chosen_id) if item.chosen_id in record.begun else None
        row = listing.find(item, unmoved) or groups.get(item)
        if step is not None and step.above is not None:
            there = listing.still_there(item, step.id, step.above)
            if there is not None:
                left.targets.append(_target(item, there.header, there.page, own))
                continue
            # Somebody else's deletion may have moved what was above: where its text is known, that tells more.
            if listing.moved_down(step.above) and not (item.text_hash and listing.alike(item)):
                left.deleted.append(_target(item, item.header, item.page, own))
                continue
        is_begun = item.chosen_id in record.begun
        if row is not None and not (is_begun and listing.is_doubtful(item)):
            left.targets.append(_target(item, row.header, row.page, own))
        elif is_begun or item.text_hash is not None or not listing.complete:
            # It is looked for when it is its turn; what was begun is not deleted a second time.
            left.targets.append(_target(item, item.header, item.page, own))
            if not listing.alike(item):
                left.absent.add(item.chosen_id)
            left.begun |= record.begun & {item.chosen_id}
        elif listing.alike(item):
            left.refused.append(Unfinished(item.chosen_id, _MANY_ALIKE))
        else:
            left.gone.append(item.chosen_id)
    return left


def _known_to_the_plan(rows: Sequence[_Row], newest: Header | None) -> list[_Row]:
    """Without what has come since the plan was made: it stands above the newest message that was known then."""
    if newest is None:
        return list(rows)
    key = _key(newest)
    alike = [row.header.id for row in rows if _key(row.header) == key]
    return [row for row in rows if row.header.id <= alike[0]] if len(alike) == 1 else list(rows)


class _Listing:
    """What the service lists now."""

    def __init__(self, rows: Sequence[_Row], *, complete: bool) -> None:
        self.complete = complete
        self._headers = {row.header: row for row in rows}
        self._by_id = {row.header.id: row for row in rows}
        self._by_key: dict[Key, list[_Row]] = {}
        for row in rows:
            self._by_key.setdefault(_key(row.header), []).append(row)

    def shows_stable_ids(self, record: JobRecord) -> bool:
        """Whether a message above one that this job has deleted kept its id."""
        deleted = {event.id for event in record.events if isinstance(event, Deleted)}
        return any(
            step.above in self._headers and len(self._by_key[_key(step.above)]) == 1
            for step in record.steps
            if step.above is not None and step.chosen_id in deleted
        )

    def shows_shifting_ids(self, record: JobRecord) -> bool:
        """Whether a message of the plan that nothing looks like has another id by now."""
        return any(
            not item.has_twin and [row.header.id for row in self.alike(item)] not in ([], [item.header.id])
            for item in record.left
            if len(self.alike(item)) <= 1
        )

    def still_there(self, item: JobItem, message_id: int, above: Header) -> _Row | None:
        """The message of a DELETE that was not done: what was above it has kept its id."""
        row = self._by_id.get(message_id)
        if row is None or above not in self._headers or _key(row.header) != _key(item.header):
            return None
        return row if len(self._by_key[_key(above)]) == 1 else None

    def moved_down(self, above: Header) -> bool:
        """Whether the DELETE was done: what was above the message has moved down by one."""
        return replace(above, id=above.id - 1) in self._headers

    def alike(self, item: JobItem) -> Sequence[_Row]:
        return self._by_key.get(_key(item.header), ())

    def is_doubtful(self, item: JobItem) -> bool:
        """Whether what looks like the item may be another message."""
        return item.has_twin or len(self.alike(item)) != 1

    def unmoved_below(self, items: Iterable[JobItem]) -> int:
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
        # Ids never go up: what has a higher one has come since, however much it looks like the item.
        is_one = len(alike) == 1 and not item.has_twin and alike[0].header.id <= item.header.id
        return alike[0] if is_one else None

    def whole_groups(self, items: Sequence[JobItem]) -> Mapping[JobItem, _Row]:
        """Items that look alike and are all that look so: deletions elsewhere never change their order."""
        groups: dict[Key, list[JobItem]] = {}
        for item in items:
            groups.setdefault(_key(item.header), []).append(item)
        found: dict[JobItem, _Row] = {}
        for group in groups.values():
            rows = self.alike(group[0])
            if len(rows) == len(group) and len(rows) > 1:
                group.sort(key=lambda item: item.header.id)
                pairs = list(zip(group, sorted(rows, key=lambda row: row.header.id), strict=True))
                if all(row.header.id <= item.header.id for item, row in pairs):
                    found.update(pairs)
        return found


def _key(header: Header) -> Key:
    return Fingerprint.of(header).key


def _target(item: JobItem, header: Header, page: int | None, own: frozenset[str]) -> Target:
    mark = replace(Fingerprint.of(header), text_hash=item.text_hash)
    return Target(item.chosen_id, mark, interpret(header, own), page, item.has_twin)


def _resumed(
    record: JobRecord, left: _Left, known: Sequence[Header], *, ids_shift: bool | None = None
) -> Resumed:
    by_id: Mapping[int, Target] = {target.chosen_id: target for target in left.targets}
    sends = [
        WholeSend(code, tuple(by_id[one] for one in chosen))
        for code, chosen in record.sends
        if all(one in by_id for one in chosen)
    ]
    prepared = Prepared(
        plan=plan_deletion([target.message for target in left.targets]),
        targets=tuple(left.targets),
        already_gone=tuple(left.gone),
        refused=tuple(left.refused),
        warnings=(),
        kept=record.kept,
        sends=tuple(sends),
        known=known,
    )
    begun = frozenset((*left.begun, *(target.chosen_id for target in left.deleted)))
    return Resumed(
        prepared, Before(record.events, tuple(left.deleted), begun, frozenset(left.absent), ids_shift)
    )
