"""What every store does, on the disk and in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pectui.domain.message import Header
from pectui.store.mailbox import MailboxStore
from pectui.store.memory import MemoryStore, Store
from pectui.store.remembered import Finding, Remembered, Summary
from tests.store.samples import LATER, NOON, header, headers


class TestRecalling:
    def test_gives_what_the_last_listing_showed_under_the_id(self, store: Store) -> None:
        store.remember(headers([1, 2, 3]), 1, NOON)
        store.remember([header(2, "altro")], 4, LATER)
        assert store.recall(1) == Remembered(header(1), 1, NOON)
        assert store.recall(2) == Remembered(header(2, "altro"), 4, LATER)

    def test_gives_nothing_for_an_id_that_was_never_listed(self, store: Store) -> None:
        assert store.recall(1) is None
        store.remember(headers([1]), 1, NOON)
        assert store.recall(2) is None

    def test_knows_no_page_where_there_was_none(self, store: Store) -> None:
        store.remember(headers([1]), None, NOON)
        remembered = store.recall(1)
        assert remembered is not None
        assert remembered.page is None

    def test_gives_many_at_once_and_leaves_out_what_was_never_listed(self, store: Store) -> None:
        store.remember(headers(range(0, 2000, 2)), 1, NOON)
        found = store.recall_many([1998, 5, 4, 4, -1])
        assert found == {4: Remembered(header(4), 1, NOON), 1998: Remembered(header(1998), 1, NOON)}
        assert list(found) == [4, 1998]

    @pytest.mark.parametrize("message_id", [0, -3, 1, 2**31, 2**40, 2**64 + 1, 10**40])
    def test_takes_any_integer_for_an_id(self, store: Store, message_id: int) -> None:
        store.remember(headers([message_id, 7]), 1, NOON)
        assert store.recall(message_id) == Remembered(header(message_id), 1, NOON)
        assert store.recall(message_id + 1) is None

    def test_the_later_row_counts_where_a_listing_shows_an_id_twice(self, store: Store) -> None:
        store.remember([header(1), header(1, "altro")], 1, NOON)
        assert store.recall(1) == Remembered(header(1, "altro"), 1, NOON)
        assert store.summary().count == 1

    def test_tells_times_in_utc(self, store: Store) -> None:
        rome = datetime(2026, 3, 2, 13, 0, tzinfo=timezone(timedelta(hours=1)))
        store.remember(headers([1]), 1, rome)
        store.remember(headers([2]), 1, datetime(2026, 3, 2, 12, 0))  # no zone: UTC
        for message_id in (1, 2):
            remembered = store.recall(message_id)
            assert remembered is not None
            assert remembered.listed_at == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
            assert remembered.listed_at.tzinfo == UTC


class TestForeignText:
    @pytest.mark.parametrize(
        "text", ["", "È già lì", "\x1b[31m\x00\r\n", "\ufffd", "😀", '"\\', "x" * 100_000]
    )
    def test_comes_back_as_it_was(self, store: Store, text: str) -> None:
        strange = Header(1, text, text, text, text)
        store.remember([strange], 1, NOON)
        assert store.recall(1) == Remembered(strange, 1, NOON)

    def test_lone_surrogates_become_the_replacement_character(self, store: Store) -> None:
        store.remember([Header(1, "a\ud800", "\udfff b", "c\ud83dd", "\ud83d\ude00")], 1, NOON)
        assert store.recall(1) == Remembered(Header(1, "a\ufffd", "\ufffd b", "c\ufffdd", "😀"), 1, NOON)


class TestForgetting:
    def test_takes_just_these_away(self, store: Store) -> None:
        store.remember(headers(range(10)), 1, NOON)
        store.forget([3, 4, 99])
        assert store.recall(3) is None
        assert store.recall(5) == Remembered(header(5), 1, NOON)
        assert store.summary().count == 8

    def test_of_what_never_was_does_nothing(self, store: Store) -> None:
        store.forget([1, 2])
        assert store.summary() == Summary(0, 0, None, None)

    def test_what_was_forgotten_can_be_remembered_again(self, store: Store) -> None:
        store.remember(headers(range(1000)), 1, NOON)
        store.forget(range(1000))
        store.remember(headers([500]), 2, LATER)
        assert store.recall(500) == Remembered(header(500), 2, LATER)
        assert store.summary().count == 1


class TestSummary:
    def test_counts_and_names_the_first_and_the_last_listing(self, store: Store) -> None:
        store.remember(headers([1, 2]), 1, LATER)
        store.remember(headers([3]), 2, NOON)
        summary = store.summary()
        assert (summary.count, summary.oldest, summary.newest) == (3, NOON, LATER)


class TestFinding:
    def test_is_unknown_at_first_and_then_the_last_one(self, store: Store) -> None:
        assert store.finding() is None
        store.remember_finding(True, NOON)
        assert store.finding() == Finding(True, NOON)
        store.remember_finding(False, LATER)
        assert store.finding() == Finding(False, LATER)

    def test_is_no_message(self, store: Store) -> None:
        store.remember_finding(True, NOON)
        assert store.summary().count == 0


class TestClearing:
    def test_forgets_everything(self, store: Store) -> None:
        store.remember(headers(range(1000)), 1, NOON)
        store.remember_finding(True, NOON)
        store.clear()
        assert store.recall(1) is None
        assert store.finding() is None
        assert store.summary() == Summary(0, 0, None, None)

    def test_of_nothing_is_fine(self, store: Store) -> None:
        store.clear()
        assert store.summary().count == 0


class TestThreads:
    def test_many_at_once_lose_nothing(self, store: Store) -> None:
        def fill(first: int) -> None:
            for number in range(10):
                store.remember(headers(range(first + number * 100, first + number * 100 + 100, 4)), 1, NOON)

        threads = [Thread(target=fill, args=(first,)) for first in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.recall_many(range(1000))) == 1000


_RANGES = st.builds(
    lambda first, count, step: range(first, first + count * step, step),
    st.integers(-1500, 3000) | st.just(2**40),
    st.integers(1, 900),
    st.sampled_from([1, 3, 10**6]),
)


class TestTheTwoStores:
    @settings(
        max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    )
    @given(changes=st.lists(st.tuples(st.booleans(), _RANGES), min_size=1, max_size=8))
    def test_agree_whatever_is_remembered_and_forgotten(
        self, tmp_path: Path, changes: list[tuple[bool, range]]
    ) -> None:
        model, folder = MemoryStore(), Path(mkdtemp(dir=tmp_path))
        kept = MailboxStore(folder)
        for page, (remembering, ids) in enumerate(changes):
            for store in (model, kept):
                if remembering:
                    store.remember(headers(ids), page, NOON)
                else:
                    store.forget(ids)
        touched = {message_id for _, ids in changes for message_id in ids}
        for store in (kept, MailboxStore(folder)):
            assert store.recall_many(touched) == model.recall_many(touched)
            assert store.summary().count == model.summary().count
