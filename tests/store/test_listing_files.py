"""What the remembered listing looks like on the disk: small files, and no lie however they were spoilt."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pectui.domain.listing import ListingChange, Scan, Synced
from pectui.errors import StoreError
from pectui.store.mailbox import MailboxStore
from pectui.store.remembered import Remembered
from tests.store import listing_programs, programs
from tests.store.samples import AGREED, LATER, NOON, changed, header, headers, ids, placed
from tests.store.test_trouble import AS_ROOT


@pytest.fixture
def store(folder: Path) -> MailboxStore:
    """With a thousand messages in its listing and the same ones shown."""
    store = MailboxStore(folder)
    store.remember(headers(range(1000)), 1, NOON)
    changed(store, placed(range(1000)))
    return store


def blocks(folder: Path) -> list[Path]:
    """The listing's files, that of the lowest ids first."""
    named = [
        block.split(":") for block in json.loads((folder / "meta.json").read_text())["3"]["blocks"].split()
    ]
    named.sort(key=lambda block: (block[0] != "lowest", block[0] != "lowest" and int(block[0])))
    return [folder / f"listing-{version}-{start}.json" for start, version, *_ in named]


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


class TestABrokenBlock:
    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"[]", b'{"1": 5}', b"\xff\xfe\x00", b"[" * 100_000],
        ids=["empty", "cut", "list", "no row", "no UTF-8", "deep"],
    )
    def test_is_set_aside_and_told_once_and_nothing_is_claimed_any_more(
        self, store: MailboxStore, folder: Path, content: bytes
    ) -> None:
        before = store.synced()
        broken = blocks(folder)[0]
        broken.write_bytes(content)
        synced, found = MailboxStore(folder).listing()
        assert 600 < synced.count == len(found) < 700
        assert [one.header.id for one in found] == list(range(999, 999 - len(found), -1))
        assert synced == replace(
            before, version=before.version + 1, count=len(found), agreed_at=None, full_at=None
        )
        assert store.listing() == MailboxStore(folder).listing() == (synced, found)
        (aside,) = folder.glob("*.broken-*")
        assert aside.read_bytes() == content
        assert store.take_warnings() == ()

    def test_is_told_of_by_who_finds_it(self, store: MailboxStore, folder: Path) -> None:
        os.truncate(blocks(folder)[1], 1000)
        store.listing()
        (warning,) = store.take_warnings()
        (aside,) = folder.glob("*.broken-*")
        assert str(aside) in warning
        store.listing()
        assert store.take_warnings() == MailboxStore(folder).take_warnings() == ()

    def test_refuses_a_change_that_would_have_claimed_to_agree(
        self, store: MailboxStore, folder: Path
    ) -> None:
        before = store.synced()
        blocks(folder)[0].write_bytes(b"{")
        change = ListingChange(before.version, replace(AGREED, agreed_at=LATER), placed([5]))
        assert store.change_listing(change) is None
        after = store.synced()
        assert after.version > before.version
        assert (after.agreed_at, after.full_at) == (None, None)
        assert after.count == len(ids(store)) < 700
        assert len(store.take_warnings()) == 1

    def test_is_mended_by_reading_everything_again(self, store: MailboxStore, folder: Path) -> None:
        for path in blocks(folder):
            path.write_bytes(b"{")
        assert ids(store) == []
        changed(store, placed(range(1000)))
        assert store.synced().agreed_at == NOON
        assert ids(store) == list(range(999, -1, -1))

    def test_ends_a_reading_of_every_page_that_had_found_it(self, store: MailboxStore, folder: Path) -> None:
        changed(store, synced=Synced(total=100, scan=Scan(NOON, 0)))
        blocks(folder)[0].write_bytes(b"{")
        store.listing()
        assert store.synced().scan is None

    def test_says_nothing_about_what_was_shown(self, store: MailboxStore, folder: Path) -> None:
        blocks(folder)[0].write_bytes(b"{")
        store.listing()
        assert not store.has_gaps()
        assert len(store.recall_many(range(1000))) == 1000
        assert store.recall(5) == Remembered(header(5), 1, NOON)

    def test_of_what_was_shown_says_nothing_about_the_listing(
        self, store: MailboxStore, folder: Path
    ) -> None:
        before = store.listing()
        next(folder.glob("messages-*.json")).write_bytes(b"{")
        store.summary()
        assert store.has_gaps()
        assert store.listing() == before


