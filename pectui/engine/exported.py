"""What an export does and how it ends: events as they come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pectui.domain.export import ExportFormat, Manifest, NotExported
from pectui.domain.message import Header


@dataclass(frozen=True, slots=True)
class ExportBegan:
    """The export has its place on the disk."""

    path: Path
    """Where it will be."""
    total: int
    """Messages to be exported."""
    held: int
    """Texts that an earlier, interrupted run has read already."""
    newer: int = 0
    """Messages that were chosen now and not by the run that is gone on with: they are not exported."""


@dataclass(frozen=True, slots=True)
class TextsRead:
    """More texts are on this machine, or will never be."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class CopiesWritten:
    """More messages stand in the export's files, which have no final name yet."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """How an export ended: whole under its name, and safe against a power cut."""

    path: Path
    format: ExportFormat
    requested: int
    copied: tuple[Header, ...]
    """The messages that are in it, as they were listed: where a run went on with an earlier one, that one's."""
    missing: tuple[NotExported, ...]
    """Messages that are not in it."""
    files: int
    """Without the manifest and the sums."""
    was_there: bool = False
    """Nothing was done: an earlier run had finished just this export, and its sums are right."""

    @classmethod
    def of(cls, manifest: Manifest, *, was_there: bool = False) -> ExportOutcome:
        """The outcome that a finished export stands for."""
        return cls(
            path=manifest.path,
            format=manifest.plan.format,
            requested=len(manifest.plan.headers),
            copied=manifest.copied,
            missing=manifest.missing,
            files=len(manifest.files),
            was_there=was_there,
        )

    @property
    def exported(self) -> int:
        return len(self.copied)

    @property
    def complete(self) -> bool:
        return not self.missing

    def as_json(self) -> dict[str, Any]:
        """The document of `export --json`."""
        return {
            "path": str(self.path),
            "format": self.format.value,
            "requested": self.requested,
            "exported": self.exported,
            "missing": [{"id": one.header.id, "reason": one.reason} for one in self.missing],
            "files": self.files,
            "manifest": str(self.path / "manifest.json"),
            "was_there": self.was_there,
        }


@dataclass(frozen=True, slots=True)
class ExportFinished:
    """The last event."""

    outcome: ExportOutcome


ExportEvent = ExportBegan | TextsRead | CopiesWritten | ExportFinished
