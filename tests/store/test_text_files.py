"""What kept texts look like on the disk: whole files of their owner's, looked at rarely, lost without harm."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from pectui.domain.listing import KeptText
from pectui.errors import StoreError
from pectui.store.limits import TextLimits
from pectui.store.mailbox import MailboxStore
from pectui.store.texts import LOOK_EVERY
from tests.store import listing_programs, programs
from tests.store.samples import NOON, header, headers
from tests.store.test_trouble import AS_ROOT

TEXT = KeptText(header(12), "Gentile cliente", NOON)
FOR_EVER = TextLimits(age=timedelta(days=100_000))


@pytest.fixture
def store(folder: Path) -> MailboxStore:
    """With one text in it."""
    store = MailboxStore(folder, limits=FOR_EVER)
    store.keep_text(TEXT.header, TEXT.body, TEXT.read_at)
    return store


@pytest.fixture
def path(store: MailboxStore, folder: Path) -> Path:
    """The text's file."""
    return folder / "texts" / "12.text"


class TestAFile:
    def test_is_found_by_the_next_program(self, store: MailboxStore, folder: Path) -> None:
        assert MailboxStore(folder, limits=FOR_EVER).text(TEXT.header) == TEXT

    def test_shows_what_it_holds(self, path: Path) -> None:
        head, body = path.read_text().split("\n")
        assert body == "Gentile cliente"
        assert '"recipient": "mario.rossi.12@pec.example.it"' in head

    def test_and_its_folder_are_the_owners_only(self, path: Path) -> None:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in path.parents[:3]] == [0o700] * 3

    def test_has_the_time_at_which_the_text_was_read(self, path: Path) -> None:
        assert path.stat().st_mtime == NOON.timestamp()

    def test_counts_in_what_is_kept(self, store: MailboxStore, folder: Path, path: Path) -> None:
        store.remember(headers(range(10)), 1, NOON)
        kept = store.kept()
        assert (kept.messages, kept.texts, kept.text_bytes) == (0, 1, path.stat().st_size)
        assert kept.bytes == sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

    def test_goes_with_its_folder_when_texts_are_dropped(self, store: MailboxStore, path: Path) -> None:
        (path.parent / "notes.txt").write_text("mine")
        (path.parent / ".13.text.0a1b2c3d.tmp").write_text("half")
        store.drop_texts()
        assert [left.name for left in path.parent.iterdir()] == ["notes.txt"]
        (path.parent / "notes.txt").unlink()
        store.drop_texts()
        assert not path.parent.exists()

    def test_is_not_made_for_nothing(self, folder: Path) -> None:
        store = MailboxStore(folder, limits=TextLimits(bytes_each=10))
        store.keep_text(header(1), "too long a text", NOON)
        assert store.text(header(1)) is None
        store.drop_texts()
        assert store.kept().bytes == 0
        assert not folder.parent.exists()


class TestADamagedFile:
    @pytest.mark.parametrize(
        "damage",
        [
            lambda content: b"",
            lambda content: content[:-1],
            lambda content: content[:20],
            lambda content: content + b" ",
            lambda content: content.replace(b"Gentile", b"Gentili"),
            lambda content: content.replace(b"12,", b"13,").replace(b'"id"', b'"di"'),
            lambda content: content.replace(b'"id": 12', b'"id": "12"'),
            lambda content: content.replace(b"2026-03", b"yesterday"),
            lambda content: b"[" * 100_000 + b"\n",
            lambda content: b"null\n",
            lambda content: b"\xff\xfe\n\x00",
        ],
        ids=[
            "empty",
            "cut",
            "head",
            "longer",
            "changed",
            "no-id",
            "text-id",
            "no-time",
            "deep",
            "null",
            "bytes",
        ],
    )
    def test_counts_as_not_kept_and_goes(self, store: MailboxStore, path: Path, damage: object) -> None:
        assert callable(damage)
        path.write_bytes(damage(path.read_bytes()))
        assert store.text(TEXT.header) is None
        assert not path.exists()
        assert store.take_warnings() == ()
        store.keep_text(TEXT.header, TEXT.body, TEXT.read_at)
        assert store.text(TEXT.header) == TEXT