class TestABlockThatIsNotWhatItWas:
    def test_is_noticed_where_it_is_missing(self, store: MailboxStore, folder: Path) -> None:
        blocks(folder)[0].unlink()
        synced, found = store.listing()
        assert 600 < synced.count == len(found) < 700
        assert (synced.agreed_at, synced.full_at) == (None, None)
        (warning,) = store.take_warnings()
        assert str(folder) in warning
        store.listing()
        assert store.take_warnings() == ()

    @pytest.mark.parametrize("column", ["rank", "id", "date", "recipient"])
    @pytest.mark.parametrize("how", ["another type", "one less", "none at all"])
    def test_is_noticed_where_somebody_else_wrote_in_it(
        self, store: MailboxStore, folder: Path, column: str, how: str
    ) -> None:
        path = blocks(folder)[0]
        columns = json.loads(path.read_text())["1"]
        left = columns[column][1:]
        columns[column] = {"another type": [None, *left], "one less": left, "none at all": None}[how]
        path.write_text(json.dumps({"1": columns}))
        synced, found = store.listing()
        assert 600 < synced.count == len(found) < 700
        assert synced.agreed_at is None
        assert len(store.take_warnings()) == 1

    def test_is_noticed_where_it_holds_fewer(self, store: MailboxStore, folder: Path) -> None:
        path = blocks(folder)[0]
        columns = {name: column[:-5] for name, column in json.loads(path.read_text())["1"].items()}
        path.write_text(json.dumps({"1": columns}))
        synced, found = store.listing()
        assert synced.count == len(found) == 995
        assert synced.agreed_at is None
        assert len(store.take_warnings()) == 1
        assert store.listing() == (synced, found)


class TestALostPosition:
    """Without the table that is written last nobody knows which version the listing had."""

    def break_it(self, folder: Path) -> None:
        os.truncate(folder / "meta.json", 500)

    def test_keeps_the_messages_and_claims_nothing(self, store: MailboxStore, folder: Path) -> None:
        self.break_it(folder)
        synced = MailboxStore(folder).synced()
        assert synced == replace(
            Synced(), version=synced.version, count=1000, highest=999 * 16, front=store.synced().front
        )
        assert store.listing() == (synced, list(placed(range(999, -1, -1))))
        assert len(list(folder.glob("meta.json.broken-*"))) == 1
        assert sorted(folder.glob("listing-*")) == sorted(blocks(folder))
        assert len(store.recall_many(range(1000))) == 1000

    def test_fits_nothing_that_was_made_before(self, store: MailboxStore, folder: Path) -> None:
        versions = {store.synced().version, *(changed(store).version for _ in range(3))}
        for number in range(5):
            self.break_it(folder)
            for base in {0, *versions}:
                assert store.change_listing(ListingChange(base, AGREED, placed([number]))) is None
            versions.add(store.synced().version)
        assert len(versions) == 4 + 5
        assert len(store.take_warnings()) == 5
        assert changed(store, placed([5000])).count == 1001

    def test_takes_what_was_written_last_where_tables_overlap(
        self, store: MailboxStore, folder: Path
    ) -> None:
        old = blocks(folder)
        content = [path.read_bytes() for path in old]
        changed(store, placed(range(900, 1000), "altro"))
        for path, rows in zip(old, content, strict=True):
            path.write_bytes(rows)
        self.break_it(folder)
        assert store.listing()[1] == [
            *placed(range(999, 899, -1), "altro"),
            *placed(range(899, -1, -1)),
        ]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("version", "1"),
            ("count", None),
            ("agreed_at", "yesterday"),
            ("full_at", 5),
            ("scan", []),
            ("scan", [None, 1]),
            ("highest", 1.5),
            ("front", [[1]]),
            ("front", [[1, 2, 3, 4, 5, 6]]),
            ("front", None),
        ],
    )
    def test_is_one_that_somebody_else_wrote(
        self, store: MailboxStore, folder: Path, name: str, value: object
    ) -> None:
        meta = json.loads((folder / "meta.json").read_text())
        meta["3"][name] = value
        (folder / "meta.json").write_text(json.dumps(meta))
        for again in (store, MailboxStore(folder)):
            assert again.synced().agreed_at is None
            assert len(ids(again)) == 1000

    @pytest.mark.parametrize("value", [None, [1], "1", "x:1:1:1", "lowest:1:1:x", "5:1:1:1:1"])
    def test_is_one_with_strange_blocks(self, store: MailboxStore, folder: Path, value: object) -> None:
        meta = json.loads((folder / "meta.json").read_text())
        meta["3"]["blocks"] = value
        (folder / "meta.json").write_text(json.dumps(meta))
        assert len(ids(store)) == 1000
        assert store.synced().agreed_at is None


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


