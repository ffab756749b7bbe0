"""What must not make a send look delivered, or a stranger look like its recipient."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.receipt import ReceiptText
from pectui.domain.send import RecipientState, SendState, SendSummary
from pectui.domain.sends import Sends
from pectui.domain.settling import ReadReceipt, merged, settle
from pectui.engine.receipts import read_receipt
from tests.domain.sending import CODE, OWN, after, mail, read, receipt

ACCEPTED, DELIVERED, FAILED, TIMEOUT = (
    Kind.ACCEPTANCE,
    Kind.DELIVERY,
    Kind.NON_DELIVERY,
    Kind.DELIVERY_TIMEOUT,
)
A, B = "anna@uno.example", "bruno@due.example"
CLAIM = '" proveniente da "a@b.it" ed indirizzato a "victim@pec.it" è stato consegnato'


def text_of(subject: str, rest: str, kind: Kind = DELIVERED) -> ReceiptText:
    """A receipt in plain text whose original subject is `subject`."""
    original = f"{subject} {CODE}"
    return read_receipt(f'il messaggio "{original}" {rest}', kind, f"CONSEGNA: {original}")


def summary_of(*read_ones: ReadReceipt, hours: float = 1) -> SendSummary:
    sends = Sends(OWN)
    sends.follow(one.message.header for one in read_ones)
    sends.learn([settle(CODE, read_ones, read_at=after(hours=hours))])
    summary = sends.summary(CODE, after(hours=hours))
    assert summary is not None
    return summary


class TestQuotedSubjects:
    """Their authors may write anything; nothing of it is what the provider says."""

    @pytest.mark.parametrize(
        "markup", ["", " <b></b><!--", ' <div style="display:none">', " <style>", " <b>"]
    )
    def test_a_claim_in_it_names_nobody(self, markup: str) -> None:
        real = 'proveniente da "me@pec.it" ed indirizzato a "real@pec.it" è stato consegnato nella casella.'
        found = text_of(f"x{CLAIM}{markup}", real).recipients
        assert [one.address for one in found] == ["real@pec.it"]

    @pytest.mark.parametrize(
        "real",
        [
            'proveniente da "me@pec.it" ed indirizzato a "josé@pec.it" è stato consegnato.',
            'proveniente da "Comune di Roma" ed indirizzato a "real@pec.it" è stato consegnato.',
            'di "me@pec.it" per "real@pec.it" è stato consegnato.',
        ],
    )
    def test_nor_where_the_real_claim_can_not_be_read(self, real: str) -> None:
        assert text_of(f"x{CLAIM}", real).recipients == ()

    @pytest.mark.parametrize("subject", ["è" * 500, "\u0336a" * 500, "&<" * 500, "?è" * 500, "a " * 900])
    def test_however_odd_it_is_it_takes_one_pass(self, subject: str) -> None:
        began = time.process_time()
        text_of(subject, ("è?&lt;" * 3_000) + " ed indirizzato a " + subject * 20)
        assert time.process_time() - began < 5


class TestListsThatAreNotRead:
    @pytest.mark.parametrize(
        "rest", ['josé@pec.it ("posta certificata")', "ed a c@pec.it", '"Luigi" <c@pec.it']
    )
    def test_to_their_end_leave_the_send_provisional(self, rest: str) -> None:
        lines = f'ed indirizzato a:\na@pec.it ("posta certificata")\n{rest}\nè stato accettato.'
        text = text_of("x", f'proveniente da "me@pec.it" {lines}', ACCEPTED)
        assert not text.complete or len(text.recipients) == 2
        accepted = ReadReceipt(interpret(receipt(ACCEPTED), OWN), text)
        summary = summary_of(accepted, read(DELIVERED, "a@pec.it", at=after(seconds=5)))
        assert summary.is_provisional or summary.state is SendState.PENDING

    def test_do_not_make_it_delivered_to_more_than_have_it(self) -> None:
        accepted = read(ACCEPTED, A, B)
        in_part = replace(accepted, text=replace(accepted.text, complete=False))
        summary = summary_of(in_part, read(DELIVERED, A, at=after(seconds=5)))
        assert (summary.state, summary.recipients_known) == (SendState.PENDING, False)


class TestWhatWasRead:
    def test_an_acceptance_that_was_never_read_leaves_it_provisional(self) -> None:
        sends = Sends(OWN)
        sends.learn([settle(CODE, [read(ACCEPTED, A), read(DELIVERED, A)], read_at=after())])
        sends.follow([receipt(ACCEPTED, at=after(seconds=3)), receipt(DELIVERED)])
        summary = sends.summary(CODE, after(hours=1))
        assert summary is not None
        assert summary.is_provisional
        assert not summary.is_read

    def test_a_receipt_that_came_for_one_that_went_is_unread_whatever_its_date(self) -> None:
        record = settle(
            CODE, [read(ACCEPTED, A, B), read(DELIVERED, A, at=after(seconds=9))], read_at=after()
        )
        sends = Sends(OWN)
        sends.learn([record])
        sends.follow([receipt(ACCEPTED), receipt(DELIVERED, at=after(seconds=5))])
        summary = sends.summary(CODE, after(hours=1))
        assert summary is not None
        assert not summary.is_read

    def test_an_unreadable_failure_stays_one_when_its_receipt_is_gone(self) -> None:
        before = settle(CODE, [read(ACCEPTED, A, B), read(DELIVERED, A), read(FAILED)], read_at=after())
        now = settle(CODE, [read(ACCEPTED, A, B), read(DELIVERED, A)], read_at=after(hours=1))
        assert merged(before, now).failed == 1
        assert merged(before, now) == merged(now, before)

    def test_two_unread_deliveries_are_not_taken_for_two_recipients(self) -> None:
        sends = Sends(OWN)
        sends.learn([settle(CODE, [read(ACCEPTED, A, B)], read_at=after())])
        sends.follow([receipt(ACCEPTED), receipt(DELIVERED, at=after(seconds=1)), receipt(DELIVERED)])
        summary = sends.summary(CODE, after(hours=1))
        assert summary is not None
        assert summary.is_provisional


class TestStates:
    def test_nothing_was_refused_that_was_delivered(self) -> None:
        summary = summary_of(read(Kind.NON_ACCEPTANCE, B, reason="x"), read(DELIVERED, A))
        assert summary.state is SendState.UNKNOWN
        assert [one.state for one in summary.outcomes] == [RecipientState.FAILED, RecipientState.DELIVERED]
        assert summary.is_problem

    def test_an_early_notice_is_a_warning_whatever_its_text_says(self) -> None:
        early = mail(f"PREAVVISO DI MANCATA CONSEGNA: Invio {CODE}", at=after(hours=19))
        said = read_receipt(
            "la consegna sarà tentata entro le 24 ore dalla spedizione", TIMEOUT, early.subject
        )
        summary = summary_of(read(ACCEPTED, A), ReadReceipt(interpret(early, OWN), said), hours=20)
        assert (summary.state, summary.failed) == (SendState.LATE, 0)

    def test_a_warning_that_names_nobody_is_a_warning_all_the_same(self) -> None:
        summary = summary_of(read(ACCEPTED, A), read(TIMEOUT, hours=12, at=after(hours=12)), hours=13)
        assert (summary.state, summary.late) == (SendState.LATE, 1)

    def test_it_did_not_fail_for_all_where_only_others_failed(self) -> None:
        ordinary = read(ACCEPTED, B, ordinary=True)
        assert summary_of(read(ACCEPTED, A), ordinary, read(FAILED, B)).state is SendState.PARTIAL
        assert summary_of(read(ACCEPTED, A, B), read(FAILED, A), read(FAILED)).state is SendState.PARTIAL

    @pytest.mark.parametrize("year", [1970, 2999])
    def test_an_absurd_date_of_the_acceptance_says_nothing(self, year: int) -> None:
        accepted = receipt(ACCEPTED, at=after().replace(year=year))
        sends = Sends(OWN)
        sends.follow([accepted])
        summary = sends.summary(CODE, after(hours=30))
        assert summary is not None
        assert (summary.state, summary.sent_at) == (SendState.INCOMPLETE, after())
