"""The history: as many mails as asked for, the same every time, with all that a real mailbox holds."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from urllib.parse import unquote_to_bytes

import pytest

from pectui.sandbox.mailbox import Mailbox
from pectui.sandbox.options import DEMO_ADDRESS, PROVIDER, Options
from tests.cost import least_cost
from tests.sandbox.visitor import NOW, HandClock


@pytest.fixture(scope="module")
def box() -> Mailbox:
    return Mailbox(Options(), HandClock())


def _texts(box: Mailbox, prefix: str) -> list[str]:
    return [mail.text for mail in box.mails if mail.subject.startswith(prefix)]


class TestSize:
    @pytest.mark.parametrize("messages", [0, 1, 2, 24, 25, 26, 60, 981, 3000])
    def test_there_are_exactly_as_many_as_asked_for(self, messages: int) -> None:
        assert len(Mailbox(Options(messages=messages), HandClock()).mails) == messages

    def test_a_mailbox_is_made_quickly(self) -> None:
        """Processor time and not the wall's: other tests run beside this one."""
        assert least_cost(lambda: Mailbox(Options(), HandClock()), 0.1) < 0.1


class TestDeterminism:
    def test_the_same_seed_and_clock_give_the_same_bytes(self, box: Mailbox) -> None:
        again = Mailbox(Options(), HandClock())
        for one, other in zip(box.mails, again.mails, strict=True):
            assert one[:2] == other[:2]
            assert one.letter._replace(write=str) == other.letter._replace(write=str)
            assert one.body == other.body

    def test_another_seed_gives_other_mail(self, box: Mailbox) -> None:
        other = Mailbox(Options(seed=8), HandClock())
        assert [mail.subject for mail in other.mails] != [mail.subject for mail in box.mails]

    def test_history_ends_at_the_given_moment_whatever_the_clock_says(self) -> None:
        early = Mailbox(Options(now=NOW), HandClock(NOW + timedelta(days=900)))
        assert [mail.subject for mail in early.mails] == [mail.subject for mail in _fresh().mails]

    def test_nothing_arrives_before_its_time_or_out_of_order(self, box: Mailbox) -> None:
        arrivals = [mail.letter.arrival for mail in box.mails]
        assert arrivals == sorted(arrivals)
        assert arrivals[-1] <= NOW.timestamp()


