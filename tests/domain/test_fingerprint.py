"""Fingerprints: the same message, and nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.fingerprint import Fingerprint, hash_text, key_of
from pectui.domain.interpret import interpret
from pectui.domain.message import Header, MailText

HEADER = Header(
    3,
    "Wed, 26 Aug 2020 10:00:36 +0200",
    "CONSEGNA: Invio di prova pec massiva 2020082610003492",
    "posta-certificata@pecmassiva.com",
    '"dev-api@pecmassiva.com" ',
)
headers = st.builds(Header, st.integers(0, 99), *[st.text()] * 4)


def mail(header: Header = HEADER, body: str = "Salve") -> MailText:
    return MailText(*header.facts, body)


class TestMatches:
    def test_the_message_itself_under_any_id(self) -> None:
        fingerprint = Fingerprint.of(HEADER)
        assert fingerprint.matches(HEADER)
        assert fingerprint.matches(replace(HEADER, id=99))
        assert fingerprint.matches(mail())

    @pytest.mark.parametrize(
        "other",
        [
            replace(HEADER, date="Wed, 26 Aug 2020 08:00:36 GMT"),
            replace(HEADER, date="2020-08-26T10:00:36+02:00"),
            replace(HEADER, subject=" CONSEGNA:  Invio di prova\r\n pec massiva 2020082610003492"),
            replace(HEADER, sender='"Posta" <Posta-Certificata@pecmassiva.com>'),
            replace(HEADER, recipient="DEV-API@pecmassiva.com"),
            replace(HEADER, recipient=""),
        ],
    )
    def test_the_same_facts_in_other_words(self, other: Header) -> None:
        assert Fingerprint.of(HEADER).matches(other)
        assert Fingerprint.of(other).matches(HEADER)

    @pytest.mark.parametrize(
        "other",
        [
            replace(HEADER, date="Wed, 26 Aug 2020 10:00:37 +0200"),
            replace(HEADER, date="Wed, 26 Aug 2020 10:00:36"),
            replace(HEADER, date="domani"),
            replace(HEADER, date=""),
            replace(HEADER, subject=HEADER.subject + "1"),
            replace(HEADER, subject=HEADER.subject.lower()),
            replace(HEADER, subject=""),
            replace(HEADER, sender="a@b.it"),
            replace(HEADER, sender=""),
            replace(HEADER, recipient="a@b.it"),
        ],
    )
    def test_another_message_is_never_taken_for_it(self, other: Header) -> None:
        assert not Fingerprint.of(HEADER).matches(other)
        assert not Fingerprint.of(other).matches(HEADER)

    def test_dates_that_cannot_be_read_are_compared_as_text(self) -> None:
        strange = replace(HEADER, date="mer 26  ago")
        assert Fingerprint.of(strange).matches(replace(HEADER, date=" mer 26 ago"))
        assert not Fingerprint.of(strange).matches(replace(HEADER, date="gio 27 ago"))

    def test_without_date_and_subject_nothing_can_be_verified(self) -> None:
        bare = replace(HEADER, date=" ", subject="")
        assert not Fingerprint.of(bare).matches(bare)
        assert Fingerprint.of(replace(bare, subject="x")).matches(replace(bare, subject="x"))

    def test_twins_are_told_apart_by_their_text_where_both_are_known(self) -> None:
        known = Fingerprint.of(HEADER).with_text("Salve")
        assert known.matches(mail(body="Salve"))
        assert not known.matches(mail(body="Salve "))
        assert known.matches(HEADER)
        assert Fingerprint.of(HEADER).matches(mail(body="anything"))

    @given(headers)
    def test_every_message_with_a_date_or_a_subject_matches_itself(self, header: Header) -> None:
        verifiable = bool(header.date.split() or header.subject.split())
        assert Fingerprint.of(header).with_text("x").matches(mail(header, "x")) == verifiable

    @given(headers, headers)
    def test_matching_works_both_ways(self, one: Header, other: Header) -> None:
        assert Fingerprint.of(one).matches(other) == Fingerprint.of(other).matches(one)


class TestKey:
    def test_twins_share_it_and_others_do_not(self) -> None:
        key = Fingerprint.of(HEADER).key
        assert Fingerprint.of(replace(HEADER, id=4, date="Wed, 26 Aug 2020 08:00:36 GMT")).key == key
        assert Fingerprint.of(HEADER).with_text("x").key == key
        assert Fingerprint.of(replace(HEADER, recipient="a@b.it")).key != key

    @given(headers)
    def test_it_is_that_of_the_interpreted_message(self, header: Header) -> None:
        assert hash(Fingerprint.of(header).key) == hash(key_of(interpret(header)))
        assert Fingerprint.of(header).key == key_of(interpret(header))


class TestHashText:
    def test_it_is_the_sha_256_of_the_body_as_it_came(self) -> None:
        assert hash_text("perché %20\r\n") == hashlib.sha256("perché %20\r\n".encode()).hexdigest()

    def test_half_a_character_can_be_hashed(self) -> None:
        assert hash_text("\ud800") != hash_text("\ud801")
