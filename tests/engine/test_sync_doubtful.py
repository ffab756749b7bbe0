"""A service that gives less than it counts, now and then or always: nothing is taken away for a page that failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from pectui.domain.message import Listing
from pectui.engine.listing import PAGE_SIZE
from pectui.errors import ProtocolError, UnreachableError
from pectui.sandbox.faults import parse_fault
from tests.engine.conftest import make_bench
from tests.engine.meddled import Meddled, Shortened, Uncounted
from tests.engine.mirrored import Mirrored


def mirrored(messages: int, **options: Any) -> Mirrored:
    return Mirrored(make_bench((), messages=messages, **options))


@dataclass
class Doctored:
    """The service of `mirrored`, each answer changed by `change`, which gets the page's number as it was asked for."""

    mirrored: Mirrored
    change: Callable[[int | None, Listing], Listing]

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        return self.change(page, await self.mirrored.bench.service.list_inbox(page, query))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.mirrored.bench.service, name)


def without_page(lost: int) -> Callable[[int | None, Listing], Listing]:
    return lambda page, listing: replace(listing, headers=()) if page == lost else listing


def counting(total: int) -> Callable[[int | None, Listing], Listing]:
    return lambda page, listing: replace(listing, total=total)


ONE_BAD_PAGE = pytest.mark.parametrize(
    "fault",
    ["same-page:skip=5:times=1", "400:skip=5:times=1", "same-page:skip=5:times=3", "400:skip=9:times=4"],
)


class TestABadPage:
    @ONE_BAD_PAGE
    async def test_of_a_first_reading_is_asked_for_again(self, fault: str) -> None:
        mailbox = mirrored(981)
        mailbox.bench.app.set_faults(parse_fault(f"inbox:{fault}"))
        await mailbox.run()
        await mailbox.run()
        assert mailbox.follows

    @ONE_BAD_PAGE
    async def test_of_a_full_reading_takes_nothing_away(self, fault: str) -> None:
        mailbox = mirrored(981)
        await mailbox.run()
        mailbox.bench.app.set_faults(parse_fault(f"inbox:{fault}"))
        await mailbox.run(full=True)
        assert mailbox.follows

    async def test_that_stays_bad_is_told_and_what_was_known_stays(self) -> None:
        mailbox = mirrored(981)
        await mailbox.run()
        outcome = await mailbox.run(full=True, service=Doctored(mailbox, without_page(7)))
        assert not outcome.agrees
        assert any("counts 981 messages but listed 956" in warning for warning in outcome.warnings)
        assert mailbox.follows
        assert (await mailbox.run()).agrees
        assert mailbox.follows

    async def test_takes_nothing_away_when_the_reading_is_cut_after_it(self) -> None:
        mailbox = mirrored(981)
        await mailbox.run()
        answer = without_page(7)

        def cut(page: int | None, listing: Listing) -> Listing:
            if page == 12:
                raise UnreachableError("gone")
            return answer(page, listing)

        with pytest.raises(UnreachableError):
            await mailbox.run(full=True, service=Doctored(mailbox, cut))
        assert mailbox.follows

    async def test_of_a_comparison_takes_nothing_away(self) -> None:
        mailbox = mirrored(981)
        await mailbox.run()
        mailbox.delete_places([300])
        await mailbox.run(service=Doctored(mailbox, without_page(20)))
        await mailbox.run()
        assert mailbox.follows

    async def test_of_rows_that_can_not_be_read_takes_nothing_away(self) -> None:
        mailbox = mirrored(981)
        await mailbox.run()

        def unreadable(page: int | None, listing: Listing) -> Listing:
            return replace(listing, headers=(), skipped=len(listing.headers))

        outcome = await mailbox.run(service=Doctored(mailbox, unreadable))
        assert not outcome.agrees
        assert mailbox.follows


