"""Drafts: what somebody writes is kept until it was sent, and nobody's words take the place of another's."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pectui.domain.composition import Composition, DraftState, SavedDraft
from pectui.errors import StoreError
from pectui.store.draft_files import FolderDrafts
from pectui.store.drafts import Drafts, MemoryDrafts
from tests.store.conftest import hooked

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WRITTEN = Composition(
    recipients="a@pec.example,\nb@", subject="Avviso \ud83d", body="Egregi,\n\nci\u00e0o", is_html=True,
    attachments=("~/fattura.pdf", "/non/c'e\u0300"),
)  # fmt: skip
DRAFT = SavedDraft("one", WRITTEN, NOON, DraftState.UNKNOWN, answers="0123", digest="ab")

Maker = Callable[[], Drafts]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "drafts" / "production-0123456789abcdef"


@pytest.fixture(params=["memory", "folder"])
def drafts(request: pytest.FixtureRequest, folder: Path) -> Drafts:
    return MemoryDrafts() if request.param == "memory" else FolderDrafts(folder)


class TestEveryStoreOfDrafts:
    """On the disk and in memory alike."""

    def test_none_is_there_at_first(self, drafts: Drafts) -> None:
        assert list(drafts.read()) == []

    def test_a_draft_comes_back_as_it_was_written_wrong_addresses_and_half_characters_included(
        self, drafts: Drafts
    ) -> None:
        assert drafts.save(DRAFT) == DRAFT
        assert list(drafts.read()) == [DRAFT]

    def test_saving_it_again_replaces_it(self, drafts: Drafts) -> None:
        drafts.save(DRAFT)
        later = replace(DRAFT, composition=Composition(body="altro"), state=DraftState.UNFINISHED)
        drafts.save(later)
        assert list(drafts.read()) == [later]

    def test_the_latest_comes_first(self, drafts: Drafts) -> None:
        later = replace(DRAFT, name="two", saved_at=NOON + timedelta(minutes=1))
        drafts.save(later)
        drafts.save(DRAFT)
        assert list(drafts.read()) == [later, DRAFT]

    def test_one_that_was_removed_is_gone_and_the_others_stay(self, drafts: Drafts) -> None:
        drafts.save(DRAFT)
        other = drafts.save(replace(DRAFT, name="two"))
        drafts.remove("one")
        drafts.remove("never there")
        assert list(drafts.read()) == [other]


class TestOnTheDisk:
    """A file each, under the state folder."""

    def test_another_program_finds_it(self, folder: Path) -> None:
        FolderDrafts(folder).save(DRAFT)
        assert list(FolderDrafts(folder).read()) == [DRAFT]

    def test_only_its_owner_can_read_it_whatever_the_umask(self, folder: Path) -> None:
        before = os.umask(0)
        try:
            FolderDrafts(folder).save(DRAFT)
        finally:
            os.umask(before)
        assert stat.S_IMODE((folder / "one.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700

    def test_a_full_disk_leaves_what_was_saved_before_and_says_so(self, folder: Path) -> None:
        drafts = FolderDrafts(folder)
        drafts.save(DRAFT)

        def full(event: str, arguments: tuple[object, ...]) -> None:
            if event == "os.rename":
                raise OSError(28, "No space left on device")

        with hooked(full), pytest.raises(StoreError, match="The draft can't be kept") as raised:
            drafts.save(replace(DRAFT, composition=Composition(body="lost")))
        assert "no cache" in raised.value.hint
        assert list(FolderDrafts(folder).read()) == [DRAFT]
        assert os.listdir(folder) == ["one.json"]

    def test_two_programs_that_write_on_the_same_draft_both_keep_their_words(self, folder: Path) -> None:
        first, second = FolderDrafts(folder), FolderDrafts(folder)
        first.save(DRAFT)
        second.read()
        mine = second.save(replace(DRAFT, composition=Composition(body="mine")))
        theirs = first.save(replace(DRAFT, composition=Composition(body="theirs")))
        assert mine.name == "one"
        assert theirs.name != "one"
        assert {one.composition.body for one in FolderDrafts(folder).read()} == {"mine", "theirs"}

    def test_a_draft_that_another_program_has_changed_is_not_removed(self, folder: Path) -> None:
        first, second = FolderDrafts(folder), FolderDrafts(folder)
        first.save(DRAFT)
        second.read()
        changed = second.save(replace(DRAFT, composition=Composition(body="mine")))
        first.remove("one")
        assert list(second.read()) == [changed]

    def test_no_draft_is_written_through_a_link(self, folder: Path, tmp_path: Path) -> None:
        folder.parent.mkdir(parents=True)
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StoreError, match="can't be kept"):
            FolderDrafts(folder).save(DRAFT)
        assert os.listdir(tmp_path / "elsewhere") == []


def damaged() -> Iterator[object]:
    folder_document = {
        "version": 1, "saved_at": NOON.isoformat(), "state": "unfinished", "answers": "", "digest": "",
        "recipients": "", "subject": "", "body": "", "is_html": False, "attachments": [],
    }  # fmt: skip
    yield pytest.param(json.dumps({**folder_document, "version": 2}), id="of a newer pectui")
    yield pytest.param("{", id="cut off")
    yield pytest.param("[" * 100_000, id="deeply nested")
    for key, value in {
        "body": 3, "attachments": [3], "attachments ": 0, "saved_at": "then", "state": "posted", "subject": None,
    }.items():  # fmt: skip
        yield pytest.param(json.dumps({**folder_document, key.strip(): value}), id=f"{key}={value}")


class TestADamagedDraft:
    """It is told once, left where it is, and hides no other."""

    @pytest.mark.parametrize("content", damaged())
    def test_the_others_are_read_and_it_stays(self, content: str, folder: Path) -> None:
        drafts = FolderDrafts(folder)
        drafts.save(DRAFT)
        (folder / "broken.json").write_text(content)
        (folder / "notes.txt").write_text("not ours")
        assert list(drafts.read()) == [DRAFT]
        assert list(drafts.read()) == [DRAFT]
        (warning,) = drafts.take_warnings()
        assert str(folder / "broken.json") in warning
        assert (folder / "broken.json").read_text() == content

    def test_a_new_draft_never_takes_its_place(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "one.json").write_text("{")
        saved = FolderDrafts(folder).save(DRAFT)
        assert saved.name != "one"
        assert (folder / "one.json").read_text() == "{"


def test_a_repr_shows_nothing_of_the_body() -> None:
    assert "Egregi" not in repr(DRAFT)


@pytest.mark.parametrize(
    ("written", "empty"),
    [
        (Composition(), True),
        (Composition(is_html=True, body=" \n"), True),
        (Composition(recipients="a"), False),
        (Composition(attachments=("x",)), False),
    ],
)
def test_only_what_holds_nothing_is_empty(written: Composition, empty: bool) -> None:
    assert written.is_empty is empty
