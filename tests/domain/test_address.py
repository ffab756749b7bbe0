"""Addresses as headers write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.address import clean_address, is_address, is_certified_mail_system, same_address

names = st.text("abcxyz.-_09", min_size=1, max_size=12)
addresses = st.builds(lambda local, domain: f"{local}@{domain}.it", names, names)
blanks = st.text(" \t\r\n", max_size=3)


class TestCleanAddress:
    @pytest.mark.parametrize(
        ("raw", "bare"),
        [
            ("dev-api@pecmassiva.com", "dev-api@pecmassiva.com"),
            ('"dev-api@pecmassiva.com" ', "dev-api@pecmassiva.com"),
            ('"Per conto di: dev-api@pecmassiva.com" ', "dev-api@pecmassiva.com"),
            ('"Per conto di: a@b" ', "a@b"),
            ('"Per conto di: a@b" <posta-certificata@pec.it>', "a@b"),
            ("'PER  CONTO\r\n DI : a@b' <posta-certificata@pec.it>", "a@b"),
            ("Per conto di: <a@b>", "a@b"),
            ('"Per conto di: Mario Rossi <a@b>" <posta-certificata@pec.it>', "posta-certificata@pec.it"),
            ("Mario Rossi <m@rossi.it>", "m@rossi.it"),
            ('"Rossi, Mario" < m@rossi.it >', "m@rossi.it"),
            ('"x@evil.it" <m@rossi.it>', "m@rossi.it"),
            ('"<x@evil.it>" <m@rossi.it>', "m@rossi.it"),
            ('"Mario <m@rossi.it>"', "m@rossi.it"),
            ("<m@rossi.it>", "m@rossi.it"),
            ("m@rossi.it (Mario)", "m@rossi.it"),
            ("'m@rossi.it'", "m@rossi.it"),
            ("d'angelo@pec.it", "d'angelo@pec.it"),
            ('"Per conto di: d\'angelo@pec.it" <posta-certificata@pec.it>', "d'angelo@pec.it"),
            ("M@Rossi.IT", "M@Rossi.IT"),
            ("<a@b.it>, C <c@d.it>", "a@b.it, c@d.it"),
        ],
    )
    def test_the_bare_address(self, raw: str, bare: str) -> None:
        assert clean_address(raw) == bare

    @pytest.mark.parametrize(
        ("raw", "shown"),
        [
            ("", ""),
            ("   ", ""),
            ('""', ""),
            ('" Mario  Rossi " ', "Mario Rossi"),
            ("undisclosed-recipients:;", "undisclosed-recipients:;"),
            ("Per conto di: Mario Rossi", "Mario Rossi"),
            ("a@b.it, c@d.it", "a@b.it, c@d.it"),
        ],
    )
    def test_what_is_no_address_is_shown_without_quotes_and_blanks(self, raw: str, shown: str) -> None:
        assert clean_address(raw) == shown

    @given(addresses, blanks, st.sampled_from(['"{}"', "'{}'", "{}", "<{}>", '"Per conto di: {}"', "N <{}>"]))
    def test_every_dress_comes_off(self, address: str, blank: str, dress: str) -> None:
        assert clean_address(blank + dress.format(address) + blank) == address

    @given(st.text() | st.text("\"<>@ab():,. 'perconto"))
    def test_any_text_can_be_cleaned_and_stays_clean(self, raw: str) -> None:
        cleaned = clean_address(raw)
        assert cleaned == cleaned.strip()
        if is_address(cleaned):
            assert clean_address(cleaned) == cleaned

    @pytest.mark.parametrize("piece", ["a", "@", '"', "<", "<a@b>", "per conto di: ", "a@", "(", "' "])
    def test_a_hostile_megabyte_takes_linear_time(self, piece: str) -> None:
        hostile = piece * (1_000_000 // len(piece))
        began = time.process_time()
        clean_address(hostile)
        is_certified_mail_system(hostile)
        assert time.process_time() - began < 3


class TestCertifiedMailSystem:
    @pytest.mark.parametrize(
        "sender",
        [
            "posta-certificata@pecmassiva.com",
            "Posta-Certificata@PEC.it",
            '"posta-certificata@pecmassiva.com" ',
            '"Posta Certificata Legalmail" <posta-certificata@legalmail.it>',
            " <posta-certificata@pec.it> ",
        ],
    )
    def test_its_own_address(self, sender: str) -> None:
        assert is_certified_mail_system(sender)

    @pytest.mark.parametrize(
        "sender",
        [
            "",
            "posta-certificata",
            "posta-certificata@",
            "@pec.it",
            "xposta-certificata@pec.it",
            "posta-certificata.x@pec.it",
            "po\u017fta-certificata@pec.it",
            '"posta-certificata@pec.it" <evil@example.com>',
            "posta-certificata@pec.it <evil@example.com>",
            "<posta-certificata@pec.it>, <evil@example.com>",
            '"Per conto di: a@b" <posta-certificata@pec.it>',
            '"Per conto di: Mario" <posta-certificata@pec.it>',
            '"per  conto di : posta-certificata@pec.it" <posta-certificata@pec.it>',
            "posta-certificata@pec.it@example.com",
        ],
    )
    def test_nobody_else_and_no_envelope(self, sender: str) -> None:
        assert not is_certified_mail_system(sender)


class TestSameAddress:
    def test_case_and_dress_do_not_matter(self) -> None:
        assert same_address('"Per conto di: A@B.it" ', "a@b.IT")

    def test_others_and_nothing_are_not_the_same(self) -> None:
        assert not same_address("a@b.it", "a@c.it")
        assert not same_address("", "")
        assert not same_address("", "a@b.it")
