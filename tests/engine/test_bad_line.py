"""Deleting on a bad line, and beside another hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pectui.domain.message import Listing, MailText
from pectui.errors import (
    ProtocolError,
    RateLimitedError,
    RefusedError,
    RejectedError,
    UnreachableError,
)
from tests.engine.conftest import BOTH_IDS, BenchMaker
from tests.engine.disturbed import Disturbed, always, disturb, once


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
        read = [await mailbox.text(page.messages[0])]
        prepared = await mailbox.prepare((page.messages[0], 1), known=page.messages, texts=read)
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

    async def test_a_refused_delete_while_mail_pushes_the_message_to_the_next_page(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(50)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0025"))

        def arrive_and_fail() -> None:
            mailbox.fill(1, subject="Nuovo")
            raise RejectedError("MySQL Error 2006", status=500)

        disturb(mailbox, before=arrive_and_fail)
        outcome = await mailbox.delete(prepared)
        assert (outcome.deleted, len(outcome.failed)) == ((), 1)
        assert "Messaggio 0025" in mailbox.subjects()

    @pytest.mark.parametrize(("order", "chosen", "taken"), [("newest", 34, 50), ("oldest", 25, 3)])
    async def test_a_message_that_slides_to_the_page_before_has_not_gone(
        self, bench: BenchMaker, ids: str, order: str, chosen: int, taken: int
    ) -> None:
        """It was the first on its page, another client deletes before that, and the answer gets lost."""
        mailbox = bench(ids=ids, order=order)
        mailbox.fill(60)
        subject = f"Messaggio {chosen:04}"
        message, page = await mailbox.listed(subject)
        prepared = await mailbox.prepare((message, page))
        lost = once(UnreachableError("the connection broke", maybe_done=True))

        def taken_and_lost() -> None:
            if f"Messaggio {taken:04}" in mailbox.subjects():
                mailbox.delete_as_another_client(f"Messaggio {taken:04}")
            lost()

        disturb(mailbox, before=taken_and_lost)
        outcome = await mailbox.delete(prepared)
        assert (outcome.deleted == (message.id,)) == (subject not in mailbox.subjects())
        assert len(mailbox.subjects()) >= 58

    async def test_an_empty_listing_proves_nothing(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(20)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0010"))

        class Hiccup(Disturbed):
            broken = False

            async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
                if self.broken:
                    return Listing((), 0, 1, 0)
                return await super().list_inbox(page, query)

            async def delete_message(self, message_id: int) -> None:
                self.broken = True
                raise RejectedError("MySQL Error 2006", status=500)

        hiccup: Any = Hiccup(mailbox.service)
        mailbox.service = hiccup
        outcome = await mailbox.delete(prepared)
        assert outcome.deleted == ()
        assert outcome.failed[0].reason.startswith("unknown") or outcome.stopped_by is not None
        assert len(mailbox.subjects()) == 20

    async def test_a_text_that_changes_is_not_taken_for_a_message_that_is_gone(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(20)

        class Restless(Disturbed):
            times = 0

            async def get_message(self, message_id: int) -> MailText:
                self.times += 1
                mail = await super().get_message(message_id)
                return replace(mail, body=f"{mail.body} {self.times}")

        restless: Any = Restless(mailbox.service)
        mailbox.service = restless
        outcome = await mailbox.delete(await mailbox.prepare(await mailbox.listed("Messaggio 0010")))
        assert outcome.already_gone == ()
        assert "is not what was seen" in outcome.refused[0].reason

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
        "error", [RefusedError("Not authorised", status=401), RateLimitedError("Too fast", retry_after=0)]
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

    async def test_after_a_wait_it_is_looked_for_anew(self, bench: BenchMaker, ids: str) -> None:
        """Another client deletes while the service asks for patience: where ids shift, the next one has its id."""
        mailbox = bench(ids=ids)
        mailbox.fill(30)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0010"))
        refuse = once(RateLimitedError("Too fast", retry_after=0))

        def taken_and_refused() -> None:
            if "Messaggio 0003" in mailbox.subjects():
                mailbox.delete_as_another_client("Messaggio 0003")
            refuse()

        disturb(mailbox, before=taken_and_refused)
        assert (await mailbox.delete(prepared)).complete
        gone = {"Messaggio 0003", "Messaggio 0010"}
        assert {f"Messaggio {number:04}" for number in range(30)} - {*mailbox.subjects()} == gone

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
