"""How full a mailbox was, and when: what is kept of it, the less the older it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pectui.domain.quota import Quota

KEPT_ALL = timedelta(days=1)
KEPT_HOURLY = timedelta(days=31)

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class QuotaSample:
    """Use of a mailbox at a moment, in UTC and whole seconds."""

    at: datetime
    used_bytes: int
    limit_bytes: int | None
    """None where the service didn't tell one."""


def sample_of(quota: Quota, at: datetime) -> QuotaSample | None:
    """What of `quota` is worth keeping; None where the use is unknown."""
    if quota.used_bytes is None:
        return None
    return QuotaSample(at.replace(microsecond=0), quota.used_bytes, quota.limit_bytes)


def thinned(samples: Iterable[QuotaSample], now: datetime) -> list[QuotaSample]:
    """Those that are kept at `now`, the oldest first: all of a day, but one a minute; one an hour for a month; one
    a day from then on. Of each minute, hour and day in UTC it is the last one."""
    kept: dict[tuple[int, int], QuotaSample] = {}
    for sample in sorted(samples, key=lambda one: one.at):
        age = now - sample.at
        step = _MINUTE if age <= KEPT_ALL else _HOUR if age <= KEPT_HOURLY else _DAY
        kept[step, int(sample.at.timestamp()) // step] = sample
    return sorted(kept.values(), key=lambda one: one.at)
