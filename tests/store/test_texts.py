"""What every store keeps of texts, on the disk and in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

import pytest

from pectui.domain.fingerprint import hash_text
from pectui.domain.listing import KeptText
from pectui.domain.message import Header
from pectui.store.limits import TextLimits
from pectui.store.mailbox import MailboxStore
from pectui.store.memory import MemoryStore, Store
from tests.store.samples import LATER, NOON, changed, header, placed


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


Opening: TypeAlias = Callable[[TextLimits], Store]


@pytest.fixture(params=["memory", "files"])
def opened(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> Opening:
    """A new store with these limits."""
    if request.param == "memory":
        return lambda limits: MemoryStore(limits=limits, clock=clock)
    return lambda limits: MailboxStore(folder, limits=limits, clock=clock)


@pytest.fixture
def store(opened: Opening) -> Store:
    return opened(TextLimits())


class TestAText:
    def test_comes_back_with_whose_it_is_and_when_it_was_read(self, store: Store) -> None:
        assert store.text(header(1)) is None
        store.keep_text(header(1), "Gentile cliente", NOON)
        assert store.text(header(1)) == KeptText(header(1), "Gentile cliente", NOON)
        assert store.text(header(2)) is None

    def test_is_the_one_that_was_read_last(self, store: Store) -> None:
        store.keep_text(header(1), "prima", NOON)
        store.keep_text(header(1), "dopo", LATER)
        assert store.text(header(1)) == KeptText(header(1), "dopo", LATER)
        assert store.kept().texts == 1

    @pytest.mark.parametrize(
        "other",
        [
            replace(header(1), date="altro"),
            replace(header(1), subject="altro"),
            replace(header(1), sender="altro"),
            replace(header(1), recipient="altro"),
        ],
    )
    def test_is_not_another_messages_under_the_same_id(self, store: Store, other: Header) -> None:
        store.keep_text(header(1), "di uno", NOON)
        assert store.text(other) is None
        assert store.text(header(1)) is not None
        store.keep_text(other, "di altro", NOON)
        assert store.text(header(1)) is None
        assert store.text(other) == KeptText(other, "di altro", NOON)

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "\n",
            "\r\n\r\nÈ già lì\r",
            "\x00\x1b[31m\ufeff\u2028\x85",
            "😀",
            "\ud83d\ude00 as two halves",
            "\udfff lone \ud800",
            '{"id": 1}\n{"id": 2}',
            "x" * 1_000_000,
        ],
    )
    def test_is_exactly_what_came(self, store: Store, body: str) -> None:
        """Deletions compare its hash."""
        store.keep_text(header(1), body, NOON)
        kept = store.text(header(1))
        assert kept is not None
        assert kept.body == body
        assert hash_text(kept.body) == hash_text(body)

    def test_belongs_to_a_message_with_lone_surrogates_too(self, store: Store) -> None:
        strange = Header(1, "a\ud800", "\n", "c", '"')
        store.keep_text(strange, "testo", NOON)
        kept = store.text(strange)
        assert kept is not None
        assert kept.header == Header(1, "a\ufffd", "\n", "c", '"')
        assert store.text(kept.header) == kept

    @pytest.mark.parametrize("message_id", [0, -3, 2**64 + 1, 10**40])
    def test_belongs_to_any_integer(self, store: Store, message_id: int) -> None:
        store.keep_text(header(message_id), "testo", NOON)
        assert store.text(header(message_id)) == KeptText(header(message_id), "testo", NOON)

    def test_tells_its_time_in_utc(self, store: Store) -> None:
        rome = datetime(2026, 3, 2, 13, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
        for moment in (rome, datetime(2026, 3, 2, 12, 0, 0, 250_000)):  # no zone: UTC
            store.keep_text(header(1), "testo", moment)
            kept = store.text(header(1))
            assert kept is not None
            assert (kept.read_at, kept.read_at.tzinfo) == (NOON, NOON.tzinfo)

    def test_is_kept_for_a_message_that_nobody_listed_and_changes_no_listing(self, store: Store) -> None:
        after = changed(store, placed([1]))
        store.keep_text(header(2), "testo", NOON)
        assert store.synced() == after
        assert store.recall(2) is None


class TestDropping:
    def test_forgets_all_texts_and_no_message(self, store: Store) -> None:
        after = changed(store, placed(range(5)))
        for number in range(5):
            store.keep_text(header(number), "testo", NOON)
        store.drop_texts()
        assert [store.text(header(number)) for number in range(5)] == [None] * 5
        assert (store.kept().messages, store.kept().texts) == (5, 0)
        assert store.synced() == after
        store.keep_text(header(1), "di nuovo", NOON)
        assert store.text(header(1)) is not None

    def test_of_none_is_fine(self, store: Store) -> None:
        store.drop_texts()
        assert store.kept().texts == 0

    def test_is_part_of_clearing(self, store: Store) -> None:
        store.keep_text(header(1), "testo", NOON)
        store.clear()
        assert store.text(header(1)) is None
        assert store.kept().texts == 0


class TestLimits:
    def test_a_text_that_is_too_long_is_not_kept_and_takes_the_place_of_none(self, opened: Opening) -> None:
        store = opened(TextLimits(bytes_each=100))
        store.keep_text(header(1), "è" * 50, NOON)
        assert store.text(header(1)) is not None
        store.keep_text(header(1), "è" * 50 + ".", NOON)
        assert store.text(header(1)) is None
        store.keep_text(header(2), "x" * 101, NOON)
        assert store.kept().texts == 0
        assert store.take_warnings() == ()

    def test_an_old_text_is_no_longer_given(self, store: Store, clock: Clock) -> None:
        store.keep_text(header(1), "testo", NOON)
        clock.now = NOON + timedelta(days=30)
        assert store.text(header(1)) is not None
        clock.now += timedelta(seconds=1)
        assert store.text(header(1)) is None

    def test_an_old_text_goes_when_another_program_keeps_its_first(
        self, opened: Opening, clock: Clock, folder: Path
    ) -> None:
        store = opened(TextLimits())
        store.keep_text(header(1), "testo", NOON)
        store.keep_text(header(2), "testo", NOON + timedelta(days=20))
        clock.now = NOON + timedelta(days=31)
        if isinstance(store, MailboxStore):
            store = opened(TextLimits())
        store.keep_text(header(3), "testo", clock.now)
        assert store.kept().texts == 2
        assert store.text(header(2)) is not None

    def test_the_oldest_go_where_all_together_are_too_much(self, opened: Opening) -> None:
        store = opened(TextLimits(bytes_in_all=20_000))
        order = [3, 1, 4, 0, 2, 5, 9, 8, 7, 6]
        for number in order:
            store.keep_text(header(number), "x" * 3000, NOON + timedelta(minutes=number))
            assert store.kept().text_bytes <= 20_000
        there = [number for number in range(10) if store.text(header(number))]
        assert len(there) >= 4
        assert there == list(range(10))[-len(there) :]
