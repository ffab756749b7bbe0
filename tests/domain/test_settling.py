"""What became of each recipient, once the receipts' texts were read; and what stays known when they are gone."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations

import pytest

from pectui.domain.kind import Kind
from pectui.domain.message import Header
from pectui.domain.receipt import Reason
from pectui.domain.send import Counts, Outcome, RecipientState, SendRecord, SendState, SendSummary
from pectui.domain.sends import Sends
from pectui.domain.settling import ReadReceipt, merged, settle
from tests.domain.sending import CODE, OWN, SENT, after, read, receipt

ACCEPTED, REFUSED = Kind.ACCEPTANCE, Kind.NON_ACCEPTANCE
DELIVERED, FAILED, TIMEOUT = Kind.DELIVERY, Kind.NON_DELIVERY, Kind.DELIVERY_TIMEOUT
A, B, C = "anna@uno.example", "bruno@due.example", "carla@tre.example"
FULL = "5.2.2 - Provider - casella piena"


def record_of(*receipts: ReadReceipt) -> SendRecord:
    return settle(CODE, receipts, read_at=after(hours=30))


def states_of(*receipts: ReadReceipt) -> dict[str, str]:
    return {one.address: one.state.value for one in record_of(*receipts).outcomes}


def summary_of(
    record: SendRecord | None, *listed: Header, now: datetime | None = None, earlier: SendRecord | None = None
) -> SendSummary:
    sends = Sends(OWN)
    sends.follow(listed)
    sends.learn(one for one in (earlier, record) if one is not None)
    summary = sends.summary(CODE, now or after(hours=30))
    assert summary is not None
    return summary


class TestRecipients:
    def test_each_has_the_state_that_its_receipts_give(self) -> None:
        record = record_of(
            read(ACCEPTED, A, B, C),
            read(DELIVERED, B, at=after(seconds=9)),
            read(FAILED, A, at=after(seconds=5), reason="indirizzo non valido"),
        )
        assert record.outcomes == (
            Outcome(A, RecipientState.FAILED, True, Reason("indirizzo non valido"), after(seconds=5)),
            Outcome(B, RecipientState.DELIVERED, True, None, after(seconds=9)),
            Outcome(C, RecipientState.ACCEPTED, True, None, SENT),
        )
        assert record.recipients_known
        assert (record.subject, record.sent_at, len(record.receipts)) == ("Invio di prova", SENT, 3)

    def test_in_whatever_order_the_receipts_come(self) -> None:
        receipts = [read(ACCEPTED, A), read(TIMEOUT, A, hours=12), read(DELIVERED, A), read(ACCEPTED, B)]
        outcomes = {record_of(*order).outcomes for order in permutations(receipts)}
        assert {frozenset((one.address, one.state) for one in found) for found in outcomes} == {
            frozenset({(A, RecipientState.DELIVERED), (B, RecipientState.ACCEPTED)})
        }

    def test_an_address_is_one_in_whatever_case(self) -> None:
        assert states_of(read(ACCEPTED, A), read(DELIVERED, A.upper())) == {A: "delivered"}

    @pytest.mark.parametrize("other", [FAILED, TIMEOUT])
    def test_a_delivery_is_proof_whatever_else_was_written(self, other: Kind) -> None:
        assert states_of(read(ACCEPTED, A), read(other, A, hours=24), read(DELIVERED, A)) == {A: "delivered"}

    @pytest.mark.parametrize(("hours", "state"), [(12, "late"), (24, "failed")])
    def test_the_text_tells_which_time_out_it_is(self, hours: int, state: str) -> None:
        wrong = after(hours=36 - hours)
        assert states_of(read(ACCEPTED, A), read(TIMEOUT, A, hours=hours, at=wrong)) == {A: state}

    @pytest.mark.parametrize(("hours", "state"), [(12, "late"), (24, "failed")])
    def test_else_the_send_s_age(self, hours: int, state: str) -> None:
        assert states_of(read(ACCEPTED, A), read(TIMEOUT, A, at=after(hours=hours))) == {A: state}

    def test_a_warning_and_then_the_end(self) -> None:
        assert states_of(read(ACCEPTED, A), read(TIMEOUT, A, hours=12), read(TIMEOUT, A, hours=24)) == {
            A: "failed"
        }

    def test_of_ordinary_mail_nothing_is_expected(self) -> None:
        record = record_of(read(ACCEPTED, A, ordinary=True), read(ACCEPTED, B), read(DELIVERED, B))
        assert [one.state.value for one in record.outcomes] == ["none_expected", "delivered"]
        assert summary_of(record).state is SendState.DELIVERED
        assert summary_of(record).expected == 1

    def test_a_full_mailbox_has_a_mark_of_its_own(self) -> None:
        failed = read(FAILED, A)
        text = failed.text.__class__(failed.text.recipients, Reason("casella piena", "5.2.2", "Provider"))
        record = record_of(read(ACCEPTED, A), ReadReceipt(failed.message, text))
        assert record.outcomes[0].mailbox_full

    def test_whom_only_a_receipt_names_is_there_too(self) -> None:
        assert states_of(read(ACCEPTED, A), read(DELIVERED, B)) == {A: "accepted", B: "delivered"}

    def test_a_refused_send_is_refused_for_all_it_names(self) -> None:
        record = record_of(read(REFUSED, A, reason="virus"))
        assert [(one.address, one.state.value) for one in record.outcomes] == [(A, "refused")]
        assert record.refusal == Reason("virus")
        assert summary_of(record, receipt(REFUSED)).state is SendState.REFUSED


class TestUnreadableTexts:
    """They yield "unknown", never a wrong address."""

    def test_an_acceptance_that_names_nobody_leaves_the_recipients_unknown(self) -> None:
        record = record_of(read(ACCEPTED), read(DELIVERED, A))
        assert not record.recipients_known
        assert summary_of(record, receipt(ACCEPTED), receipt(DELIVERED)).is_provisional

    def test_so_does_one_of_several(self) -> None:
        assert not record_of(read(ACCEPTED, A), read(ACCEPTED)).recipients_known

    def test_a_delivery_of_nobody_knows_whom_leaves_the_open_ones_in_doubt(self) -> None:
        record = record_of(read(ACCEPTED, A, B), read(DELIVERED, A), read(DELIVERED))
        assert [(one.address, one.state.value) for one in record.outcomes] == [
            (A, "delivered"),
            (B, "unknown"),
        ]
        assert record.unplaced == Counts(delivered=1)
        summary = summary_of(record)
        assert (summary.state, summary.delivered, summary.expected) == (SendState.UNKNOWN, 2, 2)

    def test_a_failure_of_nobody_knows_whom_is_a_failure_all_the_same(self) -> None:
        record = record_of(read(ACCEPTED, A, B), read(DELIVERED, A), read(FAILED))
        assert record.outcomes[1].state is RecipientState.UNKNOWN
        summary = summary_of(record)
        assert (summary.state, summary.failed) == (SendState.PARTIAL, 1)
        assert summary_of(record_of(read(ACCEPTED, A), read(FAILED))).state is SendState.FAILED

    def test_a_receipt_that_names_several_names_nobody(self) -> None:
        assert states_of(read(ACCEPTED, A, B), read(DELIVERED, A, B)) == {A: "unknown", B: "unknown"}

    def test_a_warning_settles_nothing_and_leaves_nobody_in_doubt(self) -> None:
        assert states_of(read(ACCEPTED, A), read(TIMEOUT, hours=12)) == {A: "accepted"}

    def test_what_was_in_doubt_is_settled_by_a_better_reading(self) -> None:
        doubtful = record_of(read(ACCEPTED, A, B), read(DELIVERED, A), read(DELIVERED))
        better = record_of(read(ACCEPTED, A, B), read(DELIVERED, A), read(DELIVERED, B))
        assert summary_of(better, earlier=doubtful).state is SendState.DELIVERED


class TestStatesOnceRead:
    @pytest.mark.parametrize(
        ("receipts", "hours", "state"),
        [
            ((read(DELIVERED, A), read(DELIVERED, B)), 1, SendState.DELIVERED),
            ((read(DELIVERED, A),), 1, SendState.PENDING),
            ((read(DELIVERED, A),), 25, SendState.INCOMPLETE),
            ((read(DELIVERED, A), read(FAILED, B)), 1, SendState.PARTIAL),
            ((read(FAILED, B),), 1, SendState.PARTIAL),
            ((read(FAILED, A), read(FAILED, B)), 1, SendState.FAILED),
            ((read(DELIVERED, A), read(TIMEOUT, B, hours=12)), 13, SendState.LATE),
            ((read(DELIVERED, A), read(TIMEOUT, B, hours=12)), 25, SendState.INCOMPLETE),
            ((read(DELIVERED, A), read(TIMEOUT, B, hours=24)), 25, SendState.PARTIAL),
            ((), 1, SendState.PENDING),
        ],
    )
    def test_of_two_recipients(self, receipts: tuple[ReadReceipt, ...], hours: int, state: SendState) -> None:
        listed = [receipt(one.message.kind, at=one.message.date or SENT) for one in receipts]
        record = record_of(read(ACCEPTED, A, B), *receipts)
        summary = summary_of(record, receipt(ACCEPTED), *listed, now=after(hours=hours))
        assert (summary.state, summary.recipients_known, summary.is_read) == (state, True, True)
        assert not summary.is_provisional

    def test_ordinary_mail_alone_is_unknown_for_ever(self) -> None:
        record = record_of(read(ACCEPTED, A, ordinary=True))
        assert summary_of(record, receipt(ACCEPTED), now=after(hours=99)).state is SendState.UNKNOWN

    def test_a_missing_acceptance_leaves_it_unknown(self) -> None:
        record = record_of(read(DELIVERED, A))
        assert summary_of(record, receipt(DELIVERED)).state is SendState.UNKNOWN


class TestReceiptsThatCameSince:
    """What was read before tells who the recipients are; the new receipts are counted."""

    def test_the_recipients_stay_known_and_the_new_receipt_counts(self) -> None:
        record = record_of(read(ACCEPTED, A, B))
        listed = [receipt(ACCEPTED), receipt(DELIVERED), receipt(DELIVERED)]
        summary = summary_of(record, *listed)
        assert (summary.state, summary.is_read, summary.recipients_known) == (
            SendState.DELIVERED,
            False,
            True,
        )
        assert summary_of(record, *listed[:2], now=after(hours=1)).state is SendState.PENDING
        assert summary_of(record, *listed[:2], receipt(FAILED)).state is SendState.PARTIAL

    def test_another_acceptance_makes_the_recipients_unknown_again(self) -> None:
        summary = summary_of(record_of(read(ACCEPTED, A)), receipt(ACCEPTED), receipt(ACCEPTED))
        assert (summary.recipients_known, summary.is_read) == (False, False)

    def test_one_that_came_while_another_one_went_is_noticed(self) -> None:
        record = record_of(read(ACCEPTED, A, B), read(DELIVERED, A, at=after(seconds=5)))
        came = receipt(DELIVERED, at=after(seconds=60))
        assert not summary_of(record, receipt(ACCEPTED), came).is_read
        went = receipt(DELIVERED, at=after(seconds=5))
        assert summary_of(record, receipt(ACCEPTED), went).is_read


class TestReceiptsThatAreGone:
    """The record stays: what they said can't be read again."""

    def test_the_state_stays_known(self) -> None:
        record = record_of(read(ACCEPTED, A, B), read(DELIVERED, A), read(FAILED, B, reason=FULL))
        summary = summary_of(record)
        assert summary.is_archived
        assert (summary.state, summary.delivered, summary.failed) == (SendState.PARTIAL, 1, 1)
        assert (summary.subject, summary.sent_at, summary.message_ids) == ("Invio di prova", SENT, ())
        assert summary.outcomes[1].reason == Reason(FULL)

    def test_a_later_reading_takes_nothing_away(self) -> None:
        before = record_of(read(ACCEPTED, A, B), read(DELIVERED, A))
        now = record_of(read(DELIVERED, B))
        together = merged(before, now)
        assert [one.state.value for one in together.outcomes] == ["delivered", "delivered"]
        assert [one.certified for one in together.outcomes] == [True, True]
        assert together.recipients_known
        assert summary_of(now, receipt(DELIVERED), earlier=before).state is SendState.DELIVERED

    def test_reading_the_same_again_changes_nothing(self) -> None:
        record = record_of(read(ACCEPTED, A, B), read(DELIVERED, A), read(FAILED, B, reason=FULL))
        assert merged(record, record) == record
        assert merged(None, record) == record
