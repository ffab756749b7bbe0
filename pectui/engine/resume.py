"""Going on with a job whose program ended in the middle of it: what is left is found again, by nothing but GETs.

Where ids are stable, what is left is where it was. Else the whole listing is read, and only what can be told for sure
from everything else in it is gone on with: what has come since stands above all that was there. A DELETE that was begun
and whose end nobody wrote down is settled by the message above it: where ids shift, that has moved if it was done.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pectui.domain.fingerprint import Fingerprint, Key
from pectui.domain.interpret import interpret
from pectui.domain.message import Header
from pectui.domain.plan import plan_deletion
from pectui.engine.delete import Before
from pectui.engine.jobs import JobItem, JobRecord
from pectui.engine.looking import ids_are_stable
from pectui.engine.outcome import AlreadyGone, Deleted, Unfinished
from pectui.engine.pages import PageReader
from pectui.engine.prepare import Prepared
from pectui.engine.recognise import Target
from pectui.engine.whole_send import WholeSend

_MANY_ALIKE = (
    "only its text tells it from another message, and that was not read before the job ended: choose it again"
)
_MAY_BE_NEW = "what looks like it now may have come since the job ended: choose it again"
_ONE_IS_GONE = (
    "another message looks the same, and one of them has gone since the job ended: list again, then choose it"
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
        listing = _Listing(rows, record, complete=total is not None and listed >= total)
        stable = listing.shows_stable_ids()
    if stable:
        targets = [_target(item, item.header, item.page, own) for item in record.left]
        return _resumed(record, _Left(targets, begun=set(record.begun)), (), ids_shift=False)
    left = _looked_for(record, listing, own)
    shift = True if listing.shifts else None
    return _resumed(record, left, [row.header for row in rows], ids_shift=shift)


def _looked_for(record: JobRecord, listing: _Listing, own: frozenset[str]) -> _Left:
    left = _Left()
    steps = {step.chosen_id: step for step in record.steps}
    unmoved = listing.unmoved_below(record.items)
    groups = listing.whole_groups([item for item in record.left if item.chosen_id not in record.begun])
    for item in record.left:
        is_begun = item.chosen_id in record.begun
        step = steps.get(item.chosen_id) if is_begun else None
        above = None if step is None else step.above
        if step is not None and above is not None:
            there = listing.still_there(item, step.id, above)
            if there is not None:
                left.targets.append(_target(item, there.header, there.page, own))
                continue
            # Somebody else's deletion may have moved what was above: something that looks like it must not be there.
            if listing.moved_down(above) and not listing.alike(item):
                left.deleted.append(_target(item, item.header, item.page, own))
                continue
        row = listing.find(item, unmoved) or groups.get(item)
        if row is not None and is_begun and (item.has_twin or not (above is None or listing.is_old(row))):
            row = None
        if row is not None:
            left.targets.append(_target(item, row.header, row.page, own))
        elif not is_begun and listing.lacks_one_like(item):
            left.refused.append(Unfinished(item.chosen_id, _ONE_IS_GONE))
        elif is_begun or item.text_hash is not None or not listing.complete:
            # It is looked for when it is its turn; what was begun is not deleted a second time.
            left.targets.append(_target(item, item.header, item.page, own))
            if not listing.alike(item):
                left.absent.add(item.chosen_id)
            left.begun |= record.begun & {item.chosen_id}
        elif listing.alike(item):
            reason = _MANY_ALIKE if item.has_twin else _MAY_BE_NEW
            left.refused.append(Unfinished(item.chosen_id, reason))
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
    """What the service lists now, and what the journal of the job tells of it."""

    def __init__(self, rows: Sequence[_Row], record: JobRecord, *, complete: bool) -> None:
        self.complete = complete
        self._record = record
        self._headers = {row.header: row for row in rows}
        self._by_id = {row.header.id: row for row in rows}
        self._by_key: dict[Key, list[_Row]] = {}
        for row in rows:
            self._by_key.setdefault(_key(row.header), []).append(row)
        self.shifts = self._shows_shifting_ids()
        self._old = self._newest_old_id()
        deleted = {event.id for event in record.results if isinstance(event, Deleted)}
        self._deleted = sorted(one.header.id for one in record.items if one.chosen_id in deleted)
        self._begun = sorted(one.header.id for one in record.items if one.chosen_id in record.begun)

    def shows_stable_ids(self) -> bool:
        """Whether a message above one that this job has deleted kept its id."""
        deleted = {event.id for event in self._record.results if isinstance(event, Deleted)}
        return any(
            step.above in self._headers and len(self._by_key[_key(step.above)]) == 1
            for step in self._record.steps
            if step.above is not None and step.chosen_id in deleted
        )

    def _shows_shifting_ids(self) -> bool:
        """Whether a message of the plan that nothing looks like has another id by now."""
        return any(
            not item.has_twin and [row.header.id for row in self.alike(item)] not in ([], [item.header.id])
            for item in self._record.left
            if len(self.alike(item)) <= 1
        )

    def _newest_old_id(self) -> int:
        """Up to here everything was there when the plan was made: what has come since stands above it.

        0 where nothing is left that was to stay and that nothing looks like.
        """
        found = ((header, self._by_key.get(_key(header), ())) for header in self._record.landmarks)
        return max(
            (
                rows[0].header.id
                for header, rows in found
                if len(rows) == 1 and rows[0].header.id <= header.id
            ),
            default=0,
        )

    def is_old(self, row: _Row) -> bool:
        """Whether it was surely there when the plan was made."""
        return row.header.id <= self._old

    def _is_in_its_place(self, item: JobItem, row: _Row) -> bool:
        """Whether its id is that of the item, if nobody else has deleted anything below it."""
        listed = item.header.id
        now = listed - bisect_left(self._deleted, listed)
        if row.header.id == listed and not self.shifts:
            return True
        return now - bisect_left(self._begun, listed) <= row.header.id <= now

    def still_there(self, item: JobItem, message_id: int, above: Header) -> _Row | None:
        """The message of a DELETE that was not done: what was above it has kept its id."""
        row = self._by_id.get(message_id)
        if row is None or above not in self._headers or _key(row.header) != _key(item.header):
            return None
        return row if len(self._by_key[_key(above)]) == 1 else None

    def moved_down(self, above: Header) -> bool:
        """Whether what was above the message has moved down by one, as it does where the DELETE was done."""
        return replace(above, id=above.id - 1) in self._headers

    def alike(self, item: JobItem) -> Sequence[_Row]:
        return self._by_key.get(_key(item.header), ())

    def lacks_one_like(self, item: JobItem) -> bool:
        """Whether of those that look like the item, and of which not all were chosen, somebody else took one."""
        if not item.has_twin:
            return False
        key = _key(item.header)
        chosen = [one.chosen_id for one in self._record.items if item.has_twin and _key(one.header) == key]
        if not self.alike(item) or item.listed_alike <= len(chosen):
            return False
        went = {event.id for event in self._record.results if isinstance(event, Deleted | AlreadyGone)}
        may_have_gone = sum(one in went or one in self._record.begun for one in chosen)
        return sum(not self._old or self.is_old(row) for row in self.alike(item)) < (
            item.listed_alike - may_have_gone
        )

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
        # Ids never go up: what has a higher one has come since, however much it looks like the item.
        alike = [row for row in self.alike(item) if row.header.id <= item.header.id]
        if item.has_twin:
            return None
        old = [row for row in alike if self.is_old(row)] or alike
        return old[0] if len(old) == 1 and self._is_surely(item, old[0]) else None

    def _is_surely(self, item: JobItem, row: _Row) -> bool:
        return row.header.id <= item.header.id and (self.is_old(row) or self._is_in_its_place(item, row))

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
                if all(self._is_surely(item, row) for item, row in pairs):
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
