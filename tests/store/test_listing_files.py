"""What the remembered listing looks like on the disk, and that it comes back."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pectui.domain.listing import ListingChange, Synced
from pectui.errors import StoreError
from pectui.store.mailbox import MailboxStore
from tests.store import listing_programs, programs
from tests.store.samples import AGREED, LATER, NOON, blocks, changed, header, headers, ids, placed
from tests.store.test_trouble import AS_ROOT


@pytest.fixture
def store(folder: Path) -> MailboxStore:
    """With a thousand messages in its listing and the same ones shown."""
    store = MailboxStore(folder)
    store.remember(headers(range(1000)), 1, NOON)
    changed(store, placed(range(1000)))
    return store


class TestTheNextProgram:
    def test_finds_the_listing_that_this_one_remembered(self, store: MailboxStore, folder: Path) -> None:
        again = MailboxStore(folder)
        assert again.synced() == store.synced()
        assert again.listing() == store.listing()

    def test_begins_by_opening_one_file_and_listing_no_folder(
        self, store: MailboxStore, folder: Path, looked_at: list[tuple[str, Path]]
    ) -> None:
        assert MailboxStore(folder).synced().count == 1000
        assert [path for _, path in looked_at if folder in path.parents or path == folder] == [
            folder / "meta.json"
        ]

    def test_finds_no_listing_in_a_folder_of_the_first_version(self, folder: Path) -> None:
        MailboxStore(folder).remember(headers(range(1000)), 1, NOON)
        assert json.loads((folder / "meta.json").read_text()) == {"1": {"schema": 1}}
        store = MailboxStore(folder)
        assert store.listing() == (Synced(), [])
        changed(store, placed([1]))
        assert json.loads((folder / "meta.json").read_text())["1"] == {"schema": 1}
        assert len(store.recall_many(range(1000))) == 1000

    def test_finds_no_folder_where_there_is_no_listing(self, folder: Path) -> None:
        store = MailboxStore(folder)
        assert store.listing() == (Synced(), [])
        assert store.kept().bytes == 0
        store.clear()
        assert not folder.parent.exists()


class TestFiles:
    def test_a_few_new_messages_write_one_block_and_what_holds(
        self, folder: Path, written: list[str]
    ) -> None:
        store = MailboxStore(folder)
        changed(store, placed(range(5000)))
        written.clear()
        changed(store, placed(range(5000, 5025)))
        assert len(written) == 3
        block, last, old = written
        assert block.startswith("+listing-2-")
        assert last == "+meta.json"
        assert old == block.replace("+listing-2-", "-listing-1-")

    def test_a_look_that_brought_nothing_new_writes_what_holds_alone(
        self, store: MailboxStore, written: list[str]
    ) -> None:
        changed(store, placed([7]), (5000,), replace(AGREED, agreed_at=LATER))
        assert written == ["+meta.json"]

    def test_the_front_is_filled_up_from_few_blocks(
        self, folder: Path, looked_at: list[tuple[str, Path]]
    ) -> None:
        changed(MailboxStore(folder), placed(range(5000)))
        looked_at.clear()
        after = changed(MailboxStore(folder), removed=tuple(range(4990, 5000)))
        assert after.front == tuple(headers(range(4989, 4939, -1)))
        opened = {path for event, path in looked_at if event == "open" and path.parent == folder}
        assert len([path for path in opened if path.name.startswith("listing-1-")]) <= 2

    @pytest.mark.parametrize("step", [1, 997, 10**12])
    def test_are_few_however_far_apart_the_ids_are(self, folder: Path, step: int) -> None:
        store = MailboxStore(folder)
        for first in range(0, 2000, 500):
            changed(store, placed(range(first * step, (first + 500) * step, step)))
        assert 4 <= len(blocks(folder)) <= 8

    def test_are_few_again_when_most_messages_are_gone(self, folder: Path) -> None:
        store = MailboxStore(folder)
        changed(store, placed(range(6000)))
        for first in range(0, 6000, 250):
            changed(store, removed=tuple(range(first, first + 245)))
        assert len(ids(store)) == 120
        assert len(list(folder.glob("listing-*"))) == len(blocks(folder)) <= 2

    def test_of_a_version_that_nothing_names_go_with_the_next_change(
        self, store: MailboxStore, folder: Path
    ) -> None:
        """As a program leaves them that is killed before the last file is written."""
        for name in ("listing-2-lowest.json", "listing-2-77.json", "listing-x.json"):
            (folder / name).write_text('{"1": {}}')
        assert len(ids(store)) == 1000
        changed(store, placed([-1]))
        assert len(ids(store)) == 1001
        assert sorted(folder.glob("listing-*")) == sorted(blocks(folder))

    def test_count_in_what_is_kept(self, store: MailboxStore, folder: Path) -> None:
        kept = store.kept()
        assert (kept.messages, kept.texts, kept.text_bytes) == (1000, 0, 0)
        assert kept.bytes == sum(path.stat().st_size for path in folder.iterdir())

    def test_clearing_leaves_no_mail_but_the_version(self, store: MailboxStore, folder: Path) -> None:
        store.keep_text(header(1), "testo", NOON)
        blocks(folder)[0].write_bytes(b"{")
        assert len(ids(store)) < 1000
        (folder / "notes.txt").write_text("mine")
        store.clear()
        assert sorted(path.name for path in folder.iterdir()) == ["lock", "meta.json", "notes.txt"]
        assert "prova" not in (folder / "meta.json").read_text()
        assert MailboxStore(folder).synced() == store.synced()


class TestTrouble:
    def test_a_newer_format_is_left_alone(self, store: MailboxStore, folder: Path) -> None:
        (folder / "meta.json").write_text('{"1": {"schema": 2}}')
        before = programs.contents(folder)
        change = ListingChange(1, AGREED)
        for use in (store.synced, store.listing, lambda: store.change_listing(change), store.kept):
            with pytest.raises(StoreError, match="newer pectui"):
                use()
        assert programs.contents(folder) == before

    @AS_ROOT
    def test_a_block_of_another_user_is_not_touched(self, store: MailboxStore, folder: Path) -> None:
        path = blocks(folder)[0]
        os.chown(path, programs.NOBODY, programs.NOBODY)
        before = programs.contents(folder)
        for use in (
            MailboxStore(folder).listing,
            lambda: changed(MailboxStore(folder), placed([5], "altro")),
        ):
            with pytest.raises(StoreError, match=f"{path.name} belongs to another user"):
                use()
        assert programs.contents(folder) == before
        assert path.stat().st_uid == programs.NOBODY

    def test_a_link_in_a_blocks_place_is_not_followed(
        self, store: MailboxStore, folder: Path, tmp_path: Path
    ) -> None:
        path, elsewhere = blocks(folder)[0], tmp_path / "elsewhere"
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
        before = elsewhere.read_bytes()
        for use in (
            MailboxStore(folder).listing,
            lambda: changed(MailboxStore(folder), placed([5], "altro")),
        ):
            with pytest.raises(StoreError, match="is a link"):
                use()
        assert elsewhere.read_bytes() == before
        assert path.is_symlink()

    def test_on_a_full_disk_the_listing_stays_as_it_was(self, folder: Path) -> None:
        result = listing_programs.run("on_a_full_disk", folder)
        for _, detail, hint in result.pop("words"):
            assert "File too large" in detail
            assert "space" in hint
        assert result == {"untouched": [True] * 4, "after": 649, "leftovers": []}

    def test_without_rights_to_write_the_listing_can_be_read(self, open_root: Path) -> None:
        result = listing_programs.run("without_rights", open_root / "cache")
        _, detail, hint = result.pop("words")
        assert "Permission denied" in detail
        assert "right to write" in hint
        assert result == {"found": [1000, 1000, 50], "untouched": True}