class TestVariety:
    @pytest.mark.parametrize(
        "prefix",
        [
            "ACCETTAZIONE:",
            "AVVISO DI NON ACCETTAZIONE PER VIRUS:",
            "CONSEGNA:",
            "AVVISO DI MANCATA CONSEGNA:",
            "AVVISO DI MANCATA CONSEGNA PER VIRUS:",
            "AVVISO DI MANCATA CONSEGNA PER SUP. TEMPO MASSIMO:",
            "POSTA CERTIFICATA: Re:",
            "POSTA CERTIFICATA: POSTA CERTIFICATA:",
            "ANOMALIA MESSAGGIO:",
            "PRESA IN CARICO:",
            "PROBLEMA DI SICUREZZA:",
            "AVVENUTA CONSEGNA:",
            "Nuovo servizio",
        ],
    )
    def test_every_kind_of_mail_is_there(self, box: Mailbox, prefix: str) -> None:
        assert any(mail.subject.startswith(prefix) for mail in box.mails)

    @pytest.mark.parametrize(
        "wording", ["nella casella di destinazione", "è stato correttamente consegnato al destinatario"]
    )
    def test_both_wordings_of_receipts_occur(self, box: Mailbox, wording: str) -> None:
        assert any(wording in text for text in _texts(box, "CONSEGNA:"))

    @pytest.mark.parametrize("reason", ["5.1.1", "5.2.2", "5.4.1"])
    def test_mail_fails_for_several_reasons(self, box: Mailbox, reason: str) -> None:
        assert any(f"errore: {reason} - " in text for text in _texts(box, "AVVISO DI MANCATA CONSEGNA:"))

    @pytest.mark.parametrize("hours", ["dodici", "ventiquattro"])
    def test_both_time_outs_occur(self, box: Mailbox, hours: str) -> None:
        assert any(hours in text for text in _texts(box, "AVVISO DI MANCATA CONSEGNA PER SUP."))

    def test_an_acceptance_lists_all_recipients(self, box: Mailbox) -> None:
        counts = {text.count("posta certificata") for text in _texts(box, "ACCETTAZIONE:")}
        assert {1, 2, 3} <= counts

    def test_an_ordinary_recipient_is_named_as_such(self, box: Mailbox) -> None:
        assert any("posta ordinaria" in text for text in _texts(box, "ACCETTAZIONE:"))

    def test_texts_are_plain_and_html(self, box: Mailbox) -> None:
        kinds = {text.startswith("<html>") for text in _texts(box, "CONSEGNA:")}
        assert kinds == {True, False}

    def test_bodies_come_plain_and_in_two_charsets(self, box: Mailbox) -> None:
        assert {mail.letter.encoding for mail in box.mails} == {"plain", "utf-8", "cp1252"}

    def test_a_cp1252_body_is_no_utf_8(self, box: Mailbox) -> None:
        body = next(
            mail.body for mail in box.mails if mail.letter.encoding == "cp1252" and "CONSEGNA" in mail.subject
        )
        octets = unquote_to_bytes(body.replace("+", " "))
        assert "è stato" in octets.decode("cp1252")
        with pytest.raises(UnicodeDecodeError):
            octets.decode("utf-8")

    def test_codes_have_15_and_16_digits(self, box: Mailbox) -> None:
        codes = {
            found[1] for mail in box.mails if (found := re.search(r" (20\d{13,})$", mail.subject)) is not None
        }
        assert {15, 16} <= {len(code) for code in codes}

    def test_one_code_is_the_beginning_of_another(self, box: Mailbox) -> None:
        codes = {mail.subject.split()[-1] for mail in box.mails if mail.subject.startswith("CONSEGNA:")}
        assert any(code + "4" in codes for code in codes)

    def test_twins_differ_in_their_text_alone(self, box: Mailbox) -> None:
        rows = Counter(mail.letter[1:5] for mail in box.mails)
        facts = next(row for row, count in rows.items() if count > 1)
        twins = [mail.text for mail in box.mails if mail.letter[1:5] == facts]
        assert len(set(twins)) == len(twins)

    def test_dates_don_t_always_follow_arrivals(self, box: Mailbox) -> None:
        assert any(mail.letter.date.startswith("Gio, 31 Feb") for mail in box.mails)
        assert any("2038" in mail.letter.date for mail in box.mails)

    def test_a_short_mailbox_shows_failures_on_its_first_page(self) -> None:
        page = Mailbox(Options(messages=25), HandClock()).page()
        assert sum("MANCATA CONSEGNA" in mail.subject for _, mail in page.rows) >= 3


class TestHostileMail:
    @pytest.mark.parametrize(
        "piece", ["[INBOX]", "[/]", "[@click=", "\x1b[2J", "\x1b]0;", "\u202e", "\u200b", "2020139910003492"]
    )
    def test_subjects_hold_what_a_screen_must_survive(self, box: Mailbox, piece: str) -> None:
        assert any(piece in mail.subject for mail in box.mails)

    def test_some_subject_is_empty_and_some_very_long(self, box: Mailbox) -> None:
        lengths = [len(mail.subject) for mail in box.mails]
        assert min(lengths) == 0
        assert max(lengths) > 1000

    def test_some_body_is_empty(self, box: Mailbox) -> None:
        assert any(not mail.body for mail in box.mails)

    def test_a_receipt_s_subject_can_come_from_a_stranger(self, box: Mailbox) -> None:
        liars = {mail.letter.sender for mail in box.mails if mail.subject.startswith("CONSEGNA: falso")}
        assert liars
        assert PROVIDER not in liars


class TestAddresses:
    def test_everybody_lives_in_a_reserved_domain(self, box: Mailbox) -> None:
        for mail in box.mails:
            for domain in re.findall(r"@([\w.-]+)", f"{mail.letter.sender} {mail.letter.recipient}"):
                assert domain.endswith(".example"), mail

    def test_receipts_come_from_the_provider_to_the_mailbox(self, box: Mailbox) -> None:
        receipts = [mail for mail in box.mails if mail.subject.startswith("ACCETTAZIONE:")]
        assert {(mail.letter.sender, mail.letter.recipient) for mail in receipts} == {
            (PROVIDER, DEMO_ADDRESS)
        }


def _fresh() -> Mailbox:
    return Mailbox(Options(), HandClock())
