"""What is remembered, cut into pages; and what of it a deletion must know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pectui.domain.interpret import interpret
from pectui.domain.listing import ListingChange, Placed, Synced
from pectui.domain.message import Header
from pectui.engine.listing import Listing
from pectui.tui.neighbours import known_around
from pectui.tui.remembered import Remembered
from tests.tui.stage import NOW, Stage, playing

OWN: frozenset[str] = frozenset()
WHOLE = Synced(version=1, total=110, agreed_at=NOW, full_at=NOW)


def headers(count: int) -> list[Header]:
    return [
        Header(
            count - place,
            (NOW - timedelta(minutes=place)).isoformat(),
            f"s{count - place}",
            "a@b.example",
            "",
        )
        for place in range(count)
    ]


def listing(count: int, synced: Synced = WHOLE) -> Listing:
    placed = [Placed(header, header.id * 16) for header in headers(count)]
    return Listing(replace(synced, count=count), placed)


class TestBeforeItIsLoaded:
    """The newest fifty are there at once."""

    FRONT = Remembered(replace(WHOLE, count=110, front=tuple(headers(110)[:50])), OWN)

    def test_two_pages_can_be_shown(self) -> None:
        assert [self.FRONT.covers(number) for number in (1, 2, 3)] == [True, True, False]
        assert [one.id for one in self.FRONT.page(2).messages] == list(range(85, 60, -1))
        assert (self.FRONT.total, self.FRONT.pages, self.FRONT.count) == (110, 5, 110)
        assert not self.FRONT.is_loaded

    def test_a_short_mailbox_is_there_as_a_whole(self) -> None:
        short = Remembered(replace(WHOLE, count=30, total=30, front=tuple(headers(30))), OWN)
        assert short.covers(2)
        assert len(short.page(2).messages) == 5

    def test_nothing_is_remembered_is_not_an_empty_mailbox(self) -> None:
        assert not Remembered(Synced(), OWN).covers(1)
        assert Remembered(Synced(full_at=NOW), OWN).covers(1)


class TestLoaded:
    """Pages are those of the listing."""

    def test_pages_are_cut_from_it_newest_first(self) -> None:
        remembered = Remembered(Synced(), OWN)
        assert remembered.follow(listing(110))
        assert remembered.pages == 5
        assert [len(remembered.page(number).messages) for number in range(1, 7)] == [25, 25, 25, 25, 10, 0]

    def test_a_change_is_another_one(self) -> None:
        remembered, known = Remembered(Synced(), OWN), listing(110)
        remembered.follow(known)
        assert not remembered.follow(known)
        known.apply(
            ListingChange(1, known.synced, removed=(110,)), replace(known.synced, version=2, count=109)
        )
        assert remembered.follow(known)
        assert remembered.page(1).messages[0].id == 109

    def test_a_page_that_stayed_the_same_is_not_interpreted_again(self) -> None:
        remembered = Remembered(Synced(), OWN)
        remembered.follow(listing(110))
        assert remembered.page(2).messages is remembered.page(2).messages

    def test_while_it_is_read_the_service_s_count_tells_how_many_pages_there_are(self) -> None:
        remembered = Remembered(Synced(), OWN)
        remembered.follow(listing(60, Synced(version=1, total=110)))
        assert (remembered.total, remembered.pages, remembered.complete) == (110, 5, False)
        assert [remembered.covers(number) for number in (2, 3)] == [True, False]

    def test_of_a_service_that_does_not_list_all_it_counts_the_rest_is_no_page(self) -> None:
        remembered = Remembered(Synced(), OWN)
        remembered.follow(listing(25, replace(WHOLE, total=60, unlisted=35)))
        assert (remembered.total, remembered.pages) == (60, 1)

    def test_where_messages_stand_that_are_listed(self) -> None:
        remembered, known = Remembered(Synced(), OWN), listing(110)
        remembered.follow(known)
        there, moved = known.headers[7], replace(known.headers[3], subject="Altro")
        assert remembered.placed([moved, there]) == [(7, there)]
        assert remembered.placed([]) == []

    @pytest.mark.parametrize(
        ("oldest_first", "expected"),
        [(False, {1: [110, 86], 2: [85]}), (True, {5: [110], 4: [86, 85]})],
    )
    def test_which_page_of_the_service_lists_a_message(
        self, oldest_first: bool, expected: dict[int, list[int]]
    ) -> None:
        remembered = Remembered(Synced(), OWN)
        known = listing(110, replace(WHOLE, oldest_first=oldest_first))
        remembered.follow(known)
        placed = [(place, known.headers[place]) for place in (25, 0, 24)]
        found = {number: [one.id for one in group] for number, group in remembered.by_service_page(placed)}
        assert found == expected


class TestAServiceThatListsTheOldestFirst:
    """Page 1 is the newest all the same."""

    async def test_the_newest_stand_on_page_1(self) -> None:
        async with playing(Stage(110, order="oldest")) as stage:
            newest = max(mail.uid for mail in stage.sandbox.mailbox.mails)
            assert newest in {row.key.id for row in stage.inbox.list.rows}  # type: ignore[attr-defined]
            assert stage.lines()[-2].startswith(" page 1/5 · 110 messages · synced")
            await stage.press("n", "j", "d", "y")
            assert len(stage.sandbox.mailbox.mails) == 109
            assert stage.lines()[-2].startswith(" page 2/5 · 109 messages · synced")


class TestWhatADeletionKnows:
    """Neighbours in the service's order, and whatever may be a twin."""

    async def test_two_pages_before_and_after(self) -> None:
        known = headers(1000)
        chosen = interpret(known[512], OWN)
        found = {one.id for one in await known_around([chosen], known, (), OWN)}
        assert found == {one.id for one in known[450:575]}

    async def test_twins_wherever_they_are(self) -> None:
        known = headers(1000)
        twin = Header(5000, *known[512].facts)
        blanks = Header(5001, known[512].date, f"  {known[512].subject} ", "a@b.example", "")
        later = Header(5002, known[0].date, known[512].subject, "a@b.example", "")
        known = [twin, blanks, later, *known]
        found = {one.id for one in await known_around([interpret(known[515], OWN)], known, (), OWN)}
        assert {5000, 5001} <= found
        assert 5002 not in found

    async def test_what_is_shown_and_not_remembered(self) -> None:
        read = headers(3)
        assert [one.header for one in await known_around([interpret(read[1], OWN)], (), read, OWN)] == read

    async def test_of_a_long_listing_too(self) -> None:
        known = headers(5000)
        found = {one.id for one in await known_around([interpret(known[4999], OWN)], known, (), OWN)}
        assert found == {one.id for one in known[4925:]}

    async def test_a_twin_far_away_is_told_in_the_plan(self) -> None:
        stage = Stage(messages=0)
        for number in range(200):
            subject = "CONSEGNA: Avviso" if number in (3, 190) else f"CONSEGNA: altro {number}"
            stage.sandbox.mailbox.deliver(
                subject,
                f"testo {number}",
                sender="posta-certificata@x.example",
                date="Mon, 23 Nov 2026 10:00:00 +0100",
            )
        async with playing(stage, (120, 40)) as stage:
            await stage.press("slash")
            await stage.type("CONSEGNA: Avviso")
            assert len(stage.subjects()) == 2
            await stage.press("tab", "d")
            assert "Another message looks just like this one" in stage.text()
            doomed = stage.under_cursor()
            await stage.press("y")
            left = {mail.uid for mail in stage.sandbox.mailbox.mails}
            assert doomed not in left
            assert len(left) == 199
