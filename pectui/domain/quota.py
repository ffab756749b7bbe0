"""How full a mailbox is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


def measure(mailbox: str, reading: QuotaReading, unit: QuotaUnit = QuotaUnit.KIB) -> Quota:
    """The reading in bytes. A negative use or limit, or a limit of zero, is unknown, not a number."""
    return Quota(
        mailbox=mailbox,
        used_bytes=_octets(reading.usage, unit, least=0),
        limit_bytes=_octets(reading.limit, unit, least=1),
    )


def _octets(value: float | None, unit: QuotaUnit, *, least: int) -> int | None:
    if value is None or not least <= value < float("inf"):
        return None
    return int(value * unit.octets)


def in_units(octets: int | None) -> str:
    """A size for people, with one decimal place: `167.0 MiB`; `unknown` for None."""
    if octets is None:
        return "unknown"
    if octets < 1024:
        return f"{octets} B"
    size = octets / 1024
    for unit in ("KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TiB"
