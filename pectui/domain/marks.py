"""What the user has marked: messages as they were listed, never rows and never bare ids.

A mark follows its message through everything that becomes of the listing. Where ids shift, it follows only where the
facts and the neighbours leave no doubt; else it stays what it was, a message as it was listed, and lands on no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.message import Header

_Facts: TypeAlias = tuple[str, str, str, str]
_Places: TypeAlias = Mapping[_Facts, Sequence[int]]

_AROUND = 3
"""Neighbours on each side that bear witness to where a message stands."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of marks when the listing changed."""

    gone: int = 0
    """Marked messages that are not in the mailbox any more: they are marked no more."""
    adrift: int = 0
    """Marks of which nobody can say any more which of the listed messages they mean."""


class Marks:
    """The marked messages. Quick at a hundred thousand: what a change of the listing costs is what changed."""

    def __init__(self) -> None:
        self._listed: dict[int, Header] = {}
        self._adrift: list[Header] = []
        self._waiting: set[int] = set()
        """Ids of marks whose message fell out of a listing that is being read: it may come back."""
        self.version = 0
        """Another number whenever other messages are marked, or are listed otherwise."""
        self._alike: tuple[int, frozenset[_Facts]] = (-1, frozenset())

    def __len__(self) -> int:
        return len(self._listed) + len(self._adrift)

    def __contains__(self, header: Header) -> bool:
        """Whether the message that is listed as `header` is marked, beyond doubt."""
        found = self._listed.get(header.id)
        return found is not None and (found is header or found == header)

    @property
    def headers(self) -> Sequence[Header]:
        """The marked messages as they are listed now, in the order in which they were marked."""
        return tuple(self._listed.values())

    @property
    def adrift(self) -> Sequence[Header]:
        """Marked messages as they were listed when that still said which they are."""
        return tuple(self._adrift)

    def may_be(self, header: Header) -> bool:
        """Whether `header` may be a marked message of which nobody can say which it is now."""
        if not self._adrift:
            return False
        if self._alike[0] != self.version:
            self._alike = self.version, frozenset(one.facts for one in self._adrift)
        return header.facts in self._alike[1]

    def count(self, ids: Iterable[int]) -> int:
        """How many of the messages that are listed under `ids` are marked."""
        return sum(map(self._listed.__contains__, ids)) if self._listed else 0

    def mark(self, headers: Iterable[Header]) -> int:
        """Marks these too. How many were not marked before."""
        before = len(self)
        for header in headers:
            found = self._listed.get(header.id)
            if found is None:
                self._listed[header.id] = header
            elif found is not header and found != header:
                self._adrift.append(found)  # its id stands for another message by now
                self._listed[header.id] = header
        added = len(self) - before
        self.version += bool(added)
        return added

    def unmark(self, headers: Iterable[Header]) -> int:
        """Marks these no more. How many were marked."""
        before, unmarked = len(self), list(headers)
        for header in unmarked:
            if header in self:
                del self._listed[header.id]
        if self._adrift:
            there = set(unmarked)
            self._adrift = [one for one in self._adrift if one not in there]
        removed = before - len(self)
        self.version += bool(removed)
        return removed

    def clear(self) -> int:
        """Marks nothing any more. How many were marked."""
        count = len(self)
        self.version += bool(count)
        self._listed, self._adrift, self._waiting = {}, [], set()
        return count

    def follow(
        self, before: Sequence[Header], after: Sequence[Header], *, ids_shift: bool, settled: bool
    ) -> Followed:
        """The listing read `before` and reads `after` now, both in the service's order.

        `ids_shift`: an id was seen to hold another message than before. `settled` is False while the listing is
        being read: what is missing from it may come back.
        """
        if not len(self):
            return Followed()
        count, drifting = len(self), len(self._adrift)
        went, came = _differing(before, after)
        if settled and self._waiting:
            self._give_up_waiting(after)
        if not ids_shift:
            ids_shift = not self._rebind(went, came, settled=settled)
        if ids_shift:
            self._follow_shifted(before, after, (*went, *came))
        if self._adrift and settled:
            left = _places(after, {one.facts for one in self._adrift})
            self._adrift = [one for one in self._adrift if one.facts in left]
        self.version += 1
        return Followed(count - len(self), max(0, len(self._adrift) - drifting))

    def _rebind(self, went: Sequence[Header], came: Sequence[Header], *, settled: bool) -> bool:
        """Finds marks by their ids. False, and nothing is changed, if one of these holds another message now."""
        named = {one.id: one for one in came}
        touched = [one for header in (*went, *came) if (one := self._listed.get(header.id)) is not None]
        now = {one.id: named.get(one.id) for one in touched}
        for one in touched:
            found = now[one.id]
            if found is not None and found != one and not Fingerprint.of(one).matches(found):
                return False
        were = {one.id for one in went}
        for number, found in now.items():
            if found is not None:
                self._listed[number] = found
                self._waiting.discard(number)
            elif number in were and settled:
                del self._listed[number]
            elif number in were:
                self._waiting.add(number)
        return True

    def _give_up_waiting(self, after: Sequence[Header]) -> None:
        there = {one.id for one in after}
        for number in self._waiting - there:
            self._listed.pop(number, None)
        self._waiting.clear()

    def _follow_shifted(
        self, before: Sequence[Header], after: Sequence[Header], changed: Sequence[Header]
    ) -> None:
        """Ids say nothing: messages that look alike are followed together, or not at all."""
        dates = {one.date for one in self._listed.values()}
        facts = {one.facts for one in changed if one.date in dates}
        dates = {date for date, *_ in facts}
        groups: dict[_Facts, list[Header]] = {}
        for one in self._listed.values():
            if one.date in dates and one.facts in facts:
                groups.setdefault(one.facts, []).append(one)
        if not groups:
            return
        old, new = _places(before, groups), _places(after, groups)
        drifting = {one.facts for one in self._adrift}
        bound: list[Header] = []
        for alike, marked in groups.items():
            for one in marked:
                if self._listed.get(one.id) is one:
                    del self._listed[one.id]
            were, are = old.get(alike, ()), new.get(alike, ())
            ids = {one.id for one in marked}
            unchanged = [before[at].id for at in were] == [after[at].id for at in are]
            if unchanged or not were:
                # Nothing moved; or it was never among what is remembered, and now it is.
                found = [after[at] for at in are if after[at].id in ids]
                sure = len(found) == len(marked) and (unchanged or len(are) == len(found))
            else:
                # Where all that look alike are marked, it doesn't matter which is which.
                found = [after[at] for at in are]
                all_marked = ids == {before[at].id for at in were} and alike not in drifting
                sure = all_marked and 0 < len(are) <= len(were)
                sure = sure and _are_neighbours(before, were, after, are)
            bound += found if sure else ()
            if not sure:
                self._adrift += marked
        for one in bound:
            other = self._listed.get(one.id)
            if other is not None and other != one:
                self._adrift.append(other)
            self._listed[one.id] = one


