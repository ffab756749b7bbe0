"""Deleting on a bad line, and beside another hand."""

from __future__ import annotations

import pytest

from pectui.errors import (
    ProtocolError,
    RateLimitedError,
    RefusedError,
    RejectedError,
    UnreachableError,
)
from tests.engine.conftest import BOTH_IDS, BenchMaker
from tests.engine.disturbed import always, disturb, once


@BOTH_IDS
class TestABadLine:
    """An answer that got lost is settled by a look."""

    async def test_lost_after_the_deed(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0010"))
        disturb(mailbox, after=once(UnreachableError("the connection broke", maybe_done=True)))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.deleted), len(mailbox.subjects())) == (1, 29)

    async def test_lost_before_the_deed_is_tried_once_more_after_a_look(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0010"))
        disturb(mailbox, before=once(UnreachableError("the connection broke", maybe_done=True)))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.deleted), len(mailbox.subjects())) == (1, 29)
        assert "Messaggio 0010" not in mailbox.subjects()

    @pytest.mark.parametrize(
        "error", [RejectedError("MySQL Error 2006", status=500), ProtocolError("a web page")]
    )
    async def test_an_error_page_after_the_deed(self, bench: BenchMaker, ids: str, error: Exception) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0010"))
        disturb(mailbox, after=once(error))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.deleted), len(mailbox.subjects())) == (1, 29)

    async def test_twins_are_settled_by_their_texts(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.deliver_twins("per Anna", "per Bruno", "per Carla")
        page = await mailbox.reader().page(1)
        prepared = await mailbox.prepare((page.messages[0], 1), known=page.messages)
        disturb(mailbox, after=once(UnreachableError("the connection broke", maybe_done=True)))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.deleted), len(mailbox.subjects())) == (1, 2)

    async def test_a_service_that_never_deletes(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0010"))
        disturb(mailbox, before=always(RejectedError("MySQL Error 2006", status=500)))
        outcome = await mailbox.delete(prepared)
        assert outcome.failed[0].reason == "still listed after two attempts: mySQL Error 2006"
        assert len(mailbox.subjects()) == 30

    async def test_a_connection_that_never_left(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(
            await mailbox.listed("Messaggio 0010"), await mailbox.listed("Messaggio 0011")
        )
        disturb(mailbox, before=always(UnreachableError("No such host")))
        outcome = await mailbox.delete(prepared)
        assert [item.reason for item in outcome.failed] == ["no such host", "not tried: no such host"]
        assert isinstance(outcome.stopped_by, UnreachableError)

    @pytest.mark.parametrize(
        "error", [RefusedError("Not authorised", status=401), RateLimitedError("Too fast")]
    )
    async def test_a_refusal_stops_the_job(self, bench: BenchMaker, ids: str, error: Exception) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(
            await mailbox.listed("Messaggio 0010"), await mailbox.listed("Messaggio 0011")
        )
        disturb(mailbox, before=always(error))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.failed), outcome.stopped_by, len(mailbox.subjects())) == (2, error, 30)

    async def test_a_404_for_the_delete_means_that_somebody_was_faster(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0029"))
        disturb(mailbox, before=lambda: mailbox.delete_as_another_client("Messaggio 0029"))
        outcome = await mailbox.delete(prepared)
        assert (outcome.deleted, len(outcome.already_gone)) == ((), 1)
        assert len(mailbox.subjects()) == 29


class TestAnotherHand:
    """Where ids shift, somebody who deletes in the same moment is noticed, and the job stops."""

    async def test_a_shift_within_the_last_window_is_reported_and_stops_the_job(
        self, bench: BenchMaker
    ) -> None:
        mailbox = bench(ids="sequence")
        mailbox.fill(20)
        prepared = await mailbox.prepare(
            await mailbox.listed("Messaggio 0010"), await mailbox.listed("Messaggio 0005")
        )
        left = ["Messaggio 0002"]
        disturb(mailbox, before=lambda: mailbox.delete_as_another_client(left.pop()) if left else None)
        outcome = await mailbox.delete(prepared)
        assert outcome.deleted == ()
        assert "other messages left the mailbox" in outcome.failed[0].reason
        assert outcome.failed[1].reason.startswith("not tried")
        assert "Messaggio 0010" in mailbox.subjects()

    async def test_new_mail_is_no_other_hand(self, bench: BenchMaker) -> None:
        mailbox = bench(ids="sequence")
        mailbox.fill(60)
        prepared = await mailbox.prepare(
            await mailbox.listed("Messaggio 0050"), await mailbox.listed("Messaggio 0045")
        )
        disturb(mailbox, before=lambda: mailbox.fill(3, subject="Nuovo"))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.deleted), outcome.stopped_by) == (2, None)
        assert len(mailbox.subjects()) == 64
