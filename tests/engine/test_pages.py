"""Paging through a mailbox whose service counts in its own way, while others work in it."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pectui.domain.message import Header, Listing
from pectui.engine.pages import PageReader
from pectui.engine.service import Service
from pectui.errors import ProtocolError, RejectedError
from tests.engine.conftest import NOW, OWN, BenchMaker, ids_of, make_bench

EVERY_READING = [
    dict(zip(("ids", "first_page", "pages", "order", "echo_page", "before_first"), values, strict=True))
    for values in itertools.product(
        ("uid", "sequence"),
        (0, 1),
        ("floor", "ceil"),
        ("newest", "oldest"),
        (True, False),
        ("first", "empty"),
    )
]


def named(options: dict[str, Any]) -> str:
    return "-".join(str(value) for value in options.values())


class TestEveryReadingOfTheService:
    """However the service counts, each message comes once."""

    @pytest.mark.parametrize("options", EVERY_READING, ids=named)
    @pytest.mark.parametrize("count", [0, 1, 25, 26, 51])
    async def test_each_message_comes_once(
        self, bench: BenchMaker, options: dict[str, Any], count: int
    ) -> None:
        mailbox = bench(**options)
        mailbox.fill(count)
        messages = await mailbox.everything()
        assert sorted(message.header.subject for message in messages) == sorted(mailbox.subjects())

    async def test_the_first_reading_of_981_messages_takes_40_requests(self, bench: BenchMaker) -> None:
        mailbox = bench(messages=981)
        assert len(await mailbox.everything()) == 981
        assert len(mailbox.app.requests) == 40

    async def test_the_last_page_holds_the_one_message_left(self, bench: BenchMaker) -> None:
        mailbox = bench(pages="floor")
        mailbox.fill(26)
        reader = mailbox.reader()
        first = await reader.page(1)
        last = await reader.following(first)
        assert (first.pages, len(first.messages), first.has_next) == (2, 25, True)
        assert ([message.header.subject for message in last.messages], last.has_next) == (
            ["Messaggio 0000"],
            False,
        )

    async def test_an_empty_mailbox_is_one_empty_page(self, bench: BenchMaker) -> None:
        page = await bench().reader().page(1)
        assert (page.messages, page.total, page.pages, page.has_next, page.warnings) == ((), 0, 1, False, ())

    async def test_a_page_beyond_the_end_is_empty(self, bench: BenchMaker) -> None:
        mailbox = bench()
        mailbox.fill(30)
        page = await mailbox.reader().page(7)
        assert (page.messages, page.has_next) == ((), False)

    async def test_a_service_that_lists_the_oldest_first_is_told(self, bench: BenchMaker) -> None:
        mailbox = bench(order="oldest")
        mailbox.fill(60)
        page = await mailbox.reader().page(1)
        assert page.warnings == ("This service lists the oldest messages first: the newest are on page 3.",)
        assert page.messages[0].header.subject == "Messaggio 0024", (
            "newest first within the page all the same"
        )

    async def test_a_search_is_paged_like_the_inbox(self, bench: BenchMaker) -> None:
        mailbox = bench()
        mailbox.fill(60)
        mailbox.fill(30, subject="Fattura")
        pages = [page async for page in mailbox.reader("Fattura").everything()]
        assert len(ids_of(pages)) == 30
        assert {page.total for page in pages} == {30}


class Odd:
    """A service that answers `list_inbox` alone, from a function of the page number."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[int | None] = []

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        self.asked.append(page)
        listing = self.answer(page)
        assert isinstance(listing, Listing)
        return listing


def rows(*ids: int) -> tuple[Header, ...]:
    """Headers, the lower the id the newer."""
    return tuple(
        Header(i, format_datetime(NOW - timedelta(minutes=i)), f"m{i}", "a@b.example", "c@d.example")
        for i in ids
    )


def reader_of(odd: Odd) -> PageReader:
    service: Any = odd
    fits: Service = service
    return PageReader(fits, own=OWN, clock=lambda: NOW)


