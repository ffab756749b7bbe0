"""What a deletion does and how it ends: events as they come, and the lists at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pectui.errors import PectuiError


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A message that was not deleted, and why, in words for a person."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeleteOutcome:
    """How a deletion ended: every requested message stands in exactly one list."""

    requested: int
    deleted: tuple[int, ...] = ()
    already_gone: tuple[int, ...] = ()
    refused: tuple[Unfinished, ...] = ()
    """Not deleted because pectui would not: it is not the chosen message, or could not be told from another."""
    failed: tuple[Unfinished, ...] = ()
    """Not deleted, or not known to be, because the service or the way to it failed."""
    kept: tuple[Unfinished, ...] = ()
    """Left alone on purpose; doesn't make a deletion incomplete."""
    job: str | None = None
    cancelled: bool = False
    """Whether somebody ended the job before its end: what was not tried stands among the failed."""
    stopped_by: PectuiError | None = None
    """Why the job ended before its end, if it did: its exit status is the command's where nothing was deleted."""

    @property
    def complete(self) -> bool:
        return not self.refused and not self.failed

    def as_json(self) -> dict[str, Any]:
        """The document that `delete --json` promises."""
        return {
            "requested": self.requested,
            "deleted": list(self.deleted),
            "already_gone": list(self.already_gone),
            "refused": [{"id": item.id, "reason": item.reason} for item in self.refused],
            "failed": [{"id": item.id, "reason": item.reason} for item in self.failed],
            "kept": [{"id": item.id, "reason": item.reason} for item in self.kept],
            "job": self.job,
        }


@dataclass(frozen=True, slots=True)
class Started:
    """The job is journalled and begins."""

    job: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """The message is gone, and it was the chosen one."""

    id: int


@dataclass(frozen=True, slots=True)
class AlreadyGone:
    """The message was not there any more."""

    id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """pectui would not delete it."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not deleted, or nobody can tell."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event."""

    outcome: DeleteOutcome


ItemEvent = Deleted | AlreadyGone | Refused | Failed
DeleteEvent = Started | ItemEvent | Finished


def outcome_of(
    events: Iterable[ItemEvent], job: str | None = None, kept: Sequence[Unfinished] = ()
) -> DeleteOutcome:
    """The lists in which a job's events end."""
    told = list(events)
    return DeleteOutcome(
        requested=len(told),
        deleted=tuple(event.id for event in told if isinstance(event, Deleted)),
        already_gone=tuple(event.id for event in told if isinstance(event, AlreadyGone)),
        refused=tuple(Unfinished(event.id, event.reason) for event in told if isinstance(event, Refused)),
        failed=tuple(Unfinished(event.id, event.reason) for event in told if isinstance(event, Failed)),
        kept=tuple(kept),
        job=job,
    )
