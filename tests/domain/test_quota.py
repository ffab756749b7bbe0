"""Use of a mailbox."""

from __future__ import annotations

import pytest

from pectui.domain.quota import QuotaReading, QuotaUnit, in_units, measure


class TestMeasure:
    def test_the_services_numbers_are_kib(self) -> None:
        quota = measure("INBOX", QuotaReading(171012, 1048576))
        assert (quota.used_bytes, quota.limit_bytes, quota.percent) == (175116288, 1 << 30, 16.3)

    @pytest.mark.parametrize(("unit", "used"), [("MB", 2_000_000), ("B", 2), ("KiB", 2048)])
    def test_the_unit_can_be_set(self, unit: str, used: int) -> None:
        assert measure("INBOX", QuotaReading(2, 10), QuotaUnit(unit)).used_bytes == used

    @pytest.mark.parametrize("limit", [None, 0, -1, 1e300, 1e308, float("inf"), float("nan")])
    def test_an_unknown_limit_gives_no_percentage(self, limit: float | None) -> None:
        quota = measure("INBOX", QuotaReading(5, limit))
        assert (quota.used_bytes, quota.limit_bytes, quota.percent) == (5120, None, None)

    def test_a_full_mailbox_may_be_over_its_limit(self) -> None:
        assert measure("INBOX", QuotaReading(3, 2)).percent == 150.0

    @pytest.mark.parametrize("usage", [None, -1, 1e30, 1e308, float("inf"), float("nan")])
    def test_a_use_that_makes_no_sense_is_unknown(self, usage: float | None) -> None:
        quota = measure("INBOX", QuotaReading(usage, 5))
        assert (quota.used_bytes, quota.percent, quota.free_bytes) == (None, None, None)

    @pytest.mark.parametrize(("usage", "free"), [(0, 2048), (1, 1024), (2, 0), (3, 0)])
    def test_what_is_free_is_never_below_zero(self, usage: int, free: int) -> None:
        assert measure("INBOX", QuotaReading(usage, 2)).free_bytes == free


class TestInUnits:
    @pytest.mark.parametrize(
        ("octets", "shown"),
        [
            (None, "unknown"),
            (0, "0 B"),
            (1023, "1023 B"),
            (1024**2 - 1, "1.0 MiB"),
            (1024, "1.0 KiB"),
            (175116288, "167.0 MiB"),
            (1 << 30, "1.0 GiB"),
            (1 << 40, "1.0 TiB"),
            (1 << 52, "4096.0 TiB"),
        ],
    )
    def test_a_size_for_people(self, octets: int | None, shown: str) -> None:
        assert in_units(octets) == shown
