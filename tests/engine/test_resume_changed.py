"""Going on where others have changed the mailbox meanwhile: what can't be told for sure is left alone."""

from __future__ import annotations

from collections.abc import Callable

from pectui.domain.message import Message
from pectui.engine.outcome import DeleteOutcome
from tests.engine.conftest import make_bench
from tests.engine.killed import Life, Programs


async def killed(
    fill: Callable[[Programs], object], chosen: Callable[[Message], bool], last: str
) -> Programs:
    """A program that ended right before the step `last`, where ids shift."""
    mailbox = Programs(make_bench(ids="sequence"), concurrency=1)
    fill(mailbox)
    everything = await mailbox.see()
    prepared = await mailbox.plan([one for one in everything if chosen(one)], everything)
    assert await mailbox.delete(prepared, Life(last=lambda step: step.startswith(last))) is None
    return mailbox


async def resumed(mailbox: Programs) -> DeleteOutcome:
    outcome = await mailbox.resume()
    assert outcome is not None
    return outcome


def forty(mailbox: Programs) -> None:
    mailbox.bench.fill(40)


def everything(message: Message) -> bool:
    return True


class TestWhatWasBegun:
    async def test_is_not_called_deleted_because_something_else_went(self) -> None:
        """What was above it has moved down by one, but it is still there itself."""
        mailbox = await killed(forty, lambda one: one.id <= 30, "delete_message 30")
        mailbox.bench.delete_as_another_client("Messaggio 0003")
        outcome = await resumed(mailbox)
        there = set(mailbox.bench.subjects())
        assert not {f"Messaggio {one - 1:04}" for one in outcome.deleted} & there
        assert 30 in outcome.deleted


class TestALookAlikeThatHasCome:
    """The chosen message is gone, and what has its facts now has a text of its own."""

    async def newcomer(self, mailbox: Programs, subject: str) -> None:
        letter = next(mail.letter for mail in mailbox.bench.mailbox.mails if mail.subject == subject)
        mailbox.bench.delete_as_another_client(subject)
        for other in ("Messaggio 0000", "Messaggio 0001"):
            mailbox.bench.delete_as_another_client(other)
        mailbox.bench.mailbox.deliver(subject, "nuova", sender=letter.sender, date=letter.date)

    async def test_stays_where_all_was_chosen(self) -> None:
        mailbox = await killed(forty, everything, "delete_message 40")
        await self.newcomer(mailbox, "Messaggio 0038")
        outcome = await resumed(mailbox)
        assert "nuova" in [mail.text for mail in mailbox.bench.mailbox.mails]
        assert 39 not in outcome.deleted

    async def test_stays_beside_what_stood_below_the_chosen_one(self) -> None:
        """Nothing of what stood above is left, so that it stands right on what stood below."""
        mailbox = Programs(make_bench(ids="sequence"), concurrency=1)
        forty(mailbox)
        listed = await mailbox.see()
        prepared = await mailbox.plan([one for one in listed if one.id > 10], listed)
        for number in range(37, 40):
            mailbox.bench.delete_as_another_client(f"Messaggio {number:04}")
        await self.newcomer(mailbox, "Messaggio 0036")
        outcome = await mailbox.delete(prepared, Life())
        assert outcome is not None
        assert "nuova" in [mail.text for mail in mailbox.bench.mailbox.mails]
        assert 37 not in outcome.deleted


class TestACopyToTheLetter:
    async def test_the_other_one_stays_where_the_chosen_one_was_taken(self) -> None:
        def fill(mailbox: Programs) -> None:
            mailbox.bench.fill(20)
            mailbox.bench.deliver_twins("uguale", "uguale")
            mailbox.bench.fill(15, subject="Dopo")

        mailbox = await killed(fill, lambda one: one.id != 22 and one.id < 30, "delete_message 29")
        assert mailbox.bench.mailbox.delete(21)
        outcome = await resumed(mailbox)
        assert mailbox.bench.subjects().count("gemelle") == 1
        assert 21 not in outcome.deleted
