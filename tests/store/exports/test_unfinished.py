"""Exports on the disk: whole under their names or not there, gone on with after anything, nothing else touched."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pectui.domain.export import ExportFormat, ExportPlan, Manifest, NotExported
from pectui.errors import StoreError
from pectui.store.exports.unfinished import UnfinishedExport, open_unfinished
from tests.store import programs as store_programs
from tests.store.exports import programs
from tests.store.exports.copies import NOON, ORIGIN, contents, copy_of, header, plan_of, text

EVERY_FORM = pytest.mark.parametrize("form", [one.value for one in ExportFormat])
HEADERS = (header(1), header(2, "Perché no"))
PLAN = plan_of(HEADERS, ExportFormat.JSON, "--all")


def opened(path: Path, plan: ExportPlan = PLAN) -> UnfinishedExport:
    work = open_unfinished(path, plan)
    assert isinstance(work, UnfinishedExport)
    return work


def whole(path: Path, plan: ExportPlan = PLAN, missing: int = 0) -> Manifest:
    """An export of the plan's messages but the last `missing`."""
    work = opened(path, plan)
    there = plan.headers[: len(plan.headers) - missing]
    work.keep({index: text("Testo") for index in range(len(there))})
    work.begin_files()
    work.write([copy_of(one, "Testo") for one in there])
    manifest = work.finish([NotExported(one, "weg") for one in plan.headers[len(there) :]], NOON)
    work.close()
    return manifest


def refused(path: Path, plan: ExportPlan = PLAN) -> StoreError:
    with pytest.raises(StoreError) as caught:
        open_unfinished(path, plan)
    assert caught.value.hint
    return caught.value


def run(name: str, *arguments: object) -> Any:
    return store_programs.run(name, *arguments, module=programs.__name__)


class TestKilled:
    @EVERY_FORM
    def test_before_each_touch_of_the_disk_it_is_whole_or_not_there_and_the_next_run_ends_the_same(
        self, form: str, tmp_path: Path
    ) -> None:
        result = run("killed_at_each_step", tmp_path, form)
        assert result["problems"] == []
        assert result["steps"] > 20

    @EVERY_FORM
    def test_at_random_moments(self, form: str, tmp_path: Path) -> None:
        assert run("killed_often", tmp_path, form, 25, form) == {"problems": []}

    @EVERY_FORM
    def test_when_it_just_got_its_name_the_next_run_knows_it(self, form: str, tmp_path: Path) -> None:
        """Even though the same words choose more by now: they chose what is there when they were said."""
        plan = plan_of(HEADERS, ExportFormat(form), "--all")
        path, folder = tmp_path / "out", tmp_path / "out.unfinished"
        work = opened(path, plan)
        work.close()
        leftover = contents(folder)
        manifest = whole(path, plan, missing=1)
        folder.mkdir(0o700)
        for name, data in leftover.items():
            (folder / name).write_bytes(data)
        again = open_unfinished(path, plan_of((*HEADERS, header(3)), ExportFormat(form), "--all"))
        assert again == manifest
        assert not folder.exists()


class TestTheDisk:
    @EVERY_FORM
    def test_a_full_one_is_told_of_and_the_next_run_goes_on(self, form: str, tmp_path: Path) -> None:
        result = run("full_disk", tmp_path, form)
        assert result["problems"] == []
        for title, detail, hint in result["words"]:
            assert title == "The export can't be written"
            assert "File too large" in detail
            assert hint == "Free some space, then do the same again: it goes on from there."

    def test_a_folder_that_may_not_be_written(self, open_root: Path) -> None:
        title, detail, hint = run("without_rights", open_root)
        assert title == "The export can't be written"
        assert "Permission denied" in detail
        assert "another path" in hint

    @EVERY_FORM
    def test_only_the_owner_can_read_it(self, form: str, tmp_path: Path) -> None:
        mask = os.umask(0)
        try:
            whole(tmp_path / "above" / "out", plan_of(HEADERS, ExportFormat(form)))
            unfinished = opened(tmp_path / "other")
        finally:
            os.umask(mask)
        unfinished.close()
        for path in [tmp_path / "above", *(tmp_path / "above").rglob("*"), *tmp_path.glob("other*/*")]:
            wanted = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path


