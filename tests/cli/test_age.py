"""How long ago something was, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pectui.cli.age import ago, iso, when

MINUTE, HOUR, DAY = 60, 3_600, 86_400


class TestAgo:
    """The largest unit that fits, rounded down."""

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (0, "just now"),
            (59.9, "just now"),
            (-60, "just now"),
            (-61, ""),
            (MINUTE, "1 minute ago"),
            (59 * MINUTE, "59 minutes ago"),
            (HOUR, "1 hour ago"),
            (3 * HOUR + 59 * MINUTE, "3 hours ago"),
            (DAY, "1 day ago"),
            (400 * DAY, "400 days ago"),
        ],
    )
    def test_in_words(self, seconds: float, words: str) -> None:
        assert ago(seconds) == words


class TestWhen:
    """The moment in the user's zone, and how long ago that was."""

    def test_both(self) -> None:
        moment = datetime.now(UTC) - timedelta(hours=3, minutes=5)
        assert when(moment) == f"{moment.astimezone():%Y-%m-%d %H:%M}, 3 hours ago"

    def test_a_clock_that_was_set_back(self) -> None:
        moment = datetime.now(UTC) + timedelta(hours=3)
        assert when(moment) == f"{moment.astimezone():%Y-%m-%d %H:%M}"

    def test_for_scripts_it_has_a_zone(self) -> None:
        moment = datetime(2026, 11, 23, 12, 3, tzinfo=timezone(timedelta(hours=1)))
        assert iso(moment) == "2026-11-23T12:03:00+01:00"
        assert iso(None) is None
