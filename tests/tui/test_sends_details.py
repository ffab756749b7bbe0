"""What view 2 tells of a send beside the list: why it failed, for whom, and how far that can be trusted."""

from __future__ import annotations

import pytest

from pectui.domain.send import SendState
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.sandbox.outbox import Order
from pectui.tui import following, send_following
from pectui.tui.widgets.send_row import SendRow
from tests.tui.stage import Stage, eventually, playing, settled
from tests.tui.test_sends import line_of_cursor, sends_listed, under_cursor, view

WIDE = (200, 50)


def sending(stage: Stage, *recipients: str, subject: str = "Prova") -> str:
    """Sends a PEC as the sandbox takes it, and lets ten seconds pass. Returns its code."""
    code = stage.sandbox.mailbox.send(Order(DEMO_ADDRESS, recipients, subject, "testo"))
    stage.clock.forward(10)
    return code


def pane(stage: Stage) -> str:
    """What the pane says, in sight or not."""
    lines = view(stage).preview.lines
    return "\n".join("".join(span.text for span in line) for line in lines)


def asked(stage: Stage) -> int:
    """How often the service was asked for a send."""
    return stage.sandbox.count("GET", "/send/")


class TestWhyItFailed:
    """Reasons are there without any key but those that move the cursor."""

    async def test_each_recipient_has_a_line_problems_first_with_its_reason(self) -> None:
        stage = Stage(messages=0)
        code = sending(
            stage,
            "ok@pec.example",
            "nobody@pec.example",
            "full@pec.example",
            "ordinary@x.example",
            "lost@b.example",
        )
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            text = pane(stage)
            for fact in (
                "± In part: it failed for some recipients, not for all",
                f"Send       {code}",
                "Delivered  1 of 4, 2 failed",
                "Ordinary   1: no delivery receipt will come",
                "mailbox full: may work later",
                "5 recipients (as read from the texts)",
            ):
                assert fact in text, fact
            lines = text.split("\n")[-5:]
            assert [line.split()[0] for line in lines] == ["✗", "✗", "→", "✓", "o"]
            assert "failed    nobody@pec.example  5.1.1 indirizzo non valido (" in lines[0]
            assert "failed    full@pec.example    full, may work later: 5.2.2 casella piena (" in lines[1]
            assert "ordinary  ordinary@x.example  none expected" in lines[4]

    async def test_the_row_says_why_as_well(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "nobody@pec.example")
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            assert " ✗ failed     Prova  5.1.1 indirizzo non valido " in line_of_cursor(stage)
            assert " 0/1 " in line_of_cursor(stage)

    async def test_a_refusal_says_why(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "rejected@pec.example")
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            assert under_cursor(stage).summary.state is SendState.REFUSED
            assert "il destinatario è escluso dalle regole" in pane(stage)
            assert "il destinatario è escluso" in line_of_cursor(stage)

    async def test_a_late_one_and_one_that_never_came(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "late@pec.example", "silent@pec.example", "lost@pec.example")
        stage.clock.forward(12 * 3600)
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            assert "! Late: a provider warned; a delivery may still follow" in pane(stage)
            stage.clock.forward(13 * 3600)
            await stage.press("r")
            assert under_cursor(stage).summary.state is SendState.PARTIAL
            assert "✓ delivered late@pec.example" in pane(stage)
            assert "→ accepted  lost@pec.example" in pane(stage)

    async def test_replies_are_counted_apart(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "reply@pec.example")
        stage.clock.forward(120)
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            assert "Replies    1: answers of people, no receipts" in pane(stage)
            assert "↩1" in line_of_cursor(stage)
            assert " 1/1 " in line_of_cursor(stage)


def arrived(count: int) -> Stage:
    """A mailbox of so many sends that everybody got: nothing but the cursor asks for them."""
    stage = Stage(messages=0)
    for _ in range(count):
        sending(stage, "ok@pec.example")
    return stage