class TestTheManifest:
    def test_it_says_what_these_copies_are_not(self, tmp_path: Path) -> None:
        whole(tmp_path / "out")
        manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
        assert "not the signed originals" in manifest["statement"]["en"]
        assert "Non sono gli originali firmati" in manifest["statement"]["it"]
        assert (manifest["profile"], manifest["address"]) == ("prova", "noi@pec.example")
        assert (manifest["requested"], manifest["exported"], manifest["complete"]) == (2, 2, True)

    def test_it_names_what_is_missing_and_why(self, tmp_path: Path) -> None:
        whole(tmp_path / "out", missing=1)
        manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
        assert not manifest["complete"]
        (missing,) = manifest["missing"]
        assert (missing["id"], missing["raw_subject"], missing["reason"]) == (2, "Perché no", "weg")

    @EVERY_FORM
    def test_sha256sum_verifies_everything_with_it(self, form: str, tmp_path: Path) -> None:
        whole(tmp_path / "out", plan_of(HEADERS, ExportFormat(form)))
        check = ["sha256sum", "-c", "--strict", "SHA256SUMS"]
        done = subprocess.run(check, cwd=tmp_path / "out", capture_output=True, text=True)
        assert done.returncode == 0
        told = {line.partition(": ")[0] for line in done.stdout.splitlines()}
        assert told | {"SHA256SUMS"} == set(contents(tmp_path / "out"))
        (tmp_path / "out" / "manifest.json").write_text("{}")
        assert subprocess.run(check, cwd=tmp_path / "out", capture_output=True).returncode == 1


