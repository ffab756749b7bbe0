"""However the files of the remembered listing were spoilt: the rest stays, and nothing is claimed that isn't so."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pectui.domain.listing import ListingChange, Scan, Synced
from pectui.store.mailbox import MailboxStore
from pectui.store.remembered import Remembered
from tests.store.samples import AGREED, LATER, NOON, blocks, changed, header, headers, ids, placed


@pytest.fixture
def store(folder: Path) -> MailboxStore:
    """With a thousand messages in its listing and the same ones shown."""
    store = MailboxStore(folder)
    store.remember(headers(range(1000)), 1, NOON)
    changed(store, placed(range(1000)))
    return store


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
