"""The mailbox's rules: ids, pages, search, deletion and quota."""

from __future__ import annotations

import pytest

from pectui.sandbox.mailbox import Mailbox, MailboxFullError
from pectui.sandbox.options import DEMO_ADDRESS, Options
from tests.sandbox.visitor import HandClock


def _filled(clock: HandClock, count: int, options: Options) -> Mailbox:
    box = Mailbox(options, clock)
    for number in range(1, count + 1):
        box.deliver(f"mail {number}")
    return box


def _subjects(box: Mailbox, page: int | None = None, query: str = "") -> list[str]:
    return [mail.subject for _, mail in box.page(page, query).rows]


class TestPages:
    def test_a_page_holds_25_with_the_newest_first(self, clock: HandClock) -> None:
        page = _filled(clock, 26, Options(messages=0)).page()
        assert [message_id for message_id, _ in page.rows] == list(range(26, 1, -1))
        assert (page.total, page.number, page.pages) == (26, 1, 2)

    def test_the_oldest_can_come_first(self, clock: HandClock) -> None:
        box = _filled(clock, 26, Options(messages=0, order="oldest"))
        assert _subjects(box)[:2] == ["mail 1", "mail 2"]
        assert _subjects(box, 2) == ["mail 26"]

    def test_numbers_can_begin_at_zero(self, clock: HandClock) -> None:
        box = _filled(clock, 26, Options(messages=0, first_page=0))
        assert box.page().number == 0
        assert _subjects(box, 1) == ["mail 1"]

    def test_a_number_below_the_first_gives_the_first(self, clock: HandClock) -> None:
        box = _filled(clock, 26, Options(messages=0))
        assert box.page(0) == box.page(1) == box.page(-4)

    def test_a_number_below_the_first_can_give_nothing(self, clock: HandClock) -> None:
        box = _filled(clock, 26, Options(messages=0, before_first="empty"))
        assert _subjects(box, 0) == []
        assert box.page(0).total == 26

    def test_a_number_above_the_last_gives_nothing(self, clock: HandClock) -> None:
        assert _subjects(_filled(clock, 26, Options(messages=0)), 3) == []

    @pytest.mark.parametrize(("rounding", "pages"), [("floor", 39), ("ceil", 40)])
    def test_the_number_of_pages_is_rounded_as_told(
        self, clock: HandClock, rounding: str, pages: int
    ) -> None:
        options = Options(pages="floor" if rounding == "floor" else "ceil")
        assert Mailbox(options, clock).page().pages == pages

    def test_an_empty_mailbox_has_one_empty_page(self, empty: Mailbox) -> None:
        page = empty.page()
        assert (page.rows, page.total, page.pages) == ((), 0, 0)


class TestSearch:
    def test_it_finds_subjects_senders_and_texts_whatever_their_case(self, empty: Mailbox) -> None:
        empty.deliver("Fattura 12", "niente")
        empty.deliver("Altro", "La FATTURA è allegata")
        empty.deliver("Terzo", sender="fattura@pec.example")
        empty.deliver("Quarto")
        assert _subjects(empty, query="fattura") == ["Terzo", "Altro", "Fattura 12"]

    def test_its_ids_are_those_of_the_whole_mailbox(self, clock: HandClock) -> None:
        box = _filled(clock, 30, Options(messages=0, ids="sequence"))
        assert [message_id for message_id, _ in box.page(query="mail 3").rows] == [30, 3]

    def test_it_is_paged_too(self, clock: HandClock) -> None:
        page = _filled(clock, 60, Options(messages=0)).page(2, "mail")
        assert (len(page.rows), page.total, page.pages) == (25, 60, 3)


class TestIds:
    def test_a_uid_stays_with_its_message(self, clock: HandClock) -> None:
        box = _filled(clock, 3, Options(messages=0))
        assert box.delete(1)
        assert [mail.uid for mail in box.mails] == [2, 3]
        assert box.read(1) is None
        third = box.read(3)
        assert third is not None
        assert third.subject == "mail 3"

    def test_a_uid_is_never_given_twice(self, clock: HandClock) -> None:
        box = _filled(clock, 3, Options(messages=0))
        box.delete(3)
        assert box.deliver("next").uid == 4

    def test_uids_can_begin_above_the_total(self, clock: HandClock) -> None:
        box = Mailbox(Options(messages=5, first_uid=4000), clock)
        assert [message_id for message_id, _ in box.page().rows] == [4004, 4003, 4002, 4001, 4000]
        assert box.delete(4002)
        assert not box.delete(4002)

    def test_a_sequence_number_shifts_when_an_older_message_goes(self, clock: HandClock) -> None:
        box = _filled(clock, 3, Options(messages=0, ids="sequence"))
        third = box.mails[2]
        assert box.id_of(third) == 3
        assert box.delete(1)
        assert box.id_of(third) == 2
        assert box.read(2) == third
        assert box.read(3) is None

    def test_a_sequence_number_stays_when_a_newer_message_goes(self, clock: HandClock) -> None:
        box = _filled(clock, 3, Options(messages=0, ids="sequence"))
        first = box.mails[0]
        box.delete(3)
        assert box.id_of(first) == 1

    @pytest.mark.parametrize("message_id", [0, -1, 4, 10**17])
    @pytest.mark.parametrize("ids", ["uid", "sequence"])
    def test_no_other_number_is_an_id(self, clock: HandClock, ids: str, message_id: int) -> None:
        box = _filled(clock, 3, Options(messages=0, ids="uid" if ids == "uid" else "sequence"))
        assert box.read(message_id) is None
        assert not box.delete(message_id)
        assert len(box.mails) == 3

    def test_a_mail_that_is_gone_has_no_id(self, clock: HandClock) -> None:
        box = _filled(clock, 1, Options(messages=0))
        gone = box.mails[0]
        box.delete(1)
        assert box.id_of(gone) is None


