"""Italy's time without a zone database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pectui.sandbox.dates import header_date, rome, spoken, stamp


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2020, 8, 26, 8, 0, 35, tzinfo=UTC), "Wed, 26 Aug 2020 10:00:35 +0200"),
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "Sun, 29 Mar 2026 01:59:59 +0100"),
        (datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC), "Sun, 29 Mar 2026 03:00:00 +0200"),
        (datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), "Sun, 25 Oct 2026 02:59:59 +0200"),
        (datetime(2026, 10, 25, 1, 0, 0, tzinfo=UTC), "Sun, 25 Oct 2026 02:00:00 +0100"),
        (datetime(2025, 12, 31, 23, 30, 0, tzinfo=UTC), "Thu, 01 Jan 2026 00:30:00 +0100"),
    ],
)
def test_a_header_s_date_follows_summer_time(moment: datetime, shown: str) -> None:
    assert header_date(rome(moment)) == shown


def test_a_code_begins_with_the_local_time() -> None:
    assert stamp(rome(datetime(2020, 8, 26, 8, 0, 34, tzinfo=UTC))) == "20200826100034"


def test_receipts_say_the_time_in_italian() -> None:
    assert spoken(rome(datetime(2020, 8, 26, 8, 0, 35, tzinfo=UTC))) == "26/08/2020 alle ore 10:00:35 (+0200)"
