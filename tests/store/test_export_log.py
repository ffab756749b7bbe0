"""What was exported is remembered for as long as the copy is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import pytest

from pectui.domain.message import Header
from pectui.store.export_log import ExportLog, FolderExportLog, MemoryExportLog

FIRST = Header(1, "Mon, 2 Mar 2026 09:00:00 +0100", "CONSEGNA: Avviso", "a@pec.example", "b@pec.example")
SECOND = Header(2, *FIRST.facts)

Maker = Callable[[], ExportLog]


@pytest.fixture(params=["memory", "folder"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> ExportLog:
    if request.param == "memory":
        return MemoryExportLog()
    return FolderExportLog(tmp_path / "log", lambda: datetime(2026, 3, 2, tzinfo=UTC))


def an_export(tmp_path: Path, name: str = "copies") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    return folder


def test_nothing_was_exported_at_first(log: ExportLog) -> None:
    assert log.exported([FIRST]) == set()


def test_what_was_exported_is_known_by_its_id_and_facts(log: ExportLog, tmp_path: Path) -> None:
    log.add(an_export(tmp_path), [FIRST])
    assert log.exported([FIRST, SECOND]) == {FIRST}


def test_several_exports_count_together(log: ExportLog, tmp_path: Path) -> None:
    log.add(an_export(tmp_path), [FIRST])
    log.add(an_export(tmp_path, "more"), [SECOND])
    assert log.exported([FIRST, SECOND]) == {FIRST, SECOND}


def test_an_export_that_was_removed_counts_no_more(log: ExportLog, tmp_path: Path) -> None:
    folder = an_export(tmp_path)
    log.add(folder, [FIRST])
    rmtree(folder)
    assert log.exported([FIRST]) == set()


def test_another_program_knows_it_too(tmp_path: Path) -> None:
    def program() -> ExportLog:
        return FolderExportLog(tmp_path / "log", lambda: datetime(2026, 3, 2, tzinfo=UTC))

    program().add(an_export(tmp_path), [FIRST])
    assert program().exported([FIRST]) == {FIRST}


def test_a_damaged_note_proves_nothing(tmp_path: Path) -> None:
    log = FolderExportLog(tmp_path / "log", lambda: datetime(2026, 3, 2, tzinfo=UTC))
    log.add(an_export(tmp_path), [FIRST])
    note = next((tmp_path / "log").iterdir())
    note.write_text("{")
    assert log.exported([FIRST]) == set()
