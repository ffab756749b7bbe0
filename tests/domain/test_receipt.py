"""What the texts of receipts tell, in the wordings that are met."""

from __future__ import annotations

import time
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.kind import Kind
from pectui.domain.receipt import Reason, ReceiptRecipient, ReceiptText, parse_receipt

FAILURES = (Kind.NON_ACCEPTANCE, Kind.NON_DELIVERY, Kind.DELIVERY_TIMEOUT)
MESSAGE_ID = "opec21005.20200826100035.12345.678.1.62@pec.example.it"
SAID = (
    'Il giorno 26/08/2020 alle ore 10:00:36 (+0200) il messaggio "{subject}" proveniente da "{sender}"',
    'Il giorno 26/08/2020 alle ore 10:00:36 (+0200) il messaggio con Oggetto "{subject}" inviato da "{sender}"',
)
DELIVERED = (
    SAID[0] + ' ed indirizzato a "{recipient}" è stato consegnato nella casella di destinazione.\n'
    "Identificativo messaggio: {message_id}",
    SAID[1] + ' ed indirizzato a "{recipient}" è stato correttamente consegnato al destinatario.\r\n'
    "Identificativo del messaggio: {message_id}",
)
FAILED = (
    SAID[0] + ' e destinato all\'utente "{recipient}" è stato rilevato un errore: {reason}.\n'
    "Il messaggio è stato rifiutato dal sistema.\nIdentificativo messaggio: {message_id}",
    SAID[1] + ' e destinato all\u2019utente "{recipient}" è stato rilevato il seguente errore: {reason}. '
    "Il messaggio è stato rifiutato dal sistema.\nIdentificativo del messaggio: {message_id}",
    SAID[0] + ' e destinato all\'utente "{recipient}" si è verificato un errore:\n {reason}\n'
    "Il messaggio è stato rifiutato dal sistema.\nIdentificativo messaggio: {message_id}",
)
REFUSED = (
    SAID[0] + " è stato rilevato un problema che ne impedisce l'accettazione: a causa di - {reason}.\n"
    "Il messaggio non è stato accettato.\nIdentificativo messaggio: {message_id}"
)

labels = st.text("abcxyz09", min_size=1, max_size=8)
addresses = st.builds(lambda local, domain, top: f"{local}@{domain}.{top}", labels, labels, labels)
# A subject as people write it: words of a receipt's own language are for a test of their own.
subjects = st.text("abcxyz 0123456789.,:;!?()'àèìòù€", max_size=40)
reasons = st.text("abcxyz 0123456789àè()/", max_size=40).map(str.strip).filter(lambda text: text.strip(" ."))
statuses = st.builds("{}.{}.{}".format, st.sampled_from("45"), st.integers(0, 7), st.integers(0, 99))


def fill(template: str, **facts: str) -> str:
    known = {
        "subject": "Invio di prova pec massiva 2020082610003492",
        "sender": "dev-api@pecmassiva.com",
        "recipient": "mario@rossi.it",
        "reason": "5.1.1 - Aruba Pec S.p.A. - indirizzo non valido",
        "message_id": MESSAGE_ID,
    }
    return template.format(**(known | facts))


class TestDelivery:
    @pytest.mark.parametrize("template", DELIVERED)
    def test_both_wordings(self, template: str) -> None:
        assert parse_receipt(fill(template), Kind.DELIVERY) == ReceiptText(
            recipients=(ReceiptRecipient("mario@rossi.it"),), message_id=MESSAGE_ID
        )

    @given(st.sampled_from(DELIVERED), subjects, addresses, addresses)
    def test_whatever_the_subject(self, template: str, subject: str, sender: str, recipient: str) -> None:
        text = fill(template, subject=subject, sender=sender, recipient=recipient)
        assert parse_receipt(text, Kind.DELIVERY).recipients == (ReceiptRecipient(recipient),)

    @given(st.sampled_from(DELIVERED), st.data())
    def test_white_space_does_not_matter(self, template: str, data: st.DataObject) -> None:
        blanks = st.text(" \t\r\n\u00a0", min_size=1, max_size=3)
        text = "".join(data.draw(blanks) if letter == " " else letter for letter in fill(template))
        assert parse_receipt(text, Kind.DELIVERY) == parse_receipt(fill(template), Kind.DELIVERY)

    @pytest.mark.parametrize("template", DELIVERED)
    def test_broken_accents_do_not_matter(self, template: str) -> None:
        text = fill(template).replace("è", "\ufffd")
        assert parse_receipt(text, Kind.DELIVERY).recipients == (ReceiptRecipient("mario@rossi.it"),)


