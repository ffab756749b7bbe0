"""Histories that somebody made up, whose truth is known: the forecast comes near it, or says that there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from pectui.domain.forecast import Forecast, NoTrend, forecast
from pectui.domain.quota_history import QuotaSample, thinned
from tests.cost import least_cost

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
GIB = 1 << 30
PACE = 5_000_000
"""Bytes a day, the truth of most histories here."""

Change = Callable[[float, int], float]
"""What comes on top of a level of so many bytes on a day, in bytes."""

STEPS = pytest.mark.parametrize(
    "step", [timedelta(minutes=15), timedelta(hours=1), DAY], ids=["15 min", "hour", "day"]
)
SEEDS = pytest.mark.parametrize("seed", range(8))


def nothing(day: float, level: int) -> float:
    return 0.0


def history(
    days: float,
    step: timedelta,
    pace: float = PACE,
    *,
    more: Change = nothing,
    noise: Callable[[], float] = lambda: 0.0,
    limit: int | None = GIB,
) -> list[QuotaSample]:
    """As the store keeps it: thinned with age."""
    count = int(timedelta(days=days) / step)
    level, made = 100_000_000.0, []
    for number in range(count + 1):
        day = number * (step / DAY)
        if number:
            level = max(0.0, level + pace * (step / DAY) + more(day, int(level)))
        made.append(QuotaSample(NOW - (count - number) * step, max(0, int(level + noise())), limit))
    return thinned(made, NOW)


def every(days: float, step: timedelta, first: float = 0.0) -> Callable[[float], bool]:
    """Whether something that comes so often has come since the sample before."""
    return lambda day: (day - first) // days != (day - step / DAY - first) // days


def pace_of(samples: Sequence[QuotaSample]) -> float:
    found = forecast(samples, NOW)
    assert isinstance(found, Forecast), found
    return found.bytes_per_day


def is_near(samples: Sequence[QuotaSample], truth: float) -> bool:
    """Within a tenth of the truth, or no trend."""
    found = forecast(samples, NOW)
    return isinstance(found, NoTrend) or abs(found.bytes_per_day / truth - 1) <= 0.1


class TestSteadyGrowth:
    @STEPS
    @pytest.mark.parametrize("days", [8, 40, 365])
    def test_its_pace(self, step: timedelta, days: int) -> None:
        assert pace_of(history(days, step, PACE / 5)) == pytest.approx(PACE / 5, rel=0.001)

    def test_the_day_on_which_it_is_full(self) -> None:
        samples = history(30, timedelta(hours=1))
        found = forecast(samples, NOW)
        assert isinstance(found, Forecast)
        truth = (GIB - samples[-1].used_bytes) / PACE
        assert found.days(NOW) == pytest.approx((truth, truth, truth), rel=0.01)
        assert found.days(NOW + 3 * DAY)[0] == pytest.approx(truth - 3, rel=0.01)
        assert found.days(NOW + 9999 * DAY) == (0, 0, 0)

    @STEPS
    @SEEDS
    def test_with_noise_on_it(self, step: timedelta, seed: int) -> None:
        dice = Random(seed)
        samples = history(90, step, noise=lambda: dice.gauss(0, 1_000_000))
        assert pace_of(samples) == pytest.approx(PACE, rel=0.1)

    @SEEDS
    def test_in_office_hours_only(self, seed: int) -> None:
        dice = Random(seed)
        hourly = 7 * PACE / 50

        def at_work(day: float, level: int) -> float:
            weekday, hour = divmod(round(day * 24) % (7 * 24), 24)
            return hourly if weekday < 5 and 8 <= hour < 18 else 0

        samples = history(60 + dice.random() * 7, timedelta(hours=1), 0, more=at_work)
        assert pace_of(samples) == pytest.approx(PACE, rel=0.1)

    @SEEDS
    def test_the_range_holds_the_truth(self, seed: int) -> None:
        dice = Random(seed)
        samples = history(90, timedelta(hours=1), noise=lambda: dice.gauss(0, 1_000_000))
        found = forecast(samples, NOW)
        assert isinstance(found, Forecast)
        truth = NOW + (GIB - samples[-1].used_bytes) / PACE * DAY
        assert found.earliest <= found.full_at <= found.latest
        assert found.earliest - DAY <= truth <= found.latest + DAY


class TestMassSends:
    @STEPS
    @SEEDS
    def test_regular_ones_count_with_their_average(self, step: timedelta, seed: int) -> None:
        sent = every(7, step, Random(seed).random() * 7)
        samples = history(100, step, PACE / 10, more=lambda day, _: 6.3 * PACE if sent(day) else 0)
        assert pace_of(samples) == pytest.approx(PACE, rel=0.1)

    @STEPS
    @SEEDS
    def test_a_single_one_is_no_pace(self, step: timedelta, seed: int) -> None:
        sent = every(1000, step, Random(seed).random() * 60)
        samples = history(60, step, more=lambda day, _: 150_000_000 if sent(day) else 0)
        assert is_near(samples, PACE)

    @STEPS
    @pytest.mark.parametrize("seed", range(4))
    def test_a_quiet_week_between_large_ones_is_no_pace(self, step: timedelta, seed: int) -> None:
        sent = every(27, step, 8 + Random(seed).random() * 10)
        samples = history(90, step, PACE / 10, more=lambda day, _: 30 * PACE if sent(day) else 0)
        assert isinstance(forecast(samples, NOW), NoTrend)

    @STEPS
    @pytest.mark.parametrize("seed", range(12))
    def test_irregular_ones_yield_no_trend_or_what_came(self, step: timedelta, seed: int) -> None:
        dice = Random(seed)
        chance = 0.5 * (step / DAY)

        def sent(day: float, level: int) -> float:
            return 2 * PACE * dice.lognormvariate(-0.125, 0.5) if dice.random() < chance else 0

        samples = history(120, step, 0, more=sent)
        recent = [one for one in samples if one.at >= NOW - 84 * DAY]
        came = (recent[-1].used_bytes - recent[0].used_bytes) / ((recent[-1].at - recent[0].at) / DAY)
        found = forecast(samples, NOW)
        assert isinstance(found, NoTrend) or found.bytes_per_day == pytest.approx(came, rel=0.15)


class TestDeletions:
    @STEPS
    @SEEDS
    def test_they_are_left_out(self, step: timedelta, seed: int) -> None:
        deleted = every(7, step, Random(seed).random() * 7)
        samples = history(90, step, more=lambda day, level: -0.9 * level if deleted(day) else 0)
        assert pace_of(samples) == pytest.approx(PACE, rel=0.1)

    @pytest.mark.parametrize("kept", [0, 0.1, 0.5])
    @pytest.mark.parametrize("step", [timedelta(minutes=15), timedelta(hours=1)])
    def test_each_day_what_came_since(self, step: timedelta, kept: float) -> None:
        deleted = every(1, step, 0.3)
        samples = history(
            60, step, more=lambda day, level: (1 - kept) * -min(PACE, level) if deleted(day) else 0
        )
        assert pace_of(samples) == pytest.approx(PACE, rel=0.1)

    @SEEDS
    def test_irregular_ones_too(self, seed: int) -> None:
        dice = Random(seed)

        def deleted(day: float, level: int) -> float:
            return -level * dice.random() if dice.random() < 0.3 / 24 else 0

        samples = history(90, timedelta(hours=1), more=deleted, noise=lambda: dice.gauss(0, 200_000))
        assert pace_of(samples) == pytest.approx(PACE, rel=0.1)

    def test_a_mailbox_that_is_emptied_all_day_long(self) -> None:
        dice = Random(5)
        samples = history(90, timedelta(hours=1), more=lambda day, level: -level * dice.random() / 2)
        assert is_near(samples, PACE)


class TestNoTrend:
    @STEPS
    def test_flat(self, step: timedelta) -> None:
        assert forecast(history(365, step, 0), NOW) is NoTrend.FLAT

    @STEPS
    @pytest.mark.parametrize("seed", range(25))
    def test_noise(self, step: timedelta, seed: int) -> None:
        dice = Random(seed)
        samples = history(90, step, 0, noise=lambda: dice.gauss(0, 5_000_000))
        assert isinstance(forecast(samples, NOW), NoTrend)

    @pytest.mark.parametrize("seed", range(60))
    def test_a_drunkards_walk(self, seed: int) -> None:
        dice = Random(seed)
        samples = history(90, timedelta(hours=1), 0, more=lambda *_: dice.gauss(0, 600_000))
        assert isinstance(forecast(samples, NOW), NoTrend)

    @pytest.mark.parametrize("days", [2, 3, 5, 10, 20, 40, 60])
    def test_growth_that_has_ended(self, days: int) -> None:
        samples = history(365, timedelta(hours=1), PACE / 5)
        end = next(one for one in samples if one.at >= NOW - days * DAY)
        ended = [QuotaSample(one.at, min(one.used_bytes, end.used_bytes), GIB) for one in samples]
        assert isinstance(forecast(ended, NOW), NoTrend)

    @pytest.mark.parametrize("count", [0, 1, 2, 7])
    def test_a_few_points(self, count: int) -> None:
        samples = [
            QuotaSample(NOW - number * 10 * DAY, 10**8 - number * 10**7, GIB) for number in range(count)
        ]
        assert forecast(samples, NOW) is NoTrend.TOO_SHORT

    def test_two_looks_with_nothing_between_them(self) -> None:
        looks = [NOW - 10 * DAY + number * timedelta(minutes=5) for number in range(10)]
        looks += [NOW - number * timedelta(minutes=5) for number in range(10)]
        samples = [QuotaSample(at, 10**8 if at < NOW - DAY else 2 * 10**8, GIB) for at in sorted(looks)]
        assert isinstance(forecast(samples, NOW), NoTrend)

    @pytest.mark.parametrize("factor", [0, 0.3, 2, 3])
    def test_a_pace_that_has_just_changed(self, factor: float) -> None:
        changed = history(60, timedelta(hours=1), more=lambda day, _: (factor - 1) * PACE / 24 * (day > 57))
        assert isinstance(forecast(changed, NOW), NoTrend)

    @pytest.mark.parametrize("days", [1, 2, 3, 5])
    def test_a_flat_month_that_fills_since_yesterday(self, days: int) -> None:
        filling = history(40, timedelta(minutes=15), 0, more=lambda day, _: 5 * PACE / 96 * (day > 40 - days))
        assert isinstance(forecast(filling, NOW), NoTrend)

    def test_less_than_a_week(self) -> None:
        assert forecast(history(6, timedelta(minutes=15)), NOW) is NoTrend.TOO_SHORT

    def test_an_unknown_limit(self) -> None:
        assert forecast(history(30, timedelta(hours=1), limit=None), NOW) is NoTrend.NO_LIMIT

    def test_growth_that_takes_longer_than_mailboxes_live(self) -> None:
        assert forecast(history(30, timedelta(hours=1), 50_000), NOW) is NoTrend.SLOW

    def test_nothing_that_is_seen_once_a_year(self) -> None:
        samples = [QuotaSample(NOW - number * 365 * DAY, 10**8, GIB) for number in range(20)]
        assert forecast(samples, NOW) is NoTrend.TOO_SHORT


class TestOddities:
    def test_a_full_mailbox_is_full_now(self) -> None:
        samples = [QuotaSample(one.at, one.used_bytes, 10**8) for one in history(30, timedelta(hours=1))]
        found = forecast(samples, NOW)
        assert isinstance(found, Forecast)
        assert found.days(NOW) == (0, 0, 0)

    def test_a_pace_that_has_changed_is_the_latest_one(self) -> None:
        slow = history(90, timedelta(hours=1), PACE / 5)
        cut = slow[-1].at - 9 * DAY
        at_cut = next(one for one in slow if one.at >= cut).used_bytes
        fast = [
            one if one.at < cut else QuotaSample(one.at, at_cut + int(PACE * ((one.at - cut) / DAY)), GIB)
            for one in slow
        ]
        assert pace_of(fast) == pytest.approx(PACE, rel=0.01)

    def test_a_sample_of_a_clock_that_was_wrong_is_left_out(self) -> None:
        samples = history(30, timedelta(hours=1))
        assert forecast([*samples, QuotaSample(NOW + 900 * DAY, 0, 5)], NOW) == forecast(samples, NOW)

    @SEEDS
    def test_clocks_that_were_set_back_and_looks_at_any_time(self, seed: int) -> None:
        dice, at, samples = Random(seed), NOW - 60 * DAY, []
        while at < NOW:
            told = at - 2 * DAY if 9 < (NOW - at) / DAY < 10 else at
            samples.append(QuotaSample(told, int(GIB - PACE * ((NOW - at) / DAY)), GIB))
            at += timedelta(seconds=int(dice.expovariate(1 / dice.choice([600, 3_600, 20_000]))) + 1)
        assert is_near(thinned(samples, NOW), PACE)

    def test_a_limit_that_was_raised(self) -> None:
        samples = [
            QuotaSample(one.at, one.used_bytes, GIB if one.at < NOW - 5 * DAY else 2 * GIB)
            for one in history(40, timedelta(hours=1))
        ]
        found = forecast(samples, NOW)
        assert isinstance(found, Forecast)
        assert found.days(NOW)[0] == pytest.approx((2 * GIB - samples[-1].used_bytes) / PACE, rel=0.01)

    def test_the_order_and_doublets_do_not_matter(self) -> None:
        samples = history(30, timedelta(hours=1))
        mixed = [*samples, *samples[::7]]
        Random(3).shuffle(mixed)
        assert pace_of(mixed) == pytest.approx(PACE, rel=0.01)

    def test_a_year_of_samples_takes_no_time(self) -> None:
        dice = Random(1)
        samples = history(365, timedelta(minutes=5), 0, noise=lambda: dice.gauss(0, 5_000_000))
        assert len(samples) > 1300
        assert least_cost(lambda: forecast(samples, NOW), 0.05) < 0.05
