"""What a sync does and how it ends: events as they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pectui.domain.listing import ListingChange, Synced


@dataclass(frozen=True, slots=True)
class PagesRead:
    """Another page of the service's listing was read."""

    done: int
    expected: int | None
    """Pages to be read in all, as far as is known by now; None where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The remembered listing follows the service, up to here. What this says outlives the program."""

    change: ListingChange
    synced: Synced


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another program changed the remembered listing: whoever holds it in memory reads it again."""


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """How a sync ended."""

    new: int
    """Messages that were not remembered before."""
    gone: int
    """Messages that were remembered, and the service has no more."""
    total: int | None
    """What the service counts."""
    messages: int
    """How many are remembered now."""
    pages: int
    """How many pages were asked for."""
    full: bool
    """Whether every page was read."""
    agrees: bool
    """Whether what is remembered is what the service has, as far as it can be told. False while another hand
    changes the mailbox all the time."""
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The document of `sync --json`."""
        return {
            "new": self.new,
            "gone": self.gone,
            "total": self.total,
            "messages": self.messages,
            "pages": self.pages,
            "full": self.full,
            "agrees": self.agrees,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class SyncFinished:
    """The last event."""

    outcome: SyncOutcome


SyncEvent = PagesRead | Changed | Replaced | SyncFinished
