"""Deleting one by one: the chosen message goes, or its reason is told, and no other ever goes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pectui.domain.message import SendMail
from pectui.errors import (
    NotFoundError,
    UnreachableError,
)
from tests.engine.conftest import BOTH_IDS, Bench, BenchMaker, make_bench
from tests.engine.disturbed import Disturbed, disturb, once


@BOTH_IDS
class TestTheChosenMessageGoes:
    """What was chosen is what goes."""

    async def test_alone(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(40)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0010"))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.deleted), outcome.complete) == (1, True)
        assert mailbox.subjects() == [f"Messaggio {n:04}" for n in range(40) if n != 10]

    async def test_several_on_different_pages(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(60)
        chosen = [await mailbox.listed(f"Messaggio {n:04}") for n in (0, 1, 2, 30, 58, 59)]
        outcome = await mailbox.delete(await mailbox.prepare(*chosen))
        assert len(outcome.deleted) == outcome.requested == 6
        assert mailbox.subjects() == [
            f"Messaggio {n:04}" for n in range(60) if n not in (0, 1, 2, 30, 58, 59)
        ]

    async def test_the_last_message_of_all(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(1)
        outcome = await mailbox.delete(await mailbox.prepare(await mailbox.listed("Messaggio 0000")))
        assert (len(outcome.deleted), mailbox.subjects()) == (1, [])

    async def test_the_only_one_on_its_page(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(26)
        outcome = await mailbox.delete(await mailbox.prepare(await mailbox.listed("Messaggio 0000")))
        assert (len(outcome.deleted), len(mailbox.subjects())) == (1, 25)

    async def test_after_its_id_has_shifted(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(40)
        chosen = await mailbox.listed("Messaggio 0030")
        for number in (3, 5, 7):
            mailbox.delete_as_another_client(f"Messaggio {number:04}")
        prepared = await mailbox.prepare(chosen)
        outcome = await mailbox.delete(prepared)
        assert outcome.deleted == (chosen[0].id,)
        assert "Messaggio 0030" not in mailbox.subjects()
        assert len(mailbox.subjects()) == 36

    async def test_after_ids_shifted_between_plan_and_confirmation(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(40)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0030"))
        mailbox.delete_as_another_client("Messaggio 0004")
        mailbox.fill(30, subject="Nuovo")
        outcome = await mailbox.delete(prepared)
        assert len(outcome.deleted) == 1
        assert "Messaggio 0030" not in mailbox.subjects()
        assert len(mailbox.subjects()) == 68


@BOTH_IDS
class TestNothingElseGoes:
    """A message that can't be told for sure stays where it is."""

    async def test_a_message_that_is_gone_already(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        chosen = await mailbox.listed("Messaggio 0010")
        mailbox.delete_as_another_client("Messaggio 0010")
        prepared = await mailbox.prepare(chosen)
        assert prepared.already_gone == (chosen[0].id,)
        outcome = await mailbox.delete(prepared)
        assert (outcome.already_gone, outcome.deleted, outcome.complete) == ((chosen[0].id,), (), True)
        assert len(mailbox.subjects()) == 29

    async def test_a_message_that_goes_between_plan_and_confirmation(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0010"))
        mailbox.delete_as_another_client("Messaggio 0010")
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.already_gone), len(mailbox.subjects())) == (1, 29)

    async def test_a_message_without_date_and_subject(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.mailbox.deliver("", "senza niente", sender="a@pec.example", date="")
        page = await mailbox.reader().page(1)
        prepared = await mailbox.prepare((page.messages[0], 1))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.refused) + len(outcome.failed), len(mailbox.subjects())) == (1, 1)


