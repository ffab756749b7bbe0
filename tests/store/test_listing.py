"""What every store remembers of the whole mailbox's listing, on the disk and in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pectui.domain.listing import FRONT, ListingChange, Placed, Scan, Synced
from pectui.domain.message import Header
from pectui.store.mailbox import MailboxStore
from pectui.store.memory import MemoryStore, Store
from pectui.store.remembered import Remembered
from tests.store.samples import AGREED, LATER, NOON, changed, header, headers, ids, placed


class TestWithoutAListing:
    def test_nothing_is_known_and_nothing_claimed(self, store: Store) -> None:
        assert store.synced() == Synced()
        assert store.listing() == (Synced(), [])

    def test_what_was_shown_is_no_listing(self, store: Store) -> None:
        store.remember(headers([1, 2]), 1, NOON)
        store.remember_finding(True, NOON)
        assert store.listing() == (Synced(), [])


class TestWhatIsKnown:
    def test_comes_back_as_it_was_given_with_what_the_store_says(self, store: Store) -> None:
        given = Synced(
            version=99,
            count=99,
            total=7,
            unlisted=2,
            oldest_first=True,
            agreed_at=NOON,
            full_at=LATER,
            scan=Scan(NOON, -16),
            highest=500,
            ids_shift=True,
            front=(header(99),),
        )
        after = changed(store, placed([1, 2]), synced=given)
        assert after == replace(given, version=1, count=2, front=(header(2), header(1)))
        assert store.synced() == store.listing()[0] == after

    def test_may_be_unknown(self, store: Store) -> None:
        given = Synced(scan=Scan(NOON, None))
        assert changed(store, synced=given) == replace(given, version=1)
        assert store.synced() == replace(given, version=1)

    def test_has_its_times_in_utc(self, store: Store) -> None:
        rome = datetime(2026, 3, 2, 13, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
        nowhere = datetime(2026, 3, 2, 12, 0, 0, 250_000)  # no zone: UTC
        changed(store, synced=Synced(agreed_at=rome, full_at=nowhere, scan=Scan(rome, None)))
        synced = store.synced()
        assert synced.scan is not None
        for moment in (synced.agreed_at, synced.full_at, synced.scan.began_at):
            assert moment == NOON
            assert moment.tzinfo == NOON.tzinfo

    def test_names_no_highest_rank_below_a_message(self, store: Store) -> None:
        assert changed(store, placed([5]), synced=Synced(highest=3)).highest == 5 * 16
        assert changed(store, removed=(5,), synced=Synced(highest=90)).highest == 90


class TestChanging:
    def test_puts_messages_where_their_ranks_say(self, store: Store) -> None:
        changed(store, (Placed(header(1), 0), Placed(header(2), -16), Placed(header(3), 16)))
        changed(store, (Placed(header(4), 8),))
        assert store.listing()[1] == [
            Placed(header(3), 16),
            Placed(header(4), 8),
            Placed(header(1), 0),
            Placed(header(2), -16),
        ]

    def test_gives_a_message_one_place(self, store: Store) -> None:
        changed(store, placed([1, 2, 3]))
        after = changed(store, (Placed(header(1, "altro"), 100), Placed(header(1, "ancora"), 200)))
        assert after.count == 3
        assert store.listing()[1] == [Placed(header(1, "ancora"), 200), *placed([3, 2])]

    def test_takes_messages_out_and_does_not_mind_who_is_not_there(self, store: Store) -> None:
        changed(store, placed(range(10)))
        after = changed(store, removed=(3, 4, 99))
        assert after.count == 8
        assert ids(store) == [9, 8, 7, 6, 5, 2, 1, 0]

    def test_can_change_what_is_known_alone(self, store: Store) -> None:
        before = changed(store, placed([1]))
        after = changed(store, synced=replace(AGREED, agreed_at=LATER))
        assert after == replace(before, version=2, agreed_at=LATER)
        assert store.listing() == (after, list(placed([1])))

    def test_that_was_made_from_another_version_is_not_done(self, store: Store) -> None:
        for base in (1, -1):
            assert store.change_listing(ListingChange(base, AGREED, placed([1]))) is None
        assert store.listing() == (Synced(), [])
        changed(store, placed([1]))
        after = changed(store, placed([2]))
        for base in (0, 1, 3):
            assert store.change_listing(ListingChange(base, Synced(), placed([9]), (1,))) is None
        assert store.listing() == (after, list(placed([2, 1])))

    def test_orders_equal_ranks_by_ids(self, store: Store) -> None:
        changed(store, tuple(Placed(header(number), number // 1000) for number in range(2000)))
        assert ids(store) == list(range(1999, -1, -1))
        assert store.synced().front == tuple(headers(range(1999, 1999 - FRONT, -1)))

    @pytest.mark.parametrize("message_id", [0, -3, 2**31, 2**64 + 1, 10**40])
    def test_takes_any_integer_for_an_id_and_for_a_rank(self, store: Store, message_id: int) -> None:
        changed(store, (Placed(header(message_id), -message_id), Placed(header(7), 0)))
        assert Placed(header(message_id), -message_id) in store.listing()[1]

    def test_all_ids_at_once_as_when_they_shift(self, store: Store) -> None:
        changed(store, placed(range(3000)))
        shifted = tuple(Placed(header(number, "spostato"), (number + 1) * 16) for number in range(2999))
        assert changed(store, shifted, (2999,)).count == 2999
        assert store.listing()[1] == sorted(shifted, key=lambda one: one.rank, reverse=True)


class TestTheFront:
    def test_is_what_stands_first(self, store: Store) -> None:
        assert changed(store, placed(range(1000))).front == tuple(headers(range(999, 999 - FRONT, -1)))

    def test_is_all_where_there_is_little(self, store: Store) -> None:
        assert changed(store, placed(range(3))).front == tuple(headers([2, 1, 0]))
        assert changed(store, removed=(2,)).front == tuple(headers([1, 0]))
        assert changed(store, removed=(0, 1)).front == ()

    def test_moves_on_when_mail_comes_and_back_when_it_goes(self, store: Store) -> None:
        changed(store, placed(range(1000)))
        changed(store, placed(range(1000, 1010)))
        assert store.synced().front == tuple(headers(range(1009, 1009 - FRONT, -1)))
        changed(store, removed=tuple(range(990, 1010)))
        assert store.synced().front == tuple(headers(range(989, 989 - FRONT, -1)))
        changed(store, removed=tuple(range(100, 990)))
        assert store.synced().front == tuple(headers(range(99, 99 - FRONT, -1)))

    def test_shows_a_message_as_it_is_now_and_where_it_is_now(self, store: Store) -> None:
        changed(store, placed(range(1000)))
        changed(store, (Placed(header(3, "altro"), 10**6), Placed(header(999), -1)))
        assert store.synced().front == (header(3, "altro"), *headers(range(998, 998 - FRONT + 1, -1)))

    def test_does_not_change_with_what_is_found_below(self, store: Store) -> None:
        before = changed(store, placed(range(1000)))
        assert changed(store, placed(range(-1000, 0))).front == before.front


class TestForeignText:
    @pytest.mark.parametrize(
        "text", ["", "È già lì", "\x1b[31m\x00\r\n", "\ufffd", "😀", '"\\', "x" * 100_000]
    )
    def test_comes_back_as_it_was(self, store: Store, text: str) -> None:
        strange = Header(1, text, text, text, text)
        assert changed(store, (Placed(strange, 0),)).front == (strange,)
        assert store.synced().front == (strange,)
        assert store.listing()[1] == [Placed(strange, 0)]

    def test_lone_surrogates_become_the_replacement_character(self, store: Store) -> None:
        strange = Header(1, "a\ud800", "\udfff b", "c\ud83dd", "\ud83d\ude00")
        clean = Header(1, "a\ufffd", "\ufffd b", "c\ufffdd", "😀")
        assert changed(store, (Placed(strange, 0),)).front == (clean,)
        assert store.listing()[1] == [Placed(clean, 0)]


class TestBesideWhatWasShown:
    def test_a_change_of_the_listing_leaves_what_an_id_was_shown_as(self, store: Store) -> None:
        store.remember(headers([1, 2]), 1, NOON)
        before = store.summary()
        changed(store, placed([1, 3], "altro"))
        changed(store, removed=(1,))
        assert store.recall_many([1, 2, 3]) == {
            number: Remembered(header(number), 1, NOON) for number in (1, 2)
        }
        assert (store.summary().count, store.summary().newest) == (before.count, before.newest)

    def test_what_is_shown_and_forgotten_leaves_the_listing(self, store: Store) -> None:
        after = changed(store, placed([1, 2]))
        store.remember(headers([1, 5], "altro"), 1, NOON)
        store.forget([1, 2])
        assert store.listing() == (after, list(placed([2, 1])))


class TestClearing:
    def test_empties_the_listing_but_fits_nothing_that_was_made_before(self, store: Store) -> None:
        before = changed(store, placed(range(1000)))
        store.clear()
        after = store.synced()
        assert after == Synced(version=after.version)
        assert after.version > before.version
        assert store.listing() == (after, [])
        assert store.kept().messages == 0
        for base in (0, before.version):
            assert store.change_listing(ListingChange(base, AGREED, placed([1]))) is None
        changed(store, placed([7]))
        assert ids(store) == [7]

    def test_twice_is_fine(self, store: Store) -> None:
        store.clear()
        assert store.synced() == Synced()
        changed(store, placed([1]))
        store.clear()
        version = store.synced().version
        store.clear()
        assert store.synced().version > version


class TestThreads:
    def test_that_try_again_where_another_was_first_lose_nothing(self, store: Store) -> None:
        def fill(first: int) -> None:
            for number in range(first, first + 80, 4):
                while True:
                    synced = store.synced()
                    change = ListingChange(
                        synced.version, replace(AGREED, total=(synced.total or 0) + 1), placed([number])
                    )
                    if store.change_listing(change):
                        break

        threads = [Thread(target=fill, args=(first,)) for first in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert ids(store) == list(range(79, -1, -1))
        assert (store.synced().version, store.synced().total) == (80, 80)


_RANGES = st.builds(
    lambda first, count, step: range(first, first + count * step, step),
    st.integers(-1500, 3000) | st.just(2**40),
    st.integers(1, 900),
    st.sampled_from([1, 3, 10**6]),
)
_RANKS = st.sampled_from([(1, 0), (-1, 0), (0, 5), (7, 1000)])
_CHANGES = st.tuples(_RANGES, st.none() | _RANGES, _RANKS, st.booleans())


class TestTheTwoStores:
    @settings(
        max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    )
    @given(changes=st.lists(_CHANGES, min_size=1, max_size=8))
    def test_agree_whatever_changes(
        self, tmp_path: Path, changes: list[tuple[range, range | None, tuple[int, int], bool]]
    ) -> None:
        model, folder = MemoryStore(), Path(mkdtemp(dir=tmp_path))
        kept = MailboxStore(folder)
        for gone, come, (factor, plus), reopened in changes:
            put = () if come is None else tuple(Placed(header(one), one * factor + plus) for one in come)
            removed = tuple(set(gone) - set(come or ()))
            expected = changed(model, put, removed)
            store = MailboxStore(folder) if reopened else kept
            assert changed(store, put, removed) == expected
            assert store.listing() == model.listing()
            assert kept.synced() == expected
        assert kept.take_warnings() == ()
