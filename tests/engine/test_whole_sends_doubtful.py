"""A whole send by one request: where the answer got lost, or where the look after it shows something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pectui.errors import ProtocolError
from tests.engine.conftest import BOTH_IDS
from tests.engine.disturbed import always, once
from tests.engine.sent import (
    AT_ONCE,
    CODE,
    Opened,
    deliver_answer,
    deliver_send,
    opened,
)
from tests.engine.whole import LOOKS, LOST, SINGLE, WHOLE, as_one, deleted, one_by_one, receipts


@BOTH_IDS
class TestAnAnswerGetsLost:
    """A look settles it; there is no second blind DELETE."""

    async def prepared(self, ids: str) -> Opened:
        box = opened(ids=ids)
        deliver_send(box.mailbox, recipients=3, date=AT_ONCE)
        box.bench.fill(1)
        return box

    @pytest.mark.parametrize("error", [LOST, ProtocolError("a web page", "502")])
    async def test_after_the_deed(self, ids: str, error: Exception) -> None:
        box = await self.prepared(ids)
        box.line.after["delete_send"] = once(error)
        assert await deleted(box) == ["Messaggio 0000"]
        assert as_one(box)

    @pytest.mark.parametrize("error", [LOST, ProtocolError("a web page", "502")])
    async def test_before_the_deed_it_is_tried_again_after_a_look(self, ids: str, error: Exception) -> None:
        box = await self.prepared(ids)
        box.line.before["delete_send"] = once(error)
        prepared = await box.plan(receipts)
        looked = box.asked(LOOKS)
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), box.subjects()) == (4, ["Messaggio 0000"])
        assert (box.asked(WHOLE), box.asked(LOOKS) - looked) == (1, 3)

    async def test_an_answer_that_came_before_the_second_try_stays(self, ids: str) -> None:
        box = await self.prepared(ids)
        lost = once(LOST)

        def answered_and_lost() -> None:
            if not box.asked(WHOLE):
                deliver_answer(box.mailbox, CODE)
            lost()

        box.line.before["delete_send"] = answered_and_lost
        assert await deleted(box) == ["Messaggio 0000", f"POSTA CERTIFICATA: Re: Avviso {CODE}"]
        assert one_by_one(box)

    async def test_and_so_does_the_look_after_it(self, ids: str) -> None:
        box = await self.prepared(ids)
        prepared = await box.plan(receipts)

        def lost_from_now_on() -> None:
            box.line.before["get_send"] = always(LOST)
            raise LOST

        box.line.after["delete_send"] = lost_from_now_on
        outcome = await box.delete(prepared)
        assert outcome.deleted == ()
        assert {one.reason for one in outcome.failed} == {
            "unknown: the answer got lost, and so did the look after it (the connection broke)"
        }
        assert (len(outcome.failed), outcome.stopped_by) == (4, LOST)

    async def test_only_the_look_after_it_does(self, ids: str) -> None:
        box = await self.prepared(ids)
        prepared = await box.plan(receipts)
        box.line.after["delete_send"] = lambda: box.line.before.update(get_send=always(LOST))
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), box.subjects()) == (4, ["Messaggio 0000"])


@BOTH_IDS
class TestTheLookAfterIt:
    """What the service says is not believed unseen."""

    async def test_it_says_yes_and_deletes_nothing(self, ids: str) -> None:
        """No second request takes what may have come since: each message goes by its own id."""
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        prepared = await box.plan(receipts)
        box.line.delete_whole = lambda code: None
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), box.subjects()) == (3, [])
        assert (box.asked(WHOLE), box.asked(SINGLE)) == (0, 3)

    async def test_it_deletes_some(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        box.line.delete_whole = lambda code: box.bench.delete_as_another_client(
            f"ACCETTAZIONE: Avviso {code}"
        )
        assert await deleted(box) == ["Messaggio 0000"]
        assert box.asked(SINGLE) == 2

    async def test_it_deletes_some_of_twins(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox, recipients=3, date=AT_ONCE)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        box.line.delete_whole = lambda code: box.bench.delete_as_another_client(f"CONSEGNA: Avviso {code}")
        outcome = await box.delete(prepared)
        assert len({*outcome.deleted, *outcome.already_gone}) == outcome.requested == 4
        assert box.subjects() == ["Messaggio 0000"]

    async def test_it_says_that_there_is_no_such_send_because_somebody_was_faster(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)
        box.line.before["delete_send"] = lambda: box.mailbox.delete_send(CODE)
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted) + len(outcome.already_gone), outcome.complete) == (3, True)
        assert box.subjects() == ["Messaggio 0000"]

    async def test_a_row_that_can_not_be_read_any_more_is_looked_for(self, ids: str) -> None:
        box = opened(ids=ids)
        deliver_send(box.mailbox)
        box.bench.fill(1)
        prepared = await box.plan(receipts)

        def spoil(code: str) -> None:
            box.line.as_read = lambda found: replace(found, mails=(), skipped=3)

        box.line.delete_whole = spoil
        outcome = await box.delete(prepared)
        assert (len(outcome.deleted), box.subjects()) == (3, ["Messaggio 0000"])
        assert box.asked(SINGLE) == 3
