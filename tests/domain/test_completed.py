"""What of completed sends may go: receipts and own copies of what was surely delivered, once it is old enough."""

from __future__ import annotations

import pytest

from pectui.domain.completed import Completed, completed
from pectui.domain.kind import Kind
from pectui.domain.message import Header
from pectui.domain.sends import Sends
from pectui.domain.settling import ReadReceipt, settle
from tests.domain.sending import CODE, OWN, after, mail, own_copy, read, receipt, reply

ONE = "uno@pec.example"
TWO = "due@pec.example"
ACCEPTED, DELIVERED = Kind.ACCEPTANCE, Kind.DELIVERY
LATER = after(days=31)


def sends_of(*headers: Header, texts: tuple[ReadReceipt, ...] = ()) -> Sends:
    """The sends of `headers`, of which these texts were read."""
    sends = Sends(OWN)
    sends.follow(headers)
    if texts:
        sends.learn([settle(CODE, texts, read_at=after(days=1))])
    return sends


BOTH = (read(ACCEPTED, ONE), read(DELIVERED, ONE, at=after(minutes=1)))
ACCEPTANCE, DELIVERY = receipt(ACCEPTED), receipt(DELIVERED, at=after(minutes=1))


class TestWhatMayGo:
    """Delivered, known from the texts, older than that."""

    def test_receipts_and_own_copies(self) -> None:
        copy = own_copy()
        found = completed(sends_of(ACCEPTANCE, DELIVERY, copy, texts=BOTH), LATER, 30)
        assert set(found.headers) == {ACCEPTANCE, DELIVERY, copy}
        assert found.codes == (CODE,)
        assert found.unread == ()

    def test_never_answers_notices_and_what_has_no_code(self) -> None:
        others = (reply(), mail(f"PRESA IN CARICO: x {CODE}"), mail("Ciao", "x@y.example"))
        found = completed(sends_of(ACCEPTANCE, DELIVERY, *others, texts=BOTH), LATER, 30)
        assert set(found.headers) == {ACCEPTANCE, DELIVERY}

    def test_nor_a_warning_that_a_delivery_followed(self) -> None:
        warning = read(Kind.DELIVERY_TIMEOUT, ONE, at=after(hours=12), hours=12)
        late = receipt(Kind.DELIVERY_TIMEOUT, at=after(hours=12))
        delivery = receipt(DELIVERED, at=after(hours=13))
        texts = (read(ACCEPTED, ONE), warning, read(DELIVERED, ONE, at=after(hours=13)))
        found = completed(sends_of(ACCEPTANCE, late, delivery, texts=texts), LATER, 30)
        assert set(found.headers) == {ACCEPTANCE, delivery}

    def test_what_is_left_of_a_send_whose_acceptance_went_before(self) -> None:
        found = completed(sends_of(DELIVERY, texts=BOTH), LATER, 30)
        assert found.headers == (DELIVERY,)

    @pytest.mark.parametrize(("days", "goes"), [(30, True), (31, False), (32, False), (0, True)])
    def test_only_what_is_older(self, days: int, *, goes: bool) -> None:
        assert bool(completed(sends_of(ACCEPTANCE, DELIVERY, texts=BOTH), LATER, days).headers) is goes


class TestWhatStays:
    """Whatever is not sure."""

    def test_a_send_that_failed_for_one_recipient(self) -> None:
        failure = receipt(Kind.NON_DELIVERY, at=after(minutes=2))
        texts = (
            read(ACCEPTED, ONE, TWO),
            BOTH[1],
            read(Kind.NON_DELIVERY, TWO, at=after(minutes=2), reason="x"),
        )
        assert completed(sends_of(ACCEPTANCE, DELIVERY, failure, texts=texts), LATER, 30) == Completed()

    def test_one_of_which_a_receipt_is_missing(self) -> None:
        texts = (read(ACCEPTED, ONE, TWO), BOTH[1])
        assert completed(sends_of(ACCEPTANCE, DELIVERY, texts=texts), LATER, 30) == Completed()

    def test_one_that_only_looks_delivered_is_told_as_unread(self) -> None:
        found = completed(sends_of(ACCEPTANCE, DELIVERY), LATER, 30)
        assert found == Completed(unread=(CODE,))

    def test_one_of_which_a_receipt_came_that_was_not_read(self) -> None:
        again = receipt(DELIVERED, at=after(hours=2))
        found = completed(sends_of(ACCEPTANCE, DELIVERY, again, texts=BOTH), LATER, 30)
        assert found == Completed(unread=(CODE,))

    def test_what_is_archived_has_nothing_to_go(self) -> None:
        assert completed(sends_of(texts=BOTH), LATER, 30) == Completed()

    def test_a_young_one_that_was_not_read_is_not_told(self) -> None:
        assert completed(sends_of(ACCEPTANCE, DELIVERY), after(days=2), 30) == Completed()