class TestAServiceThatListsLessThanItCounts:
    async def test_is_believed_once_two_readings_found_the_same(self) -> None:
        mailbox = mirrored(300)
        service = Doctored(mailbox, counting(305))
        first = await mailbox.run(service=service)
        assert (first.agrees, first.messages, first.total) == (True, 300, 305)
        assert any("counts 305 messages but listed 300" in warning for warning in first.warnings)
        again = await mailbox.run(service=service)
        assert (again.agrees, again.pages) == (True, 1)
        assert any("counts 305" in warning for warning in again.warnings), "it is told each time"

    async def test_is_looked_at_again_soon(self) -> None:
        mailbox = mirrored(300)
        await mailbox.run(service=Doctored(mailbox, counting(305)))
        mailbox.bench.clock.now += timedelta(hours=2)
        outcome = await mailbox.run()
        assert outcome.full
        assert mailbox.store.synced().unlisted == 0

    async def test_and_whose_pages_are_short_loses_nothing_when_something_is_deleted(self) -> None:
        mailbox = mirrored(981)
        service = Shortened(mailbox)
        await mailbox.run(service=service)
        assert mailbox.follows
        mailbox.delete_places([100, 400, 700])
        await mailbox.run(service=service)
        assert mailbox.follows


class TestACountThatCanNotBe:
    @pytest.mark.parametrize("total", [10**6, 10**12, 2**70])
    async def test_is_an_error_and_costs_one_question(self, total: int) -> None:
        mailbox = mirrored(100)
        await mailbox.run()
        before = mailbox.bench.app.count("GET", "/inbox")
        with pytest.raises(ProtocolError, match="makes no sense"):
            await mailbox.run(service=Doctored(mailbox, counting(total)))
        assert mailbox.bench.app.count("GET", "/inbox") == before + 1
        assert mailbox.follows

    @pytest.mark.parametrize("order", ["newest", "oldest"])
    async def test_and_is_wrong_by_far_costs_little_and_takes_nothing_away(self, order: str) -> None:
        mailbox = mirrored(981, order=order)
        await mailbox.run()
        before = mailbox.bench.app.count("GET", "/inbox")
        outcome = await mailbox.run(service=Doctored(mailbox, counting(100_000)))
        assert any("counts 100000 messages but listed" in warning for warning in outcome.warnings)
        assert mailbox.bench.app.count("GET", "/inbox") - before < 150
        assert len(mailbox.remembered()) == 981
        await mailbox.run()
        assert mailbox.follows


class TestAServiceThatDoesNotCount:
    async def test_may_get_much_mail_while_it_is_read(self) -> None:
        mailbox = mirrored(400)
        await mailbox.run(service=Uncounted(mailbox))

        def arrive(asked: int) -> None:
            if asked == 2:
                mailbox.bench.fill(130)

        await mailbox.run(service=Uncounted(mailbox, Meddled(mailbox, arrive)))
        assert set(mailbox.listed()[130:]) <= set(mailbox.remembered())


class TestAClockThatWasWrong:
    async def test_does_not_put_off_the_next_full_reading(self) -> None:
        mailbox = mirrored(100)
        right = mailbox.bench.clock.now
        mailbox.bench.clock.now += timedelta(days=365 * 70)
        await mailbox.run()
        mailbox.bench.clock.now = right
        assert (await mailbox.run()).full
        assert not (await mailbox.run()).full

    async def test_agreement_is_claimed_for_the_time_when_the_service_was_asked(self) -> None:
        mailbox = mirrored(PAGE_SIZE * 4)

        def sleeps(asked: int) -> None:
            if asked == 3:
                mailbox.bench.clock.now += timedelta(hours=6)

        before = mailbox.bench.clock.now
        await mailbox.run(service=Meddled(mailbox, sleeps))
        agreed_at = mailbox.store.synced().agreed_at
        assert agreed_at is not None
        assert agreed_at - before < timedelta(minutes=1)


class TestIds:
    async def test_above_the_count_are_proven_stable_by_one_answer(self) -> None:
        mailbox = mirrored(60, first_uid=1000)
        await mailbox.run()
        assert mailbox.store.synced().ids_proven
        shifting = mirrored(60, ids="sequence")
        await shifting.run()
        assert not shifting.store.synced().ids_proven

    async def test_are_trusted_again_after_a_full_reading_that_proves_them(self) -> None:
        """One answer in which a subject was missing must not cost the kept texts for ever."""
        mailbox = mirrored(60, first_uid=1000)
        await mailbox.run()

        def nameless(page: int | None, listing: Listing) -> Listing:
            return replace(listing, headers=tuple(replace(row, subject="?") for row in listing.headers))

        await mailbox.run(service=Doctored(mailbox, nameless))
        assert mailbox.store.synced().ids_shift
        await mailbox.run(full=True)
        await mailbox.run(full=True)
        assert not mailbox.store.synced().ids_shift
        assert mailbox.follows
