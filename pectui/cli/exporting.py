"""An export as the command line runs it: where it goes, and followed to its end with its progress."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from pectui.cli.output import say
from pectui.cli.progress import ProgressLine
from pectui.domain.export import ExportFormat, ExportTarget
from pectui.engine.exported import (
    CopiesWritten,
    ExportBegan,
    ExportEvent,
    ExportFinished,
    ExportOutcome,
    TextsRead,
)
from pectui.errors import UsageError

_FILE_ENDINGS = frozenset({".json", ".jsonl", ".csv", ".mbox", ".eml"})


def target_of(output: str, form: str, *, flag: str) -> ExportTarget:
    """The folder and the form that were asked for. UsageError where `output`, given as `flag`, looks like a file."""
    path = Path(output)
    if path.suffix.lower() in _FILE_ENDINGS:
        raise UsageError(
            "An export is a folder: its manifest and its sums belong to it",
            f"{path.name} looks like the name of a file",
            f"Leave the ending out: {flag} {path.with_suffix('')}",
        )
    return ExportTarget(path, ExportFormat(form))


async def follow_export(
    events: AsyncGenerator[ExportEvent, None], begun: list[Path], *, as_json: bool
) -> ExportOutcome:
    """Runs an export to its end; `begun` gets its place as soon as something is there."""
    with ProgressLine.on_stderr(as_json=as_json) as line:
        async with aclosing(events):
            async for event in events:
                if isinstance(event, ExportFinished):
                    return event.outcome
                if isinstance(event, ExportBegan):
                    begun.append(event.path)
                    _tell_what_goes_on(event)
                elif isinstance(event, TextsRead):
                    line.show(f"{event.done} of {event.of} texts read")
                elif isinstance(event, CopiesWritten):
                    line.show(f"{event.done} of {event.of} messages written")
    raise AssertionError("an export ends with its outcome")


def _tell_what_goes_on(event: ExportBegan) -> None:
    if event.held:
        say(f"pectui: going on with an interrupted export; {event.held} of {event.total} texts are there.")
    if event.newer:
        newer = "1 message that is new is" if event.newer == 1 else f"{event.newer} messages that are new are"
        say(f"pectui: {newer} not in it: an interrupted export keeps to the messages that it began with.")
