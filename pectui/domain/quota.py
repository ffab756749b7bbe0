"""How full a mailbox is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_MOST_OCTETS = 2**63 - 1
"""No mailbox is larger: a number above this is as much nonsense as one below zero."""


class QuotaUnit(StrEnum):
    """What the service's numbers count. It says megabytes, but 1048576 of those would be a terabyte."""

    KIB = "KiB"
    MB = "MB"
    BYTES = "B"

    @property
    def octets(self) -> int:
        return {"KiB": 1024, "MB": 1_000_000, "B": 1}[self.value]


@dataclass(frozen=True, slots=True)
class QuotaReading:
    """`GET /quota/{mailbox}` as it came: bare numbers in an unnamed unit; None where it is no number."""

    usage: float | None
    limit: float | None


@dataclass(frozen=True, slots=True)
class Quota:
    """Use of a mailbox in bytes; None where it is unknown. Nothing is ever divided by an unknown limit."""

    mailbox: str
    used_bytes: int | None
    limit_bytes: int | None

    @property
    def percent(self) -> float | None:
        """Percent used, one decimal place; above 100 where the mailbox is over its limit."""
        if self.used_bytes is None or not self.limit_bytes:
            return None
        return round(100 * self.used_bytes / self.limit_bytes, 1)

    @property
    def free_bytes(self) -> int | None:
        """What fits in yet; 0 where the mailbox is over its limit."""
        if self.used_bytes is None or not self.limit_bytes:
            return None
        return max(0, self.limit_bytes - self.used_bytes)


def measure(mailbox: str, reading: QuotaReading, unit: QuotaUnit = QuotaUnit.KIB) -> Quota:
    """The reading in bytes. A negative use or limit, a limit of zero, or more than any disk holds is unknown."""
    return Quota(
        mailbox=mailbox,
        used_bytes=_octets(reading.usage, unit, least=0),
        limit_bytes=_octets(reading.limit, unit, least=1),
    )


def _octets(value: float | None, unit: QuotaUnit, *, least: int) -> int | None:
    if value is None or not least <= value <= _MOST_OCTETS / unit.octets:
        return None
    return min(int(value * unit.octets), _MOST_OCTETS)


def in_units(octets: int | None) -> str:
    """A size for people, with one decimal place: `167.0 MiB`; `unknown` for None."""
    if octets is None:
        return "unknown"
    if octets < 1024:
        return f"{octets} B"
    size = octets / 1024
    for unit in ("KiB", "MiB", "GiB"):
        if round(size, 1) < 1024:  # 1024.0 KiB is 1.0 MiB
            return f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TiB"
