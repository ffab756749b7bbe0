"""Going on with a job whose program ended in the middle of it: the same end as if nothing had happened."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from pectui.domain.message import Message
from pectui.engine.jobs import JobRecord, JobState
from pectui.engine.outcome import DeleteOutcome
from pectui.errors import RefusedHereError
from tests.engine.at_random import Case
from tests.engine.conftest import make_bench
from tests.engine.killed import Life, Programs, undisturbed, with_kills
from tests.engine.sent import AT_ONCE, CODE, deliver_answer, deliver_delivery, deliver_send

WAYS = pytest.mark.parametrize(("ids", "first_uid"), [("uid", 500), ("uid", 1), ("sequence", 1)])
DEED = pytest.mark.parametrize("after_the_deed", [False, True])

Fill = Callable[[Programs], object]
Choose = Callable[[Message], bool]


def sixty(mailbox: Programs) -> None:
    mailbox.bench.fill(60)


def even(message: Message) -> bool:
    return message.header.subject[-1:] in "02468"


def odd_ones() -> list[str]:
    return [f"Messaggio {number:04}" for number in range(1, 60, 2)]


async def killed(
    ids: str,
    first_uid: int,
    last: Callable[[str], bool],
    *,
    after_the_deed: bool = False,
    fill: Fill = sixty,
    chosen: Choose = even,
) -> Programs:
    """Programs of which the first one ended with its step that is `last`."""
    mailbox = Programs(make_bench(ids=ids, first_uid=first_uid), concurrency=1)
    fill(mailbox)
    everything = await mailbox.see()
    prepared = await mailbox.plan([one for one in everything if chosen(one)], everything)
    assert await mailbox.delete(prepared, Life(after_the_deed=after_the_deed, last=last)) is None
    mailbox.bench.app.targets.clear()
    return mailbox


def nth(count: int, step: str) -> Callable[[str], bool]:
    """The step of this kind that has this number."""
    left = [count]

    def is_it(taken: str) -> bool:
        left[0] -= taken.startswith(step)
        return not left[0] and taken.startswith(step)

    return is_it


def record(mailbox: Programs) -> JobRecord:
    return mailbox.jobs.records()[0]


async def resumed(mailbox: Programs) -> DeleteOutcome:
    outcome = await mailbox.resume()
    assert outcome is not None
    assert record(mailbox).state is JobState.FINISHED
    return outcome


@WAYS
@DEED
class TestADeleteThatWasBegun:
    """What became of it is found out by looking; it is never begun blindly again."""

    @pytest.mark.parametrize("number", [1, 2, 15, 30])
    async def test_it_ends_as_if_nothing_had_happened(
        self, ids: str, first_uid: int, after_the_deed: bool, number: int
    ) -> None:
        last = nth(number, "delete_message")
        mailbox = await killed(ids, first_uid, last, after_the_deed=after_the_deed)
        assert len(record(mailbox).begun) == 1
        outcome = await resumed(mailbox)
        assert mailbox.bench.subjects() == odd_ones()
        assert (len(outcome.deleted), outcome.requested, outcome.complete) == (30, 30, True)

    async def test_of_twins(self, ids: str, first_uid: int, after_the_deed: bool) -> None:
        def fill(mailbox: Programs) -> None:
            mailbox.bench.fill(10)
            mailbox.bench.deliver_twins(*(f"per {number}" for number in range(30)))
            mailbox.bench.fill(10, subject="Dopo")

        mailbox = await killed(
            ids,
            first_uid,
            nth(15, "delete_message"),
            after_the_deed=after_the_deed,
            fill=fill,
            chosen=lambda one: one.header.subject == "gemelle" and one.id % 30 > 1,
        )
        outcome = await resumed(mailbox)
        left = [mail for mail in mailbox.bench.mailbox.mails if mail.subject == "gemelle"]
        assert len(left) + len(outcome.deleted) == 30
        assert {mail.uid % 30 for mail in left} <= {0, 1}
        assert outcome.complete

    async def test_of_a_whole_send(self, ids: str, first_uid: int, after_the_deed: bool) -> None:
        def fill(mailbox: Programs) -> None:
            for number in range(12):
                deliver_send(mailbox.bench.mailbox, f"20260302090000{number:02}", date=AT_ONCE)
            mailbox.bench.fill(3)

        mailbox = await killed(
            ids,
            first_uid,
            nth(5, "delete_send 2026"),
            after_the_deed=after_the_deed,
            fill=fill,
            chosen=lambda one: one.code is not None,
        )
        assert len(record(mailbox).begun) == 3
        outcome = await resumed(mailbox)
        assert mailbox.bench.subjects() == [f"Messaggio {number:04}" for number in range(3)]
        assert (len(outcome.deleted), outcome.complete) == (36, True)

    async def test_an_answer_that_came_since_then_stays(
        self, ids: str, first_uid: int, after_the_deed: bool
    ) -> None:
        def fill(mailbox: Programs) -> None:
            deliver_send(mailbox.bench.mailbox)
            mailbox.bench.fill(2)

        mailbox = await killed(
            ids,
            first_uid,
            nth(1, "delete_send 2026"),
            after_the_deed=after_the_deed,
            fill=fill,
            chosen=lambda one: one.code == CODE,
        )
        deliver_answer(mailbox.bench.mailbox, CODE)
        deliver_delivery(mailbox.bench.mailbox, CODE, "altro@pec.example")
        await mailbox.resume()
        assert mailbox.bench.subjects()[-2:] == [
            f"POSTA CERTIFICATA: Re: Avviso {CODE}",
            f"CONSEGNA: Avviso {CODE}",
        ]

    async def test_a_look_alike_that_came_since_then_stays(
        self, ids: str, first_uid: int, after_the_deed: bool
    ) -> None:
        mailbox = await killed(ids, first_uid, nth(3, "delete_message"), after_the_deed=after_the_deed)
        (begun,) = record(mailbox).begun
        item = next(item for item in record(mailbox).items if item.chosen_id == begun)
        facts = item.header
        mailbox.bench.mailbox.deliver(facts.subject, "un altro testo", sender=facts.sender, date=facts.date)
        outcome = await mailbox.resume()
        assert outcome is not None
        assert [mail.text for mail in mailbox.bench.mailbox.mails].count("un altro testo") == 1
        assert len(outcome.deleted) >= 29


@WAYS
class TestBetweenTheRuns:
    """The mailbox doesn't stand still while nobody deletes in it."""

    async def test_mail_came(self, ids: str, first_uid: int) -> None:
        mailbox = await killed(ids, first_uid, nth(10, "delete_message"))
        mailbox.bench.fill(30, subject="Nuovo")
        outcome = await resumed(mailbox)
        assert mailbox.bench.subjects() == [*odd_ones(), *(f"Nuovo {number:04}" for number in range(30))]
        assert len(outcome.deleted) == 30

    async def test_another_client_deleted(self, ids: str, first_uid: int) -> None:
        mailbox = await killed(ids, first_uid, nth(10, "deleted"))
        for number in (1, 3, 4, 6, 59):
            mailbox.bench.delete_as_another_client(f"Messaggio {number:04}")
        outcome = await mailbox.resume()
        assert outcome is not None
        gone = {f"Messaggio {number:04}" for number in (1, 3, 59)}
        assert [one for one in mailbox.bench.subjects() if one in odd_ones()] == sorted({*odd_ones()} - gone)
        assert len(outcome.deleted) + len(outcome.already_gone) + len(outcome.failed) == 30
        assert {5, 7} >= {one % 499 for one in outcome.already_gone}
        assert all(one.reason.startswith("unknown") for one in outcome.failed)
        assert len(outcome.failed) <= 1, "only what was in hand can be doubtful"

    async def test_nothing_of_it_is_there_any_more(self, ids: str, first_uid: int) -> None:
        mailbox = await killed(ids, first_uid, nth(10, "deleted"))
        for mail in mailbox.bench.mailbox.mails[:-1]:
            assert mailbox.bench.mailbox.delete(mailbox.bench.mailbox.id_of(mail) or 0)
        outcome = await resumed(mailbox)
        assert mailbox.bench.subjects() == ["Messaggio 0059"]
        assert (outcome.refused, outcome.failed) == ((), ())
        assert len(outcome.deleted) + len(outcome.already_gone) == 30