class TestAsking:
    """The service is asked once, by itself, after the cursor has rested."""

    async def test_nothing_is_asked_twice(self) -> None:
        async with playing(arrived(10)) as stage:
            await stage.press("2", "j", "j")
            assert asked(stage) == 3
            await stage.press("k", "k", "j", "1", "2", "enter", "enter", "o", "o", "o", "r")
            assert asked(stage) == 3

    async def test_what_one_runs_past_is_not_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with playing(arrived(20)) as stage:
            await stage.press("2")
            before = asked(stage)
            assert stage.pilot is not None
            with monkeypatch.context() as quick:
                # However long this machine takes for them, the moves follow each other before the pause is over.
                quick.setattr(send_following, "PAUSE", 1000 * following.PAUSE)
                await stage.pilot.press(*"jjjjjjjjjjj")
            assert asked(stage) == before
            await stage.press("j")
            assert asked(stage) - before == 1
            assert f"Send       {under_cursor(stage).summary.code}" in pane(stage)

    async def test_what_is_known_stands_there_while_the_service_is_asked(self) -> None:
        stage = Stage()
        stage.hold("receipts")
        async with playing(stage, WIDE) as stage:
            assert stage.pilot is not None
            await stage.pilot.press("2")
            await stage.asked()
            await eventually(lambda: "Reading the receipts …" in stage.text())
            assert "~ Provisional, by counts of receipts" in pane(stage)
            assert "Delivered  1" in pane(stage)
            stage.release()
            await settled(stage.pilot)
            assert "Provisional" not in pane(stage)
            assert "Reading" not in pane(stage)
            assert "1 recipient (as read from the texts)" in pane(stage)

    async def test_a_late_answer_is_not_shown_with_another_send(self) -> None:
        stage = Stage()
        stage.hold("receipts")
        async with playing(stage, WIDE) as stage:
            assert stage.pilot is not None
            await stage.pilot.press("2")
            await stage.asked()
            await stage.pilot.press("j")
            await eventually(lambda: f"Send       {under_cursor(stage).summary.code}" in pane(stage))
            stage.release()
            await settled(stage.pilot)
            assert f"Send       {sends_listed(stage)[1].summary.code}" in pane(stage)

    async def test_a_failure_is_told_in_its_place_and_r_tries_again(self) -> None:
        async with playing(Stage(), WIDE) as stage:
            stage.fault("receipts:500")
            await stage.press("2")
            assert "Provisional" in pane(stage)
            details = view(stage).pane.details
            assert details is not None
            assert details.problem
            before = asked(stage)
            await stage.press("o", "o", "o")
            assert asked(stage) == before
            stage.fault()
            await stage.press("r")
            assert "1 recipient (as read from the texts)" in pane(stage)

    async def test_offline_nothing_is_asked_and_it_says_so(self) -> None:
        stage = Stage(offline=True)
        await stage.remember()
        async with playing(stage, WIDE) as stage:
            await stage.press("2", "j")
            assert "OFFLINE" in stage.lines()[0]
            assert "pectui is offline: the texts of its receipts can't be read now." in pane(stage)
            assert "~ Provisional" in pane(stage)
            assert "~ from memory, 3 h old" in stage.lines()[-2]
            assert asked(stage) == 0
            await stage.press("r")
            assert "nothing can be looked for now" in stage.text()

    async def test_one_send_that_reaches_nobody_is_the_last_that_is_asked_for(self) -> None:
        async with playing(arrived(5), WIDE) as stage:
            await stage.press("2")
            stage.fault("receipts:reset-before")
            await stage.press("j")
            assert "OFFLINE" in stage.lines()[0]
            before = asked(stage)
            await stage.press("j", "j")
            assert asked(stage) == before
            assert "The service can't be reached: the texts of its receipts can't be read now." in pane(stage)

    async def test_a_service_that_went_away_is_not_asked(self) -> None:
        async with playing(Stage(), WIDE) as stage:
            stage.fault("reset-before")
            await stage.press("r", "2")
            assert "OFFLINE" in stage.lines()[0]
            assert "The service can't be reached: the texts of its receipts can't be read now." in pane(stage)
            assert asked(stage) == 0
            stage.fault()
            await stage.press("r")
            assert "OFFLINE" not in stage.lines()[0]
            assert "(as read from the texts)" in pane(stage)


