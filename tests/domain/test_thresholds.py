"""From which use on a mailbox is in WARNING and CRITICAL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.quota import Quota
from pectui.domain.thresholds import Level, Threshold, Thresholds, read_thresholds
from pectui.errors import UsageError

GIB = 1 << 30
MIB = 1 << 20


class TestLevel:
    @pytest.mark.parametrize(
        ("used", "level"),
        [
            (0, Level.OK),
            (799, Level.OK),
            (800, Level.WARNING),
            (899, Level.WARNING),
            (900, Level.CRITICAL),
            (1000, Level.CRITICAL),
            (1300, Level.CRITICAL),
            (None, Level.UNKNOWN),
        ],
    )
    def test_it_begins_at_the_threshold(self, used: int | None, level: Level) -> None:
        assert Thresholds().level(Quota("INBOX", used, 1000)) is level

    def test_above_the_limit_is_critical_whatever_the_thresholds(self) -> None:
        thresholds = read_thresholds("2GiB", "3GiB")
        assert thresholds.level(Quota("INBOX", GIB, GIB)) is Level.OK
        assert thresholds.level(Quota("INBOX", GIB + 1, GIB)) is Level.CRITICAL

    def test_without_a_limit_percentages_tell_nothing(self) -> None:
        assert Thresholds().level(Quota("INBOX", 5, None)) is Level.UNKNOWN

    def test_without_a_limit_sizes_tell_that_they_are_reached_and_never_that_all_is_well(self) -> None:
        thresholds = read_thresholds("900MiB", "1000MiB")
        levels = [thresholds.level(Quota("INBOX", size * MIB, None)) for size in (899, 900, 1000)]
        assert levels == [Level.UNKNOWN, Level.WARNING, Level.CRITICAL]

    def test_one_of_each_kind(self) -> None:
        thresholds = read_thresholds("80", "900MiB")
        assert thresholds.level(Quota("INBOX", 900 * MIB, None)) is Level.CRITICAL
        assert thresholds.level(Quota("INBOX", 899 * MIB, None)) is Level.UNKNOWN
        assert thresholds.level(Quota("INBOX", 899 * MIB, GIB)) is Level.WARNING

    @given(st.integers(0, 2**63), st.integers(1, 2**63), st.integers(0, 10_000), st.integers(0, 10_000))
    def test_it_never_becomes_better_as_the_mailbox_fills(
        self, used: int, limit: int, one: int, other: int
    ) -> None:
        warn, crit = sorted((one, other))
        thresholds = Thresholds(Threshold(hundredths=warn), Threshold(hundredths=crit))
        level = thresholds.level(Quota("INBOX", used, limit))
        assert level <= thresholds.level(Quota("INBOX", used + 1, limit))
        assert (level >= Level.WARNING) is (used * 10_000 >= limit * warn or used > limit)


class TestReading:
    @pytest.mark.parametrize(
        ("text", "octets"),
        [
            ("80", 858_993_460),
            ("80%", 858_993_460),
            ("79.95", 858_456_589),
            ("0", 0),
            ("100%", GIB),
            ("900MiB", 900 * MIB),
            ("900 MiB", 900 * MIB),
            ("900mib", 900 * MIB),
            ("900MB", 900_000_000),
            ("0.5GiB", GIB // 2),
            ("175116288B", 175_116_288),
            ("1TB", 10**12),
            ("512KiB", 512 * 1024),
            (" 512kB ", 512_000),
        ],
    )
    def test_percentages_and_sizes(self, text: str, octets: int) -> None:
        assert read_thresholds(text, "100TiB").warn.reached_at(GIB) == octets

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "x",
            "-1",
            "80,5",
            "8e1",
            "nan",
            "inf",
            "101",
            "1000%",
            "900M",
            "900",
            "%",
            "80%%",
            "٨٠",
            "@10:20",
            "80:",
        ],
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(UsageError, match="--warn"):
            read_thresholds(text, None)
        with pytest.raises(UsageError, match="--crit"):
            read_thresholds(None, text)

    @pytest.mark.parametrize(
        ("warn", "crit"), [("91", None), (None, "79"), ("2GiB", "1GiB"), ("90.01%", "90")]
    )
    def test_a_warning_that_would_come_too_late_is_refused(self, warn: str | None, crit: str | None) -> None:
        with pytest.raises(UsageError, match="--warn is above --crit"):
            read_thresholds(warn, crit)

    def test_the_usual_ones(self) -> None:
        assert read_thresholds(None, None) == read_thresholds("80", "90") == Thresholds()
