"""Copies of what is about to be deleted: written to the disk and safe there, or nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pectui.cli.deleting.words import messages, named
from pectui.cli.exporting import follow_export
from pectui.cli.output import say
from pectui.domain.export import ExportTarget
from pectui.domain.message import Header
from pectui.engine.exported import ExportOutcome
from pectui.engine.prepare import Prepared
from pectui.errors import RefusedHereError, StoreError
from pectui.session import Session


async def write_copies(
    session: Session, prepared: Prepared, target: ExportTarget, begun: list[Path], *, as_json: bool
) -> Prepared:
    """Exports all that would be deleted, and gives the plan that says so.

    RefusedHereError where one of the messages can't be exported; StoreError and ServiceError where nothing can be.
    """
    going = {one.message.header: one for one in prepared.targets}
    known = {
        header: one.fingerprint.text_hash
        for header, one in going.items()
        if one.fingerprint.text_hash is not None
    }
    events = session.export([one.message for one in going.values()], target, text_hashes=known)
    try:
        outcome = await follow_export(events, begun, as_json=as_json)
    except StoreError as error:
        raise StoreError(f"{error.title}, and nothing was deleted", error.detail, error.hint) from error
    copied = set(outcome.copied)
    if lost := [header for header in going if header not in copied]:
        raise _incomplete(outcome, lost)
    say(f"pectui: {messages(len(going))} exported to {outcome.path}")
    return replace(prepared, plan=prepared.plan.after_export(copied))


def _incomplete(outcome: ExportOutcome, lost: Sequence[Header]) -> RefusedHereError:
    reasons = {one.header: one.reason for one in outcome.missing}
    first = f"{lost[0].id}, since {reasons.get(lost[0], 'the export in that place holds others')}"
    more = f"; and {named(header.id for header in lost[1:])}" if len(lost) > 1 else ""
    return RefusedHereError(
        "Nothing was deleted",
        f"{messages(len(lost))} could not be exported: {first}{more}",
        f"The others are in {outcome.path}. Leave out what can't be exported, and choose another folder.",
    )
