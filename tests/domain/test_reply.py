"""Whom an answer goes to: whoever wrote the message, never a machine, with the code that the send is known by."""

from __future__ import annotations

import pytest

from pectui.domain.interpret import interpret
from pectui.domain.message import Header, Message
from pectui.domain.reply import NoReply, Reply, reply_to

CODE = "2026112309300501"
PROVIDER = "posta-certificata@pec.example"
OWN = frozenset({"noi@pec.example"})


def message(subject: str, sender: str, message_id: int = 7) -> Message:
    return interpret(
        Header(message_id, "Mon, 2 Mar 2026 09:00:00 +0100", subject, sender, "noi@pec.example"), OWN
    )


def reply(subject: str, sender: str = f'"Per conto di: chi@pec.example" <{PROVIDER}>') -> Reply:
    made = reply_to(message(subject, sender))
    assert isinstance(made, Reply)
    return made


class TestWhomItGoesTo:
    def test_an_envelope_names_its_author_behind_the_provider(self) -> None:
        assert reply("POSTA CERTIFICATA: Domanda").recipient == "chi@pec.example"
        assert reply("POSTA CERTIFICATA: Domanda").is_vouched_for

    def test_ordinary_mail_names_its_sender_and_nobody_vouches_for_it(self) -> None:
        made = reply("ANOMALIA MESSAGGIO: Domanda", '"posta@altrove.example" <chi@mail.example>')
        assert made.recipient == "chi@mail.example"
        assert not made.is_vouched_for

    @pytest.mark.parametrize(
        "subject",
        [f"ACCETTAZIONE: Avviso {CODE}", f"CONSEGNA: Avviso {CODE}", "AVVISO DI MANCATA CONSEGNA: x", "qualcosa",
         "PROBLEMA DI SICUREZZA: x", "PRESA IN CARICO: x"],
    )  # fmt: skip
    def test_what_a_machine_wrote_has_nobody_to_answer(self, subject: str) -> None:
        made = reply_to(message(subject, PROVIDER))
        assert isinstance(made, NoReply)
        assert "mail system" in made.reason

    def test_nor_has_ones_own_copy(self) -> None:
        made = reply_to(
            message(f"POSTA CERTIFICATA: Avviso {CODE}", f'"Per conto di: noi@pec.example" <{PROVIDER}>')
        )
        assert isinstance(made, NoReply)
        assert "own copy" in made.reason

    @pytest.mark.parametrize("sender", ["", "Mario Rossi", "<a@x.example> <b@x.example>", "a b@x.example"])
    def test_nor_has_a_message_that_names_no_single_address(self, sender: str) -> None:
        made = reply_to(message("POSTA CERTIFICATA: x", sender))
        assert isinstance(made, NoReply)
        assert "no single address" in made.reason


class TestItsSubject:
    @pytest.mark.parametrize(
        ("subject", "answer"),
        [
            (f"POSTA CERTIFICATA: Avviso TARI {CODE}", f"Re: Avviso TARI {CODE}"),
            (f"POSTA CERTIFICATA: Re: Avviso {CODE}", f"Re: Avviso {CODE}"),
            (f"posta certificata : POSTA CERTIFICATA: R: Avviso  {CODE}", f"R: Avviso {CODE}"),
            ("ANOMALIA MESSAGGIO: Domanda", "Re: Domanda"),
            ("POSTA CERTIFICATA: CONSEGNA: x", "Re: CONSEGNA: x"),
            ("POSTA CERTIFICATA:", "Re:"),
            ("POSTA CERTIFICATA: Reclamo", "Re: Reclamo"),
        ],
    )
    def test_the_code_stays_and_what_the_provider_put_in_front_goes(self, subject: str, answer: str) -> None:
        assert reply(subject).subject == answer


def test_the_same_message_is_known_again_where_ids_shift() -> None:
    one, other = (reply_to(message("POSTA CERTIFICATA: x", "a@pec.example", number)) for number in (7, 6))
    third = reply_to(message("POSTA CERTIFICATA: y", "a@pec.example"))
    assert isinstance(one, Reply)
    assert isinstance(other, Reply)
    assert isinstance(third, Reply)
    assert one.answers == other.answers != third.answers
