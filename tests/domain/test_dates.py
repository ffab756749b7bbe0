"""Dates of mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.dates import parse_date

ROME = timezone(timedelta(hours=2))
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=zones)
PIECES = [
    "Wed,",
    "26",
    "Aug",
    "2020",
    "10:00:35",
    "+0200",
    "-0000",
    "+9999",
    "GMT",
    "(CEST)",
    "99",
    "24:00",
    "Z",
    "T",
    "2020-08-26",
    "²",
    "\x00",
    ":",
    "0001",
    "+1 1",
    "999999999999999999999999999999",
    "9999999999:1:1",
]
fragments = st.lists(st.sampled_from(PIECES), max_size=8)


class TestParseDate:
    @pytest.mark.parametrize(
        ("raw", "date"),
        [
            ("Wed, 26 Aug 2020 10:00:35 +0200", datetime(2020, 8, 26, 10, 0, 35, tzinfo=ROME)),
            ("Mon, 21 Sep 2020 15:26:37 +0200", datetime(2020, 9, 21, 15, 26, 37, tzinfo=ROME)),
            (" Wed, 26\r\n Aug 2020 10:00:35 +0200 (CEST) ", datetime(2020, 8, 26, 10, 0, 35, tzinfo=ROME)),
            ("26 Aug 2020 10:00:35 GMT", datetime(2020, 8, 26, 10, 0, 35, tzinfo=UTC)),
            ("2020-08-26T10:00:35+02:00", datetime(2020, 8, 26, 10, 0, 35, tzinfo=ROME)),
            ("2020-08-26 10:00:35.5Z", datetime(2020, 8, 26, 10, 0, 35, 500_000, tzinfo=UTC)),
            ("2020-08-26", datetime(2020, 8, 26, tzinfo=UTC)),
        ],
    )
    def test_what_mail_and_services_write(self, raw: str, date: datetime) -> None:
        assert parse_date(raw) == date

    @pytest.mark.parametrize(
        "raw",
        ["Wed, 26 Aug 2020 10:00:35", "Wed, 26 Aug 2020 10:00:35 -0000", "2020-08-26 10:00:35"],
    )
    def test_without_a_zone_it_is_utc(self, raw: str) -> None:
        date = parse_date(raw)
        assert date == datetime(2020, 8, 26, 10, 0, 35, tzinfo=UTC)
        assert date is not None
        assert date.utcoffset() == timedelta(0)

    @pytest.mark.parametrize(
        "raw",
        [
            "",
            "ieri",
            "32 Aug 2020 10:00:35 +0200",
            "26 Aug 2020 25:00:35 +0200",
            "26 Aug 2020 10:00:35 +9999",
            "2020-13-26",
            "2020-08-26T",
            "26 Aug " + "9" * 5000,
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "\ud800",
        ],
    )
    def test_what_is_no_date_is_none(self, raw: str) -> None:
        assert parse_date(raw) is None

    @given(moments)
    def test_what_was_written_is_read(self, moment: datetime) -> None:
        assert parse_date(moment.isoformat()) == moment
        assert parse_date(format_datetime(moment)) == moment.replace(microsecond=0)

    @given(st.text() | fragments.map(" ".join) | fragments.map("".join))
    def test_any_text_is_a_date_that_fits_every_zone_or_none(self, raw: str) -> None:
        date = parse_date(raw)
        if date is not None:
            assert date.astimezone(timezone(timedelta(hours=14))) == date.astimezone(
                timezone(timedelta(hours=-14))
            )


USUAL = st.builds(
    "{}, {} {} {:04} {:02}:{:02}:{:02} {}{:02}{:02}".format,
    st.sampled_from(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
    st.integers(0, 32),
    st.sampled_from(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
    st.integers(0, 9999),
    st.integers(0, 25),
    st.integers(0, 61),
    st.integers(0, 61),
    st.sampled_from("+-"),
    st.integers(0, 25),
    st.integers(0, 99),
)


@given(USUAL)
def test_the_usual_form_is_read_as_the_library_reads_it(raw: str) -> None:
    """In lower case it takes the library's own way."""
    date, same = parse_date(raw), parse_date(raw.lower())
    assert date == same
    assert (date and date.utcoffset()) == (same and same.utcoffset())
