"""`pectui delete`: what is chosen, the plan, the question, the deed, and what became of each message."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from pectui.cli.deleting.choosing import Chosen, choose
from pectui.cli.deleting.copies import write_copies
from pectui.cli.deleting.guards import ask, refuse_at_once
from pectui.cli.deleting.outcome import print_outcome, status_of
from pectui.cli.deleting.plan import plan_lines
from pectui.cli.deleting.running import Course, Interruption, carry_out
from pectui.cli.deleting.wanted import Wanted, check, wanted
from pectui.cli.deleting.words import where
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import cleaned_document, emphasis, print_json, print_text, say
from pectui.domain.export import ExportTarget
from pectui.engine.outcome import AlreadyGone, DeleteEvent, DeleteOutcome, ItemEvent, Refused
from pectui.engine.prepare import Prepared
from pectui.session import Session
from pectui.text.clean import clean_line


def run(invocation: Invocation) -> int:
    check(invocation.arguments)
    refuse_at_once(invocation)
    chosen = wanted(invocation.arguments)
    return run_to_end(_delete(invocation.with_secrets(), chosen))


async def _delete(invocation: Invocation, chosen_by: Wanted) -> int:
    arguments = invocation.arguments
    as_json, dry_run = arguments.json, arguments.dry_run
    begun: list[Path] = []

    def farewell(_: Session) -> str:
        kept = f" What was read for the export is in {begun[0]}.unfinished." if begun else ""
        return f"interrupted. Nothing was deleted.{kept}"

    async with invocation.session(farewell) as session:
        chosen = await choose(session, chosen_by, as_json=as_json, shows_all=dry_run and as_json)
        prepared = chosen.prepared
        for warning in (*chosen.warnings, *prepared.warnings):
            say(f"pectui: {warning}")
        if dry_run:
            return _dry_run(chosen, session, chosen_by.copies, as_json=as_json)
        if chosen_by.copies is not None and prepared.targets and not prepared.forgotten:
            prepared = await write_copies(session, prepared, chosen_by.copies, begun, as_json=as_json)
        if not arguments.yes or not as_json:
            for line in plan_lines(prepared, where(session, str), chosen.found):
                say(line)
        if prepared.targets and not arguments.yes:
            ask(prepared, session, emphasis(arguments.color, sys.stderr))
        interruption = Interruption()
        if chosen.is_empty:
            outcome = DeleteOutcome(0, kept=prepared.kept)
        else:
            outcome = await carry_out(_course(session, prepared), interruption, as_json=as_json)
    print_outcome(outcome, as_json=as_json)
    return status_of(outcome, interruption.status) or int(chosen.doubtful)


def _course(session: Session, prepared: Prepared) -> Course:
    async def begin(cancelled: Callable[[], bool]) -> AsyncIterator[DeleteEvent]:
        return session.delete(prepared, cancelled=cancelled)

    return Course(begin, [target.chosen_id for target in prepared.targets], list(_settled(prepared)))


def _settled(prepared: Prepared) -> Iterator[ItemEvent]:
    yield from (AlreadyGone(message_id) for message_id in prepared.already_gone)
    yield from (Refused(item.id, item.reason) for item in prepared.refused)


def _dry_run(chosen: Chosen, session: Session, copies: ExportTarget | None, *, as_json: bool) -> int:
    prepared = chosen.prepared
    if as_json:
        document = prepared.plan.as_json()
        document["plan"]["already_gone"] = list(prepared.already_gone)
        for name, items in (("refused", prepared.refused), ("kept", prepared.kept)):
            document["plan"][name] = [{"id": one.id, "reason": one.reason} for one in items]
        print_json(cleaned_document(document))
    else:
        for line in plan_lines(prepared, where(session, str), chosen.found):
            print_text(clean_line(line))
        if copies is not None:
            print_text(clean_line(f"  A copy of all of it would be written to {copies.path} first."))
        say("Nothing was deleted: this is the plan only.")
    return 1 if prepared.refused or chosen.doubtful else 0