class TestWhatElseTheServiceReturned:
    """Mails of other codes, receipts that name nobody, receipts that are gone."""

    async def test_mails_of_other_codes_are_set_aside_and_named(self) -> None:
        stage = Stage(messages=0)
        code = sending(stage, "ok@pec.example")
        other = f"{code}7"[:18]
        stage.sandbox.mailbox.deliver(
            f"CONSEGNA: Prova {other}", "x", sender="posta-certificata@pec.example", recipient=DEMO_ADDRESS
        )
        async with playing(stage, WIDE) as stage:
            await stage.press("2", "o", "o", "g")
            for row in sends_listed(stage):
                if row.key != code:
                    await stage.press("j")
            while under_cursor(stage).key != code:
                await stage.press("k")
            text = " ".join(pane(stage).split())
            assert f"1 mail of another code that the service returned was set aside: {other}" in text
            assert "1 recipient (as read" in text

    async def test_a_receipt_that_names_nobody_is_told(self) -> None:
        stage = Stage(messages=0)
        code = sending(stage, "ok@pec.example", "lost@pec.example")
        stage.sandbox.mailbox.deliver(
            f"AVVISO DI MANCATA CONSEGNA: Prova {code}", "boh", sender="posta-certificata@pec.example"
        )
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            assert "1 receipt whose text names nobody that can be read" in pane(stage)
            assert "? unknown   lost@pec.example" in pane(stage)

    async def test_what_was_learned_outlives_the_receipts(self) -> None:
        stage = Stage(messages=0)
        code = sending(stage, "nobody@pec.example")
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            before = asked(stage)
            stage.sandbox.mailbox.delete_send(code)
            await stage.press("R")
            text = " ".join(pane(stage).split())
            assert "Its receipts are not in the mailbox any more; learned on Mon 23 Nov 2026" in text
            assert "nobody@pec.example 5.1.1 indirizzo non valido" in text
            assert asked(stage) == before


class TestManyRecipients:
    """A thousand of them are as quick as one."""

    async def test_a_thousand_are_laid_out_and_scrolled_at_once(self) -> None:
        stage = Stage(messages=0)
        people = [f"persona{number}@pec.example" for number in range(995)]
        sending(stage, *people, *(f"nobody@pec{number}.example" for number in range(5)))
        async with playing(stage, WIDE) as stage:
            await stage.press("2")
            assert "1,000 recipients (as read from the texts)" in pane(stage)
            assert "995 of 1,000, 5 failed" in pane(stage)
            assert "5 times: 5.1.1 indirizzo non valido" in pane(stage)
            assert "✗ failed    nobody@pec0.example" in stage.text()
            await stage.press("enter", "tab", "G")
            assert len(view(stage).list.rows) == 1 + 1001
            assert "persona994@pec.example" in stage.text()


class TestMessages:
    """A message below its send is shown as in the inbox."""

    async def test_the_pane_shows_it(self) -> None:
        stage = Stage(messages=0)
        sending(stage, "nobody@pec.example")
        async with playing(stage, WIDE) as stage:
            await stage.press("2", "enter", "j", "j")
            await eventually(lambda: "Not delivered to one recipient; final" in stage.text())
            await eventually(lambda: "Recipient  nobody@pec.example" in stage.text())
            await stage.press("tab", "v")
            assert "As the service sent it" in stage.text()
            await stage.press("tab", "g")
            assert isinstance(view(stage).list.row, SendRow)
            assert "1 recipient (as read" in pane(stage)