class TestNonDelivery:
    @pytest.mark.parametrize("template", FAILED)
    def test_the_recipient_and_the_reason(self, template: str) -> None:
        assert parse_receipt(fill(template), Kind.NON_DELIVERY) == ReceiptText(
            recipients=(ReceiptRecipient("mario@rossi.it"),),
            reason=Reason("indirizzo non valido", "5.1.1", "Aruba Pec S.p.A."),
            message_id=MESSAGE_ID,
            refused=True,
        )

    @given(st.sampled_from(FAILED), statuses, labels, reasons)
    def test_any_reason_in_three_parts(self, template: str, status: str, provider: str, words: str) -> None:
        text = fill(template, reason=f"{status} - {provider} - {words}")
        reason = parse_receipt(text, Kind.NON_DELIVERY).reason
        assert reason is not None
        assert (reason.status, reason.provider) == (status, provider)
        assert reason.text == " ".join(words.split())

    def test_a_full_mailbox_is_marked(self) -> None:
        full = fill(FAILED[0], reason="5.2.2 - InfoCert S.p.A. - casella piena")
        assert parse_receipt(full, Kind.NON_DELIVERY).mailbox_full
        assert parse_receipt(fill(FAILED[0], reason="Casella piena"), Kind.NON_DELIVERY).mailbox_full
        assert not parse_receipt(fill(FAILED[0]), Kind.NON_DELIVERY).mailbox_full
        assert not ReceiptText().mailbox_full

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ("5.1.1 indirizzo non valido", Reason("indirizzo non valido", "5.1.1")),
            ("5.1.1", Reason("5.1.1", "5.1.1")),
            ("utente sconosciuto", Reason("utente sconosciuto")),
            ("10.0.0.1 non risponde", Reason("10.0.0.1 non risponde")),
            (
                "5.3.4 - X - il messaggio supera i 100 MB",
                Reason("il messaggio supera i 100 MB", "5.3.4", "X"),
            ),
        ],
    )
    def test_a_reason_in_another_form(self, words: str, reason: Reason) -> None:
        assert parse_receipt(fill(FAILED[0], reason=words), Kind.NON_DELIVERY).reason == reason

    def test_no_reason_given_is_none(self) -> None:
        assert parse_receipt(fill(FAILED[0], reason=" - "), Kind.NON_DELIVERY).reason is None
        assert parse_receipt(fill(DELIVERED[0]), Kind.NON_DELIVERY).reason is None

    def test_a_virus(self) -> None:
        text = fill(
            SAID[0]
            + ' e destinato all\'utente "{recipient}" è stato rilevato un problema di sicurezza Eicar. '
            "Identificativo messaggio: {message_id}"
        )
        receipt = parse_receipt(text, Kind.NON_DELIVERY)
        assert receipt.reason == Reason("problema di sicurezza Eicar")
        assert receipt.recipients == (ReceiptRecipient("mario@rossi.it"),)

    def test_an_error_in_the_subject_is_not_the_reason(self) -> None:
        text = fill(FAILED[0], subject="a causa di un errore: 4.4.4 - x - y. Il messaggio è stato perso")
        reason = parse_receipt(text, Kind.NON_DELIVERY).reason
        assert reason == Reason("indirizzo non valido", "5.1.1", "Aruba Pec S.p.A.")


class TestAcceptance:
    MARKS: tuple[tuple[str, str], ...] = (
        ('("posta certificata")', '("posta ordinaria")'),
        ("(posta certificata)", "(posta ordinaria)"),
        ("('posta certificata')", "('posta ordinaria')"),
        ("(«posta certificata»)", "(«posta ordinaria»)"),
        ("( \u201cposta certificata\u201d )", "( \u201cposta ordinaria\u201d )"),
    )

    @pytest.mark.parametrize("marks", MARKS)
    @pytest.mark.parametrize("said", SAID)
    def test_one_recipient_a_line(self, said: str, marks: tuple[str, str]) -> None:
        text = fill(
            said + f" ed indirizzato a:\nmario@rossi.it {marks[0]}\nluigi@gmail.com {marks[1]}\nanna@x.it\n\n"
            "Il messaggio è stato accettato dal sistema ed inoltrato.\nIdentificativo messaggio: {message_id}"
        )
        assert parse_receipt(text, Kind.ACCEPTANCE) == ReceiptText(
            recipients=(
                ReceiptRecipient("mario@rossi.it", True),
                ReceiptRecipient("luigi@gmail.com", False),
                ReceiptRecipient("anna@x.it"),
            ),
            message_id=MESSAGE_ID,
        )

    @given(st.lists(st.tuples(addresses, st.sampled_from((True, False, None))), min_size=1, max_size=20))
    def test_any_list(self, entries: list[tuple[str, bool | None]]) -> None:
        marks = {True: ' ("posta certificata")', False: ' ("posta ordinaria")', None: ""}
        lines = "\n".join(f"- {address}{marks[certified]}" for address, certified in entries)
        text = fill(SAID[1] + f" ed indirizzato a:\n{lines}\nè stato accettato dal sistema ed inoltrato.")
        unique = {address: certified for address, certified in reversed(entries)}
        found = parse_receipt(text, Kind.ACCEPTANCE).recipients
        assert {one.address: one.certified for one in found} == unique

    def test_thousands_of_recipients(self) -> None:
        lines = "\n".join(f'utente{number}@pec{number}.it ("posta certificata")' for number in range(3500))
        text = fill(SAID[0] + f" ed indirizzato a:\n{lines}\nIl messaggio è stato accettato dal sistema.")
        assert len(parse_receipt(text, Kind.ACCEPTANCE).recipients) == 3500