class TestTwinsWhoseTextsNobodyRead:
    """Where ids shift, what can't be told any more is left, and that is said."""

    async def without_texts(self, chosen: Choose) -> tuple[Programs, DeleteOutcome]:
        """Goes on with a job whose journal knows no texts, after another client has made ids shift."""

        def fill(mailbox: Programs) -> None:
            mailbox.bench.fill(40)
            mailbox.bench.deliver_twins(*(f"per {number}" for number in range(4)))
            mailbox.bench.fill(20, subject="Dopo")

        mailbox = await killed(
            "sequence", 1, lambda step: step == "plan", after_the_deed=True, fill=fill, chosen=chosen
        )
        for number in range(3):
            mailbox.bench.delete_as_another_client(f"Messaggio {2 * number + 1:04}")
        (journal,) = mailbox.jobs._journals.values()
        journal.lines = [
            re.sub(r'"text_sha256": "\w+"', '"text_sha256": null', line) for line in journal.lines
        ]
        assert all(item.text_hash is None for item in record(mailbox).items)
        return mailbox, await resumed(mailbox)

    async def test_one_of_several_is_refused(self) -> None:
        mailbox, outcome = await self.without_texts(
            lambda one: one.id == 42 or (even(one) and one.header.subject != "gemelle")
        )
        assert mailbox.bench.subjects().count("gemelle") == 4
        assert [one.id for one in outcome.refused] == [42]
        assert "only its text tells it from another message" in outcome.refused[0].reason
        assert len(outcome.deleted) == 30

    async def test_all_of_them_are_the_same_whichever_is_which(self) -> None:
        mailbox, outcome = await self.without_texts(lambda one: even(one) or one.header.subject == "gemelle")
        assert mailbox.bench.subjects().count("gemelle") == 0
        assert (len(outcome.deleted), outcome.complete) == (34, True)


