"""What a listed row means."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.message import Header, Message

SYSTEM = "posta-certificata@pecmassiva.com"
OWN = frozenset({"dev-api@pecmassiva.com"})
CODE = "2020082610003492"


def row(subject: str, sender: str = SYSTEM, recipient: str = "dev-api@pecmassiva.com") -> Header:
    return Header(1, "Wed, 26 Aug 2020 10:00:35 +0200", subject, sender, recipient)


class TestTheServicesOwnSamples:
    def test_acceptance(self) -> None:
        header = row(f"ACCETTAZIONE: Invio di prova pec massiva {CODE}")
        assert interpret(header, OWN) == Message(
            header=header,
            date=datetime(2020, 8, 26, 10, 0, 35, tzinfo=timezone(timedelta(hours=2))),
            kind=Kind.ACCEPTANCE,
            subject="Invio di prova pec massiva",
            code=CODE,
            is_reply=False,
            is_own_copy=False,
            sender=SYSTEM,
            recipient="dev-api@pecmassiva.com",
        )

    @pytest.mark.parametrize("own", [OWN, frozenset[str]()])
    def test_own_copy(self, own: frozenset[str]) -> None:
        message = interpret(
            row(
                f"POSTA CERTIFICATA: Invio di prova pec massiva {CODE}",
                '"Per conto di: dev-api@pecmassiva.com" ',
                '"dev-api@pecmassiva.com" ',
            ),
            own,
        )
        assert (message.kind, message.is_own_copy, message.is_reply) == (Kind.ENVELOPE, True, False)
        assert (message.sender, message.recipient) == ("dev-api@pecmassiva.com", "dev-api@pecmassiva.com")

    def test_delivery_with_a_code_of_15_digits(self) -> None:
        message = interpret(row("CONSEGNA: Invio di prova pec massiva 202009211526363"), OWN)
        assert (message.kind, message.code) == (Kind.DELIVERY, "202009211526363")


class TestKind:
    @pytest.mark.parametrize(
        "prefix",
        [
            "ACCETTAZIONE",
            "AVVISO DI NON ACCETTAZIONE",
            "CONSEGNA",
            "AVVISO DI MANCATA CONSEGNA",
            "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO",
            "PRESA IN CARICO",
        ],
    )
    @pytest.mark.parametrize(
        "sender",
        [
            "mario@rossi.it",
            '"posta-certificata@pec.it" <mario@rossi.it>',
            '"Per conto di: a@b.it" <posta-certificata@pec.it>',
            "",
        ],
    )
    def test_a_receipt_that_the_system_did_not_send_is_none(self, prefix: str, sender: str) -> None:
        message = interpret(row(f"{prefix}: x {CODE}", sender), OWN)
        assert message.kind is Kind.OTHER
        assert message.is_reply

    def test_a_receipt_that_is_only_quoted_is_none(self) -> None:
        assert interpret(row(f"Re: CONSEGNA: x {CODE}"), OWN).kind is Kind.OTHER

    def test_envelopes_and_anomalies_are_told_by_their_prefix_alone(self) -> None:
        assert interpret(row("POSTA CERTIFICATA: x", "anybody"), OWN).kind is Kind.ENVELOPE
        assert interpret(row("ANOMALIA MESSAGGIO: x", "anybody"), OWN).kind is Kind.ANOMALY

    def test_what_is_unknown_is_other_and_keeps_its_text(self) -> None:
        message = interpret(row("RICEVUTA NUOVA: x"), OWN)
        assert (message.kind, message.subject, message.code) == (Kind.OTHER, "RICEVUTA NUOVA: x", None)


class TestReplies:
    def test_an_answer_carries_a_code_and_comes_from_somebody_else(self) -> None:
        message = interpret(row(f"POSTA CERTIFICATA: Re: Invio {CODE}", '"Per conto di: c@d.it" '), OWN)
        assert (message.is_reply, message.is_own_copy, message.subject) == (True, False, "Invio")

    def test_so_does_ordinary_mail(self) -> None:
        assert interpret(row(f"ANOMALIA MESSAGGIO: R: Invio {CODE}", "c@d.it"), OWN).is_reply
        assert interpret(row(f"Re: Invio {CODE}", "c@d.it"), OWN).is_reply

    def test_without_a_code_nothing_belongs_to_a_send(self) -> None:
        message = interpret(row("POSTA CERTIFICATA: Re: Invio", '"Per conto di: c@d.it" '), OWN)
        assert not message.is_reply
        assert not message.is_own_copy

    @pytest.mark.parametrize("prefix", ["ACCETTAZIONE", "CONSEGNA", "PRESA IN CARICO"])
    def test_what_providers_write_is_no_answer(self, prefix: str) -> None:
        assert not interpret(row(f"{prefix}: Invio {CODE}"), OWN).is_reply

    def test_the_own_address_is_compared_without_case(self) -> None:
        message = interpret(
            row(f"POSTA CERTIFICATA: Invio {CODE}", '"Per conto di: DEV-API@PecMassiva.com" '), OWN
        )
        assert message.is_own_copy

    def test_without_own_addresses_an_envelope_to_somebody_else_is_an_answer(self) -> None:
        message = interpret(row(f"POSTA CERTIFICATA: Invio {CODE}", '"Per conto di: c@d.it" '))
        assert (message.is_reply, message.is_own_copy) == (True, False)

    def test_ordinary_mail_that_claims_the_own_address_is_no_own_copy(self) -> None:
        """It would be deleted together with the send, and anybody can write a sender."""
        message = interpret(row(f"ANOMALIA MESSAGGIO: Invio {CODE}", "dev-api@pecmassiva.com"), OWN)
        assert (message.is_reply, message.is_own_copy) == (False, False)

    @given(*[st.text()] * 4, st.booleans())
    def test_any_row_can_be_read(
        self, date: str, subject: str, sender: str, recipient: str, known: bool
    ) -> None:
        header = Header(7, date, subject, sender, recipient)
        message = interpret(header, OWN if known else frozenset())
        assert message.header is header
        assert not (message.is_reply and message.is_own_copy)
        assert not (message.kind.is_receipt and (message.is_reply or message.is_own_copy))
