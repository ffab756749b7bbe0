"""Bulk deletion, whatever happens: nothing unchosen goes, and of everything chosen the truth is told."""

from __future__ import annotations

import pytest

from tests.engine.at_random import Case, Tried, try_out

MANY = range(72)
"""`python -m tests.benchmarking.deletions 10000` tries more of them."""


async def checked(case: Case) -> Tried:
    tried = await try_out(case)
    assert tried.wrong == (), "nothing goes that nobody chose"
    assert not tried.untold, "each chosen message stands in one of the four lists"
    assert tried.lied == (), "what is said to be gone is gone, and what is said to be left alone is"
    assert tried.outcome.requested == tried.chosen
    assert all(one.reason for one in (*tried.outcome.refused, *tried.outcome.failed))
    return tried


class TestWhateverHappens:
    """Ids that shift or not, any matching and order, mail that arrives, another hand, answers that get lost."""

    @pytest.mark.parametrize("seed", MANY)
    async def test_only_the_chosen_go_and_of_each_the_truth_is_told(self, seed: int) -> None:
        await checked(Case.of(seed))

    def test_every_way_of_the_server_meets_every_disturbance(self) -> None:
        cases = [Case.of(seed) for seed in MANY]
        ways = {(one.ids, one.first_uid, one.match, one.order, one.concurrency) for one in cases}
        assert len(ways) == 24
        for disturbance in ("arriving", "another_hand", "lost"):
            met = {(one.ids, one.concurrency) for one in cases if getattr(one, disturbance)}
            assert len(met) == 4, disturbance


class TestWhereNothingHappens:
    """Nothing is left without need."""

    @pytest.mark.parametrize("seed", range(1000, 1024))
    async def test_all_goes_but_twins_that_nobody_can_tell_apart(self, seed: int) -> None:
        outcome = (await checked(Case.of(seed, quiet=True))).outcome
        assert (outcome.failed, outcome.already_gone) == ((), ())
        assert {one.reason.split(",")[0] for one in outcome.refused} <= {"another message looks the same"}
        assert len(outcome.deleted) > len(outcome.refused)
