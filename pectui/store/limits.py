"""How many texts are kept, and for how long. Knows no disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class TextLimits:
    """What is kept of texts at most. The oldest go first; `bytes_each` and `bytes_in_all` are bytes of UTF-8."""

    bytes_in_all: int = 64_000_000
    bytes_each: int = 8_000_000
    """A longer text is not kept."""
    age: timedelta = timedelta(days=30)
    """Since it was read."""


DEFAULT_LIMITS = TextLimits()


def utc_now() -> datetime:
    return datetime.now(UTC)