class TestRequests:
    """It takes no more to find out than a look at the listing."""

    async def test_where_ids_are_proven_two_for_each_that_is_left(self) -> None:
        mailbox = await killed("uid", 500, nth(10, "deleted"))
        assert len(record(mailbox).left) == 21
        await resumed(mailbox)
        assert len(mailbox.bench.app.targets) <= 2 * 21 + 2

    async def test_where_a_deletion_has_shown_it_the_listing_and_two_for_each(self) -> None:
        mailbox = await killed("uid", 1, nth(10, "deleted"))
        await resumed(mailbox)
        assert len(mailbox.bench.app.targets) <= 2 * 21 + 4


class TestWhatMayNotBeGoneOnWith:
    """It is said why not, and nothing is asked."""

    async def refusal(self, mailbox: Programs, job: JobRecord) -> str:
        session = mailbox.open()
        with pytest.raises(RefusedHereError) as refused:
            await session.resume(job)
        assert mailbox.bench.app.targets == []
        return refused.value.detail

    async def test_a_job_that_is_finished(self) -> None:
        mailbox = await killed("uid", 500, nth(10, "deleted"))
        await resumed(mailbox)
        mailbox.bench.app.targets.clear()
        assert "nothing of it is left" in await self.refusal(mailbox, record(mailbox))

    async def test_one_that_runs(self) -> None:
        mailbox = await killed("uid", 500, nth(10, "deleted"))
        running = replace(record(mailbox), state=JobState.RUNNING)
        assert "it is running" in await self.refusal(mailbox, running)

    @pytest.mark.parametrize("name", ["environment", "mailbox", "host"])
    async def test_one_of_another_mailbox(self, name: str) -> None:
        mailbox = await killed("uid", 500, nth(10, "deleted"))
        changed: Any = {name: "another"}
        other = replace(record(mailbox), **changed)
        assert "another mailbox is open" in await self.refusal(mailbox, other)


class TestTheJournal:
    """One journal tells the whole job, however many programs it took."""

    async def test_it_goes_on_in_the_same(self) -> None:
        mailbox = await killed("uid", 500, nth(10, "deleted"))
        job = record(mailbox).job
        assert await mailbox.resume(Life(last=nth(5, "deleted"))) is None
        assert record(mailbox).state is JobState.INTERRUPTED
        outcome = await resumed(mailbox)
        (told,) = mailbox.jobs.records()
        assert (told.job, len(told.events), told.begun) == (job, 30, frozenset())
        assert (outcome.requested, len(outcome.deleted)) == (30, 30)

    async def test_what_was_told_before_is_told_again(self) -> None:
        mailbox = await killed("uid", 500, nth(10, "deleted"))
        before = record(mailbox).events
        session = mailbox.open()
        events = [event async for event in await session.resume(record(mailbox))]
        assert tuple(events[1 : 1 + len(before)]) == before


class TestKilledAtRandom:
    """At any request and any line of the journal, before the deed or after it, once or again and again."""

    @pytest.mark.parametrize("seed", range(60))
    async def test_the_end_is_that_of_an_undisturbed_run(self, seed: int) -> None:
        case = Case.of(seed, quiet=True, to_the_letter=False)
        expected, steps = await undisturbed(case)
        dice = Random(f"{seed} lives")
        lives = [Life(dice.randrange(1, steps + 1), dice.random() < 0.5)]
        lives += [Life(dice.randrange(2, 40), dice.random() < 0.5) for _ in range(dice.choice([0, 0, 2]))]
        assert await with_kills(case, lives) == expected