class TestWhatIsThereAlready:
    """Nothing that is not an unfinished export of the same messages is touched."""

    def test_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("mine")
        assert "is there already" in refused(tmp_path / "out").detail
        assert contents(tmp_path) == {"out": b"mine"}

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        assert "is there already" in refused(tmp_path / "out").detail

    def test_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "out").symlink_to(tmp_path / "nowhere")
        assert "is there already" in refused(tmp_path / "out").detail
        assert not (tmp_path / "nowhere").exists()

    def test_a_folder_that_looks_unfinished_and_is_not_ours(self, tmp_path: Path) -> None:
        (tmp_path / "out.unfinished").mkdir()
        (tmp_path / "out.unfinished" / "diary").write_text("mine")
        assert "no unfinished export" in refused(tmp_path / "out").detail
        assert contents(tmp_path) == {"out.unfinished/diary": b"mine"}

    @pytest.mark.parametrize("other", ["file", "link"])
    def test_something_else_in_its_place(self, other: str, tmp_path: Path) -> None:
        place = tmp_path / "out.unfinished"
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        if other == "file":
            place.write_text("mine")
        else:
            place.symlink_to(elsewhere)
        refused(tmp_path / "out")
        assert list(elsewhere.iterdir()) == []

    def test_a_spool_that_is_a_link(self, tmp_path: Path) -> None:
        opened(tmp_path / "out").close()
        spool = tmp_path / "out.unfinished" / "texts.jsonl"
        spool.unlink()
        spool.symlink_to(tmp_path / "mine")
        refused(tmp_path / "out")
        assert not (tmp_path / "mine").exists()

    def test_a_finished_export_that_was_changed(self, tmp_path: Path) -> None:
        whole(tmp_path / "out")
        (tmp_path / "out" / "messages.jsonl").write_text("changed")
        assert "finished on" in refused(tmp_path / "out").detail

    def test_a_finished_export_with_something_beside_it(self, tmp_path: Path) -> None:
        whole(tmp_path / "out")
        (tmp_path / "out" / "note.txt").write_text("mine")
        assert "finished on" in refused(tmp_path / "out").detail

    def test_a_finished_export_that_lacks_messages_says_so_again(self, tmp_path: Path) -> None:
        manifest = whole(tmp_path / "out", missing=1)
        assert open_unfinished(tmp_path / "out", PLAN) == manifest

    def test_the_same_finished_export_is(self, tmp_path: Path) -> None:
        manifest = whole(tmp_path / "out")
        later = replace(PLAN, begun_at=NOON.replace(year=2027), headers=PLAN.headers[::-1])
        again = open_unfinished(tmp_path / "out", later)
        assert isinstance(again, Manifest)
        assert (again.files, len(again.copied)) == (manifest.files, 2)

    @pytest.mark.parametrize(
        "plan",
        [
            replace(PLAN, format=ExportFormat.CSV),
            replace(PLAN, origin=replace(ORIGIN, address="altri@pec.example")),
            replace(PLAN, selection="--code 2020082610003492", headers=HEADERS[:1]),
            replace(PLAN, selection="", headers=HEADERS[:1]),
        ],
        ids=["form", "mailbox", "selection", "messages"],
    )
    def test_an_unfinished_export_of_something_else(self, plan: ExportPlan, tmp_path: Path) -> None:
        opened(tmp_path / "out").close()
        before = contents(tmp_path)
        assert "unfinished export of other messages" in refused(tmp_path / "out", plan).detail
        assert contents(tmp_path) == before

    def test_what_appears_while_it_is_made_is_not_replaced(self, tmp_path: Path) -> None:
        work = opened(tmp_path / "out")
        work.keep({0: text("a"), 1: text("b")})
        work.begin_files()
        (tmp_path / "out").mkdir()
        with pytest.raises(StoreError, match="Nothing was exported"):
            work.finish([], NOON)
        work.close()
        assert list((tmp_path / "out").iterdir()) == []

    def test_one_that_another_program_writes(self, tmp_path: Path) -> None:
        with store_programs.start("stopped", tmp_path, module=programs.__name__) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "begun\n"
            plan = plan_of(programs.HEADERS, ExportFormat.JSON, "--all")
            assert "by another pectui" in refused(tmp_path / "out", plan).detail
            other.kill()
        opened(tmp_path / "out", plan).close()

    @pytest.mark.parametrize("path", ["/", "/."])
    def test_no_name_at_all(self, path: str) -> None:
        assert "names no new folder" in refused(Path(path)).detail


class TestTexts:
    """The spool of an unfinished export."""

    def test_they_are_there_the_next_time_byte_by_byte(self, tmp_path: Path) -> None:
        work = opened(tmp_path / "out")
        bodies = {0: text("uno\r\n\ud800\x00"), 1: text("è")}
        work.keep(bodies)
        work.close()
        again = opened(tmp_path / "out")
        assert {index: again.text(index) for index in again.held} == bodies
        again.close()

    @pytest.mark.parametrize("cut", [1, 20, 100])
    def test_a_torn_line_does_not_count_and_harms_no_other(self, cut: int, tmp_path: Path) -> None:
        work = opened(tmp_path / "out")
        work.keep({0: text("uno"), 1: text("due")})
        work.close()
        spool = tmp_path / "out.unfinished" / "texts.jsonl"
        spool.write_bytes(spool.read_bytes()[:-cut])
        again = opened(tmp_path / "out")
        # A line that lacks its end alone says all there is to say.
        assert set(again.held) == ({0, 1} if cut == 1 else {0})
        again.keep({1: text("tre")})
        again.close()
        third = opened(tmp_path / "out")
        assert [third.text(index).body for index in (0, 1)] == ["uno", "tre"]
        third.close()

    def test_one_that_was_changed_does_not_count(self, tmp_path: Path) -> None:
        work = opened(tmp_path / "out")
        work.keep({0: text("uno"), 1: text("due")})
        work.close()
        spool = tmp_path / "out.unfinished" / "texts.jsonl"
        spool.write_bytes(spool.read_bytes().replace(b"uno", b"UNO"))
        again = opened(tmp_path / "out")
        assert set(again.held) == {1}
        again.close()
