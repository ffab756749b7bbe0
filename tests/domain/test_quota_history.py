"""What is kept of how full a mailbox was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pectui.domain.quota import Quota
from pectui.domain.quota_history import QuotaSample, sample_of, thinned

NOW = datetime(2026, 11, 24, 12, 34, 56, tzinfo=UTC)


def samples(*ages: timedelta) -> list[QuotaSample]:
    return [QuotaSample(NOW - age, number, 100) for number, age in enumerate(ages)]


def every(step: timedelta, since: timedelta) -> list[QuotaSample]:
    return samples(*(step * number for number in range(since // step)))


class TestThinning:
    def test_all_of_a_day(self) -> None:
        kept = every(timedelta(minutes=1), timedelta(days=1))
        assert len(thinned(kept, NOW)) == len(kept) == 1440

    def test_but_one_a_minute(self) -> None:
        kept = thinned(every(timedelta(seconds=1), timedelta(minutes=10)), NOW)
        assert len(kept) == 11
        assert kept[-1].at == NOW

    def test_one_an_hour_for_a_month(self) -> None:
        kept = thinned(every(timedelta(minutes=15), timedelta(days=31)), NOW)
        assert 96 + 30 * 24 <= len(kept) <= 98 + 30 * 24

    def test_one_a_day_from_then_on(self) -> None:
        kept = thinned(every(timedelta(hours=1), timedelta(days=365)), NOW)
        assert len([one for one in kept if one.at < NOW - timedelta(days=32)]) == 333
        assert len({one.at.date() for one in kept}) == 366

    def test_it_is_the_last_of_its_hour_that_stays(self) -> None:
        old = [
            QuotaSample(datetime(2026, 11, 20, 9, minute, tzinfo=UTC), minute, 100) for minute in (0, 59, 15)
        ]
        assert [one.used_bytes for one in thinned(old, NOW)] == [59]

    @given(st.lists(st.integers(-1000, 500 * 1440), max_size=60), st.integers(0, 500))
    def test_thinning_again_later_is_as_good_as_thinning_once(self, minutes: list[int], days: int) -> None:
        kept = samples(*(timedelta(minutes=one) for one in minutes))
        once = thinned(kept, NOW)
        later = NOW + timedelta(days=days)
        assert thinned(once, NOW) == once
        assert thinned(once, later) == thinned(kept, later)


class TestSampling:
    def test_an_unknown_use_is_no_sample(self) -> None:
        assert sample_of(Quota("INBOX", None, 100), NOW) is None

    def test_an_unknown_limit_is_kept_as_such(self) -> None:
        at = NOW + timedelta(milliseconds=400)
        assert sample_of(Quota("INBOX", 5, None), at) == QuotaSample(NOW, 5, None)
