"""A whole send by one request: only where exactly the planned messages are shown and nothing more is expected."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pectui.engine.whole_send import WholeSend
from pectui.errors import NotFoundError
from tests.engine.conftest import BOTH_IDS
from tests.engine.disturbed import always
from tests.engine.sent import (
    AT_ONCE,
    CODE,
    Opened,
    deliver_acceptance,
    deliver_answer,
    deliver_delivery,
    deliver_failure,
    deliver_own_copy,
    deliver_send,
    opened,
)
from tests.engine.whole import LOOKS, WHOLE, as_one, deleted, one_by_one, receipts


@BOTH_IDS
class TestExactlyThePlanned:
    """`GET /send/{code}` has just shown the plan's rows, and no other."""

    async def test_a_completed_send_goes_by_one_request(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(2)
        assert await deleted(box) == ["Messaggio 0000", "Messaggio 0001"]
        assert as_one(box)

    async def test_twins_too(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox, recipients=50, date=AT_ONCE)
        box.bench.fill(2)
        assert await deleted(box) == ["Messaggio 0000", "Messaggio 0001"]
        assert as_one(box)

    async def test_its_own_copy_belongs_to_it(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        deliver_own_copy(box.mailbox, CODE)
        assert await deleted(box) == []
        assert as_one(box)

    async def test_failures_settle_it_as_deliveries_do(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_acceptance(box.mailbox, CODE, ["a@pec.example", "b@pec.example"])
        deliver_delivery(box.mailbox, CODE, "a@pec.example")
        deliver_failure(box.mailbox, CODE, "b@pec.example")
        assert await deleted(box) == []
        assert as_one(box)

    async def test_a_message_that_is_not_chosen_stays(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        left = await deleted(box, lambda one: receipts(one) and "ACCETTAZIONE" not in one.header.subject)
        assert left == [f"ACCETTAZIONE: Avviso {CODE}"]
        assert one_by_one(box)

    async def test_an_answer_that_was_there_stays(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        deliver_answer(box.mailbox, CODE)
        box.bench.fill(1)
        assert await deleted(box) == [f"POSTA CERTIFICATA: Re: Avviso {CODE}", "Messaggio 0000"]
        assert one_by_one(box)

    async def test_an_answer_that_is_chosen_too_goes_by_itself(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        deliver_answer(box.mailbox, CODE)
        assert await deleted(box, lambda one: one.code == CODE) == []
        assert one_by_one(box)

    async def test_an_answer_that_came_since_the_plan_stays(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        deliver_answer(box.mailbox, CODE)
        outcome = await box.delete(prepared)
        assert len(outcome.deleted) == 3
        assert box.subjects() == ["Messaggio 0000", f"POSTA CERTIFICATA: Re: Avviso {CODE}"]
        assert one_by_one(box)

    async def test_ordinary_mail_that_carries_the_code_stays(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        box.mailbox.deliver(f"Fwd: Avviso {CODE}", "inoltro", sender="collega@comune.example")
        outcome = await box.delete(prepared)
        assert len(outcome.deleted) == 3
        assert box.subjects() == ["Messaggio 0000", f"Fwd: Avviso {CODE}"]
        assert one_by_one(box)

    async def test_another_send_whose_code_begins_with_it_stays(self, ids: str) -> None:
        box = opened(ids=ids, match="substring")
        deliver_send(box.mailbox, CODE)
        deliver_send(box.mailbox, f"{CODE}3", recipients=1)
        box.bench.fill(1)
        left = await deleted(box)
        assert left == [f"ACCETTAZIONE: Avviso {CODE}3", f"CONSEGNA: Avviso {CODE}3", "Messaggio 0000"]
        assert one_by_one(box)

    async def test_where_codes_match_exactly_it_is_no_hindrance(self, ids: str) -> None:
        box = opened(ids=ids, match="exact")
        deliver_send(box.mailbox, CODE)
        deliver_send(box.mailbox, f"{CODE}3", recipients=1)
        assert await deleted(box) == [f"ACCETTAZIONE: Avviso {CODE}3", f"CONSEGNA: Avviso {CODE}3"]
        assert as_one(box)

    async def test_another_receipt_that_came_since_the_plan_stays(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        deliver_delivery(box.mailbox, CODE, "c@pec.example")
        outcome = await box.delete(prepared)
        assert len(outcome.deleted) == 3
        assert box.subjects() == ["Messaggio 0000", f"CONSEGNA: Avviso {CODE}"]
        assert one_by_one(box)

    async def test_a_row_less_and_each_is_looked_for(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        box.bench.delete_as_another_client(f"ACCETTAZIONE: Avviso {CODE}")
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), len(outcome.already_gone)) == (2, 1)
        assert box.subjects() == ["Messaggio 0000"]
        assert one_by_one(box)

    async def test_another_text_than_was_read_for_the_plan(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        assert all(target.fingerprint.text_hash for target in prepared.targets)
        box.bench.clock.now += timedelta(hours=25)  # nothing more is expected, whatever the texts say
        box.line.as_read = lambda found: replace(
            found, mails=(replace(found.mails[0], body="un altro testo"), *found.mails[1:])
        )
        await box.delete(prepared)
        assert one_by_one(box)

    async def test_a_plan_that_counts_an_answer_among_the_receipts(self, ids: str) -> None:
        """As a journal might that somebody has changed: what is no receipt never goes with the others."""
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        deliver_answer(box.mailbox, CODE)
        box.bench.fill(1)
        prepared = await box.plan(lambda one: one.code == CODE)
        outcome = await box.delete(replace(prepared, sends=(WholeSend(CODE, prepared.targets),)))
        assert (len(outcome.deleted), box.subjects()) == (4, ["Messaggio 0000"])
        assert one_by_one(box)

    async def test_a_row_that_can_not_be_read(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        box.line.as_read = lambda found: replace(found, skipped=1)
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), box.subjects()) == (3, ["Messaggio 0000"])
        assert one_by_one(box)

    async def test_a_send_that_the_service_does_not_know(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        box.line.before["get_send"] = always(NotFoundError("no such send"))
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), box.subjects()) == (3, ["Messaggio 0000"])
        assert one_by_one(box)


class TestNothingMoreIsExpected:
    """Every recipient is settled and known, or 24 hours have passed."""

    def incomplete(self, **since: float) -> Opened:
        box = opened()
        deliver_acceptance(box.mailbox, CODE, ["a@pec.example", "b@pec.example"])
        deliver_delivery(box.mailbox, CODE, "a@pec.example")
        box.bench.clock.now += timedelta(**since)
        return box

    async def test_a_young_send_that_a_receipt_is_missing_of(self) -> None:
        box = self.incomplete(hours=23)
        assert await deleted(box) == []
        assert one_by_one(box)

    async def test_the_same_after_a_day(self) -> None:
        box = self.incomplete(hours=24)
        assert await deleted(box) == []
        assert as_one(box)

    async def test_a_young_send_whose_recipients_nobody_knows(self) -> None:
        box = opened()
        deliver_delivery(box.mailbox, CODE, "a@pec.example")
        deliver_delivery(box.mailbox, CODE, "b@pec.example")
        assert await deleted(box) == []
        assert one_by_one(box)

    async def test_a_young_send_that_was_only_warned_of(self) -> None:
        box = opened()
        deliver_acceptance(box.mailbox, CODE, ["a@pec.example"])
        box.mailbox.deliver(
            f"AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: Avviso {CODE}",
            "il messaggio non è stato consegnato nelle prime dodici ore dal suo invio a "
            '"a@pec.example": la consegna può ancora avvenire entro le 12 ore successive.',
        )
        assert await deleted(box) == []
        assert one_by_one(box)


class TestWhatItSaid:
    """What receipts say of a send is kept before they go: it can't be asked for again."""

    async def test_it_is_kept_before_the_delete(self) -> None:
        box = opened()
        deliver_send(box.mailbox, recipients=2)
        prepared = await box.plan(receipts)
        kept: list[int] = []
        box.line.before["delete_send"] = lambda: kept.append(len(box.archive.records()[0].outcomes))
        await box.delete(prepared)
        assert kept == [2]

    async def test_what_is_known_already_is_not_written_again(self) -> None:
        box = opened()
        deliver_send(box.mailbox)
        prepared = await box.plan(receipts)
        await box.session.sends.read(CODE)
        box.archive.news()
        await box.delete(prepared)
        assert box.archive.news() == []
        assert len(box.archive.records()) == 1


class TestRequests:
    """Look, delete, look."""

    @pytest.mark.parametrize("concurrency", [1, 4])
    async def test_three_for_each_send_of_a_bulk_deletion(self, concurrency: int) -> None:
        box = opened(concurrency=concurrency)
        for number in range(20):
            deliver_send(box.mailbox, f"20260302090000{number:02}")
        box.bench.fill(1)
        prepared = await box.plan(lambda one: one.code is not None)
        assert box.asked("GET") == 3, "the listing has three pages, and it tells all of them apart"
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), box.subjects()) == (60, ["Messaggio 0000"])
        assert (box.asked(WHOLE), box.asked(LOOKS), box.asked("GET", "DELETE")) == (20, 40, 3 + 60)

    async def test_a_single_message_of_a_send_is_no_send(self) -> None:
        box = opened()
        deliver_acceptance(box.mailbox, CODE, ["a@pec.example"])
        box.bench.clock.now += timedelta(hours=25)
        assert await deleted(box) == []
        assert one_by_one(box), "look and delete are less than look, delete, look"