class TestProofs:
    """Whoever confirms knows which proofs of delivery go."""

    CODE = "2026030209000012"

    def receipts(self, mailbox: Bench, deliveries: int) -> None:
        mailbox.mailbox.deliver(f"ACCETTAZIONE: Avviso {self.CODE}", "accettata")
        for number in range(deliveries):
            mailbox.mailbox.deliver(f"CONSEGNA: Avviso {self.CODE}", f"consegnata {number}")
        # The service may match codes as substrings: this one is another send's.
        mailbox.mailbox.deliver(f"CONSEGNA: Altro {self.CODE}3", "consegnata")

    @pytest.mark.parametrize(("deliveries", "expected"), [(1, (CODE,)), (2, ())])
    async def test_the_last_delivery_of_a_send_is_named(
        self, bench: BenchMaker, deliveries: int, expected: tuple[str, ...]
    ) -> None:
        mailbox = bench(match="substring")
        self.receipts(mailbox, deliveries)
        prepared = await mailbox.prepare(await mailbox.listed(f"CONSEGNA: Avviso {self.CODE}"))
        assert prepared.plan.last_proof_of == expected

    async def test_an_acceptance_is_no_proof_of_delivery(self, bench: BenchMaker) -> None:
        mailbox = bench()
        self.receipts(mailbox, 1)
        prepared = await mailbox.prepare(await mailbox.listed(f"ACCETTAZIONE: Avviso {self.CODE}"))
        assert (prepared.plan.last_proof_of, prepared.plan.proof_unknown) == ((), ())

    async def test_what_can_not_be_asked_is_unknown(self, bench: BenchMaker) -> None:
        mailbox = bench()
        self.receipts(mailbox, 1)
        chosen = await mailbox.listed(f"CONSEGNA: Avviso {self.CODE}")

        class Mute(Disturbed):
            async def get_send(self, code: str) -> SendMail:
                raise NotFoundError("Result empty", status=404)

        mute: Any = Mute(mailbox.service)
        mailbox.service = mute
        prepared = await mailbox.prepare(chosen)
        assert (prepared.plan.last_proof_of, prepared.plan.proof_unknown) == ((), (self.CODE,))


class TestAnySelection:
    """Over random mailboxes, selections and disturbances: nothing unselected ever goes."""

    @settings(deadline=None, max_examples=120)
    @given(
        ids=st.sampled_from(["uid", "sequence"]),
        order=st.sampled_from(["newest", "oldest"]),
        count=st.integers(1, 60),
        picks=st.sets(st.integers(0, 59), min_size=1, max_size=6),
        elsewhere=st.sets(st.integers(0, 59), max_size=4),
        arrivals=st.integers(0, 30),
        lost=st.sampled_from(["", "before", "after"]),
    )
    @example("uid", "newest", 1, {0}, set(), 25, "before")  # new mail has pushed it to where a page begins
    @example("uid", "oldest", 2, {1}, set(), 0, "before")  # the newest is the last
    @example("uid", "oldest", 26, {25}, set(), 0, "before")  # and alone on its page
    def test_only_the_selected_go(
        self,
        ids: str,
        order: str,
        count: int,
        picks: set[int],
        elsewhere: set[int],
        arrivals: int,
        lost: str,
    ) -> None:
        asyncio.run(self.delete(ids, order, count, picks, elsewhere, arrivals, lost))

    async def delete(
        self, ids: str, order: str, count: int, picks: set[int], elsewhere: set[int], arrivals: int, lost: str
    ) -> None:
        mailbox = make_bench(ids=ids, order=order)
        mailbox.fill(count)
        chosen = {f"Messaggio {number % count:04}" for number in picks}
        found = [await mailbox.listed(subject) for subject in sorted(chosen)]
        taken = {f"Messaggio {number:04}" for number in elsewhere if number < count}
        for subject in taken:
            mailbox.delete_as_another_client(subject)
        prepared = await mailbox.prepare(*found)
        mailbox.fill(arrivals, subject="Nuovo")
        broken = UnreachableError("the connection broke", maybe_done=True)
        disturb(
            mailbox,
            before=once(broken) if lost == "before" else lambda: None,
            after=once(broken) if lost == "after" else lambda: None,
        )
        outcome = await mailbox.delete(prepared)
        everybody = {f"Messaggio {number:04}" for number in range(count)}
        assert set(mailbox.subjects()) >= everybody - chosen - taken, "an unselected message went"
        assert outcome.requested == len(chosen)
        assert len(chosen & set(mailbox.subjects())) == len(outcome.refused) + len(outcome.failed)
        if not taken:
            assert outcome.complete
