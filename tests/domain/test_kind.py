"""Kinds on the screen and in scripts."""

from __future__ import annotations

from pectui.domain.kind import Kind, describe_kind


class TestKind:
    def test_names_are_those_that_scripts_rely_on(self) -> None:
        assert [kind.value for kind in Kind] == [
            "acceptance",
            "non_acceptance",
            "delivery",
            "non_delivery",
            "delivery_timeout",
            "envelope",
            "anomaly",
            "provider_notice",
            "other",
        ]

    def test_receipts_are_what_providers_write_about_a_send(self) -> None:
        assert [kind for kind in Kind if not kind.is_receipt] == [
            Kind.ENVELOPE,
            Kind.ANOMALY,
            Kind.PROVIDER_NOTICE,
            Kind.OTHER,
        ]

    def test_kinds_differ_without_colour(self) -> None:
        assert len({kind.sign for kind in Kind}) == len(Kind)
        assert all(len(kind.sign) == 1 and kind.sign.isascii() for kind in Kind)

    def test_each_kind_has_plain_words_of_its_own(self) -> None:
        assert len({describe_kind(kind) for kind in Kind}) == len(Kind)
