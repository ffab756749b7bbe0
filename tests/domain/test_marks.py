"""Marks are messages: they follow theirs, and never land on another one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from time import perf_counter

import pytest

from pectui.domain.marks import Followed, Marks
from pectui.domain.message import Header

FROM = "posta-certificata@pec.example"


def mail(number: int, subject: str = "", *, minute: int | None = None) -> Header:
    """A message; those of one subject and minute look alike."""
    minute = number if minute is None else minute
    date = f"Mon, 23 Nov 2026 {minute // 60 % 24:02}:{minute % 60:02}:00 +0100"
    return Header(number, date, subject or f"Avviso {number}", FROM, "io@pec.example")


def renamed(header: Header, number: int) -> Header:
    return Header(number, *header.facts)


def twins(count: int, first: int) -> list[Header]:
    """The newest first, as the service lists them."""
    return [mail(first + at, "CONSEGNA: x", minute=5) for at in reversed(range(count))]


LISTED = [mail(number) for number in range(9, 0, -1)]


def following(
    marks: Marks,
    before: Sequence[Header],
    after: Sequence[Header],
    *,
    shift: bool = False,
    settled: bool = True,
) -> Followed:
    return marks.follow(before, after, ids_shift=shift, settled=settled)


class TestMarking:
    """Sets of messages."""

    def test_each_message_is_marked_once(self) -> None:
        marks = Marks()
        assert marks.mark(LISTED[:3]) == 3
        assert marks.mark(LISTED[2:4]) == 1
        assert len(marks) == 4
        assert marks.headers == tuple(LISTED[:4])
        assert LISTED[3] in marks
        assert LISTED[4] not in marks

    def test_another_message_under_the_id_of_a_marked_one_is_not_marked(self) -> None:
        marks = Marks()
        marks.mark(LISTED)
        assert renamed(LISTED[0], LISTED[1].id) not in marks

    def test_unmarking(self) -> None:
        marks = Marks()
        marks.mark(LISTED)
        assert marks.unmark([LISTED[0], mail(100)]) == 1
        assert LISTED[0] not in marks
        assert marks.clear() == 8
        assert not len(marks)

    def test_those_among_some_ids_are_counted(self) -> None:
        marks = Marks()
        marks.mark(LISTED[:4])
        assert marks.count([9, 8, 1, 2, 300]) == 2

    def test_a_mark_is_kept_though_its_id_is_marked_again_as_another_message(self) -> None:
        marks = Marks()
        marks.mark([mail(3, "one")])
        marks.mark([mail(3, "another")])
        assert len(marks) == 2
        assert mail(3, "another") in marks
        assert marks.adrift == (mail(3, "one"),)


class TestFollowing:
    """The listing changes; ids keep their messages."""

    def test_new_mail_changes_no_mark(self) -> None:
        marks = Marks()
        marks.mark(LISTED[2:4])
        assert following(marks, LISTED, [mail(10), *LISTED]) == Followed()
        assert marks.headers == tuple(LISTED[2:4])

    def test_what_is_gone_is_marked_no_more_and_told(self) -> None:
        marks = Marks()
        marks.mark(LISTED[2:4])
        assert following(marks, LISTED, LISTED[3:]) == Followed(gone=1)
        assert marks.headers == (LISTED[3],)

    def test_a_listing_that_was_read_anew_is_the_same_one(self) -> None:
        marks = Marks()
        marks.mark(LISTED[2:4])
        again = [renamed(one, one.id) for one in LISTED]
        assert following(marks, LISTED, again) == Followed()
        assert all(one in marks for one in again[2:4])

    def test_what_falls_out_of_a_listing_that_is_being_read_is_waited_for(self) -> None:
        marks = Marks()
        marks.mark(LISTED)
        assert following(marks, LISTED, LISTED[:2], settled=False) == Followed()
        assert len(marks) == 9
        assert following(marks, LISTED[:2], LISTED[:7], settled=False) == Followed()
        assert following(marks, LISTED[:7], LISTED[:7]) == Followed(gone=2)
        assert marks.headers == tuple(LISTED[:7])

    def test_what_was_found_by_the_service_and_is_not_listed_yet_stays_marked(self) -> None:
        marks = Marks()
        marks.mark([mail(10)])
        assert following(marks, LISTED, [mail(11), *LISTED]) == Followed()
        assert mail(10) in marks

    def test_a_date_that_is_written_otherwise_is_no_other_message(self) -> None:
        marks = Marks()
        marks.mark([LISTED[0]])
        same = Header(9, LISTED[0].date.removeprefix("Mon, "), *LISTED[0].facts[1:])
        assert following(marks, LISTED, [same, *LISTED[1:]]).gone == 0
        assert len(marks) == 1

    def test_nothing_follows_where_nothing_is_marked(self) -> None:
        assert following(Marks(), LISTED, []) == Followed()


class TestWhereIdsShift:
    """By facts and neighbours; never by the id."""

    def test_a_mark_follows_its_message_to_another_id(self) -> None:
        marks = Marks()
        marks.mark(LISTED[2:4])
        after = [renamed(one, one.id - 1) for one in LISTED[:-1]]
        assert following(marks, LISTED, after, shift=True) == Followed()
        assert marks.headers == tuple(after[2:4])

    def test_it_does_also_where_nobody_has_noted_yet_that_ids_shift(self) -> None:
        marks = Marks()
        marks.mark(LISTED[2:4])
        after = [renamed(one, one.id - 1) for one in LISTED[:-1]]
        assert following(marks, LISTED, after) == Followed()
        assert set(marks.headers) == set(after[2:4])

    def test_a_marked_message_that_is_gone_leaves_its_id_to_another_one_that_is_not_marked(self) -> None:
        marks = Marks()
        marks.mark([LISTED[4]])
        after = [renamed(one, one.id - 1) for one in LISTED[:4]] + LISTED[5:]
        assert following(marks, LISTED, after, shift=True) == Followed(gone=1)
        assert not any(one in marks for one in after)

    def test_a_twin_under_the_id_of_the_marked_one_is_not_marked(self) -> None:
        pair = twins(2, 6)
        before = [mail(8), *pair, mail(1)]
        after = [renamed(one, one.id - 1) for one in before[:-1]]
        marks = Marks()
        marks.mark([pair[1]])
        assert following(marks, before, after, shift=True) == Followed(adrift=1)
        assert not any(one in marks for one in after)
        assert marks.adrift == (pair[1],)
        assert [marks.may_be(one) for one in after] == [False, True, True]
        assert len(marks) == 1

    def test_one_twin_of_two_that_is_left_is_not_taken_for_the_marked_one(self) -> None:
        pair = twins(2, 2)
        before = [mail(4), *pair, mail(1)]
        after = [renamed(mail(4), 3), renamed(pair[0], 2), mail(1)]
        marks = Marks()
        marks.mark([pair[1]])
        assert following(marks, before, after, shift=True) == Followed(adrift=1)
        assert not any(one in marks for one in after)

    def test_twins_that_are_all_marked_are_followed_together(self) -> None:
        group = twins(5, 10)
        before = [mail(15), *group, mail(2), mail(1)]
        after = [renamed(one, one.id - 1) for one in before[:-1]]
        marks = Marks()
        marks.mark(group)
        assert following(marks, before, after, shift=True) == Followed()
        assert all(one in marks for one in after[1:6])
        assert len(marks) == 5

    def test_those_of_them_that_are_gone_are_told(self) -> None:
        group = twins(5, 10)
        before = [mail(15), *group, mail(2)]
        left = [renamed(one, number) for one, number in zip(group, (12, 11, 10), strict=False)]
        after = [renamed(mail(15), 13), *left, mail(2)]
        marks = Marks()
        marks.mark(group)
        assert following(marks, before, after, shift=True) == Followed(gone=2)
        assert all(one in marks for one in after[1:4])

    def test_a_message_that_looks_the_same_and_came_elsewhere_is_another_one(self) -> None:
        marks = Marks()
        marks.mark([LISTED[7]])
        come = renamed(LISTED[7], 9)
        after = [come, *(renamed(one, one.id - 1) for one in LISTED[:7]), LISTED[8]]
        assert following(marks, LISTED, after, shift=True) == Followed(adrift=1)
        assert come not in marks

    def test_what_nobody_could_tell_is_gone_when_none_that_looks_like_it_is_left(self) -> None:
        pair = twins(2, 6)
        before = [mail(8), *pair, mail(1)]
        after = [renamed(one, one.id - 1) for one in before[:-1]]
        marks = Marks()
        marks.mark([pair[1]])
        following(marks, before, after, shift=True)
        assert following(marks, after, [mail(5)], shift=True) == Followed(gone=1)
        assert not len(marks)

    def test_new_mail_changes_no_mark_there_either(self) -> None:
        marks = Marks()
        marks.mark(LISTED[1:3])
        assert following(marks, LISTED, [mail(10), *LISTED], shift=True) == Followed()
        assert marks.headers == tuple(LISTED[1:3])


@pytest.mark.parametrize("seed", range(200))
def test_no_mark_ever_lands_on_another_message(seed: int) -> None:
    """Deletions, new mail and twins, with ids that shift and ids that don't: each message has a name of its own."""
    dice = Random(seed)
    shift = seed % 2 == 0
    named: list[tuple[str, Header]] = []
    top, minute = 0, 0

    def come(count: int) -> None:
        nonlocal top, minute
        minute += 1
        for _ in range(count):
            top += 1
            number = len(named) + 1 if shift else top
            subject = dice.choice(["CONSEGNA: x", "CONSEGNA: y", f"Avviso {top}"])
            named.insert(0, (f"message {top}", mail(number, subject, minute=minute)))

    def go(count: int) -> None:
        for _ in range(min(count, len(named))):
            del named[dice.randrange(len(named))]
        if shift:
            for at, (name, header) in enumerate(named):
                number = len(named) - at
                named[at] = (name, header if header.id == number else renamed(header, number))

    come(25)
    marks, meant = Marks(), set[str]()
    for name, header in named:
        if dice.random() < 0.4:
            marks.mark([header])
            meant.add(name)
    states = [[header for _, header in named]]
    told = 0
    for _ in range(6):
        if dice.random() < 0.6:
            go(dice.randint(1, 3))
        if dice.random() < 0.5:
            come(dice.randint(1, 3))
        states.append([header for _, header in named])
        before, after = list(pairwise(states))[-1]
        told += following(marks, before, after, shift=shift).gone
        landed = {name for name, header in named if header in marks}
        assert landed <= meant
        assert len(marks) + told == len(meant)


MANY = [mail(number, minute=number % 50_000) for number in range(100_000, 0, -1)]


class TestAHundredThousand:
    """The cost of a change is what changed."""

    def test_marking_all(self) -> None:
        began = perf_counter()
        marks = Marks()
        marks.mark(MANY)
        assert perf_counter() - began < 0.2
        assert len(marks) == 100_000

    @pytest.mark.parametrize("shift", [False, True])
    def test_new_mail_with_all_marked(self, *, shift: bool) -> None:
        marks = Marks()
        marks.mark(MANY)
        after = [mail(100_001), *MANY]
        began = perf_counter()
        assert following(marks, MANY, after, shift=shift) == Followed()
        assert perf_counter() - began < 0.2