class TestServersThatGoWrong:
    """No server keeps a reading going for ever, and none loses messages without a word."""

    async def test_the_same_page_for_every_number_ends_with_a_warning(self) -> None:
        odd = Odd(lambda page: Listing(rows(*range(25)), 100, 1, 4))
        pages = [page async for page in reader_of(odd).everything()]
        assert sorted(ids_of(pages)) == list(range(25))
        assert "seems to ignore page numbers" in pages[-1].warnings[0]
        assert "25 of 100" in pages[-1].warnings[0]
        assert len(odd.asked) <= 4

    async def test_the_same_page_is_not_shown_as_another_one(self) -> None:
        odd = Odd(lambda page: Listing(rows(*range(25)), 100, 1, 4))
        page = await reader_of(odd).page(3)
        assert (page.messages, page.has_next) == ((), False)
        assert "seems to ignore page numbers" in page.warnings[0]

    async def test_a_total_that_is_never_reached_ends_with_a_warning(self) -> None:
        odd = Odd(lambda page: Listing(rows(*range(10)) if page in (None, 1) else (), 1000, 1, 40))
        pages = [page async for page in reader_of(odd).everything()]
        assert len(ids_of(pages)) == 10
        assert "counts 1000 messages but listed 10" in pages[-1].warnings[0]

    async def test_no_total_at_all_is_read_until_a_page_is_empty(self) -> None:
        def answer(page: int | None) -> Listing:
            at = (page or 1) - 1
            return Listing(rows(*range(25 * at, min(25 * at + 25, 60))), None, page or 1, None)

        pages = [page async for page in reader_of(Odd(answer)).everything()]
        assert sorted(ids_of(pages)) == list(range(60))
        assert pages[0].pages is None

    @pytest.mark.parametrize("status", [400, 404])
    async def test_a_refused_page_number_is_the_end(self, status: int) -> None:
        def answer(page: int | None) -> Listing:
            if page in (None, 1):
                return Listing(rows(*range(25)), 40, 1, 1)
            raise RejectedError("no", status=status)

        pages = [page async for page in reader_of(Odd(answer)).everything()]
        assert len(ids_of(pages)) == 25
        assert "counts 40 messages but listed 25" in pages[-1].warnings[0]

    async def test_an_error_is_an_error_and_never_an_empty_page(self) -> None:
        def answer(page: int | None) -> Listing:
            if page in (None, 1):
                return Listing(rows(*range(25)), 40, 1, 2)
            raise RejectedError("MySQL Error 2006", status=500)

        reader = reader_of(Odd(answer))
        first = await reader.page(1)
        with pytest.raises(RejectedError):
            await reader.following(first)

    async def test_rows_that_could_not_be_read_are_told_and_do_not_loop(self) -> None:
        def answer(page: int | None) -> Listing:
            if page in (None, 1):
                return Listing(rows(*range(24)), 49, 1, 2, skipped=1, warnings=("A row was skipped.",))
            return Listing(rows(*range(25, 49)) if page == 2 else (), 49, page, 2)

        pages = [page async for page in reader_of(Odd(answer)).everything()]
        assert len(ids_of(pages)) == 48
        assert pages[0].warnings[0] == "A row was skipped."

    async def test_a_server_with_smaller_pages_is_believed(self) -> None:
        def answer(page: int | None) -> Listing:
            at = 10 * ((page or 1) - 1)
            return Listing(rows(*range(at, min(at + 10, 35))), 35, page or 1, 4)

        reader = reader_of(Odd(answer))
        assert (await reader.page(1)).pages == 4
        assert sorted([i async for page in reader.everything() for i in ids_of([page])]) == list(range(35))

    async def test_a_short_first_page_does_not_outvote_the_number_of_pages(self) -> None:
        """The vendor's own sample: three rows of 981, 39 pages, and the page it echoes is 39."""
        odd = Odd(lambda page: Listing(rows(1, 2, 3), 981, 39, 39))
        pages = [page async for page in reader_of(odd).everything()]
        assert pages[0].pages == 40
        assert ids_of(pages) == [1, 2, 3]
        assert len(odd.asked) == 3

    async def test_a_page_below_one_makes_no_sense(self) -> None:
        with pytest.raises(ValueError, match="counted from 1"):
            await reader_of(Odd(lambda page: Listing((), 0, 1, 1))).page(0)

    async def test_a_protocol_error_passes_through(self) -> None:
        def answer(page: int | None) -> Listing:
            raise ProtocolError("not JSON")

        with pytest.raises(ProtocolError):
            await reader_of(Odd(answer)).page(1)


