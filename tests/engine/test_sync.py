"""The remembered listing follows the service, with few questions and whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from pectui.engine.progress import Changed, PagesRead
from pectui.sandbox.faults import parse_fault
from tests.engine.conftest import BOTH_IDS, make_bench
from tests.engine.meddled import Meddled, Shortened, Uncounted, another_hand_deletes, mail_comes
from tests.engine.mirrored import Mirrored

READINGS = [
    {},
    {"first_page": 0},
    {"first_page": 0, "echo_page": False},
    {"pages": "floor"},
    {"echo_page": False},
    {"first_uid": 5000},
    {"order": "oldest"},
    {"order": "oldest", "first_page": 0, "pages": "floor"},
]
EVERY_READING = pytest.mark.parametrize("reading", READINGS, ids=lambda reading: str(sorted(reading.items())))


def mirrored(messages: int = 0, *, faults: tuple[str, ...] = (), **options: Any) -> Mirrored:
    parsed = [parse_fault(fault) for fault in faults]
    return Mirrored(make_bench(parsed, messages=messages, **options))


class TestTheFirstReading:
    @BOTH_IDS
    @EVERY_READING
    @pytest.mark.parametrize("messages", [0, 1, 25, 26, 51, 60, 200])
    async def test_brings_each_message_once_in_order(
        self, ids: str, reading: dict[str, Any], messages: int
    ) -> None:
        mailbox = mirrored(messages, ids=ids, **reading)
        outcome = await mailbox.run()
        assert (outcome.new, outcome.total, outcome.messages) == (messages, messages, messages)
        assert outcome.agrees
        assert outcome.full
        assert mailbox.follows

    async def test_asks_for_each_page_once(self) -> None:
        assert await mirrored(981).requests() == 40

    async def test_asks_once_more_where_the_first_page_does_not_tell_its_number(self) -> None:
        assert await mirrored(981, echo_page=False).requests() == 41

    async def test_says_how_far_it_is_in_pages(self) -> None:
        events = await mirrored(200).events()
        progress = [(event.done, event.expected) for event in events if isinstance(event, PagesRead)]
        assert progress[0] == (1, None)
        assert progress[1:] == [(page, 8) for page in range(1, 9)]

    async def test_keeps_the_first_page_before_the_others_are_read(self) -> None:
        events = await mirrored(200).events()
        first = next(at for at, event in enumerate(events) if isinstance(event, Changed))
        change = events[first]
        assert isinstance(change, Changed)
        assert len(change.change.put) == 25
        assert not any(isinstance(event, PagesRead) and event.done > 1 for event in events[:first])

    async def test_keeps_as_many_pages_in_flight_as_it_may(self) -> None:
        mailbox = mirrored(400)
        gate = mailbox.bench.gate
        gate.hold("inbox", after=1)
        sync = asyncio.create_task(mailbox.run())
        for answered in range(1, 13):
            await gate.holds(4)
            # Nothing more is asked, however long one waits.
            await asyncio.sleep(0.01)
            assert (gate.waiting, mailbox.bench.app.count("GET", "/inbox")) == (4, answered + 4)
            gate.release(1)
        gate.release()
        assert (await sync).pages == 16
        assert mailbox.follows

    async def test_ends_where_a_server_gives_the_same_page_for_every_number(self) -> None:
        mailbox = mirrored(200, faults=("inbox:same-page",))
        outcome = await mailbox.run()
        assert outcome.messages == 25
        assert any("first page" in warning for warning in outcome.warnings)
        assert any("counts 200 messages but listed 25" in warning for warning in outcome.warnings)

    @pytest.mark.parametrize(
        "fault", ["odd-rows", "numbers-as-strings", "float-ids", "string-ids", "renamed"]
    )
    async def test_reads_what_can_be_read_of_odd_pages(self, fault: str) -> None:
        mailbox = mirrored(130, faults=(f"inbox:{fault}",))
        outcome = await mailbox.run()
        assert outcome.messages == 130
        assert mailbox.follows
        mailbox.delete_places([3, 70])
        await mailbox.run()
        assert mailbox.follows

    async def test_reads_on_where_later_pages_are_shorter(self) -> None:
        mailbox = mirrored(200)
        outcome = await mailbox.run(service=Shortened(mailbox))
        assert outcome.messages == 200
        assert mailbox.follows

    async def test_reads_all_where_the_service_does_not_count(self) -> None:
        mailbox = mirrored(110)
        outcome = await mailbox.run(service=Uncounted(mailbox))
        assert outcome.total is None
        assert mailbox.follows
        mailbox.delete_places([3, 50])
        await mailbox.run(service=Uncounted(mailbox))
        assert mailbox.follows


class TestQuestions:
    @BOTH_IDS
    @pytest.mark.parametrize("first_page", [0, 1])
    async def test_nothing_new_costs_one(self, ids: str, first_page: int) -> None:
        mailbox = mirrored(981, ids=ids, first_page=first_page)
        await mailbox.run()
        assert await mailbox.requests() == 1
        assert mailbox.follows

    @BOTH_IDS
    async def test_an_empty_mailbox_costs_one(self, ids: str) -> None:
        mailbox = mirrored(0, ids=ids)
        assert await mailbox.requests() == 1
        assert await mailbox.requests() == 1

    @BOTH_IDS
    @pytest.mark.parametrize(("new", "pages"), [(1, 1), (24, 1), (25, 2), (60, 3)])
    async def test_new_mail_costs_the_pages_that_it_fills(self, ids: str, new: int, pages: int) -> None:
        mailbox = mirrored(981, ids=ids)
        await mailbox.run()
        mailbox.bench.fill(new)
        assert await mailbox.requests() == pages
        assert mailbox.follows

    @BOTH_IDS
    async def test_much_new_mail_costs_little_more(self, ids: str) -> None:
        mailbox = mirrored(981, ids=ids)
        await mailbox.run()
        mailbox.bench.fill(500)
        assert await mailbox.requests() <= 25
        assert mailbox.follows

    @BOTH_IDS
    @pytest.mark.parametrize("order", ["newest", "oldest"])
    @pytest.mark.parametrize("seed", range(3))
    async def test_three_deleted_among_ten_thousand_cost_forty_at_most(
        self, ids: str, order: str, seed: int
    ) -> None:
        mailbox = mirrored(10_000, ids=ids, order=order)
        await mailbox.run()
        mailbox.delete_places(Random(seed).sample(range(10_000), 3))
        assert await mailbox.requests() <= 40
        assert mailbox.follows

    @BOTH_IDS
    async def test_a_cleared_stretch_costs_as_little(self, ids: str) -> None:
        mailbox = mirrored(5_000, ids=ids)
        await mailbox.run()
        mailbox.delete_places(range(1_000, 4_000))
        assert await mailbox.requests() <= 25
        assert mailbox.follows

    async def test_a_mailbox_that_was_emptied_costs_one(self) -> None:
        mailbox = mirrored(500)
        await mailbox.run()
        mailbox.delete_places(range(500))
        assert await mailbox.requests() == 1
        assert mailbox.remembered() == []


class TestWhatHappensMeanwhile:
    @pytest.mark.parametrize("seed", range(40))
    async def test_mail_that_arrives_while_pages_are_read_is_neither_lost_nor_doubled(
        self, seed: int
    ) -> None:
        dice = Random(seed)
        mailbox = mirrored(dice.choice([0, 24, 100, 400]), ids=dice.choice(["uid", "sequence"]))
        left = [12]

        def arrive(asked: int) -> None:
            if left[0] and dice.random() < 0.3:
                left[0] -= 1
                mail_comes(mailbox, dice)

        outcome = await mailbox.run(service=Meddled(mailbox, arrive, dice))
        assert outcome.agrees
        await mailbox.run()
        assert set(mailbox.remembered()) == set(mailbox.listed())
        assert len(mailbox.remembered()) == len(mailbox.listed())

    @pytest.mark.parametrize("seed", range(60))
    async def test_whatever_was_changed_before_is_followed(self, seed: int) -> None:
        dice = Random(seed)
        mailbox = mirrored(dice.choice([0, 26, 300, 600]), ids=dice.choice(["uid", "sequence"]))
        for _ in range(4):
            await mailbox.requests(full=dice.random() < 0.2)
            assert set(mailbox.remembered()) == set(mailbox.listed())
            for _ in range(dice.randrange(3)):
                dice.choice([mail_comes, another_hand_deletes])(mailbox, dice)

    @pytest.mark.parametrize("seed", range(40))
    async def test_what_others_delete_while_pages_are_read_is_followed_by_a_full_reading_at_the_latest(
        self, seed: int
    ) -> None:
        dice = Random(seed)
        mailbox = mirrored(dice.choice([26, 300, 600]), ids=dice.choice(["uid", "sequence"]))
        left = [8]

        def act(asked: int) -> None:
            if left[0] and dice.random() < 0.3:
                left[0] -= 1
                dice.choice([mail_comes, another_hand_deletes])(mailbox, dice)

        await mailbox.run(service=Meddled(mailbox, act, dice))
        await mailbox.run(full=True)
        assert mailbox.follows or set(mailbox.remembered()) == set(mailbox.listed())

    async def test_an_end_is_found_where_the_mailbox_never_rests(self) -> None:
        mailbox = mirrored(300)
        dice = Random(1)

        def act(asked: int) -> None:
            mailbox.delete_places([dice.randrange(len(mailbox.bench.mailbox.mails))])

        outcome = await mailbox.run(service=Meddled(mailbox, act))
        assert not outcome.agrees
        assert any("changed all the while" in warning for warning in outcome.warnings)
        await mailbox.run()
        assert mailbox.follows


class TestAFullReading:
    async def test_finds_what_a_listing_hides(self) -> None:
        """One message went and another one came in its place, further down: no count and no first page tells."""
        mailbox = mirrored(200, order="oldest")
        await mailbox.run()
        mails = mailbox.bench.mailbox._mails
        mails[100] = mails[100]._replace(letter=mails[100].letter._replace(subject="un altro"))
        assert (await mailbox.run()).full is False
        assert not mailbox.follows
        outcome = await mailbox.run(full=True)
        assert outcome.full
        assert mailbox.follows

    async def test_is_done_again_once_the_last_one_is_too_old(self) -> None:
        mailbox = mirrored(200)
        await mailbox.run()
        assert (await mailbox.run()).full is False
        mailbox.bench.clock.now += timedelta(days=8)
        outcome = await mailbox.run()
        assert outcome.full
        assert outcome.pages == 8
        assert (await mailbox.run()).full is False

    async def test_writes_nothing_anew_that_is_as_it_was(self) -> None:
        mailbox = mirrored(200)
        await mailbox.run()
        events = await mailbox.events(full=True)
        changes = [event.change for event in events if isinstance(event, Changed)]
        assert not any(change.put or change.removed for change in changes)

    async def test_says_when_it_began(self) -> None:
        mailbox = mirrored(60)
        before = mailbox.bench.clock.now
        await mailbox.run()
        synced = mailbox.store.synced()
        assert synced.full_at is not None
        assert synced.agreed_at is not None
        assert before < synced.full_at <= synced.agreed_at <= mailbox.bench.clock.now
