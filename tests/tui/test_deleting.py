"""Deleting from the screen: the plan, the one key that confirms, the result."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pectui.tui.screens.delete import DeleteScreen
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.leave import LeaveScreen
from tests.tui.stage import DEMO, PRODUCTION, Stage, eventually, playing, settled

PROVIDER = "posta-certificata@pecmassiva.example"
CODE = "2026112309300501"


def one_delivery(**options: object) -> Stage:
    stage = Stage(messages=0, **options)  # type: ignore[arg-type]
    stage.sandbox.mailbox.deliver(f"CONSEGNA: Avviso {CODE}", "consegnato", sender=PROVIDER)
    return stage


class TestThePlan:
    """What the dialog says before anything happens."""

    async def test_it_shows_the_message_what_it_proves_and_that_nothing_brings_it_back(self) -> None:
        async with playing(one_delivery()) as stage:
            await stage.press("d")
            assert isinstance(stage.app.screen, DeleteScreen)
            text = stage.text()
            for told in (
                "Delete this message?",
                "Delivered",
                "Avviso",
                PROVIDER,
                "Mon 23 Nov 2026",
                CODE,
                "demo",
            ):
                assert told in text, told
            assert "no trash and no undo" in text
            assert "another program could still act" in " ".join(text.replace("│", " ").split())
            assert "y delete" in text
            assert "any other key no" in text

    async def test_it_warns_of_the_last_proof_of_delivery(self) -> None:
        async with playing(one_delivery()) as stage:
            await stage.press("d")
            assert f"last proof of delivery of send {CODE}" in stage.text()

    async def test_it_does_not_where_another_proof_stays(self) -> None:
        stage = one_delivery()
        stage.sandbox.mailbox.deliver(f"CONSEGNA: Avviso {CODE}", "altro", sender=PROVIDER)
        async with playing(stage) as stage:
            await stage.press("d")
            assert "last proof" not in stage.text()

    async def test_it_warns_of_an_answer(self) -> None:
        stage = Stage(messages=0)
        subject = f"POSTA CERTIFICATA: Re: Avviso {CODE}"
        stage.sandbox.mailbox.deliver(
            subject, "grazie", sender='"Per conto di: x@y.example" <posta-certificata@z.example>'
        )
        async with playing(stage) as stage:
            await stage.press("d")
            assert "somebody's answer" in stage.text()

    async def test_it_warns_of_an_unknown_kind(self) -> None:
        stage = Stage(messages=0)
        stage.sandbox.mailbox.deliver("Buongiorno", "x", sender="a@b.example")
        async with playing(stage) as stage:
            await stage.press("d")
            assert "doesn't know what kind" in stage.text()

    async def test_production_is_named_in_red(self) -> None:
        async with playing(one_delivery(profile=PRODUCTION)) as stage:
            await stage.press("d")
            assert " PRODUCTION acme " in stage.text()

    async def test_it_scrolls_where_the_terminal_is_low_and_the_keys_stay_in_sight(self) -> None:
        async with playing(one_delivery(), (40, 12)) as stage:
            await stage.press("d")
            assert "y delete  ↓ more  any other key no" in stage.text()
            await stage.press("pagedown", "pagedown", "pagedown", "down")
            assert isinstance(stage.app.screen, DeleteScreen)
            assert "another program" in " ".join(stage.text().replace("│", " ").split())
            await stage.press("y")
            assert stage.sandbox.mailbox.mails == ()


class TestConfirming:
    """Only `y` means yes."""

    async def test_y_deletes(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("j", "d")
            doomed = stage.under_cursor()
            await stage.press("y")
            assert isinstance(stage.app.screen, InboxScreen)
            assert doomed not in {mail.uid for mail in stage.sandbox.mailbox.mails}
            assert len(stage.sandbox.mailbox.mails) == 59
            assert "Deleted" in stage.text()
            assert "59 messages" in stage.lines()[-2]
            assert stage.inbox.list.cursor == 1
            assert len(stage.inbox.list.rows) == 25

    @pytest.mark.parametrize(
        "key", ["enter", "escape", "n", "Y", "d", "q", "space", "ctrl+p", "question_mark", "down"]
    )
    async def test_every_other_key_means_no(self, key: str) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("d", key)
            assert isinstance(stage.app.screen, InboxScreen)
            assert stage.sandbox.count("DELETE") == 0
            assert "Nothing was deleted" in stage.text()

    async def test_the_quota_is_read_again(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            before = stage.sandbox.count("GET", "/quota")
            await stage.press("d", "y")
            assert stage.sandbox.count("GET", "/quota") == before + 1

    async def test_keys_pressed_after_y_do_not_delete_another(self) -> None:
        async with playing(Stage()) as stage:
            await stage.press("d")
            assert stage.pilot is not None
            await stage.pilot.press("y", "y", "y")
            await stage.press("k")
            assert len(stage.sandbox.mailbox.mails) == 59

    async def test_the_last_message_of_a_mailbox_leaves_it_empty(self) -> None:
        async with playing(one_delivery()) as stage:
            await stage.press("d", "y")
            assert "The mailbox is empty" in stage.text()


class TestWhatGoesWrong:
    """Nothing is deleted that was not meant, and the reason is told."""

    async def test_a_message_that_is_gone_already(self) -> None:
        async with playing(Stage()) as stage:
            stage.sandbox.mailbox.delete(stage.under_cursor())
            await stage.press("d")
            assert "It was already gone" in stage.text()
            assert len(stage.sandbox.mailbox.mails) == 59
            assert "59 messages" in stage.lines()[-2]

    async def test_ids_that_shifted_meanwhile(self) -> None:
        async with playing(Stage(ids="sequence")) as stage:
            await stage.press("j", "j")
            meant = stage.inbox.following.message
            assert meant is not None
            stage.sandbox.mailbox.delete(1)
            await stage.press("d", "y")
            left = {mail.subject for mail in stage.sandbox.mailbox.mails}
            assert len(stage.sandbox.mailbox.mails) == 58
            assert stage.sandbox.count("DELETE") == 1
            assert meant.header.subject not in left or meant.header.facts not in {
                (mail.letter.date, mail.subject, mail.letter.sender, mail.letter.recipient)
                for mail in stage.sandbox.mailbox.mails
            }

    async def test_a_service_that_refuses(self) -> None:
        async with playing(Stage()) as stage:
            stage.fault("delete:403")
            await stage.press("d", "y")
            assert "Not deleted" in stage.text()
            assert len(stage.sandbox.mailbox.mails) == 60
            await stage.press("j")
            assert stage.inbox.list.cursor == 1

    async def test_a_plan_that_can_not_be_made(self) -> None:
        async with playing(Stage()) as stage:
            stage.fault("message:500")
            await stage.press("d")
            assert isinstance(stage.app.screen, InboxScreen)
            assert stage.inbox.notices.notice is not None
            assert stage.sandbox.count("DELETE") == 0

    async def test_a_read_only_profile(self) -> None:
        async with playing(Stage(profile=replace(DEMO, read_only=True)), (120, 24)) as stage:
            assert "read-only" in stage.lines()[0]
            await stage.press("d")
            assert "Nothing is deleted here" in stage.text()
            assert isinstance(stage.app.screen, InboxScreen)


class TestWhileItRuns:
    """A deletion that takes its time."""

    async def test_it_is_named_in_the_header_and_leaving_asks(self) -> None:
        async with playing(Stage(), (120, 40)) as stage:
            await stage.press("d")
            stage.hold("delete")
            assert stage.pilot is not None
            await stage.pilot.press("y")
            await eventually(lambda: "deleting 1 message" in stage.lines()[0])
            await stage.pilot.press("d")
            await eventually(lambda: "A deletion is running" in stage.text())
            await stage.pilot.press("q")
            await eventually(lambda: isinstance(stage.app.screen, LeaveScreen))
            await eventually(lambda: "still running" in stage.text())
            await stage.pilot.press("escape")
            stage.release()
            await settled(stage.pilot)
            assert stage.app.is_running
            assert len(stage.sandbox.mailbox.mails) == 59
