"""The plan of an export as a file: what was chosen, so that an interrupted export goes on with the same messages."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from pectui.domain.export import ExportFormat, ExportOrigin, ExportPlan
from pectui.domain.message import Header
from pectui.store import files

NAME = "plan.jsonl"
_SCHEMA = 1


def write_plan(folder: Path, plan: ExportPlan) -> None:
    """Puts the plan into `folder`, whole or not at all."""
    origin = plan.origin
    head = {
        "schema": _SCHEMA,
        "profile": origin.profile,
        "environment": origin.environment,
        "host": origin.host,
        "address": origin.address,
        "mailbox": origin.mailbox,
        "format": plan.format.value,
        "selection": plan.selection,
        "begun_at": plan.begun_at.isoformat(),
        "messages": len(plan.headers),
    }
    rows = [[header.id, *header.facts] for header in plan.headers]
    lines = "".join(f"{json.dumps(row)}\n" for row in (head, *rows))
    files.replace_file(folder / NAME, lines.encode("ascii"))


def read_plan(folder: Path) -> ExportPlan | None:
    """The plan in `folder`; None if what is there is no plan of this pectui's."""
    found = files.read_file(folder / NAME)
    if found is None:
        return None
    try:
        head, *rows = map(json.loads, found[0].splitlines())
        if head["schema"] != _SCHEMA or head["messages"] != len(rows):
            return None
        return ExportPlan(
            ExportOrigin(
                head["profile"], head["environment"], head["host"], head["address"], head["mailbox"]
            ),
            ExportFormat(head["format"]),
            head["selection"],
            datetime.fromisoformat(head["begun_at"]),
            tuple(Header(*row) for row in rows),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