@pytest.mark.parametrize("ids", ["uid", "sequence"])
class TestOthersAtWork:
    """Between two pages mail comes and goes: each message that stays is seen once."""

    async def test_what_slides_up_when_mail_is_deleted_is_not_missed(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(60)
        reader = mailbox.reader()
        first = await reader.page(1)
        for number in (59, 50, 40):
            mailbox.delete_as_another_client(f"Messaggio {number:04}")
        second = await reader.following(first)
        third = await reader.following(second)
        seen = [message.header.subject for page in (first, second, third) for message in page.messages]
        assert len(seen) == len(set(seen)) == 60
        assert len(second.messages) == 28, "the three that slid up come first"

    async def test_what_slides_down_when_mail_comes_is_not_shown_twice(
        self, bench: BenchMaker, ids: str
    ) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(60)
        reader = mailbox.reader()
        first = await reader.page(1)
        mailbox.fill(5, subject="Nuovo")
        second = await reader.following(first)
        third = await reader.following(second)
        seen = [message.header.subject for page in (first, second, third) for message in page.messages]
        assert sorted(seen) == [f"Messaggio {number:04}" for number in range(60)]

    async def test_more_than_a_page_may_vanish(self, bench: BenchMaker, ids: str) -> None:
        mailbox = bench(ids=ids)
        mailbox.fill(150)
        reader = mailbox.reader()
        pages = [await reader.page(1)]
        pages += [await reader.following(pages[-1])]
        pages += [await reader.following(pages[-1])]
        for number in range(90, 150):
            mailbox.delete_as_another_client(f"Messaggio {number:04}")
        while pages[-1].messages:
            pages.append(await reader.following(pages[-1]))
        seen = [message.header.subject for page in pages for message in page.messages]
        assert len(seen) == len(set(seen)) == 150


class TestAnyInterleaving:
    """Whatever happens between two pages: nobody who stays is missed, nobody comes twice."""

    @settings(deadline=None, max_examples=60)
    @given(
        ids=st.sampled_from(["uid", "sequence"]),
        first_page=st.sampled_from([0, 1]),
        count=st.integers(0, 90),
        steps=st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 89), max_size=12)), max_size=4),
    )
    def test_deletions_or_arrivals_between_pages(
        self, ids: str, first_page: int, count: int, steps: list[tuple[bool, list[int]]]
    ) -> None:
        asyncio.run(self.page_through(ids, first_page, count, steps))

    async def page_through(
        self, ids: str, first_page: int, count: int, steps: list[tuple[bool, list[int]]]
    ) -> None:
        mailbox = make_bench(ids=ids, first_page=first_page)
        mailbox.fill(count)
        reader = mailbox.reader()
        pages = [await reader.page(1)]
        arrived = 0
        for arrival, numbers in steps:
            if arrival:
                mailbox.fill(len(numbers), subject=f"Nuovo {arrived}")
                arrived += 1
            else:
                for number in {f"Messaggio {number:04}" for number in numbers} & set(mailbox.subjects()):
                    mailbox.delete_as_another_client(number)
            pages.append(await reader.following(pages[-1]))
        for _ in range(10):
            if not pages[-1].messages:
                break
            pages.append(await reader.following(pages[-1]))
        seen = [message.header.subject for page in pages for message in page.messages]
        assert len(seen) == len(set(seen)), "shown twice"
        stayed = {subject for subject in mailbox.subjects() if subject.startswith("Messaggio")}
        if pages[-1].messages == ():
            assert stayed <= set(seen), "missed"
