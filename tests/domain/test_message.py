"""Rows of a listing and messages with their text can be compared."""

from __future__ import annotations

from pectui.domain.interpret import interpret
from pectui.domain.message import Header, MailText


class TestFacts:
    def test_a_row_and_its_message_tell_the_same_facts(self) -> None:
        assert Header(1, "d", "o", "s", "r").facts == MailText("d", "o", "s", "r", "b").facts

    def test_a_message_is_called_what_the_service_calls_it(self) -> None:
        assert interpret(Header(7, "", "", "", "")).id == 7