class TestKilled:
    def test_at_any_moment_the_listing_is_as_it_was_or_as_it_is_to_be(self, folder: Path) -> None:
        result = listing_programs.run("killed_often", folder, 60, "moments")
        assert result["changes"] >= 60
        assert result["problems"] == []
        assert result["leftovers"] == []

    def test_before_each_single_touch_of_a_file_too(self, folder: Path) -> None:
        """Blocks are split, merged and removed meanwhile, all ids shift, and all is cleared."""
        result = listing_programs.run("killed_at_each_step", folder)
        assert result["problems"] == []
        assert result["steps"] > 60

    def test_at_the_very_first_change_it_leaves_no_listing_or_this_one(self, folder: Path) -> None:
        result = listing_programs.run("killed_at_the_first_change", folder)
        assert result["problems"] == []
        assert result["steps"] > 6


class TestTwoPrograms:
    def test_changing_the_listing_at_once_lose_no_change(self, folder: Path) -> None:
        syncers = [listing_programs.start("syncer", folder, first, 3, 50) for first in range(3)]
        store, versions = MailboxStore(folder), [0]
        while any(process.poll() is None for process in syncers):
            synced, found = store.listing()
            assert synced.count == len(found) == (synced.total or 0) == synced.version
            assert synced.version >= versions[-1]
            versions.append(synced.version)
        for process in syncers:
            process.communicate()
            assert process.returncode == 0
        synced, found = store.listing()
        assert (synced.version, synced.total, synced.count) == (150, 150, 150)
        assert [one.header.id for one in found] == list(range(149, -1, -1))
        assert len(set(versions)) > 2
        assert MailboxStore(folder).take_warnings() == store.take_warnings() == ()

    def test_looking_while_the_other_changes_everything_sees_one_version_of_it(self, folder: Path) -> None:
        store, looks = MailboxStore(folder), set()
        with listing_programs.start("shifting", folder, 25) as other:
            while other.poll() is None:
                synced, found = store.listing()
                assert synced.count == len(found)
                assert {one.header for one in found} <= {
                    header(number, f"giro{synced.total}") for number in range(2000)
                }
                looks.add(synced.version)
            assert other.returncode == 0
        assert len(looks) > 2
        assert store.take_warnings() == ()

    def test_each_sees_the_others_news(self, folder: Path) -> None:
        one, other = MailboxStore(folder), MailboxStore(folder)
        for number in range(1, 30):
            after = changed(one, placed([number]))
            assert other.synced() == after
            assert ids(other) == list(range(number, 0, -1))
            one, other = other, one
        one.clear()
        assert other.listing() == one.listing()
        assert ids(other) == []