def _differing(
    before: Sequence[Header], after: Sequence[Header]
) -> tuple[Sequence[Header], Sequence[Header]]:
    """What is only in one of them.

    Most messages are the very same objects at both ends: comparing texts would take longer than all else here.
    """
    shorter = min(len(before), len(after))
    end = next((at for at in range(1, shorter + 1) if before[-at] is not after[-at]), shorter + 1) - 1
    before, after = before[: len(before) - end], after[: len(after) - end]
    was, there = set(map(id, before)), set(map(id, after))
    went = [one for one in before if id(one) not in there]
    return went, [one for one in after if id(one) not in was]


def _places(headers: Sequence[Header], wanted: Iterable[_Facts]) -> dict[_Facts, list[int]]:
    """Where messages stand that look like the wanted ones."""
    facts = set(wanted)
    dates = {date for date, *_ in facts}
    places: dict[_Facts, list[int]] = {}
    for at, one in enumerate(headers):
        if one.date in dates and (alike := one.facts) in facts:
            places.setdefault(alike, []).append(at)
    return places


def _are_neighbours(
    before: Sequence[Header], were: Sequence[int], after: Sequence[Header], are: Sequence[int]
) -> bool:
    """Whether each message of `are` stands where one of `were` stood, by what is above and below it."""
    if len(were) == 1 and _stands_between_the_same(before, were[0], after, are[0]):
        return True
    own = before[were[0]].facts
    above = {one.facts for at in were for one in _above(before, at)} - {own}
    below = {one.facts for at in were for one in _below(before, at)} - {own}
    above, below = above - below, below - above
    for at in are:
        over = {one.facts for one in _above(after, at)} - {own}
        under = {one.facts for one in _below(after, at)} - {own}
        if (over | under) and (not (above & over or below & under) or above & under or below & over):
            return False
    return True


def _stands_between_the_same(before: Sequence[Header], one: int, after: Sequence[Header], other: int) -> bool:
    if not (0 < one < len(before) - 1 and 0 < other < len(after) - 1):
        return False
    above, below = before[one - 1].facts, before[one + 1].facts
    return above == after[other - 1].facts and below == after[other + 1].facts


def _above(headers: Sequence[Header], at: int) -> Sequence[Header]:
    return headers[max(0, at - _AROUND) : at]


def _below(headers: Sequence[Header], at: int) -> Sequence[Header]:
    return headers[at + 1 : at + 1 + _AROUND]
