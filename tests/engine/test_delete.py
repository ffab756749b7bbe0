"""Deleting one by one: the chosen message goes, or its reason is told, and no other ever goes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pectui.domain.draft import Dispatch, Draft
from pectui.domain.message import Listing, MailText, SendMail
from pectui.domain.quota import QuotaReading
from pectui.engine.delete import Deletion
from pectui.engine.journal import FileJournal
from pectui.engine.outcome import Deleted, Finished, Started
from pectui.engine.service import Service
from pectui.errors import (
    NotFoundError,
    ProtocolError,
    RateLimitedError,
    RefusedError,
    RejectedError,
    StoreError,
    UnreachableError,
)
from tests.engine.conftest import NOW, Bench, BenchMaker, make_bench

BOTH_IDS = pytest.mark.parametrize("ids", ["uid", "sequence"])


@dataclass
class Disturbed:
    """The service with something that happens right before or after a DELETE, as on a bad line."""

    service: Service
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        return await self.service.list_inbox(page, query)

    async def get_message(self, message_id: int) -> MailText:
        return await self.service.get_message(message_id)

    async def delete_message(self, message_id: int) -> None:
        self.before()
        await self.service.delete_message(message_id)
        self.after()

    async def get_send(self, code: str) -> SendMail:
        return await self.service.get_send(code)

    async def delete_send(self, code: str) -> None:
        await self.service.delete_send(code)

    async def send(self, draft: Draft) -> Dispatch:
        return await self.service.send(draft)

    async def get_quota(self, mailbox: str) -> QuotaReading:
        return await self.service.get_quota(mailbox)


def once(error: Exception) -> Callable[[], None]:
    """Raises `error` the first time it is called."""
    left = [error]

    def fire() -> None:
        if left:
            raise left.pop()

    return fire


def always(error: Exception) -> Callable[[], None]:
    def fire() -> None:
        raise error

    return fire


def disturb(
    mailbox: Bench, *, before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None
) -> None:
    service: Any = Disturbed(mailbox.service, before, after)
    mailbox.service = service


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

    async def test_of_twins_the_one_whose_text_was_read(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(5)
        same = {"sender": "a@pec.example", "date": "Mon, 2 Mar 2026 09:00:00 +0100"}
        for text in ("per Anna", "per Bruno", "per Carla"):
            mailbox.mailbox.deliver("CONSEGNA: gemelle", text, **same)
        page = await mailbox.reader().page(1)
        twins = [message for message in page.messages if message.header.subject == "CONSEGNA: gemelle"]
        prepared = await mailbox.prepare((twins[1], 1), known=page.messages)
        assert [message.id for message in prepared.plan.twins] == [twins[1].id]
        mailbox.delete_as_another_client("Messaggio 0001")
        assert (await mailbox.delete(prepared)).complete
        texts = [mail.text for mail in mailbox.mailbox.mails if mail.subject == "CONSEGNA: gemelle"]
        assert texts == ["per Anna", "per Carla"]


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

    async def test_the_other_twin_when_the_chosen_one_is_gone(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        same = {"sender": "a@pec.example", "date": "Mon, 2 Mar 2026 09:00:00 +0100"}
        mailbox.mailbox.deliver("gemelle", "per Anna", **same)
        mailbox.mailbox.deliver("gemelle", "per Bruno", **same)
        page = await mailbox.reader().page(1)
        prepared = await mailbox.prepare((page.messages[-1], 1), known=page.messages)
        doomed = prepared.targets[0].fingerprint.id
        assert mailbox.mailbox.delete(doomed)
        outcome = await mailbox.delete(prepared)
        assert (outcome.deleted, len(outcome.already_gone)) == ((), 1)
        assert len(mailbox.subjects()) == 1

    async def test_twins_whose_texts_are_unknown_once_ids_have_moved(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(3)
        same = {"sender": "a@pec.example", "date": "Mon, 2 Mar 2026 09:00:00 +0100"}
        mailbox.mailbox.deliver("altra", "x")
        mailbox.mailbox.deliver("gemelle", "per Anna", **same)
        mailbox.mailbox.deliver("gemelle", "per Bruno", **same)
        mailbox.mailbox.deliver("ultima", "y")
        page = await mailbox.reader().page(1)
        chosen = next(one for one in page.messages if one.header.subject == "gemelle")
        for subject in ("Messaggio 0000", "Messaggio 0001", "Messaggio 0002"):
            mailbox.delete_as_another_client(subject)
        prepared = await mailbox.prepare((chosen, 1), known=page.messages)
        outcome = await mailbox.delete(prepared)
        if ids == "uid":
            assert len(outcome.deleted) == 1, "its id still holds it"
            assert mailbox.subjects().count("gemelle") == 1
        else:
            assert "another message looks the same" in outcome.refused[0].reason
            assert mailbox.subjects().count("gemelle") == 2

    async def test_a_twin_that_took_over_the_id(self, bench: BenchMaker, ids: str) -> None:
        """One message below is deleted: where ids shift, the chosen one's id now holds its twin."""
        mailbox = bench(ids=ids)
        mailbox.fill(3)
        same = {"sender": "a@pec.example", "date": "Mon, 2 Mar 2026 09:00:00 +0100"}
        for text in ("per Anna", "per Bruno"):
            mailbox.mailbox.deliver("gemelle", text, **same)
        mailbox.mailbox.deliver("ultima", "y")
        page = await mailbox.reader().page(1)
        anna = min((one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id)
        mailbox.delete_as_another_client("Messaggio 0001")
        outcome = await mailbox.delete(await mailbox.prepare((anna, 1), known=page.messages))
        texts = [mail.text for mail in mailbox.mailbox.mails]
        assert "per Bruno" in texts
        assert ("per Anna" in texts) == (ids == "sequence")
        assert outcome.complete == (ids == "uid")

    async def test_a_twin_when_the_chosen_one_is_gone(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(3)
        same = {"sender": "a@pec.example", "date": "Mon, 2 Mar 2026 09:00:00 +0100"}
        for text in ("per Anna", "per Bruno"):
            mailbox.mailbox.deliver("gemelle", text, **same)
        page = await mailbox.reader().page(1)
        anna = min((one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id)
        assert mailbox.mailbox.delete(anna.id)
        outcome = await mailbox.delete(await mailbox.prepare((anna, 1), known=page.messages))
        assert [mail.text for mail in mailbox.mailbox.mails][-1] == "per Bruno"
        assert not outcome.deleted

    async def test_a_twin_far_away_that_was_never_seen(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        same = {"sender": "a@pec.example", "date": "Mon, 2 Mar 2026 09:00:00 +0100"}
        mailbox.mailbox.deliver("gemelle", "per Anna", **same)
        mailbox.fill(40)
        mailbox.mailbox.deliver("gemelle", "per Bruno", **same)
        page = await mailbox.reader().page(1)
        bruno = next(one for one in page.messages if one.header.subject == "gemelle")
        assert mailbox.mailbox.delete(bruno.id)
        outcome = await mailbox.delete(await mailbox.prepare((bruno, 1), known=page.messages))
        assert "per Anna" in [mail.text for mail in mailbox.mailbox.mails]
        assert outcome.refused[0].reason.startswith("it is not where it was listed")

    async def test_a_message_without_date_and_subject(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.mailbox.deliver("", "senza niente", sender="a@pec.example", date="")
        page = await mailbox.reader().page(1)
        prepared = await mailbox.prepare((page.messages[0], 1))
        outcome = await mailbox.delete(prepared)
        assert (len(outcome.refused) + len(outcome.failed), len(mailbox.subjects())) == (1, 1)


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
        same = {"sender": "a@pec.example", "date": "Mon, 2 Mar 2026 09:00:00 +0100"}
        for text in ("per Anna", "per Bruno", "per Carla"):
            mailbox.mailbox.deliver("gemelle", text, **same)
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


class TestTheJournal:
    """Each step is on the disk before it is taken."""

    async def test_it_tells_plan_step_and_result_and_no_mail_text(
        self, bench: BenchMaker, tmp_path: Path
    ) -> None:
        mailbox = bench()
        mailbox.fill(3)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0001"))
        folder = tmp_path / "state" / "jobs"
        journal = FileJournal(folder, lambda: NOW)
        outcome = await mailbox.delete(prepared, journal)
        journal.close()
        path = folder / f"{outcome.job}.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [line["step"] for line in lines] == ["plan", "delete", "deleted", "end"]
        assert lines[0]["messages"][0]["subject"] == "Messaggio 0001"
        assert "Testo 1" not in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700

    async def test_nothing_is_deleted_without_it(self, bench: BenchMaker, tmp_path: Path) -> None:
        mailbox = bench()
        mailbox.fill(3)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0001"))
        journal = FileJournal(tmp_path, lambda: NOW)
        os.close(journal._descriptor)
        with pytest.raises(StoreError, match="journal can't be written"):
            await mailbox.delete(prepared, journal)
        assert len(mailbox.subjects()) == 3

    async def test_a_folder_that_can_not_be_made_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "jobs").write_text("a file stands where the folder should be")
        with pytest.raises(StoreError, match="journal can't be written"):
            FileJournal(tmp_path / "jobs", lambda: NOW)


class TestCancelling:
    """Leaving stops after the message in hand."""

    async def test_a_delete_and_its_look_are_not_torn_apart(self, bench: BenchMaker, tmp_path: Path) -> None:
        mailbox = bench(ids="sequence")
        mailbox.fill(30)
        prepared = await mailbox.prepare(
            *[await mailbox.listed(f"Messaggio {number:04}") for number in (20, 10)]
        )
        journal = FileJournal(tmp_path, lambda: NOW)
        looked = asyncio.Event()
        go_on = asyncio.Event()

        class Slow(Disturbed):
            async def delete_message(self, message_id: int) -> None:
                await super().delete_message(message_id)
                looked.set()
                await go_on.wait()

        slow: Any = Slow(mailbox.service)
        mailbox.service = slow
        job = asyncio.ensure_future(mailbox.delete(prepared, journal))
        await looked.wait()
        job.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await job
        journal.close()
        assert "Messaggio 0020" not in mailbox.subjects()
        assert "Messaggio 0010" in mailbox.subjects(), "the next one was not begun"

    async def test_the_events_say_what_happens(self, bench: BenchMaker) -> None:
        mailbox = bench()
        mailbox.fill(3)
        prepared = await mailbox.prepare(await mailbox.listed("Messaggio 0001"))
        events = await mailbox.events(prepared)
        assert [type(event) for event in events] == [Started, Deleted, Finished]
        assert isinstance(Deletion, type)


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
