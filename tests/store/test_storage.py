"""The storage under TinyDB: what TinyDB asks of it, and when a file is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tinydb import TinyDB, where

from pectui.store.storage import BrokenTable, FolderStorage, Tables


@pytest.fixture
def tables(folder: Path) -> TinyDB:
    return TinyDB(folder, last="meta", storage=FolderStorage)


def storage_of(tables: TinyDB) -> FolderStorage:
    assert isinstance(tables.storage, FolderStorage)
    return tables.storage


class TestATableIsAFile:
    def test_and_another_table_is_one_line(self, tables: TinyDB, folder: Path) -> None:
        tables.table("bodies").insert({"size": 5})
        assert tables.table("bodies").search(where("size") == 5) == [{"size": 5}]
        assert (folder / "bodies.json").read_text() == '{"1":{"size":5}}'

    def test_which_tinydb_finds_drops_and_counts(self, tables: TinyDB, folder: Path) -> None:
        for name in ("one", "two", "three"):
            tables.table(name).insert({})
        tables.drop_table("two")
        tables.drop_table("four")
        assert tables.tables() == {"one", "three"}
        assert len(tables.storage.read() or {}) == 2
        assert "two" not in (tables.storage.read() or {})
        tables.drop_tables()
        assert tables.tables() == set()
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize("name", ["../escape", "a/b", ".hidden", "", "Größe", "a.b"])
    def test_whose_name_cannot_lead_elsewhere(self, tables: TinyDB, name: str) -> None:
        with pytest.raises(ValueError, match="no name for a table"):
            tables.table(name).insert({})

    def test_that_is_broken_is_not_renamed_by_who_holds_no_lock(self, tables: TinyDB, folder: Path) -> None:
        tables.table("one").insert({})
        (folder / "one.json").write_text("{")
        with pytest.raises(BrokenTable):
            tables.table("one").all()
        assert (folder / "one.json").read_text() == "{"


class TestABatch:
    def test_is_on_the_disk_at_its_end(self, tables: TinyDB, folder: Path) -> None:
        with storage_of(tables).batch():
            tables.table("one").insert({"n": 1})
            tables.table("one").insert({"n": 2})
            assert len(tables.table("one")) == 2
            assert tables.tables() == {"one"}
            assert list(folder.iterdir()) == []
        assert [path.name for path in folder.iterdir()] == ["one.json"]

    def test_that_fails_changes_nothing(self, tables: TinyDB, folder: Path) -> None:
        tables.table("one").insert({"n": 1})

        def spoilt() -> None:
            with storage_of(tables).batch():
                tables.table("one").update({"n": 2})
                tables.table("two").insert({})
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            spoilt()
        assert tables.table("one").all() == [{"n": 1}]
        assert tables.tables() == {"one"}

    def test_writes_the_last_table_last_and_removes_after_writing(
        self, tables: TinyDB, folder: Path, written: list[str]
    ) -> None:
        tables.table("old").insert({})
        written.clear()
        with storage_of(tables).batch():
            tables.drop_table("old")
            assert tables.tables() == set()
            tables.table("meta").insert({})
            tables.table("upper").insert({})
            tables.table("lower").insert({})
            tables.table("upper").insert({})
        assert written == ["+upper.json", "+lower.json", "-old.json", "+meta.json"]


class TestTablesThatAreKept:
    def test_are_few_and_all_can_be_read(self, folder: Path) -> None:
        storage = FolderStorage(folder, last="meta", kept=2)
        storage.write({f"table{number}": {"1": {"n": number}} for number in range(5)})
        for _ in range(2):
            tables = storage.read()
            assert isinstance(tables, Tables)
            assert [tables[f"table{number}"]["1"]["n"] for number in range(5)] == list(range(5))

    def test_are_read_again_when_another_program_replaced_them(self, tables: TinyDB, folder: Path) -> None:
        other = TinyDB(folder, last="meta", storage=FolderStorage)
        tables.table("one").insert({"n": 0})
        for number in range(1, 10):
            other.table("one").update({"n": number})
            assert tables.table("one").all() == [{"n": number}]
