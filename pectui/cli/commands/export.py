"""`pectui export (--all | ID… | --code C…) --format FORM -o PATH`: copies of messages, with a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import aclosing
from pathlib import Path

from pectui.cli.chosen import Chosen, choose
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import cleaned_document, print_json, print_text, say
from pectui.cli.progress import ProgressLine
from pectui.domain.export import ExportFormat, ExportTarget
from pectui.domain.subject import is_code
from pectui.engine.exported import CopiesWritten, ExportBegan, ExportFinished, ExportOutcome, TextsRead
from pectui.errors import UsageError
from pectui.session import Session
from pectui.text.clean import clean_line

_FILE_ENDINGS = frozenset({".json", ".jsonl", ".csv", ".mbox", ".eml"})
_NOT_ORIGINALS = "These are copies of what the API returns, not the signed originals."
_SHOWN = 20
"""Missing messages that are named; the manifest names them all."""


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    given = [bool(arguments.ids), arguments.all, bool(arguments.code)]
    if sum(given) != 1:
        raise UsageError(
            "It is not clear which messages are meant",
            "" if any(given) else "none are named",
            "Give ids, or --code with codes, or --all: one of these.",
        )
    for code in arguments.code:
        if not is_code(code):
            raise UsageError(
                f"`{code[:40]}` is no send's code",
                "it would have 15 to 20 digits, and begin with a date and a time",
                "`pectui sends` lists the codes.",
            )
    path = Path(arguments.output)
    if path.suffix.lower() in _FILE_ENDINGS:
        raise UsageError(
            "An export is a folder: its manifest and its sums belong to it",
            f"{path.name} looks like the name of a file",
            f"Leave the ending out: -o {path.with_suffix('')}",
        )
    target = ExportTarget(path, ExportFormat(arguments.format))
    return run_to_end(_export(invocation.with_secrets(), target))


async def _export(invocation: Invocation, target: ExportTarget) -> int:
    as_json = invocation.settings.json
    begun: list[Path] = []

    def farewell(_: Session) -> str:
        if not begun:
            return "interrupted. Nothing was exported."
        return f"interrupted. What was read is in {begun[0]}.unfinished, and the same command goes on from there."

    async with invocation.session(farewell) as session:
        chosen = await choose(session, invocation.arguments)
        for warning in chosen.warnings:
            say(f"pectui: {warning}")
        outcome = await _follow(session, chosen, target, begun, as_json=as_json)
    if as_json:
        document = outcome.as_json()
        document["requested"] += len(chosen.absent)
        document["missing"] += [{"id": one, "reason": reason} for one, reason in chosen.absent.items()]
        print_json(cleaned_document(document))
    else:
        for line in _lines(outcome, chosen.absent):
            print_text(clean_line(line))
        say(_NOT_ORIGINALS)
    return 0 if outcome.complete and not chosen.absent and not chosen.doubtful else 1


async def _follow(
    session: Session, chosen: Chosen, target: ExportTarget, begun: list[Path], *, as_json: bool
) -> ExportOutcome:
    events = session.export(chosen.messages, target, selection=chosen.selection)
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


def _lines(outcome: ExportOutcome, absent: Mapping[int, str]) -> Iterator[str]:
    there = "1 message" if outcome.exported == 1 else f"{outcome.exported} messages"
    if outcome.was_there:
        yield f"{there} were exported to {outcome.path} before; the sums are right"
    else:
        yield f"{there} exported to {outcome.path}"
    reasons = {**absent, **{one.header.id: one.reason for one in outcome.missing}}
    for message_id, reason in list(reasons.items())[:_SHOWN]:
        yield f"{message_id} not exported: {reason}"
    if len(reasons) > _SHOWN:
        yield f"{len(reasons) - _SHOWN} more not exported: manifest.json names them"
