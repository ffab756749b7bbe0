"""Histories of a mailbox's use, as somebody's program would have seen them."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from pectui.domain.quota_history import QuotaSample, thinned
from pectui.store.quota_samples import MemoryQuotaSamples
from tests.tui.stage import NOW, Stage

MIB = 1 << 20
LIMIT = 1024 * MIB
AT_LAST = 762
"""MiB that the office's mailbox holds at the end."""


def office_history() -> MemoryQuotaSamples:
    """Four months: mail on working days, a big deletion every few weeks, two weeks in August without anybody."""
    dice, samples = Random(2), []
    used = float(AT_LAST * MIB)
    at = NOW
    while at > NOW - timedelta(days=130):
        if not timedelta(days=98) < NOW - at < timedelta(days=112):
            samples.append(QuotaSample(at, int(used), LIMIT))
        earlier = at - timedelta(hours=1)
        if earlier.weekday() < 5 and 7 <= earlier.hour < 17:
            used -= MIB * (0.6 + dice.random() * 0.5)
        if (NOW - at).days in (33, 74) and earlier.hour == 9:
            used += 340 * MIB
        at = earlier
    return MemoryQuotaSamples(thinned(samples, NOW))


def office(messages: int = 981, **options: object) -> Stage:
    """The mailbox of that office."""
    return Stage(
        messages,
        quota_samples=office_history(),
        quota_usage=AT_LAST * 1024,
        quota_limit=LIMIT // 1024,
        **options,  # type: ignore[arg-type]  # the stage's own
    )
