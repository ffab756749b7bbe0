"""What is being written survives whatever happens, until it was sent or thrown away."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pectui.domain.composition import Composition, DraftState, SavedDraft
from pectui.errors import StoreError
from pectui.store.draft_files import FolderDrafts
from pectui.store.drafts import MemoryDrafts
from pectui.tui import keeping
from pectui.tui.screens.compose import ComposeScreen
from pectui.tui.screens.drafts import DraftsScreen
from pectui.tui.screens.inbox import InboxScreen
from tests.tui.stage import NOW, PRODUCTION, Stage, eventually, playing

PROVIDER = "posta-certificata@pec.example"
DRAFT = SavedDraft("one", Composition("a@pec.example", "Avviso di prova", "Egregi,"), NOW - timedelta(days=2))


def kept(folder: Path) -> Sequence[SavedDraft]:
    return FolderDrafts(folder).read()


@pytest.fixture(autouse=True)
def _only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause of a busy machine is one in typing."""
    monkeypatch.setattr(keeping, "PAUSE", 1_000)
    monkeypatch.setattr(keeping, "LONGEST", 1_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "drafts"


class TestKeeping:
    """By itself, and without a word of it lost."""

    async def test_it_is_kept_a_moment_after_a_pause_in_typing(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "PAUSE", 0.01)
        async with playing(Stage(3, drafts=FolderDrafts(folder), profile=PRODUCTION)) as stage:
            await stage.press("c")
            await stage.paste("a@pec.example")
            await stage.press("tab")
            await stage.burst(*"Avviso")
            await eventually(lambda: [one.composition.subject for one in kept(folder)] == ["Avviso"])
            await eventually(lambda: "kept 14:05" in stage.text())

    async def test_it_is_kept_while_somebody_never_pauses(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "LONGEST", 0.01)
        async with playing(Stage(3, drafts=FolderDrafts(folder))) as stage:
            await stage.press("c")
            await stage.burst(*"ab")
            await eventually(lambda: len(kept(folder)) == 1)

    async def test_esc_keeps_it_and_the_next_program_goes_on_with_it(self, folder: Path) -> None:
        async with playing(Stage(3, drafts=FolderDrafts(folder))) as stage:
            await stage.press("c")
            await stage.paste("a@pec.example")
            await stage.press("tab", "tab")
            await stage.paste("~/una fattura.pdf")
            await stage.press("tab", "ctrl+t")
            await stage.paste("<p>Egregi</p>\n")
            written = stage.compose.composition
            await stage.press("escape")
            assert isinstance(stage.app.screen, InboxScreen)
            assert "The draft is kept" in stage.text()
        async with playing(Stage(3, drafts=FolderDrafts(folder))) as stage:
            await stage.press("c")
            assert "1 draft: Ctrl-L" in stage.text()
            await stage.press("ctrl+l", "enter")
            assert stage.compose.composition == written
            assert written == Composition(
                "a@pec.example", "", "<p>Egregi</p>\n", True, ("~/una fattura.pdf",)
            )

    @pytest.mark.parametrize("key", ["ctrl+q", "escape"])
    async def test_leaving_the_program_keeps_it(self, folder: Path, key: str) -> None:
        async with playing(Stage(3, drafts=FolderDrafts(folder))) as stage:
            await stage.press("c")
            await stage.burst(*"abc")
            await stage.pilot.press(key, "q")  # type: ignore[union-attr]  # the program is gone then
        assert [one.composition.recipients for one in kept(folder)] == ["abc"]

    async def test_nothing_is_kept_of_what_nobody_wrote(self, folder: Path) -> None:
        stage = Stage(messages=0, drafts=FolderDrafts(folder))
        stage.sandbox.mailbox.deliver("POSTA CERTIFICATA: x", "x", sender="chi@pec.example")
        async with playing(stage):
            await stage.press("c", "escape", "C", "escape", "c")
            await stage.burst(*"ab")
            await stage.press("backspace", "backspace", "escape")
            assert list(kept(folder)) == []
            assert "draft" not in stage.text()

    async def test_where_it_cannot_be_kept_it_is_held_and_said_so_and_kept_once_it_can_be(
        self, folder: Path
    ) -> None:
        folder.write_text("in the way")
        async with playing(Stage(3, drafts=FolderDrafts(folder))) as stage:
            await stage.press("c")
            await stage.burst("escape", *"abc")  # that they can't be read either was told
            await stage.press("escape")
            assert isinstance(stage.app.screen, InboxScreen)
            assert "The draft is kept only until pectui ends" in stage.text()
            assert str(folder.parent) in stage.said().replace(" ", "")
            os.remove(folder)
            await stage.press("c", "ctrl+l", "enter")
            assert stage.compose.composition.recipients == "abc"
            await stage.press("escape")
        assert [one.composition.recipients for one in kept(folder)] == ["abc"]

    async def test_what_is_held_is_kept_at_the_end_if_it_can_be(self, folder: Path) -> None:
        folder.write_text("in the way")
        async with playing(Stage(3, drafts=FolderDrafts(folder))) as stage:
            await stage.press("c")
            await stage.burst("escape", *"abc")
            await stage.press("escape")
            os.remove(folder)
            await stage.pilot.press("ctrl+q")  # type: ignore[union-attr]
        assert [one.composition.recipients for one in kept(folder)] == ["abc"]

    async def test_where_no_text_may_stay_it_is_kept_in_memory_and_says_so(self) -> None:
        async with playing(Stage(3, profile=replace(PRODUCTION, cache_bodies=False))) as stage:
            await stage.press("c")
            await stage.burst(*"abc")
            await stage.press("escape")
            assert "by cache_bodies = false" in stage.text()
            await stage.press("c", "ctrl+l", "enter")
            assert stage.compose.composition.recipients == "abc"
            assert "kept only until pectui ends" in stage.text()


def journal(stage: Stage, digest: str, result: str | None, **facts: object) -> None:
    """What an earlier program has journalled of sending this content; None: it was killed before the answer came."""
    assert stage.inbox.session is not None
    written = stage.inbox.session.sendings.journals().begin()
    written.write("post", {"number": 1, "digest": digest, "recipients": ["a@pec.example"], "subject": "x"})
    if result is not None:
        written.write(result, {"number": 1, **facts})
    written.close()


class TestSeveral:
    """Each for itself."""

    async def test_another_one_is_gone_on_with_and_the_first_is_kept(self) -> None:
        drafts = MemoryDrafts()
        drafts.save(DRAFT)
        async with playing(Stage(3, drafts=drafts)) as stage:
            await stage.press("c")
            await stage.burst(*"abc")
            await stage.press("ctrl+l")
            assert isinstance(stage.app.screen, DraftsScreen)
            assert "Avviso di prova" in stage.text()
            assert "21 Nov" in stage.text()
            await stage.press("enter")
            assert stage.compose.composition == DRAFT.composition
            await stage.press("ctrl+l")
            assert "1 other draft" in stage.text()
            await stage.press("enter")
            assert stage.compose.composition.recipients == "abc"

    async def test_one_is_thrown_away_by_y_alone(self) -> None:
        drafts = MemoryDrafts()
        drafts.save(DRAFT)
        async with playing(Stage(3, drafts=drafts)) as stage:
            await stage.press("c", "ctrl+l", "d", "enter")
            assert list(drafts.read()) == [DRAFT]
            await stage.press("d", "y")
            assert list(drafts.read()) == []
            assert "No other draft is left" in stage.text()
            await stage.press("escape")
            assert isinstance(stage.app.screen, ComposeScreen)

    @pytest.mark.parametrize(
        ("state", "result"), [(DraftState.SENDING, None), (DraftState.UNKNOWN, "unknown")]
    )
    async def test_one_that_may_have_been_sent_is_told_and_marked(
        self, state: DraftState, result: str | None
    ) -> None:
        drafts = MemoryDrafts()
        drafts.save(replace(DRAFT, state=state, digest="ab"))
        async with playing(Stage(3, drafts=drafts)) as stage:
            journal(stage, "ab", result)
            await stage.press("c")
            assert "It is unknown whether a draft went out" in stage.text()
            await stage.press("ctrl+l")
            assert "? may be sent" in stage.text()
            await stage.press("enter")
            assert "It is unknown whether this was sent" in stage.text()
            assert "may have been sent" in stage.lines()[-2]

    async def test_one_that_was_sent_after_all_goes_and_that_is_told(self) -> None:
        drafts = MemoryDrafts()
        drafts.save(replace(DRAFT, state=DraftState.SENDING, digest="ab"))
        async with playing(Stage(3, drafts=drafts)) as stage:
            journal(stage, "ab", "sent", code="2026112309300501")
            await stage.press("c")
            assert "A draft had been sent: 2026112309300501" in stage.text()
            assert list(drafts.read()) == []

    @pytest.mark.parametrize("result", ["refused", "not_sent", "never posted"])
    async def test_one_that_surely_was_not_sent_is_marked_no_more(self, result: str) -> None:
        drafts = MemoryDrafts()
        drafts.save(replace(DRAFT, state=DraftState.SENDING, digest="ab"))
        async with playing(Stage(3, drafts=drafts)) as stage:
            if result != "never posted":
                journal(stage, "ab", result)
            await stage.press("c")
            assert "1 draft: Ctrl-L" in stage.text()
            assert [one.state for one in drafts.read()] == [DraftState.UNFINISHED]

    async def test_drafts_that_cannot_be_read_are_told_and_one_can_write_all_the_same(
        self, folder: Path
    ) -> None:
        class Broken(MemoryDrafts):
            def read(self) -> Sequence[SavedDraft]:
                raise StoreError("The draft can't be kept", "a disk on fire")

        async with playing(Stage(3, drafts=Broken())) as stage:
            await stage.press("c")
            assert "a disk on fire" in stage.text()
            await stage.burst(*"ab")
            assert stage.compose.to.text == "ab"


def an_answerable(subject: str = "POSTA CERTIFICATA: Re: Avviso 2026112309300501") -> Stage:
    stage = Stage(messages=0, drafts=MemoryDrafts())
    stage.sandbox.mailbox.deliver(subject, "grazie", sender=f'"Per conto di: chi@pec.example" <{PROVIDER}>')
    return stage


class TestAnswering:
    """C, on what a person wrote."""

    async def test_it_goes_to_the_author_and_keeps_subject_and_code(self) -> None:
        async with playing(an_answerable()) as stage:
            await stage.press("C")
            written = stage.compose.composition
            assert written == Composition("chi@pec.example", "Re: Avviso 2026112309300501")
            assert stage.app.focused is stage.compose.text

    async def test_from_the_sends_too(self) -> None:
        async with playing(an_answerable()) as stage:
            await stage.press("2", "right", "j", "C")
            assert stage.compose.composition.recipients == "chi@pec.example"

    async def test_answering_it_again_goes_on_with_its_draft(self) -> None:
        async with playing(an_answerable()) as stage:
            await stage.press("C")
            await stage.burst(*"Egregio")
            await stage.press("escape", "C")
            assert stage.compose.composition.body == "Egregio"
            await stage.burst("!")
            await stage.press("escape")
            assert len(stage.drafts.read()) == 1  # type: ignore[union-attr]

    async def test_a_receipt_has_nobody_to_answer_and_says_so(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver("CONSEGNA: Avviso 2026112309300501", "consegnato", sender=PROVIDER)
        async with playing(stage) as stage:
            await stage.press("C")
            assert isinstance(stage.app.screen, InboxScreen)
            assert "nobody would read an answer" in stage.text()

    async def test_an_address_with_signs_that_cannot_be_seen_is_not_answered(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver("POSTA CERTIFICATA: x", "x", sender="c\u200bhi@pec.example")
        async with playing(stage) as stage:
            await stage.press("C")
            assert "signs that can't be seen" in stage.text()

    async def test_ordinary_mail_is_answered_with_a_warning(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver("ANOMALIA MESSAGGIO: x", "x", sender="chi@mail.example")
        async with playing(stage) as stage:
            await stage.press("C")
            assert "No provider vouches for the sender" in " ".join(stage.text().split())
            assert stage.compose.composition.recipients == "chi@mail.example"