class TestSomethingElseInItsPlace:
    def test_a_link_is_neither_followed_nor_replaced(
        self, store: MailboxStore, path: Path, tmp_path: Path
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
        before = elsewhere.read_bytes()
        assert store.text(TEXT.header) is None
        store.keep_text(TEXT.header, "altro", NOON)
        store.drop_texts()
        assert path.is_symlink()
        assert elsewhere.read_bytes() == before
        assert store.kept().texts == 0

    def test_a_pipe_does_not_hold_the_program(self, store: MailboxStore, path: Path) -> None:
        path.unlink()
        os.mkfifo(path)
        assert store.text(TEXT.header) is None
        store.keep_text(TEXT.header, "altro", NOON)
        store.drop_texts()
        assert stat.S_ISFIFO(path.stat().st_mode)

    @AS_ROOT
    def test_a_file_of_another_user_is_not_touched(self, store: MailboxStore, path: Path) -> None:
        os.chown(path, programs.NOBODY, programs.NOBODY)
        before = path.read_bytes()
        assert store.text(TEXT.header) is None
        store.keep_text(TEXT.header, "altro", NOON)
        store.drop_texts()
        assert path.read_bytes() == before
        assert path.stat().st_uid == programs.NOBODY

    def test_a_folder_that_is_a_link_is_told_once_and_not_entered(
        self, store: MailboxStore, path: Path, tmp_path: Path
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        path.parent.rename(elsewhere)
        path.parent.symlink_to(elsewhere)
        assert store.text(TEXT.header) is None
        store.drop_texts()
        for number in (1, 2):
            store.keep_text(header(number), "testo", NOON)
        assert [file.name for file in elsewhere.iterdir()] == ["12.text"]
        (warning,) = store.take_warnings()
        assert "is a link" in warning
        assert store.take_warnings() == ()
        assert store.kept().texts == 0

    def test_a_newer_pectuis_folder_is_left_alone(
        self, store: MailboxStore, folder: Path, path: Path
    ) -> None:
        (folder / "meta.json").write_text('{"1": {"schema": 2}}')
        for use in (
            lambda: store.keep_text(header(1), "testo", NOON),
            lambda: store.text(TEXT.header),
            store.drop_texts,
            store.kept,
        ):
            with pytest.raises(StoreError, match="newer pectui"):
                use()
        assert [file.name for file in path.parent.iterdir()] == ["12.text"]


class TestNoSpaceAndNoRights:
    def test_to_keep_a_text_is_told_once_and_costs_nothing_else(self, open_root: Path) -> None:
        result = listing_programs.run("texts_without_rights", open_root / "cache")
        (warning,) = result.pop("warnings")
        assert "Permission denied" in warning
        assert result == {"text": True, "untouched": True}

    def test_on_a_full_disk_leaves_the_text_that_was_there(self, folder: Path) -> None:
        result = listing_programs.run("texts_on_a_full_disk", folder)
        (warning,) = result.pop("warnings")
        assert "File too large" in warning
        assert result == {"text": "short", "files": ["1.text"]}


class TestLookingAround:
    def test_happens_at_the_first_text_and_then_rarely(
        self, folder: Path, looked_at: list[tuple[str, Path]]
    ) -> None:
        store = MailboxStore(folder, limits=FOR_EVER)
        for number in range(LOOK_EVERY + 1):
            store.keep_text(header(number), "testo", NOON)
        assert looked_at.count(("os.scandir", folder / "texts")) == 2

    def test_bounds_what_several_programs_keep(self, folder: Path) -> None:
        limits = TextLimits(bytes_in_all=100_000, age=FOR_EVER.age)
        stores = [MailboxStore(folder, limits=limits) for _ in range(4)]
        for number in range(3 * LOOK_EVERY):
            stores[number % 4].keep_text(header(number), "x" * 2000, NOON + timedelta(seconds=number))
        assert stores[0].kept().text_bytes <= 2 * limits.bytes_in_all
        MailboxStore(folder, limits=limits).keep_text(header(0), "testo", NOON + timedelta(days=1))
        assert stores[0].kept().text_bytes <= limits.bytes_in_all

    def test_leaves_what_another_program_may_be_writing(self, folder: Path, path: Path) -> None:
        other = path.with_name(".13.text.0a1b2c3d.tmp")
        other.write_text("half")
        MailboxStore(folder, limits=FOR_EVER).keep_text(header(1), "testo", NOON)
        assert other.exists()


class TestSeveralThreads:
    def test_one_that_reads_sees_whole_texts_while_others_replace_and_drop_them(self, folder: Path) -> None:
        store, other = MailboxStore(folder, limits=FOR_EVER), MailboxStore(folder, limits=FOR_EVER)
        bodies = {letter * 200_000 for letter in "ab"}
        seen, done = set(), Event()

        def keep(body: str) -> None:
            for _ in range(80):
                store.keep_text(header(1), body, NOON)

        def drop() -> None:
            while not done.wait(0.002):
                other.drop_texts()

        keeping = [Thread(target=keep, args=(body,)) for body in bodies]
        dropping = Thread(target=drop)
        for thread in (*keeping, dropping):
            thread.start()
        while any(thread.is_alive() for thread in keeping):
            if kept := store.text(header(1)):
                seen.add(kept.body)
        done.set()
        dropping.join()
        assert seen
        assert seen <= bodies
        assert store.take_warnings() == other.take_warnings() == ()
        store.keep_text(header(1), "testo", NOON)
        assert store.kept().texts == 1
