"""What strangers wrote stays text among the sends too: subjects, reasons, addresses, codes of other mails."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from pectui.domain.receipt import Reason
from pectui.domain.send import Counts, Outcome, RecipientState, SendRecord
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.tui.foreign import shown
from pectui.tui.widgets.send_details import Details, lay_out_send
from tests.tui.stage import NOW, ZONE, Stage, playing
from tests.tui.test_hostile_text import FORBIDDEN, HOSTILE
from tests.tui.test_sends import sends_listed, view

OFFICE = "posta-certificata@pec.example"


def deliver(stage: Stage, text: str, code: str) -> None:
    """A send whose subject, and whose failure's reason, is `text`."""
    line = " ".join(text.split())
    mailbox = stage.sandbox.mailbox
    mailbox.deliver(
        f"ACCETTAZIONE: {text} {code}",
        f'Il messaggio "{line}" proveniente da "{DEMO_ADDRESS}" ed indirizzato a:\n'
        'uno@pec.example ("posta certificata")\nè stato accettato dal sistema ed inoltrato.',
        sender=OFFICE,
        recipient=DEMO_ADDRESS,
    )
    mailbox.deliver(
        f"AVVISO DI MANCATA CONSEGNA: {text} {code}",
        f'nel messaggio "{line}" proveniente da "{DEMO_ADDRESS}" e destinato all\'utente "uno@pec.example" '
        f"è stato rilevato un errore: 5.1.1 - {line} - {line}. Il messaggio è stato rifiutato dal sistema.",
        sender=OFFICE,
        recipient=DEMO_ADDRESS,
    )


class TestHostileSends:
    """In subjects and reasons, in the rows and in the pane, at any width."""

    @pytest.mark.parametrize("size", [(120, 40), (40, 12)])
    async def test_it_stays_text_everywhere(self, size: tuple[int, int]) -> None:
        stage = Stage(messages=0)
        for number, text in enumerate(HOSTILE.values()):
            deliver(stage, text, f"2026112310{number:02d}00123")
        stage.sandbox.mailbox.deliver(HOSTILE["escape"], "x", sender=f"{HOSTILE['bidi']}@x.example")
        async with playing(stage, size) as stage:
            await stage.press("2")
            assert len(sends_listed(stage)) == len(HOSTILE)
            for _ in HOSTILE:
                for keys in (("tab",), ("escape", "y"), ("enter", "j"), ("left", "j")):
                    await stage.press(*keys)
                    for line in stage.lines():
                        assert not FORBIDDEN.search(line), repr(line)
                        assert cell_len(line) == size[0], repr(line)
            await stage.press("escape", "escape", "slash")
            await stage.type("[/]")
            await stage.press("enter")
            assert "filter: [/]" in stage.text()
            assert stage.app.is_running

    async def test_a_reason_is_not_read_as_markup(self) -> None:
        stage = Stage(messages=0)
        deliver(stage, "[@click=app.quit]premi[/]", "202611231000123")
        async with playing(stage, (200, 40)) as stage:
            await stage.press("2")
            assert "[@click=app.quit]premi[/]  5.1.1 [@click=app.quit]premi[/]" in stage.text()
            lines = view(stage).preview.lines
            assert any("[@click=app.quit]premi[/]" in span.text for line in lines for span in line)


class TestTheDetails:
    """Laid out at any width."""

    async def test_a_subject_of_a_hundred_thousand_letters_leaves_room_for_what_became_of_it(self) -> None:
        stage = Stage(messages=0)
        deliver(stage, "漢" * 100_000, "202611231000123")
        async with playing(stage, (120, 40)) as stage:
            await stage.press("2")
            assert "… 99,700 more characters of it are not shown." in stage.text()
            assert "Reason     5.1.1" in stage.text()
            await stage.press("enter", "j")
            assert "more characters of it are not shown." in stage.text()
            assert "Recipient  uno@pec.example" in stage.text()

    @pytest.mark.parametrize("width", [1, 8, 20, 40, 60, 200])
    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
    def test_addresses_and_reasons(self, text: str, width: int) -> None:
        from pectui.domain.sends import Sends

        code = "202611231000123"
        outcomes = tuple(
            Outcome(f"{text}{state}@x.example", state, True, Reason(text, "5.2.2", text), NOW)
            for state in RecipientState
        )
        sends = Sends()
        sends.learn(
            [SendRecord(code, text, (), NOW, NOW, outcomes, True, Counts(accepted=1), refusal=Reason(text))]
        )
        summary = sends.summary(code, NOW)
        assert summary is not None
        lines = lay_out_send(Details(summary, NOW, ZONE, problem=(shown(text),)), width)
        assert len(lines) >= len(outcomes)
        for line in lines:
            for span in line:
                assert not FORBIDDEN.search(span.text)
