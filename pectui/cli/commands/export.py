"""`pectui export (--all | ID… | --code C…) --format FORM -o PATH`: copies of messages, with a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pectui.cli.chosen import choose
from pectui.cli.codes import checked_codes
from pectui.cli.exporting import follow_export, target_of
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import cleaned_document, print_json, print_text, say
from pectui.domain.export import ExportTarget
from pectui.engine.exported import ExportOutcome
from pectui.errors import UsageError
from pectui.session import Session
from pectui.text.clean import clean_line

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
    checked_codes(arguments.code)
    target = target_of(arguments.output, arguments.format, flag="-o")
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
        events = session.export(chosen.messages, target, selection=chosen.selection)
        outcome = await follow_export(events, begun, as_json=as_json)
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
