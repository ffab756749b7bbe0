"""What became of sends, kept when their receipts are gone: the same on the disk and in memory."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pectui.domain.kind import Kind
from pectui.domain.receipt import Reason, ReceiptRecipient
from pectui.domain.send import SeenReceipt, SendRecord
from pectui.domain.settling import settled
from pectui.errors import StoreError
from pectui.store.archive import Archive, MemoryArchive
from pectui.store.archive_files import FolderArchive

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CODES = ("2026112411590012", "202611241159001", "20261123115900123456")


def record(code: str = CODES[0], *receipts: SeenReceipt, subject: str = "Avviso \u202e[/] è") -> SendRecord:
    return settled(code, subject, receipts or (acceptance("a@b.example"), failure("a@b.example")), NOON)


def acceptance(*addresses: str) -> SeenReceipt:
    recipients = tuple(ReceiptRecipient(one, at % 2 == 0) for at, one in enumerate(addresses))
    return SeenReceipt("0a", "".join(addresses), Kind.ACCEPTANCE, NOON, recipients)


def failure(address: str) -> SeenReceipt:
    reason = Reason("casella piena", "5.2.2", "Provider")
    return SeenReceipt("0b", address, Kind.NON_DELIVERY, NOON, (ReceiptRecipient(address),), reason=reason)


@pytest.fixture(params=["memory", "files"])
def archive(request: pytest.FixtureRequest, folder: Path) -> Archive:
    return FolderArchive(folder) if request.param == "files" else MemoryArchive()


class TestKeeping:
    def test_gives_back_what_was_kept(self, archive: Archive) -> None:
        assert archive.records() == []
        kept = [record(code) for code in CODES]
        archive.keep(kept)
        assert archive.records() == sorted(kept, key=lambda one: one.code)
        assert archive.take_warnings() == ()

    def test_codes_that_begin_alike_are_different_sends(self, archive: Archive) -> None:
        archive.keep([record(CODES[0]), record(CODES[1], subject="altro")])
        assert [one.subject for one in archive.records()] == ["altro", record().subject]

    def test_what_is_read_later_adds_to_it(self, archive: Archive) -> None:
        archive.keep([record(CODES[0], acceptance("a@b.example", "c@d.example"))])
        archive.keep([record(CODES[0], failure("A@B.example"))])
        states = [(one.address, one.state.value) for one in archive.records()[0].outcomes]
        assert states == [("a@b.example", "failed"), ("c@d.example", "none_expected")]

    def test_news_are_what_was_kept_since_the_last_look(self, archive: Archive) -> None:
        assert archive.news() == []
        archive.keep([record(CODES[0]), record(CODES[2])])
        assert [one.code for one in archive.news()] == [CODES[2], CODES[0]]
        assert archive.news() == []
        archive.keep([record(CODES[0], acceptance("new@b.example"))])
        assert archive.news() == [one for one in archive.records() if one.code == CODES[0]]
        archive.keep([record(CODES[1])])
        assert len(archive.records()) == 3
        assert archive.news() == []

    def test_nothing_and_oddities_are_kept_as_they_are(self, archive: Archive) -> None:
        late = SeenReceipt("0c", "", Kind.DELIVERY_TIMEOUT, None, (), False, None, 24)
        bare = settled(CODES[0], "", (late, late), None)
        odd = record(CODES[1], subject="\udc80 lone")
        archive.keep([])
        archive.keep([bare, odd])
        assert archive.records() == [odd, bare]


class TestOnTheDisk:
    def test_it_outlives_the_program(self, folder: Path) -> None:
        FolderArchive(folder).keep([record(code) for code in CODES])
        assert len(FolderArchive(folder).records()) == 3
        assert {path.stat().st_mode & 0o777 for path in folder.glob("*.json")} == {0o600}
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_nothing_is_made_to_look(self, folder: Path) -> None:
        assert FolderArchive(folder).records() == []
        assert not folder.exists()

    def test_two_programs_lose_nothing_of_each_other(self, folder: Path) -> None:
        one, other = FolderArchive(folder), FolderArchive(folder)
        one.keep([record(CODES[0])])
        other.keep([record(CODES[1])])
        one.keep([record(CODES[2])])
        assert [len(archive.records()) for archive in (one, other)] == [3, 3]

    def test_news_of_another_program(self, folder: Path) -> None:
        one, other = FolderArchive(folder), FolderArchive(folder)
        assert one.records() == []
        other.keep([record(CODES[0]), record(CODES[2])])
        one.keep([record(CODES[1])])
        assert [each.code for each in one.news()] == sorted(CODES)
        assert one.news() == []

    @pytest.mark.parametrize("later", [-3600, 3600])
    def test_news_are_seen_however_coarse_the_folder_s_time_is(self, folder: Path, later: int) -> None:
        """A folder that was at rest shows each change; of one that was not, two changes may have one time."""
        one, other = FolderArchive(folder), FolderArchive(folder)
        other.keep([record(CODES[0])])
        at = time.time() + later
        os.utime(folder, (at, at))
        assert len(one.news()) == 1
        other.keep([record(CODES[1])])
        if later > 0:
            os.utime(folder, (at, at))
        assert [each.code for each in one.news()] == [CODES[1]]

    def test_a_table_that_breaks_later_is_set_aside_and_the_rest_is_still_known(self, folder: Path) -> None:
        archive = FolderArchive(folder)
        archive.keep([record(code) for code in CODES])
        archive.records()
        (folder / "sends-20261124.json").write_text('{"2026')
        assert archive.news() == []
        assert "set aside" in archive.take_warnings()[0]
        archive.keep([record(CODES[0], acceptance("new@b.example"))])
        assert [each.code for each in archive.news()] == [CODES[0]]

    def test_a_broken_table_is_set_aside_told_once_and_the_others_stay(self, folder: Path) -> None:
        FolderArchive(folder).keep([record(code) for code in CODES])
        (folder / "sends-20261124.json").write_text('{"2026')
        archive = FolderArchive(folder)
        assert [one.code for one in archive.records()] == [CODES[2]]
        (warning,) = archive.take_warnings()
        assert "set aside" in warning
        assert "fetched again" not in warning
        assert archive.take_warnings() == ()
        assert list(folder.glob("sends-20261124*broken*"))
        archive.keep([record(CODES[0])])
        assert len(archive.records()) == 2

    def test_documents_of_somebody_else_count_as_never_learned(self, folder: Path) -> None:
        FolderArchive(folder).keep([record(CODES[0]), record(CODES[1])])
        path = folder / "sends-20261124.json"
        rows = json.loads(path.read_text())
        rows[CODES[0]]["receipts"] = [["x", "y", "gone", None, [], True, None, None]]
        rows["7"] = {"subject": "no code"}
        path.write_text(json.dumps(rows))
        assert [one.code for one in FolderArchive(folder).records()] == [CODES[1]]

    def test_a_newer_pectui_s_is_left_alone(self, folder: Path) -> None:
        FolderArchive(folder).keep([record()])
        meta = folder / "meta.json"
        rows = json.loads(meta.read_text())
        rows["1"]["schema"] = 99
        meta.write_text(json.dumps(rows))
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        archive = FolderArchive(folder)
        with pytest.raises(StoreError, match="can't be kept") as caught:
            archive.records()
        with pytest.raises(StoreError, match="can't be kept"):
            archive.keep([record(CODES[2])])
        assert "no cache" in caught.value.hint
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
