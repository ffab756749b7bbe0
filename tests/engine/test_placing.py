"""Ranks: whatever becomes of a stretch of the listing, it reads as it should, and what can stay is not written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.listing import RANK_STEP, ListingChange, Placed, Synced
from pectui.domain.message import Header
from pectui.engine.listing import Listing
from pectui.engine.placing import Edit, edit, on_top, renumbered
from pectui.engine.rising import longest_rising


def header(message_id: int, subject: str = "") -> Header:
    return Header(
        message_id, "Mon, 2 Mar 2026 09:00:00 +0100", subject or f"n. {message_id}", "a@b.example", ""
    )


def placed(ids: Sequence[int], step: int = RANK_STEP, top: int = 1_000_000) -> list[Placed]:
    return [Placed(header(message_id), top - step * at) for at, message_id in enumerate(ids)]


def applied(before: Sequence[Placed], done: Edit) -> list[Placed]:
    listing = Listing(Synced(), before)
    listing.apply(ListingChange(0, Synced(), done.put, done.removed), Synced())
    return list(listing.placed)


IDS = st.lists(st.integers(1, 40), unique=True, max_size=30)


class TestEdit:
    @given(IDS, IDS)
    def test_makes_one_stretch_read_as_the_other(self, old: list[int], new: list[int]) -> None:
        before, after = placed(old), [header(message_id) for message_id in new]
        done = edit(before, after) or renumbered(before, after)
        result = applied(before, done)
        assert [one.header for one in result] == after
        assert len({one.rank for one in result}) == len(after)
        assert (done.new, done.gone) == (len(set(new) - set(old)), len(set(old) - set(new)))

    @given(IDS, st.data())
    def test_writes_only_what_is_new_where_the_order_stays(self, ids: list[int], data: st.DataObject) -> None:
        kept = [one for one in ids if data.draw(st.booleans())]
        done = edit(placed(ids), [header(one) for one in kept])
        assert done is not None
        assert done.put == ()
        assert set(done.removed) == set(ids) - set(kept)

    @given(IDS, IDS)
    def test_stays_between_its_neighbours(self, old: list[int], new: list[int]) -> None:
        before = placed(old)
        above, below = 1_000_000 + RANK_STEP, 1_000_000 - RANK_STEP * (len(old) + 1)
        done = edit(before, [header(one) for one in new], above=above, below=below)
        if done is not None:
            assert all(below < one.rank < above for one in done.put)

    def test_finds_no_room_between_ranks_that_touch(self) -> None:
        before = placed([3, 1], step=1)
        assert edit(before, [header(3), header(2), header(1)]) is None

    def test_an_id_that_holds_another_message_is_one_gone_and_one_new(self) -> None:
        done = edit(placed([2, 1]), [header(2, "un altro"), header(1)])
        assert done is not None
        assert (done.new, done.gone, len(done.put), done.removed) == (1, 1, 1, ())

    def test_ids_that_only_moved_are_neither(self) -> None:
        before = [Placed(header(2, "a"), 32), Placed(header(1, "b"), 16)]
        done = edit(before, [header(1, "a")])
        assert done is not None
        assert (done.new, done.gone) == (0, 1)

    @given(st.integers(0, 30), st.integers(-100, 100))
    def test_new_mail_stands_above_all(self, count: int, highest: int) -> None:
        ranks = [one.rank for one in on_top([header(one) for one in range(1, count + 1)], highest)]
        assert ranks == sorted(set(ranks), reverse=True)
        assert all(rank > highest for rank in ranks)


class TestLongestRising:
    @given(st.lists(st.integers(0, 20), max_size=12))
    def test_rises_and_nothing_longer_does(self, values: list[int]) -> None:
        chain = [values[at] for at in longest_rising(values)]
        assert all(one < other for one, other in pairwise(chain))
        best = [1] * len(values)
        for at in range(len(values)):
            best[at] = 1 + max((best[i] for i in range(at) if values[i] < values[at]), default=0)
        assert len(chain) == max(best, default=0)


class TestListing:
    @given(IDS)
    def test_pages_hold_each_message_once(self, ids: list[int]) -> None:
        listing = Listing(Synced(), placed(ids))
        shown = [one.id for page in range(1, listing.pages + 1) for one in listing.page(page)]
        assert shown == ids
        assert [one.id for one in listing.headers] == ids

    def test_says_which_pages_it_knows_while_it_is_not_complete(self) -> None:
        listing = Listing(Synced(), placed(range(1, 61)))
        assert [listing.covers(number) for number in (1, 2, 3)] == [True, True, False]
