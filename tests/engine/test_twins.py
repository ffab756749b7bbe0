"""Receipts that look the same: nothing is taken for another."""

from __future__ import annotations

import pytest

from pectui.errors import UnreachableError
from tests.engine.conftest import BOTH_IDS, BenchMaker
from tests.engine.disturbed import disturb, once


@BOTH_IDS
class TestTwins:
    """Messages that differ in their texts alone: the chosen one goes, or none does."""

    async def test_of_twins_the_one_whose_text_was_read(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(5)
        mailbox.deliver_twins("per Anna", "per Bruno", "per Carla", subject="CONSEGNA: gemelle")
        page = await mailbox.reader().page(1)
        twins = [message for message in page.messages if message.header.subject == "CONSEGNA: gemelle"]
        read = [await mailbox.text(twins[1])]
        prepared = await mailbox.prepare((twins[1], 1), known=page.messages, texts=read)
        assert [message.id for message in prepared.plan.twins] == [twins[1].id]
        mailbox.delete_as_another_client("Messaggio 0001")
        assert (await mailbox.delete(prepared)).complete
        texts = [mail.text for mail in mailbox.mailbox.mails if mail.subject == "CONSEGNA: gemelle"]
        assert texts == ["per Anna", "per Carla"]

    async def test_the_other_twin_when_the_chosen_one_is_gone(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.deliver_twins("per Anna")
        mailbox.deliver_twins("per Bruno")
        page = await mailbox.reader().page(1)
        read = [await mailbox.text(page.messages[-1])]
        prepared = await mailbox.prepare((page.messages[-1], 1), known=page.messages, texts=read)
        doomed = prepared.targets[0].fingerprint.id
        assert mailbox.mailbox.delete(doomed)
        outcome = await mailbox.delete(prepared)
        assert outcome.deleted == ()
        assert "is not what was seen" in outcome.refused[0].reason
        assert len(mailbox.subjects()) == 1

    async def test_twins_whose_texts_are_unknown_once_ids_have_moved(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(3)
        mailbox.mailbox.deliver("altra", "x")
        mailbox.deliver_twins("per Anna")
        mailbox.deliver_twins("per Bruno")
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
        mailbox.deliver_twins("per Anna", "per Bruno")
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
        mailbox.deliver_twins("per Anna", "per Bruno")
        page = await mailbox.reader().page(1)
        anna = min((one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id)
        assert mailbox.mailbox.delete(anna.id)
        outcome = await mailbox.delete(await mailbox.prepare((anna, 1), known=page.messages))
        assert [mail.text for mail in mailbox.mailbox.mails][-1] == "per Bruno"
        assert not outcome.deleted

    async def test_a_twin_far_away_that_was_never_seen(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.deliver_twins("per Anna")
        mailbox.fill(40)
        mailbox.deliver_twins("per Bruno")
        page = await mailbox.reader().page(1)
        bruno = next(one for one in page.messages if one.header.subject == "gemelle")
        assert mailbox.mailbox.delete(bruno.id)
        outcome = await mailbox.delete(await mailbox.prepare((bruno, 1), known=page.messages))
        assert "per Anna" in [mail.text for mail in mailbox.mailbox.mails]
        assert outcome.refused[0].reason.startswith("it is not where it was listed")

    async def test_one_that_was_never_listed_takes_over_the_id(self, bench: BenchMaker, ids: str) -> None:
        """A search shows one of two, another client deletes an older message: the id may hold the other now."""
        mailbox = bench(ids=ids, first_uid=1000)
        mailbox.fill(5)
        mailbox.deliver_twins("per Anna", "per Bruno")
        mailbox.fill(3, subject="Dopo")
        page = await mailbox.reader().page(1)
        anna = min((one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id)
        mailbox.delete_as_another_client("Messaggio 0001")
        outcome = await mailbox.delete(await mailbox.prepare((anna, None), known=[anna]))
        assert "per Bruno" in [mail.text for mail in mailbox.mailbox.mails]
        # An id far above the number of messages proves that the other server's ids are stable.
        assert len(outcome.refused) == (ids == "sequence")

    async def test_alike_to_the_letter_and_the_answer_got_lost(self, bench: BenchMaker, ids: str) -> None:
        """One of them was chosen: one of them goes, or none, and never two."""
        mailbox = bench(ids=ids)
        mailbox.fill(3)
        mailbox.deliver_twins("uguale", "uguale")
        mailbox.fill(3, subject="Dopo")
        page = await mailbox.reader().page(1)
        chosen = min(
            (one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id
        )
        read = [await mailbox.text(chosen)]
        prepared = await mailbox.prepare((chosen, 1), known=page.messages, texts=read)
        disturb(mailbox, after=once(UnreachableError("the connection broke", maybe_done=True)))
        outcome = await mailbox.delete(prepared)
        assert mailbox.subjects().count("gemelle") == 1
        if ids == "uid":
            assert outcome.deleted == (chosen.id,)
        else:  # another hand that took the other one just then would have left the same behind
            assert outcome.failed[0].reason.startswith("unknown: ")

    async def test_of_twins_that_have_moved_the_chosen_one_goes(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(3)
        mailbox.deliver_twins("per Anna", "per Bruno")
        mailbox.fill(3, subject="Dopo")
        page = await mailbox.reader().page(1)
        chosen = max(
            (one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id
        )
        read = [await mailbox.text(chosen)]
        prepared = await mailbox.prepare((chosen, 1), known=page.messages, texts=read)
        mailbox.delete_as_another_client("Messaggio 0001")
        outcome = await mailbox.delete(prepared)
        assert outcome.deleted == (chosen.id,)
        assert "per Anna" in [mail.text for mail in mailbox.mailbox.mails]

    @pytest.mark.parametrize("newer", [22, 23, 24, 25, 26, 27])
    @pytest.mark.parametrize("order", ["newest", "oldest"])
    @pytest.mark.parametrize("known", [True, False])
    async def test_alike_to_the_letter_where_a_page_ends(
        self, bench: BenchMaker, ids: str, newer: int, order: str, known: bool
    ) -> None:
        """The other one may be on the next page, and take over the id from there."""
        mailbox = bench(ids=ids, order=order)
        mailbox.fill(50 - newer, subject="Prima")
        mailbox.deliver_twins("uguale", "uguale")
        mailbox.fill(newer, subject="Dopo")
        everything = await mailbox.everything()
        listed = [page async for page in mailbox.reader().everything()]
        chosen, page = min(
            (
                (one, page.number)
                for page in listed
                for one in page.messages
                if one.header.subject == "gemelle"
            ),
            key=lambda found: found[0].id,
        )
        read = [await mailbox.text(chosen)]
        prepared = await mailbox.prepare((chosen, page), known=everything if known else [], texts=read)
        disturb(mailbox, after=once(UnreachableError("the connection broke", maybe_done=True)))
        await mailbox.delete(prepared)
        assert mailbox.subjects().count("gemelle") == 1, "never two"

    @pytest.mark.parametrize("newer", [21, 22, 23, 24, 25])
    @pytest.mark.parametrize("order", ["newest", "oldest"])
    async def test_the_answer_got_lost_and_other_twins_slide_onto_the_page(
        self, bench: BenchMaker, ids: str, newer: int, order: str
    ) -> None:
        mailbox = bench(ids=ids, order=order)
        mailbox.fill(2, subject="Prima")
        mailbox.deliver_twins(*(f"per {number}" for number in range(newer - 2)))
        mailbox.deliver_twins("a", "b", "c", "d", subject="altre gemelle")
        mailbox.fill(10, subject="Dopo")
        listed = [page async for page in mailbox.reader().everything()]
        found = [(one, page.number) for page in listed for one in page.messages]
        chosen, page = next(pair for pair in found if pair[0].header.subject == "gemelle")
        text = mailbox.mailbox.mails[chosen.id - 1].text
        read = [await mailbox.text(chosen)]
        prepared = await mailbox.prepare((chosen, page), known=await mailbox.everything(), texts=read)
        disturb(mailbox, after=once(UnreachableError("the connection broke", maybe_done=True)))
        outcome = await mailbox.delete(prepared)
        assert text not in [mail.text for mail in mailbox.mailbox.mails]
        assert outcome.deleted == (chosen.id,)

    @pytest.mark.parametrize("taken", ["per Anna", "per Carla"])
    async def test_the_answer_got_lost_and_another_hand_takes_a_twin(
        self, bench: BenchMaker, ids: str, taken: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(3)
        mailbox.deliver_twins("per Anna", "per Bruno", "per Carla")
        page = await mailbox.reader().page(1)
        chosen = sorted(
            (one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id
        )[1]
        read = [await mailbox.text(chosen)]
        prepared = await mailbox.prepare((chosen, 1), known=page.messages, texts=read)
        lost = once(UnreachableError("the connection broke", maybe_done=True))

        def taken_and_lost() -> None:
            for mail in mailbox.mailbox.mails:
                if mail.text == taken:
                    assert mailbox.mailbox.delete(mailbox.mailbox.id_of(mail) or 0)
            lost()

        disturb(mailbox, before=taken_and_lost)
        outcome = await mailbox.delete(prepared)
        left = [mail.text for mail in mailbox.mailbox.mails if mail.subject == "gemelle"]
        assert (chosen.id in outcome.deleted) == ("per Bruno" not in left)
        assert {"per Anna", "per Carla"} - {taken} <= set(left), "its twin stays"

    async def test_alike_to_the_letter_and_mail_arrives_meanwhile(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(3)
        mailbox.deliver_twins("uguale", "uguale")
        page = await mailbox.reader().page(1)
        chosen = min(
            (one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id
        )
        read = [await mailbox.text(chosen)]
        prepared = await mailbox.prepare((chosen, 1), known=page.messages, texts=read)
        lost = once(UnreachableError("the connection broke", maybe_done=True))

        def arrive_and_lose() -> None:
            mailbox.fill(2, subject="Nuovo")
            lost()

        disturb(mailbox, after=arrive_and_lose)
        await mailbox.delete(prepared)
        assert mailbox.subjects().count("gemelle") == 1, "never two"

    async def test_alike_to_the_letter_without_any_fault(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.deliver_twins("uguale", "uguale")
        mailbox.fill(3, subject="Dopo")
        page = await mailbox.reader().page(1)
        chosen = min(
            (one for one in page.messages if one.header.subject == "gemelle"), key=lambda one: one.id
        )
        outcome = await mailbox.delete(await mailbox.prepare((chosen, 1), known=page.messages))
        assert (outcome.deleted, outcome.complete) == ((chosen.id,), True)


class TestStableIds:
    """Where ids are proven stable, an id is what it says."""

    async def test_another_id_is_never_taken_instead(self, bench: BenchMaker) -> None:
        mailbox = bench(first_uid=1000)
        mailbox.deliver_twins("uguale")
        mailbox.fill(40)
        mailbox.deliver_twins("uguale")
        pages = [page async for page in mailbox.reader().everything()]
        older = pages[-1].messages[-1]
        outcome = await mailbox.delete(await mailbox.prepare((older, None), known=[]))
        assert outcome.deleted == (older.id,)
        assert mailbox.subjects()[-1] == "gemelle"
