"""What a mailbox's memory looks like on the disk, and that it comes back."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from pectui.store.mailbox import MailboxStore
from pectui.store.remembered import Finding, Remembered
from tests.store import programs
from tests.store.samples import LATER, NOON, header, headers


def tables(folder: Path) -> list[Path]:
    return sorted(folder.glob("messages-*.json"))


class TestTheNextProgram:
    def test_finds_what_this_one_remembered(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers(range(1200)), 3, NOON)
        store.remember_finding(True, LATER)
        again = MailboxStore(folder)
        assert again.recall(777) == Remembered(header(777), 3, NOON)
        assert again.finding() == Finding(True, LATER)
        assert again.summary() == store.summary()

    def test_finds_no_folder_where_nothing_was_remembered(self, folder: Path) -> None:
        store = MailboxStore(folder)
        assert store.recall(1) is None
        assert store.finding() is None
        store.forget([1])
        store.clear()
        store.remember([], 1, NOON)
        assert not folder.parent.exists()

    def test_starts_again_where_the_folder_was_removed(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers([1]), 1, NOON)
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        assert store.recall(1) is None
        store.remember(headers([2]), 1, NOON)
        assert store.recall(1) is None
        assert store.recall(2) is not None


class TestTwoThreads:
    @pytest.fixture(autouse=True)
    def _restless_threads(self) -> Iterator[None]:
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        yield
        sys.setswitchinterval(interval)

    def test_one_that_reads_misses_nothing_while_the_other_writes(self, folder: Path) -> None:
        there = list(range(0, 20_000, 1000))
        store = MailboxStore(folder)
        store.remember(headers(there), 1, NOON)
        writer = Thread(target=programs.move_about, args=(store, 4))
        writer.start()
        missed = []
        while writer.is_alive():
            missed += [number for number in there if store.recall(number) is None]
        writer.join()
        assert missed == []
        assert store.summary().count == len(there)


class TestTwoPrograms:
    def test_writing_at_once_lose_nothing(self, folder: Path) -> None:
        writers = [programs.start("writer", folder, first, 3, 40) for first in range(3)]
        written = [process.communicate(timeout=60)[0].strip() for process in writers]
        assert written == ["1000"] * 3
        assert len(MailboxStore(folder).recall_many(range(3000))) == 3000

    def test_reading_while_the_other_moves_messages_between_files_misses_none(self, folder: Path) -> None:
        there = list(range(0, 20_000, 1000))
        store = MailboxStore(folder)
        store.remember(headers(there), 1, NOON)
        reads = 0
        with programs.start("restless", folder, 6) as other:
            while other.poll() is None:
                assert list(store.recall_many(there)) == there
                reads += 1
            assert other.returncode == 0
        assert reads > 1

    def test_each_sees_the_others_news(self, folder: Path) -> None:
        one, other = MailboxStore(folder), MailboxStore(folder)
        for number in range(30):
            one.remember([header(1, f"prova{number % 10}")], number % 10, NOON)
            assert other.recall(1) == Remembered(header(1, f"prova{number % 10}"), number % 10, NOON)
            other.remember([header(2)], number, NOON)
        one.forget([2])
        assert other.recall(2) is None
        one.clear()
        assert other.recall(1) is None


class TestACopyInTheBlockBelow:
    """A program that was killed between the two files of a splitting leaves the upper messages in both."""

    @pytest.fixture
    def upper(self, folder: Path) -> Path:
        """The file of the block that holds the messages from 300 up; the block below holds old copies of them."""
        store = MailboxStore(folder)
        store.remember(headers(range(512)), 1, NOON)
        (lowest,) = tables(folder)
        whole = lowest.read_bytes()
        store.remember(headers([512]), 1, NOON)
        lowest.write_bytes(whole)
        store.remember(headers(range(300, 512), "altro"), 2, LATER)
        (upper,) = set(tables(folder)) - {lowest}
        return upper

    def test_does_not_count(self, folder: Path, upper: Path) -> None:
        store = MailboxStore(folder)
        assert store.summary().count == 513
        assert store.recall(400) == Remembered(header(400, "altro"), 2, LATER)

    def test_does_not_come_back_when_the_upper_block_goes(self, folder: Path, upper: Path) -> None:
        store = MailboxStore(folder)
        store.forget(range(int(upper.stem.removeprefix("messages-")), 513))
        assert not upper.exists()
        assert store.recall(400) is None
        assert store.recall(1) is not None

    def test_nor_when_the_upper_block_is_broken(self, folder: Path, upper: Path) -> None:
        upper.write_bytes(b"{")
        for store in (MailboxStore(folder), MailboxStore(folder)):
            assert store.recall(400) is None
            assert store.recall(1) is not None


class TestFiles:
    def test_a_few_new_messages_write_one_file(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers(range(5000)), 1, NOON)
        before = {path: path.stat().st_ino for path in folder.iterdir()}
        store.remember(headers(range(5000, 5025)), 1, LATER)
        after = {path: path.stat().st_ino for path in folder.iterdir()}
        assert len(before) > 10
        assert len(before.items() ^ after.items()) == 2

    def test_reading_and_forgetting_the_unknown_write_none(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers(range(1000)), 1, NOON)
        before = {path: path.stat().st_ino for path in folder.iterdir()}
        store.forget([5000])
        store.recall(1)
        store.summary()
        assert {path: path.stat().st_ino for path in folder.iterdir()} == before

    @pytest.mark.parametrize("step", [1, 997, 10**12])
    def test_are_few_however_far_apart_the_ids_are(self, folder: Path, step: int) -> None:
        store = MailboxStore(folder)
        for first in range(0, 2000, 500):
            store.remember(headers(range(first * step, (first + 500) * step, step)), 1, NOON)
        assert 4 <= len(tables(folder)) <= 8

    def test_are_few_again_when_most_messages_are_gone(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers(range(6000)), 1, NOON)
        for first in range(0, 6000, 250):
            store.forget(range(first, first + 245))
        assert len(store.recall_many(range(6000))) == 120
        assert len(tables(folder)) <= 2

    def test_are_json_that_the_owner_can_read(self, folder: Path) -> None:
        MailboxStore(folder).remember(headers([12]), 1, NOON)
        (path,) = tables(folder)
        assert json.loads(path.read_text())["12"]["recipient"] == "mario.rossi.12@pec.example.it"
        assert json.loads((folder / "meta.json").read_text()) == {"1": {"schema": 1}}

    def test_count_in_the_summary(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers(range(1000)), 1, NOON)
        assert store.summary().bytes == sum(path.stat().st_size for path in folder.iterdir())

    def test_what_a_killed_program_was_writing_goes_with_the_next_writing(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers([1]), 1, NOON)
        orphan = folder / ".messages-lowest.json.0a1b2c3d.tmp"
        orphan.write_bytes(b'{"1":')
        assert store.recall(1) is not None
        assert orphan.exists()
        store.remember(headers([2]), 1, NOON)
        assert not orphan.exists()

    def test_clearing_leaves_no_mail_and_what_is_not_ours(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers(range(1000)), 1, NOON)
        tables(folder)[0].write_bytes(b"{")
        store.summary()
        (folder / ".meta.json.0a1b2c3d.tmp").write_bytes(b"{")
        (folder / "notes.txt").write_text("mine")
        store.clear()
        assert sorted(path.name for path in folder.iterdir()) == ["lock", "notes.txt"]


@contextmanager
def umask(mask: int) -> Iterator[None]:
    previous = os.umask(mask)
    try:
        yield
    finally:
        os.umask(previous)


class TestRights:
    @pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
    def test_are_the_owners_only_whatever_the_umask(self, folder: Path, mask: int) -> None:
        with umask(mask):
            store = MailboxStore(folder)
            store.remember(headers(range(1000)), 1, NOON)
            store.remember_finding(True, NOON)
            store.remember(headers([1]), 2, LATER)
        paths = list(folder.iterdir())
        assert len(paths) > 3
        assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700

    def test_a_folder_that_others_could_enter_is_closed(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        MailboxStore(folder).remember(headers([1]), 1, NOON)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
