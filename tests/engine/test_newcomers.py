"""New mail that looks like what was chosen, and like what stood above it, where ids shift: it stays."""

from __future__ import annotations

from pectui.engine.drift import Drift
from pectui.engine.recognise import Choice, Recognition, Target
from tests.engine.conftest import OWN, Bench, BenchMaker

DATE = "Mon, 2 Mar 2026 09:00:00 +0100"


def deliver(mailbox: Bench, subject: str, text: str) -> None:
    mailbox.mailbox.deliver(subject, text, sender="a@pec.example", date=DATE)


async def listed(bench: BenchMaker) -> tuple[Bench, Choice]:
    """Ten old messages, the chosen one without its text, and its neighbour above."""
    mailbox = bench(ids="sequence")
    mailbox.fill(10)
    for subject in ("scelto", "vicino"):
        deliver(mailbox, subject, "di prima")
    message, page = await mailbox.listed("scelto")
    return mailbox, Choice(message.id, message.header, page)


def recognition(mailbox: Bench, drift: Drift) -> Recognition:
    known = [message.header for message in mailbox.seen]
    return Recognition(mailbox.service, mailbox.reader(), own=OWN, known=known, drift=drift)


class TestAPairOfLookAlikes:
    """Deletions whose answers got lost have moved the chosen one down; a pair like it and its neighbour came."""

    async def test_the_new_one_is_never_taken_for_the_chosen_one(self, bench: BenchMaker) -> None:
        mailbox, choice = await listed(bench)
        drift = Drift()
        drift.ids_shift = True
        for number in (0, 1):
            mailbox.delete_as_another_client(f"Messaggio {number:04}")
            drift.may_have_gone(number + 1)
        for subject in ("scelto", "vicino"):
            deliver(mailbox, subject, "di adesso")
        looked = await recognition(mailbox, drift).look(choice)
        assert not isinstance(looked, Target) or looked.fingerprint.id == choice.id - 2

    async def test_what_is_known_to_have_gone_leaves_no_doubt(self, bench: BenchMaker) -> None:
        mailbox, choice = await listed(bench)
        drift = Drift()
        drift.ids_shift = True
        for number in (0, 1):
            mailbox.delete_as_another_client(f"Messaggio {number:04}")
            drift.went(number + 1)
        for subject in ("scelto", "vicino"):
            deliver(mailbox, subject, "di adesso")
        looked = await recognition(mailbox, drift).look(choice)
        assert isinstance(looked, Target)
        assert (await mailbox.service.get_message(drift.now(choice.id))).body == "di prima"
