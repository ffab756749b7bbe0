"""From which use on a mailbox is worth a warning: in percent of its limit, or as a size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from pectui.domain.quota import Quota, in_units
from pectui.errors import UsageError

_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?%?")
_SIZE = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,3}))?\s?([KMGT]?i?B)", re.IGNORECASE)
_OCTETS = {
    "b": 1,
    **{f"{letter}b": 1000**power for power, letter in enumerate("kmgt", 1)},
    **{f"{letter}ib": 1024**power for power, letter in enumerate("kmgt", 1)},
}


class Level(IntEnum):
    """How a mailbox stands; the numbers are the exit statuses of the monitoring-plugins convention."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Threshold:
    """A use of the mailbox: so many hundredths of a percent of its limit, or else so many bytes."""

    hundredths: int | None = None
    octets: int | None = None

    def __str__(self) -> str:
        """`80%`, `82.5%`, `900.0 MiB`."""
        return in_units(self.octets) if self.hundredths is None else f"{self.hundredths / 100:g}%"

    def reached_at(self, limit_bytes: int | None) -> int | None:
        """The least use in bytes that reaches it; None for a percentage of a limit that nobody knows."""
        if self.hundredths is None:
            return self.octets
        return None if not limit_bytes else -(-limit_bytes * self.hundredths // 10_000)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From `warn` on a mailbox is in WARNING, from `crit` on CRITICAL; above its limit it is CRITICAL anyway."""

    warn: Threshold = Threshold(hundredths=80_00)
    crit: Threshold = Threshold(hundredths=90_00)

    def level(self, quota: Quota) -> Level:
        """How `quota` stands. UNKNOWN where its figures don't tell."""
        used, limit = quota.used_bytes, quota.limit_bytes
        if used is None:
            return Level.UNKNOWN
        if limit and used > limit:
            return Level.CRITICAL
        warn, crit = self.warn.reached_at(limit), self.crit.reached_at(limit)
        if crit is not None and used >= crit:
            return Level.CRITICAL
        if warn is None or crit is None:
            return Level.UNKNOWN
        if used >= warn:
            return Level.WARNING
        return Level.OK if limit else Level.UNKNOWN  # it may be above its limit


def read_thresholds(
    warn: str | None, crit: str | None, *, names: tuple[str, str] = ("--warn", "--crit")
) -> Thresholds:
    """The thresholds as a user writes them (`80`, `80%`, `900MiB`), those that are None as usual.

    UsageError where one is neither, or where the warning would come after the critical state; it speaks of `names`.
    """
    usual = Thresholds()
    read = Thresholds(
        usual.warn if warn is None else _read(names[0], warn),
        usual.crit if crit is None else _read(names[1], crit),
    )
    for one, other in (
        (read.warn.hundredths, read.crit.hundredths),
        (read.warn.octets, read.crit.octets),
    ):
        if one is not None and other is not None and one > other:
            raise UsageError(
                f"{names[0]} is above {names[1]}",
                "",
                f"The warning comes first: {names[0]} 80, {names[1]} 90.",
            )
    return read


def _read(flag: str, text: str) -> Threshold:
    text = text.strip()
    if percent := _PERCENT.fullmatch(text):
        hundredths = int(percent[1]) * 100 + int((percent[2] or "").ljust(2, "0"))
        if hundredths > 100_00:
            raise UsageError(
                f"{flag} is above 100%",
                "a mailbox above its limit is critical anyway",
                "Give it from 0 to 100.",
            )
        return Threshold(hundredths=hundredths)
    if size := _SIZE.fullmatch(text):
        thousandths = int(size[1]) * 1000 + int((size[2] or "").ljust(3, "0"))
        return Threshold(octets=thousandths * _OCTETS[size[3].lower()] // 1000)
    raise UsageError(
        f"{flag} is a percentage or a size", f"{text[:40]!r} is neither", "Write it like 80, 80% or 900MiB."
    )
