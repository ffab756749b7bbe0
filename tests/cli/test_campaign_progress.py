"""How far a campaign is, in one line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pectui.cli.campaigns.running import Pace, duration


def test_rate_time_left_and_cost_so_far() -> None:
    now = [100.0]
    pace = Pace(300, Decimal("0.05"), lambda: now[0])
    assert pace.words() == "0 of 300 sent (0%), 0.00 EUR so far"
    for _ in range(12):
        now[0] += 1
        pace.step()
    assert pace.words() == "12 of 300 sent (4%), 1.0 a second, 4 min 48 s left, 0.60 EUR so far"


def test_a_cost_that_nobody_knows() -> None:
    assert Pace(1, None, lambda: 0.0).words() == "0 of 1 sent (0%), unknown so far"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (7500, "2 h 5 min")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
