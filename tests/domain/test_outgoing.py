"""A message before it is sent: what is refused, and what two messages with the same content have in common."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pectui.domain.cost import STANDARD_PRICE, cost_of, cost_words
from pectui.domain.outgoing import (
    LARGEST_MESSAGE,
    LONGEST_SUBJECT,
    Enclosure,
    Outgoing,
    plain_as_html,
    problem_with_subject,
)
from pectui.domain.recipients import problem_with_address, repeated, split_recipients

MESSAGE = Outgoing(("mario@pec.example.it",), "Avviso", "Testo")
FILE = Enclosure(Path("a.pdf"), 10, "0" * 64, "a.pdf")


class TestASubject:
    @given(st.text(max_size=5), st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), st.text(max_size=5))
    @settings(max_examples=50)
    def test_with_a_sign_that_nobody_sees_is_refused(self, before: str, sign: str, behind: str) -> None:
        assert problem_with_subject(f"a{before}{sign}{behind}z") is not None

    @pytest.mark.parametrize(
        "subject", ["", "  ", " Avviso", "Avviso ", "x" * (LONGEST_SUBJECT + 1), "A\r\nBcc: b@c.it"]
    )
    def test_that_would_not_arrive_as_it_is_is_refused(self, subject: str) -> None:
        assert problem_with_subject(subject) is not None
        assert list(replace(MESSAGE, subject=subject).problems())

    @pytest.mark.parametrize(
        "subject", ["Società: 50 % è già «pagato» – n. 12/2026", "日本", "😀", "a\u00a0b"]
    )
    def test_in_any_letters_is_fine(self, subject: str) -> None:
        assert problem_with_subject(subject) is None


class TestRecipients:
    @pytest.mark.parametrize(
        "address",
        [
            "", "mario", "@pec.example.it", "mario@", "mario@localhost", "ma rio@pec.example.it",
            "mario@pec.example.it\r\nBcc: b@c.it", "mario@pec..it", "a@b@pec.example.it", "Mario <m@pec.example.it>",
            ".mario@pec.example.it", "mario@-pec.it", "màrio@pec.example.it", f"{'x' * 65}@pec.example.it",
            "a@pec.example.it,b@pec.example.it", "mario@pec.example.it\x00",
        ],
    )  # fmt: skip
    def test_that_are_no_addresses_are_refused(self, address: str) -> None:
        assert problem_with_address(address) is not None
        assert list(replace(MESSAGE, recipients=(address,)).problems())

    @pytest.mark.parametrize("address", ["mario@pec.example.it", "m.o'neil+x@PEC.example.it", "1_2@a-b.it"])
    def test_that_are_addresses_are_not(self, address: str) -> None:
        assert problem_with_address(address) is None

    def test_named_twice_are_found_whatever_their_case(self) -> None:
        assert list(repeated(["a@pec.it", "b@pec.it", "A@PEC.it"])) == ["A@PEC.it"]
        both = replace(MESSAGE, recipients=("a@pec.it", "A@PEC.it"))
        assert list(both.problems()) == ["the recipient A@PEC.it is named twice"]

    def test_stand_between_commas(self) -> None:
        assert split_recipients("a@pec.it, b@pec.it,,") == ("a@pec.it", "b@pec.it")


class TestAMessage:
    def test_without_recipient_or_content_is_refused(self) -> None:
        assert len(list(Outgoing((), "Avviso", " ").problems())) == 2
        assert list(replace(MESSAGE, body="", enclosures=(FILE,)).problems()) == []

    @pytest.mark.parametrize("body", ["a\x00", "a\x1b[2J", "a\ud800"])
    def test_with_a_text_that_is_none_is_refused(self, body: str) -> None:
        assert list(replace(MESSAGE, body=body).problems())

    def test_that_is_too_large_with_its_files_is_refused(self) -> None:
        almost = replace(FILE, size=LARGEST_MESSAGE - len("Testo"))
        assert list(replace(MESSAGE, enclosures=(almost,)).problems()) == []
        assert list(replace(MESSAGE, enclosures=(almost, replace(FILE, size=1))).problems())

    def test_with_a_file_of_a_strange_name_is_refused(self) -> None:
        assert list(replace(MESSAGE, enclosures=(replace(FILE, name='a"\n.pdf'),)).problems())

    def test_shows_no_text_in_a_traceback(self) -> None:
        assert "Testo" not in repr(MESSAGE)


class TestTheDigest:
    def test_is_that_of_the_same_content_in_another_order_and_case(self) -> None:
        one = Outgoing(("a@pec.it", "b@pec.it"), "Avviso", "Testo", line=3)
        assert one.digest == Outgoing(("B@pec.it", "a@PEC.it"), "Avviso", "Testo", line=7).digest

    @pytest.mark.parametrize(
        "other",
        [
            replace(MESSAGE, recipients=("anna@pec.example.it",)),
            replace(MESSAGE, recipients=(*MESSAGE.recipients, "anna@pec.example.it")),
            replace(MESSAGE, subject="avviso"),
            replace(MESSAGE, body="Testo "),
            replace(MESSAGE, is_html=True),
            replace(MESSAGE, enclosures=(FILE,)),
            replace(MESSAGE, enclosures=(FILE, FILE)),
            replace(MESSAGE, recipients=("mario@pec.example.it", "Avviso"), subject=""),
        ],
    )
    def test_is_another_for_any_other_content(self, other: Outgoing) -> None:
        assert other.digest != MESSAGE.digest

    @pytest.mark.parametrize("saved", ["Testo\nfine\n", "Testo\r\nfine", "Testo\rfine\n\n"])
    def test_does_not_depend_on_how_an_editor_saved_the_text(self, saved: str) -> None:
        assert replace(MESSAGE, body=saved).digest == replace(MESSAGE, body="Testo\nfine").digest

    def test_knows_a_file_by_its_content_alone(self) -> None:
        renamed = replace(FILE, name="b.pdf", path=Path("b.pdf"))
        assert replace(MESSAGE, enclosures=(FILE,)).digest == replace(MESSAGE, enclosures=(renamed,)).digest


class TestAPlainText:
    def test_of_one_line_goes_out_as_it_is(self) -> None:
        assert MESSAGE.posted_body == "Testo"

    def test_reads_the_same_as_html(self) -> None:
        assert plain_as_html("a < b & c\n  d\n\ne") == "a &lt; b &amp; c<br>\n\u00a0 d<br>\n<br>\ne"

    def test_html_goes_out_untouched(self) -> None:
        assert replace(MESSAGE, body="<p>a\nb</p>", is_html=True).posted_body == "<p>a\nb</p>"


class TestTheCost:
    def test_is_that_of_each_recipient(self) -> None:
        assert cost_words(cost_of(30, STANDARD_PRICE)) == "1.50 EUR"
        assert cost_words(cost_of(30, None)) == "unknown"
