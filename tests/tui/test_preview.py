"""One message laid out for reading."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pectui.domain.interpret import interpret
from pectui.domain.message import Header, MailText
from pectui.engine.reading import Reading, read
from pectui.tui.kinds import look_of
from pectui.tui.moment import full_date, short_date, time_of_day
from pectui.tui.paint import cells
from pectui.tui.widgets.preview import SHOWN_RAW, Shot, lay_out
from tests.cost import least_cost
from tests.tui.stage import NOW, ZONE

OWN = frozenset({"ente@pec.example"})
PROVIDER = "posta-certificata@pec.example"


class OneMail:
    """A service with one message."""

    def __init__(self, mail: MailText) -> None:
        self._mail = mail

    async def get_message(self, message_id: int) -> MailText:
        return self._mail


async def shot_of(subject: str, body: str, *, raw: bool = False, sender: str = PROVIDER) -> Shot:
    mail = MailText("2026-11-23 10:00:00", subject, sender, "ente@pec.example", body)
    header = Header(1, mail.date, mail.subject, mail.sender, mail.recipient)
    reading: Reading = await read(OneMail(mail), 1, own=OWN, expected=header)  # type: ignore[arg-type]  # asked for one thing
    return Shot(interpret(header, OWN), reading, raw=raw, zone=ZONE)


def text_of(shot: Shot, width: int = 78) -> str:
    return "\n".join("".join(span.text for span in line).rstrip() for line in lay_out(shot, width))


FAILED = (
    'Il giorno 23/11/2026 il messaggio "Avviso" proveniente da "ente@pec.example" e destinato all\'utente '
    '"{who}" è stato rilevato un errore: {reason}. Il messaggio è stato rifiutato dal sistema.'
)


class TestReceipts:
    """Whom a receipt is about and why, before anything else."""

    async def test_a_failure(self) -> None:
        body = FAILED.format(who="maria@pec.example", reason="5.1.1 - Esempio PEC - indirizzo non valido")
        lines = text_of(
            await shot_of("AVVISO DI MANCATA CONSEGNA: Avviso 2026112309300501", body)
        ).splitlines()
        assert lines[0] == " ✗ Not delivered to one recipient; final"
        assert lines[1] == " Avviso"
        assert lines[2] == " Recipient  maria@pec.example  (as read from the text)"
        assert lines[3] == " Reason     5.1.1  indirizzo non valido"
        assert " Send       2026112309300501" in lines

    async def test_a_full_mailbox_is_worth_a_word(self) -> None:
        body = FAILED.format(who="maria@pec.example", reason="5.2.2 - Esempio PEC - casella piena")
        assert "mailbox is full" in text_of(await shot_of("AVVISO DI MANCATA CONSEGNA: Avviso", body))

    async def test_many_recipients_are_not_a_screenful(self) -> None:
        to = " ".join(f'"r{number}@pec.example" ("posta certificata")' for number in range(50))
        body = f'il messaggio "A" proveniente da "ente@pec.example" ed indirizzato a {to} è stato accettato'
        text = text_of(await shot_of("ACCETTAZIONE: A", body))
        assert "r19@pec.example" in text.split("From")[0]
        assert "and 30 more" in text

    async def test_an_ordinary_recipient_gets_no_receipt(self) -> None:
        to = '"x@gmail.example" ("posta ordinaria")'
        body = f'il messaggio "A" proveniente da "ente@pec.example" ed indirizzato a {to}'
        assert "no delivery receipt will come" in text_of(await shot_of("ACCETTAZIONE: A", body), 120)

    @pytest.mark.parametrize(("hours", "told"), [("dodici", "may still follow"), ("ventiquattro", "yes")])
    async def test_a_time_out_says_whether_it_is_final(self, hours: str, told: str) -> None:
        body = (
            f'Il messaggio "A" inviato da "ente@pec.example" e destinato all\'utente "m@pec.example" '
            f"non è stato consegnato nelle prime {hours} ore"
        )
        subject = "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO: A"
        text = text_of(await shot_of(subject, body))
        assert f"Final      {'no' if hours == 'dodici' else 'yes'}" in text
        assert told in text

    async def test_what_can_not_be_read_is_left_out(self) -> None:
        text = text_of(await shot_of("AVVISO DI MANCATA CONSEGNA: A", "testo senza senso"))
        assert "Recipient" not in text
        assert "testo senza senso" in text


class TestText:
    """The text, and how much of it there is."""

    async def test_five_megabytes_are_cut_and_said_so_quickly(self) -> None:
        shot = await shot_of("Buongiorno", "parola lunga " * 400_000, sender="a@b.example")
        lines = lay_out(shot, 60)
        assert least_cost(lambda: lay_out(shot, 60), 1) < 1
        assert "more characters are not shown" in "".join(span.text for line in lines[-3:] for span in line)

    async def test_raw_too(self) -> None:
        shot = await shot_of("Buongiorno", "x" * 5_000_000, raw=True, sender="a@b.example")
        text = text_of(shot)
        assert least_cost(lambda: text_of(shot), 1) < 1
        assert f"{5_000_000 - SHOWN_RAW:,} more characters" in text

    async def test_no_line_is_wider_than_the_pane(self) -> None:
        body = FAILED.format(who="漢字@pec.example", reason="5.1.1 - X - " + "é" * 300)
        shot = await shot_of("CONSEGNA: " + "oggetto " * 40, body)
        for width in (10, 24, 38, 80):
            assert all(cells(line) <= max(width, 21) for line in lay_out(shot, width))

    async def test_a_date_that_is_none_is_shown_as_it_is(self) -> None:
        header = Header(1, "ieri", "Ciao", "a@b.example", "c@d.example")
        text = text_of(Shot(interpret(header, OWN), zone=ZONE))
        assert "Date       ieri (not readable as a date)" in text
        assert "Reading …" in text

    def test_nothing_chosen_is_nothing_shown(self) -> None:
        assert lay_out(Shot(), 80) == []


class TestDates:
    """Short in the list, whole in the preview."""

    TODAY = NOW.astimezone(ZONE).date()

    @pytest.mark.parametrize(
        ("moment", "told"),
        [
            (datetime(2026, 11, 23, 8, 5, tzinfo=UTC), "09:05"),
            (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "00:30"),
            (datetime(2026, 11, 22, 22, 30, tzinfo=UTC), "22 Nov"),
            (datetime(2026, 1, 2, tzinfo=UTC), " 2 Jan"),
            (datetime(2019, 5, 2, tzinfo=UTC), "May 19"),
            (datetime.min.replace(tzinfo=UTC), "Jan 01"),
            (datetime.max.replace(tzinfo=UTC), "Dec 99"),
            (None, "?"),
        ],
    )
    def test_short(self, moment: datetime | None, told: str) -> None:
        assert short_date(moment, self.TODAY, ZONE) == told

    def test_whole(self) -> None:
        assert full_date(NOW, ZONE) == "Mon 23 Nov 2026, 14:05:00 +01:00"
        assert full_date(None, ZONE) == "unknown"
        assert time_of_day(NOW, ZONE) == "14:05"


def test_every_kind_has_a_sign_of_its_own() -> None:
    from pectui.domain.kind import Kind

    looks = [look_of(kind) for kind in Kind]
    assert len({look.sign for look in looks}) == len(looks)
    assert all(len(look.sign) == 1 and len(look.word) <= 9 for look in looks)
