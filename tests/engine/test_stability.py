"""Whether ids stay with their messages: it is found out, never assumed, and decides how many go at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pectui.domain.message import Message
from tests.engine.sent import Opened, open_box, opened


def filled(count: int = 60, **options: object) -> Opened:
    box = opened(**options)  # type: ignore[arg-type]
    box.bench.fill(count)
    return box


def even(message: Message) -> bool:
    return int(message.header.subject[-4:]) % 2 == 0


def odd_ones(count: int = 60) -> list[str]:
    return [f"Messaggio {number:04}" for number in range(1, count, 2)]


def requests(box: Opened) -> int:
    return len(box.bench.app.requests)


class TestProof:
    """An id above the number of messages can be no sequence number."""

    async def test_two_requests_for_each_message_and_one_for_the_proof(self) -> None:
        box = filled(1050, first_uid=500)
        prepared = await box.plan(lambda one: one.header.subject < "Messaggio 1000")
        before = requests(box)
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), len(box.subjects())) == (1000, 50)
        assert requests(box) - before == 2 * 1000 + 1

    async def test_several_go_at_once(self) -> None:
        box = filled(first_uid=500)
        prepared = await box.plan(even)
        box.bench.gate.hold("delete")
        job = asyncio.ensure_future(box.delete(prepared))
        await box.bench.gate.holds(4)
        assert (box.bench.gate.waiting, len(box.subjects())) == (4, 60)
        box.bench.gate.release()
        await job
        assert (box.subjects(), box.line.most_at_once) == (odd_ones(), 4)


class TestTheProbe:
    """Without proof the first deletion tells, by the message above it."""

    async def test_ids_that_stayed_are_stable(self) -> None:
        box = filled(1050)
        prepared = await box.plan(lambda one: one.header.subject < "Messaggio 1000")
        before = requests(box)
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), len(box.subjects())) == (1000, 50)
        assert 2 * 1000 < requests(box) - before <= 2 * 1000 + 10

    @pytest.mark.parametrize("order", ["newest", "oldest"])
    async def test_it_is_found_out_wherever_a_page_begins(self, order: str) -> None:
        """Also where the message above is on another page."""
        for highest in range(974, 1002):
            box = filled(1050, order=order)
            prepared = await box.plan(lambda one, top=highest: 900 < one.id <= top)  # type: ignore[misc]
            before = requests(box)
            outcome = await box.delete(prepared)
            assert len(outcome.deleted) == highest - 900
            assert requests(box) - before <= 2 * (highest - 900) + 10

    @pytest.mark.parametrize("order", ["newest", "oldest"])
    async def test_where_ids_shift_no_message_takes_the_whole_listing(self, order: str) -> None:
        """Also where what was above it has gone a moment ago."""
        box = filled(1050, ids="sequence", order=order)
        prepared = await box.plan(lambda one: 900 < one.id <= 1000)
        before = requests(box)
        outcome = await box.delete(prepared)
        assert len(outcome.deleted) == 100
        assert requests(box) - before <= 6 * 100 + 10

    async def test_one_at_a_time_until_it_is_known(self) -> None:
        box = filled()
        prepared = await box.plan(even)
        box.line.most_at_once = 0
        box.bench.gate.hold("delete")
        job = asyncio.ensure_future(box.delete(prepared))
        await box.bench.gate.holds(1)
        assert box.line.most_at_once == 1, "nothing else was asked while it was being found out"
        box.bench.gate.release(1)
        await box.bench.gate.holds(4)
        assert (box.bench.gate.waiting, len(box.subjects())) == (4, 59)
        box.bench.gate.release()
        await job
        assert box.subjects() == odd_ones()

    async def test_where_ids_shift_it_stays_one_at_a_time_to_the_end(self) -> None:
        box = filled(ids="sequence")
        prepared = await box.plan(even)
        box.line.most_at_once = 0
        await box.delete(prepared)
        assert (box.subjects(), box.line.most_at_once) == (odd_ones(), 1)

    async def test_the_highest_id_goes_first(self) -> None:
        box = filled(ids="sequence", order="oldest")
        await box.delete(await box.plan(even))
        asked = [int(one.rpartition("/")[2]) for one in box.bench.app.targets if one.startswith("DELETE")]
        assert asked == sorted(asked, reverse=True)
        assert len(asked) == 30

    async def test_a_neighbour_that_has_a_twin_tells_nothing(self) -> None:
        box = opened()
        box.bench.fill(20)
        box.bench.deliver_twins(*["uguale"] * 20)
        box.bench.fill(1, subject="ultimo")
        prepared = await box.plan(lambda one: one.header.subject in ("Messaggio 0019", "Messaggio 0018"))
        box.line.most_at_once = 0
        await box.delete(prepared)
        assert (len(box.subjects()), box.line.most_at_once) == (39, 1)
        # The second one's neighbour was the first one's: it has no twin, but is another one by now.
        synced = await box.session.synced()
        assert not synced.ids_shift

    async def test_what_has_come_to_look_like_the_neighbour_proves_nothing(self) -> None:
        """Where ids shift, new mail may stand where the neighbour stood."""
        box = opened(ids="sequence")
        box.bench.fill(60)
        stays = box.mailbox.mails[-4].letter
        prepared = await box.plan(lambda one: 20 < one.id != 57)
        came: list[int] = []

        def look_alikes_come() -> None:
            while len(box.mailbox.mails) < 60:
                box.mailbox.deliver(stays.subject, "un altro", sender=stays.sender, date=stays.date)
                came.append(len(box.mailbox.mails))

        box.line.before |= {"get_message": look_alikes_come, "list_inbox": look_alikes_come}
        box.line.most_at_once = 0
        await box.delete(prepared)
        assert came, "it did happen"
        assert box.line.most_at_once == 1
        assert not (await box.session.synced()).ids_proven


class TestAMismatch:
    """An id that holds another message than it should: with care from then on."""

    async def test_ids_that_begin_to_shift_in_the_middle_of_a_job(self) -> None:
        box = filled(concurrency=1)
        prepared = await box.plan(lambda one: even(one) and one.id > 10)
        listed = 0

        def begin_to_shift() -> None:
            nonlocal listed
            if box.asked("DELETE") == 5 and "Messaggio 0001" in box.subjects():
                listed = box.pages_asked
                mailbox = box.mailbox
                mailbox._options = replace(mailbox._options, ids="sequence")
                box.bench.delete_as_another_client("Messaggio 0001")

        box.line.before["get_message"] = begin_to_shift
        outcome = await box.delete(prepared)
        stay = [number for number in range(60) if number != 1 and (number % 2 or number < 10)]
        assert box.subjects() == [f"Messaggio {number:04}" for number in stay]
        assert (len(outcome.deleted), outcome.complete) == (25, True)
        assert listed > 0, "it did happen"
        assert box.pages_asked - listed >= 2 * 20, "a look at a page before each and after it"
        assert (await box.session.synced()).ids_shift

    async def test_an_id_that_holds_another_message_where_ids_are_proven(self) -> None:
        box = filled(first_uid=500)
        prepared = await box.plan(even)
        wrong = box.mailbox.mails[10]
        real = box.line.get_message

        async def mixed_up(message_id: int) -> object:
            return await real(501 if message_id == wrong.uid else message_id)

        box.line.get_message = mixed_up  # type: ignore[method-assign, assignment]
        outcome = await box.delete(prepared)
        assert [one.id for one in outcome.refused] == [wrong.uid]
        assert box.subjects() == sorted([*odd_ones(), wrong.subject])
        assert box.asked(f"DELETE /inbox/{wrong.uid}") == 0


class TestTheFinding:
    """It is remembered for the mailbox, and each job checks it again."""

    @pytest.mark.parametrize(
        ("ids", "first_uid", "found"),
        [("uid", 500, (False, True)), ("uid", 1, (False, True)), ("sequence", 1, (True, False))],
    )
    async def test_it_is_remembered(self, ids: str, first_uid: int, found: tuple[bool, bool]) -> None:
        box = filled(ids=ids, first_uid=first_uid)
        await box.delete(await box.plan(even))
        synced = await box.session.synced()
        assert (synced.ids_shift, synced.ids_proven) == found

    async def test_a_later_job_does_not_rest_on_it(self) -> None:
        box = filled()
        await box.delete(await box.plan(lambda one: even(one) and one.id > 30))
        assert (await box.session.synced()).ids_proven
        mailbox = box.mailbox
        while len(mailbox.mails) > 30:
            assert mailbox.delete(mailbox.mails[-1].uid)
        mailbox._options = replace(mailbox._options, ids="sequence")
        box.session = open_box(box.bench, box.line, box.store, box.jobs)
        prepared = await box.plan(even)
        box.line.most_at_once = 0
        await box.delete(prepared)
        assert (box.subjects(), box.line.most_at_once) == (odd_ones(30), 1)
        synced = await box.session.synced()
        assert (synced.ids_shift, synced.ids_proven) == (True, False)
