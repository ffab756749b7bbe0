"""Sending what was written: looked over first, by y alone, once; and what became of it is told, whatever it was."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from pectui.domain.composition import Composition, DraftState, SavedDraft
from pectui.store.drafts import MemoryDrafts
from pectui.tui.screens.compose import ComposeScreen
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.leave import LeaveScreen
from pectui.tui.screens.review import ReviewScreen
from pectui.tui.screens.sending import SendingScreen
from pectui.tui.screens.sends import SendsScreen
from tests.tui.stage import DEMO, NOW, PRODUCTION, Stage, eventually, playing, settled

WRITTEN = Composition("a@pec.example, b@pec.example", "Avviso di prova", "Egregi signori,\n\nsegreto <b>.\n")


def a_stage(written: Composition = WRITTEN, **options: object) -> Stage:
    """With one draft, and an empty mailbox."""
    stage = Stage(messages=0, drafts=MemoryDrafts(), **options)  # type: ignore[arg-type]
    assert stage.drafts is not None
    stage.drafts.save(SavedDraft("one", written, NOW))
    return stage


async def go_on(stage: Stage) -> None:
    """Opens the draft."""
    await stage.press("c", "ctrl+l", "enter")
    assert stage.compose.composition.subject


def posted(stage: Stage) -> int:
    return stage.sandbox.count("POST")


def draft(stage: Stage) -> SavedDraft:
    assert stage.drafts is not None
    (found,) = stage.drafts.read()
    return found


class TestTheReview:
    """The last look."""

    async def test_it_tells_what_goes_out_to_whom_and_what_it_costs(self, tmp_path: Path) -> None:
        (tmp_path / "fattura.pdf").write_bytes(b"x" * 1_500_000)
        written = replace(WRITTEN, attachments=(str(tmp_path / "fattura.pdf"),))
        async with playing(a_stage(written, profile=PRODUCTION), (100, 40)) as stage:
            await go_on(stage)
            await stage.press("ctrl+s")
            assert isinstance(stage.app.screen, ReviewScreen)
            for words in (
                "PRODUCTION acme Send this to 2 recipients?", "comunicazioni@pec.comune-esempio.example",
                "a@pec.example, b@pec.example", "0.10 EUR", "0 of 3,500 recipients a day", "fattura.pdf (1.5 MB)",
                "Avviso di prova", "segreto <b>.", "y send any other key no",
            ):  # fmt: skip
                assert words in stage.said(), words

    @pytest.mark.parametrize("key", ["enter", "escape", "n", "Y", "space", "ctrl+s"])
    async def test_every_other_key_means_no_and_the_draft_stays(self, key: str) -> None:
        async with playing(a_stage()) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", key)
            assert isinstance(stage.app.screen, ComposeScreen)
            assert "Nothing was sent" in stage.text()
            assert posted(stage) == 0
            assert draft(stage).state is DraftState.UNFINISHED

    async def test_no_key_is_an_answer_that_came_before_the_question(self) -> None:
        async with playing(a_stage()) as stage:
            await go_on(stage)
            await stage.burst("ctrl+s", "y", "y")
            assert posted(stage) == 0

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"recipients": " "}, "it has no recipient"),
            ({"recipients": "a@pec.example b"}, "the recipient 'b' is no address"),
            ({"subject": "Avviso\x0bBcc: x"}, "the subject holds a line break or a sign that can't be seen"),
            ({"body": " "}, "it has neither a text nor a file"),
            ({"attachments": ("/non/c-e.pdf",)}, "c-e.pdf can't be attached"),
        ],
    )  # fmt: skip
    async def test_what_is_wrong_is_told_and_nothing_is_asked(
        self, changes: dict[str, object], words: str
    ) -> None:
        async with playing(a_stage(replace(WRITTEN, **changes))) as stage:  # type: ignore[arg-type]
            await go_on(stage)
            await stage.press("ctrl+s")
            assert isinstance(stage.app.screen, ComposeScreen)
            assert words in stage.said()

    async def test_nothing_is_sent_from_where_nothing_may_be(self) -> None:
        async with playing(a_stage(profile=replace(DEMO, read_only=True))) as stage:
            await go_on(stage)
            await stage.press("ctrl+s")
            assert "Nothing is sent from here" in stage.text()
            assert isinstance(stage.app.screen, ComposeScreen)
        async with playing(a_stage(profile=PRODUCTION, offline=True)) as stage:
            await go_on(stage)
            await stage.press("ctrl+s")
            assert "nothing can be sent now" in stage.said()


class TestSent:
    """The service took it."""

    async def test_it_is_posted_once_as_it_was_written_and_its_draft_goes(self) -> None:
        async with playing(a_stage()) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y")
            assert isinstance(stage.app.screen, SendingScreen)
            assert "Sent: 20261123" in stage.text()
            assert "To 2 recipients." in stage.text()
            assert posted(stage) == 1
            assert stage.drafts is not None
            assert list(stage.drafts.read()) == []
            await stage.press("escape")
            assert isinstance(stage.app.screen, InboxScreen)
            await stage.press("4")
            assert "send" in stage.text()
            assert "Sent: 20261123" in stage.text()

    async def test_s_leads_to_its_send(self) -> None:
        async with playing(a_stage()) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y", "s")
            assert isinstance(stage.app.screen, SendsScreen)
            assert "Avviso di prova" in stage.text()

    async def test_the_same_content_needs_more_than_y_to_be_sent_again(self) -> None:
        async with playing(a_stage()) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y", "escape")
            assert stage.drafts is not None
            stage.clock.forward(60)  # by the service's clock, which takes one a second
            stage.drafts.save(
                SavedDraft("two", replace(WRITTEN, recipients="B@pec.example a@pec.example"), NOW)
            )
            await go_on(stage)
            await stage.press("ctrl+s")
            assert "This very message was sent before, at 14:05 as 20261123" in stage.said()
            await stage.press("y")
            assert posted(stage) == 1
            await stage.press("ctrl+s", "1", "4", "0", "4", "enter")
            assert posted(stage) == 1
            await stage.press("ctrl+s", "1", "4", "0", "5", "enter")
            assert posted(stage) == 2
            assert "Sent: " in stage.text()

    async def test_nothing_of_the_text_is_left_in_any_log(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        async with playing(a_stage(faults=["send:500:times=1"])) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y")
            assert "segreto" not in caplog.text
            assert "segreto" not in repr(stage.app.screen_stack)


class TestNotSent:
    """The service would not take it, or it never left."""

    async def test_why_it_was_refused_is_told_and_one_goes_on_writing(self) -> None:
        async with playing(a_stage(faults=["send:400"])) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y")
            assert "Refused: it was not sent" in stage.text()
            assert draft(stage).state is DraftState.UNFINISHED
            await stage.press("escape")
            assert stage.compose.composition == WRITTEN
            stage.fault()
            await stage.press("ctrl+s", "y")
            assert "Sent: " in stage.text()

    async def test_credentials_that_are_refused_leave_it_unsent(self) -> None:
        async with playing(a_stage(faults=["send:401"])) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y")
            assert "It was not sent" in stage.text()
            assert draft(stage).state is DraftState.UNFINISHED


class TestUnknown:
    """Nobody knows."""

    async def test_it_is_told_with_what_it_means_and_the_draft_is_kept_and_marked(self) -> None:
        async with playing(a_stage(faults=["send:reset-after"])) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y")
            assert "It is unknown whether it was sent" in stage.text()
            assert "It is not sent again by itself" in stage.said()
            assert draft(stage).state is DraftState.UNKNOWN
            await stage.press("escape")
            assert isinstance(stage.app.screen, InboxScreen)
            assert posted(stage) == 1

    async def test_an_acceptance_in_the_inbox_tells_that_it_was_and_its_draft_goes(self) -> None:
        async with playing(a_stage(faults=["send:reset-after"])) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y", "escape")
            stage.clock.forward(600)
            await stage.press("c")
            assert "A draft had been sent: 20261123" in stage.text()
            assert stage.drafts is not None
            assert list(stage.drafts.read()) == []
            assert posted(stage) == 1

    async def test_sent_again_it_needs_more_than_y(self) -> None:
        async with playing(a_stage(faults=["send:500:times=1"])) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y", "escape")
            await go_on(stage)
            assert "It is unknown whether this was sent" in stage.text()
            await stage.press("ctrl+s")
            assert "may have been sent before, at 14:05: nobody knows" in stage.said()
            await stage.press("y")
            assert posted(stage) == 1
            await stage.press("ctrl+s", *"1405", "enter")
            assert "Sent: " in stage.text()

    async def test_a_changed_one_is_told_to_have_an_earlier_form(self) -> None:
        async with playing(a_stage(faults=["send:500:times=1"])) as stage:
            await go_on(stage)
            await stage.press("ctrl+s", "y", "escape")
            await go_on(stage)
            await stage.paste("x")
            await stage.press("ctrl+s")
            assert "An earlier form of this draft may have been sent" in stage.said()


class TestInTheMiddleOfIt:
    """While the service is silent."""

    async def test_it_can_be_closed_and_the_end_is_told_in_the_view(self) -> None:
        async with playing(a_stage()) as stage:
            await go_on(stage)
            await stage.press("ctrl+s")
            stage.hold("send")
            await stage.pilot.press("y")  # type: ignore[union-attr]
            await stage.asked()
            assert draft(stage).state is DraftState.SENDING
            assert "Sending to 2 recipients" in stage.text()
            await stage.pilot.press("escape")  # type: ignore[union-attr]
            await eventually(lambda: isinstance(stage.app.screen, InboxScreen))
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert "Sent: " in stage.text()

    async def test_ctrl_c_tells_that_what_has_left_has_left(self) -> None:
        async with playing(a_stage()) as stage:
            await go_on(stage)
            await stage.press("ctrl+s")
            stage.hold("send")
            await stage.pilot.press("y")  # type: ignore[union-attr]
            await stage.asked()
            await stage.pilot.press("ctrl+c")  # type: ignore[union-attr]
            await eventually(lambda: "It is stopped unless it has left" in stage.said())
            assert "What has left can't be taken back" in stage.said()
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
            assert "Sent: " in stage.text()
            assert posted(stage) == 1

    async def test_leaving_asks_first_and_says_what_it_means(self) -> None:
        async with playing(a_stage()) as stage:
            await go_on(stage)
            await stage.press("ctrl+s")
            stage.hold("send")
            await stage.pilot.press("y")  # type: ignore[union-attr]
            await stage.asked()
            await stage.pilot.press("escape")  # type: ignore[union-attr]
            await eventually(lambda: isinstance(stage.app.screen, InboxScreen))
            await stage.pilot.press("q")  # type: ignore[union-attr]
            await eventually(lambda: isinstance(stage.app.screen, LeaveScreen))
            assert "Without it nobody knows whether it went out" in stage.said()
            await stage.pilot.press("escape")  # type: ignore[union-attr]
            stage.release()
            await settled(stage.pilot)  # type: ignore[arg-type]
