"""When the disk is full, a file is broken or something else stands there: the user is told, nothing else is touched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pectui.errors import StoreError
from pectui.store.mailbox import MailboxStore
from pectui.store.remembered import Remembered
from tests.store import programs
from tests.store.samples import LATER, NOON, header, headers

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")


def refused(store: MailboxStore) -> StoreError:
    """The error of a store that can neither be read nor written, the same for both."""
    with pytest.raises(StoreError) as reading:
        store.recall(1)
    with pytest.raises(StoreError) as writing:
        store.remember(headers([1]), 1, NOON)
    with pytest.raises(StoreError):
        store.clear()
    assert str(reading.value) == str(writing.value)
    assert writing.value.hint
    return writing.value


class TestABrokenFile:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'{"1": 5}',
            b'{"one": {}}',
            b"\xff\xfe\x00",
            b"[" * 100_000,
            b'{"' + b"1" * 10_000 + b'": {}}',
        ],
        ids=["empty", "cut", "list", "null", "no row", "no id", "no UTF-8", "deep", "huge number"],
    )
    def test_is_set_aside_and_told_once_and_the_rest_stays(self, folder: Path, content: bytes) -> None:
        MailboxStore(folder).remember(headers(range(1000)), 1, NOON)
        broken = sorted(folder.glob("messages-[0-9]*.json"))[0]
        gap = [int(number) for number in json.loads(broken.read_text())]
        broken.write_bytes(content)
        store = MailboxStore(folder)
        rest = store.recall_many(range(1000))
        assert sorted(rest) == [number for number in range(1000) if number not in gap]
        (warning,) = store.take_warnings()
        (aside,) = folder.glob("*.broken-*")
        assert str(aside) in warning
        assert aside.read_bytes() == content
        store.recall_many(range(1000))
        assert store.take_warnings() == MailboxStore(folder).take_warnings() == ()

    def test_is_mended_by_remembering_the_gap_again(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers(range(1000)), 1, NOON)
        for path in folder.glob("messages-*.json"):
            os.truncate(path, path.stat().st_size // 2)
        store.remember(headers(range(1000), "altro"), 2, LATER)
        assert len(store.take_warnings()) == 3
        assert store.recall(500) == Remembered(header(500, "altro"), 2, LATER)
        assert store.summary().count == 1000

    def test_of_the_mailboxs_findings_costs_no_message(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers([1]), 1, NOON)
        store.remember_finding(True, NOON)
        (folder / "meta.json").write_bytes(b"\0" * 50)
        assert store.recall(1) == Remembered(header(1), 1, NOON)
        assert store.finding() is None
        assert len(store.take_warnings()) == 1
        store.remember(headers([2]), 1, NOON)
        assert json.loads((folder / "meta.json").read_text()) == {"1": {"schema": 1}}

    def test_with_a_row_that_somebody_else_wrote_counts_it_as_never_listed(self, folder: Path) -> None:
        store = MailboxStore(folder)
        store.remember(headers([1, 2]), 1, NOON)
        (path,) = folder.glob("messages-*.json")
        rows = json.loads(path.read_text())
        rows["1"] = {"date": 5, "listed_at": "yesterday"}
        path.write_text(json.dumps(rows))
        assert store.recall(1) is None
        assert store.recall(2) == Remembered(header(2), 1, NOON)


class TestANewerFormat:
    def test_is_left_alone(self, folder: Path) -> None:
        MailboxStore(folder).remember(headers(range(1000)), 1, NOON)
        (folder / "meta.json").write_text('{"1": {"schema": 2}}')
        (folder / ".meta.json.0a1b2c3d.tmp").write_text("{")
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        error = refused(MailboxStore(folder))
        assert "newer pectui" in error.title
        assert "Update pectui" in error.hint
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


class TestNoSpace:
    def test_keeps_the_old_listing_and_remembers_again_once_there_is_space(self, folder: Path) -> None:
        result = programs.run("full_disk", folder)
        title, detail, hint = result.pop("words")
        assert str(folder) in detail
        assert "File too large" in detail
        assert "space" in hint
        assert title
        assert result == {"untouched": True, "still_old": True, "new_after": True}


class TestNoRights:
    def test_to_write_still_allow_to_recall(self, open_root: Path) -> None:
        result = programs.run("without_rights", open_root / "cache")
        _, detail, hint = result.pop("words")
        assert "Permission denied" in detail
        assert "right to write" in hint
        assert result == {"recalled": True, "untouched": True}


class TestSomethingElseInItsPlace:
    def test_a_file_where_the_folder_should_be_is_not_touched(self, folder: Path) -> None:
        folder.parent.mkdir()
        folder.write_text("mine")
        assert f"{folder} is not a folder" in str(refused(MailboxStore(folder)))
        assert folder.read_text() == "mine"

    def test_a_file_above_the_folder_is_not_touched(self, folder: Path) -> None:
        folder.parent.write_text("mine")
        assert str(folder) in str(refused(MailboxStore(folder)))
        assert folder.parent.read_text() == "mine"

    def test_a_link_is_not_followed(self, folder: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        folder.parent.mkdir()
        folder.symlink_to(elsewhere)
        assert "is a link" in str(refused(MailboxStore(folder)))
        assert list(elsewhere.iterdir()) == []

    @pytest.mark.parametrize("name", ["messages-lowest.json", "meta.json"])
    def test_nor_is_a_link_in_a_files_place(self, folder: Path, tmp_path: Path, name: str) -> None:
        MailboxStore(folder).remember(headers([1]), 1, NOON)
        elsewhere = tmp_path / "elsewhere"
        elsewhere.write_text("{}")
        (folder / name).unlink()
        (folder / name).symlink_to(elsewhere)
        with pytest.raises(StoreError, match=f"{name} is a link"):
            MailboxStore(folder).remember(headers([2]), 1, NOON)
        assert elsewhere.read_text() == "{}"
        assert (folder / name).is_symlink()

    def test_nor_is_a_link_in_the_locks_place(self, folder: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        folder.mkdir(parents=True)
        (folder / "lock").symlink_to(elsewhere)
        with pytest.raises(StoreError, match="lock is not a plain file"):
            MailboxStore(folder).remember(headers([1]), 1, NOON)
        assert not elsewhere.exists()

    def test_a_pipe_in_a_files_place_does_not_hold_the_program(self, folder: Path) -> None:
        MailboxStore(folder).remember(headers([1]), 1, NOON)
        (folder / "messages-lowest.json").unlink()
        os.mkfifo(folder / "messages-lowest.json")
        with pytest.raises(StoreError, match="not a plain file"):
            MailboxStore(folder).recall(1)

    def test_nor_does_a_folder(self, folder: Path) -> None:
        (folder / "messages-lowest.json").mkdir(parents=True)
        with pytest.raises(StoreError, match="not a plain file"):
            MailboxStore(folder).recall(1)

    @AS_ROOT
    def test_a_folder_of_another_user_is_not_touched(self, folder: Path) -> None:
        MailboxStore(folder).remember(headers([1]), 1, NOON)
        os.chown(folder, programs.NOBODY, programs.NOBODY)
        assert "belongs to another user" in str(refused(MailboxStore(folder)))
        assert folder.stat().st_uid == programs.NOBODY

    @AS_ROOT
    @pytest.mark.parametrize("name", ["messages-lowest.json", "lock"])
    def test_a_file_of_another_user_is_not_touched(self, folder: Path, name: str) -> None:
        MailboxStore(folder).remember(headers([1]), 1, NOON)
        os.chown(folder / name, programs.NOBODY, programs.NOBODY)
        before = (folder / name).read_bytes()
        with pytest.raises(StoreError, match=f"{name} belongs to another user"):
            MailboxStore(folder).remember(headers([2]), 1, NOON)
        assert (folder / name).read_bytes() == before
        assert (folder / name).stat().st_uid == programs.NOBODY


class TestAProgramThatKeepsTheLock:
    def test_ends_the_waiting_with_words_and_does_not_hinder_reading(self, folder: Path) -> None:
        MailboxStore(folder).remember(headers([1]), 1, NOON)
        store = MailboxStore(folder, patience=0.05)
        with programs.start("stopped", folder) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "locked\n"
            with pytest.raises(StoreError, match="Another pectui") as error:
                store.remember(headers([2]), 1, NOON)
            assert str(folder / "lock") in error.value.detail
            assert store.recall(1) is not None
            other.kill()
        store.remember(headers([2]), 1, NOON)
        assert store.recall(2) is not None
