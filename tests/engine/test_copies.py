"""Messages that agree to the last letter: where one is chosen and the other stays, never both go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pectui.engine.prepare import Prepared
from tests.engine.conftest import BOTH_IDS, Bench, BenchMaker
from tests.engine.sent import Line


def filled(bench: BenchMaker, ids: str, *, above: int = 3) -> Bench:
    """Two copies between other messages, `above` of them newer."""
    mailbox = bench(ids=ids)
    mailbox.fill(5)
    mailbox.deliver_twins("uguale", "uguale")
    mailbox.fill(above, subject="Dopo")
    return mailbox


async def lower_one(mailbox: Bench) -> Prepared:
    """The plan for the older copy, as somebody chooses it who has read it."""
    await mailbox.listed("gemelle")
    copies = sorted((one for one in mailbox.seen if one.header.subject == "gemelle"), key=lambda one: one.id)
    return await mailbox.prepare((copies[0], 1), texts=[await mailbox.text(copies[0])])


def take_the_lower_one(mailbox: Bench) -> None:
    """Another client deletes what was chosen."""
    assert mailbox.mailbox.delete(6)


@BOTH_IDS
class TestCopies:
    @pytest.mark.parametrize("above", [0, 3])
    async def test_one_of_them_goes(self, bench: BenchMaker, ids: str, above: int) -> None:
        mailbox = filled(bench, ids, above=above)
        outcome = await mailbox.delete(await lower_one(mailbox))
        assert (outcome.deleted, mailbox.subjects().count("gemelle")) == ((6,), 1)

    @pytest.mark.parametrize("above", [0, 3])
    async def test_the_other_stays_where_somebody_took_the_chosen_one(
        self, bench: BenchMaker, ids: str, above: int
    ) -> None:
        mailbox = filled(bench, ids, above=above)
        prepared = await lower_one(mailbox)
        take_the_lower_one(mailbox)
        outcome = await mailbox.delete(prepared)
        assert outcome.deleted == ()
        assert "another message looks the same" in outcome.refused[0].reason
        assert mailbox.subjects().count("gemelle") == 1

    @pytest.mark.parametrize("when", ["list_inbox", "get_message"])
    async def test_also_where_it_is_taken_between_one_look_and_the_next(
        self, bench: BenchMaker, ids: str, when: str
    ) -> None:
        mailbox = filled(bench, ids)
        prepared = await lower_one(mailbox)
        line: Any = Line(replace(mailbox), before={when: first(lambda: take_the_lower_one(mailbox))})
        mailbox.service = line
        outcome = await mailbox.delete(prepared)
        assert outcome.deleted == ()
        assert mailbox.subjects().count("gemelle") == 1

    async def test_what_goes_elsewhere_leaves_both_to_be_counted(self, bench: BenchMaker, ids: str) -> None:
        """Ids may have moved, but there are two of them still: whichever goes, one is left."""
        mailbox = filled(bench, ids)
        prepared = await lower_one(mailbox)
        mailbox.delete_as_another_client("Messaggio 0002")
        outcome = await mailbox.delete(prepared)
        assert (outcome.deleted, mailbox.subjects().count("gemelle")) == ((6,), 1)

    async def test_one_goes_where_the_other_is_pages_away(self, bench: BenchMaker, ids: str) -> None:
        mailbox = far_apart(bench, ids)
        outcome = await mailbox.delete(await lower_one(mailbox))
        assert (outcome.deleted, mailbox.subjects().count("gemelle")) == ((6,), 1)

    async def test_the_other_one_pages_away_stays_too(self, bench: BenchMaker, ids: str) -> None:
        mailbox = far_apart(bench, ids)
        prepared = await lower_one(mailbox)
        take_the_lower_one(mailbox)
        outcome = await mailbox.delete(prepared)
        assert outcome.deleted == ()
        assert mailbox.subjects().count("gemelle") == 1


def far_apart(bench: BenchMaker, ids: str) -> Bench:
    """Nothing was listed above the newer copy, so that nobody there can bear witness."""
    mailbox = bench(ids=ids)
    mailbox.fill(5)
    mailbox.deliver_twins("uguale")
    mailbox.fill(40, subject="Dopo")
    mailbox.deliver_twins("uguale")
    return mailbox


def first(act: Callable[[], None]) -> Callable[[], None]:
    """Does it the first time it is called."""
    left = [act]

    def fire() -> None:
        if left:
            left.pop()()

    return fire