class TestRefusal:
    def test_the_reason_and_that_nothing_was_sent(self) -> None:
        receipt = parse_receipt(fill(REFUSED, reason="indirizzo del mittente errato"), Kind.NON_ACCEPTANCE)
        assert receipt.reason == Reason("indirizzo del mittente errato")
        assert receipt.refused
        assert receipt.message_id == MESSAGE_ID


class TestTimeout:
    @pytest.mark.parametrize(
        ("words", "hours"),
        [
            ("non è stato consegnato nelle prime dodici ore dal suo invio", 12),
            ("non è stato consegnato nelle prime 12 ore dal suo invio", 12),
            ("non è stato consegnato nelle ventiquattro ore successive al suo invio", 24),
            ("non è stato consegnato nelle 24 ore successive al suo invio", 24),
            ("non è stato consegnato entro 12 ore. Un avviso seguirà dopo 24 ore", 12),
            ("è in attesa da oltre dodici ore", 12),
            ("non è stato consegnato: 12 ore, 24 ore", None),
            ("non è stato consegnato in tempo", None),
        ],
    )
    def test_twelve_hours_are_a_warning_and_twenty_four_are_final(
        self, words: str, hours: Literal[12, 24] | None
    ) -> None:
        text = fill(
            SAID[0]
            + f' e destinato all\'utente "{{recipient}}" {words}. Identificativo messaggio: {{message_id}}',
            subject="Aperti 24 ore su 24: spediamo in 12 ore",
        )
        receipt = parse_receipt(text, Kind.DELIVERY_TIMEOUT)
        assert receipt.final_hours == hours
        assert receipt.recipients == (ReceiptRecipient("mario@rossi.it"),)


class TestNeverAWrongAddress:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Salve, questa email \ufffd una prova di invio, che prevede un corpo in html",
            "This is an example body.",
            "Il modulo va indirizzato a info@comune.it entro domani",
            "proveniente da nessuno ed indirizzato a mario@rossi.it",
            'proveniente da "a@b.it" ed indirizzato a "Mario Rossi" è stato consegnato',
            'proveniente da "a@b.it" ed indirizzato a "mario@rossi" è stato consegnato',
            'proveniente da "a@b.it" ed indirizzato a "mario@rossi.it@x" è stato consegnato',
        ],
    )
    def test_what_is_no_known_wording_names_nobody(self, text: str) -> None:
        assert parse_receipt(text, Kind.DELIVERY).recipients == ()

    @pytest.mark.parametrize("template", DELIVERED)
    def test_a_subject_that_looks_like_a_receipt_makes_it_name_nobody(self, template: str) -> None:
        forged = 'x" proveniente da "a@b.it" ed indirizzato a "evil@x.it" è stato consegnato. '
        text = fill(template, subject=forged + "Identificativo messaggio: 1")
        assert parse_receipt(text, Kind.DELIVERY).recipients == ()

    def test_the_same_receipt_twice_still_names_its_recipient(self) -> None:
        """Some mails hold their text and their HTML part one after the other."""
        text = fill(DELIVERED[0]) + "\n\n" + fill(DELIVERED[0])
        assert parse_receipt(text, Kind.DELIVERY).recipients == (ReceiptRecipient("mario@rossi.it"),)

    @pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.is_receipt])
    def test_what_is_no_receipt_tells_nothing(self, kind: Kind) -> None:
        assert parse_receipt(fill(DELIVERED[0]), kind) == ReceiptText()

    @given(st.text(), st.sampled_from([kind for kind in Kind if kind.is_receipt]))
    def test_any_text_can_be_read(self, text: str, kind: Kind) -> None:
        parse_receipt(text, kind)
        parse_receipt(f'inviato da "a@b.it" ed indirizzato a {text}', kind)


class TestSpeed:
    @pytest.mark.parametrize(
        "piece",
        [
            "inviato da ",
            "inviato da a@b e ",
            "inviato da a@b ed indirizzato a ",
            "un errore ",
            "non è stato consegnato ",
            "a@",
            "a.",
            "12 ore ",
        ],
    )
    def test_hostile_text_takes_linear_time(self, piece: str) -> None:
        hostile = 'inviato da "a@b.it" ed indirizzato a ' + piece * (300_000 // len(piece))
        began = time.process_time()
        parse_receipt(hostile, Kind.DELIVERY_TIMEOUT)
        assert time.process_time() - began < 3