class TestCodes:
    SHORT = "202603021000003"
    LONG = "2026030210000034"

    def _box(self, clock: HandClock, options: Options) -> Mailbox:
        box = Mailbox(options, clock)
        box.deliver(f"ACCETTAZIONE: uno {self.SHORT}")
        box.deliver(f"ACCETTAZIONE: due {self.LONG}")
        box.deliver(f"POSTA CERTIFICATA: Re: uno {self.SHORT}", sender="x@pec.example")
        box.deliver("Altro")
        return box

    def test_a_code_also_finds_the_sends_whose_code_it_begins(self, clock: HandClock) -> None:
        box = self._box(clock, Options(messages=0))
        assert len(box.of_send(self.SHORT)) == 3
        assert len(box.of_send(self.LONG)) == 1

    def test_it_can_find_its_own_send_alone_with_the_replies(self, clock: HandClock) -> None:
        box = self._box(clock, Options(messages=0, match="exact"))
        assert len(box.of_send(self.SHORT)) == 2

    def test_deletion_takes_whatever_the_code_finds(self, clock: HandClock) -> None:
        box = self._box(clock, Options(messages=0))
        assert box.delete_send(self.SHORT) == 3
        assert _subjects(box) == ["Altro"]
        assert box.delete_send(self.SHORT) == 0


class TestQuota:
    def test_the_demo_fills_what_the_vendor_s_sample_says(self, clock: HandClock) -> None:
        box = Mailbox(Options(), clock)
        assert (box.usage, box.limit) == (171_012, 1_048_576)

    def test_the_sizes_of_all_mails_are_the_usage(self, clock: HandClock) -> None:
        box = Mailbox(Options(), clock)
        assert sum(mail.size for mail in box.mails) == box.usage * 1024
        assert min(mail.size for mail in box.mails) > 0

    def test_deleting_frees_exactly_what_the_mail_took(self, clock: HandClock) -> None:
        box = Mailbox(Options(), clock)
        gone = box.mails[500]
        box.delete(gone.uid)
        assert box.usage == -(-(171_012 * 1024 - gone.size) // 1024)

    def test_an_emptied_mailbox_uses_nothing(self, clock: HandClock) -> None:
        box = Mailbox(Options(messages=40), clock)
        for mail in box.mails:
            box.delete(mail.uid)
        assert box.usage == 0

    def test_deleting_a_send_frees_it(self, empty: Mailbox) -> None:
        empty.deliver("CONSEGNA: x 2026030210000034", weight=100)
        empty.deliver("Altro", weight=7)
        empty.delete_send("2026030210000034")
        assert empty.usage == 7

    def test_every_delivery_spends(self, empty: Mailbox) -> None:
        empty.deliver("x", weight=10)
        empty.deliver("y", weight=3)
        assert empty.usage == 13

    def test_what_doesn_t_fit_bounces(self, clock: HandClock) -> None:
        box = Mailbox(Options(messages=10, quota_usage=95, quota_limit=100), clock)
        box.deliver("fits", weight=5)
        with pytest.raises(MailboxFullError):
            box.deliver("too much", weight=1)
        assert box.usage == 100
        box.delete(box.mails[0].uid)
        box.deliver("fits again", weight=1)


class TestAnotherClient:
    def test_a_delivered_mail_says_what_it_was_given(self, empty: Mailbox) -> None:
        mail = empty.deliver(
            "Oggetto",
            "Perché no",
            sender="a@pec.example",
            date="domani",
            encoding="utf-8",
            recipient="b@pec.example",
        )
        assert mail.letter[1:5] == ("domani", "Oggetto", "a@pec.example", "b@pec.example")
        assert (mail.text, mail.body) == ("Perché no", "Perch%C3%A9+no")

    def test_without_more_it_comes_now_to_the_mailbox(self, empty: Mailbox) -> None:
        letter = empty.deliver("Oggetto").letter
        assert (letter.date, letter.recipient) == ("Mon, 02 Mar 2026 10:00:00 +0100", DEMO_ADDRESS)
