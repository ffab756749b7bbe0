"""What stands beside the messages of a finished export, and how one is known again.

`manifest.json` is for programs and for people: what was exported, from where, what is missing and what these copies are
not. `SHA256SUMS` says the same sums in the form that `sha256sum -c` and `shasum -c` read, so that the export can be
verified on any machine, long after pectui; it sums up the manifest as well.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pectui import __version__
from pectui.domain.export import STATEMENT_EN, STATEMENT_IT, ExportedFile, ExportPlan, Manifest, NotExported
from pectui.domain.message import Header
from pectui.errors import StoreError
from pectui.store import files
from pectui.store.exports.outputs import Output

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
_SCHEMA = 1
_BLOCK = 1 << 20


def write_manifest(folder: Path, manifest: Manifest) -> list[str]:
    """Puts the manifest and the sums into `folder`; their names. OSError where the disk fails."""
    output = Output(folder, MANIFEST)
    output.write(json.dumps(_document(manifest), indent=2).replace("\x7f", "\\u007f").encode("ascii") + b"\n")
    described = output.close()
    sums = Output(folder, SUMS)
    for file in (*manifest.files, described):
        sums.write(f"{file.sha256}  {file.name}\n".encode("ascii"))
    sums.close()
    return [MANIFEST, SUMS]


def finished_export(path: Path, plan: ExportPlan) -> Manifest | None:
    """What the finished export at `path` says of itself if it is one of just these messages and its sums are right."""
    document = _read(path)
    try:
        if document["schema"] != _SCHEMA or document["plan_sha256"] != plan.digest:
            return None
        there = tuple(ExportedFile(one["name"], one["bytes"], one["sha256"]) for one in document["files"])
        manifest = Manifest(
            path,
            plan,
            datetime.fromisoformat(document["finished_at"]),
            tuple(_not_exported(one) for one in document["missing"]),
            there,
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if set(_names(path)) != {MANIFEST, SUMS, *(file.name for file in there)}:
        return None
    return manifest if all(_sum(path / file.name) == file.sha256 for file in there) else None


def describe(path: Path) -> str:
    """What stands at `path`, as far as a few words can tell."""
    try:
        finished_at = datetime.fromisoformat(_read(path)["finished_at"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return "is there already"
    return f"is there already: an export that was finished on {finished_at.astimezone():%Y-%m-%d at %H:%M}"


def _read(path: Path) -> dict[str, Any]:
    """The manifest at `path`; nothing where there is none."""
    try:
        found = files.read_file(path / MANIFEST) if files.folder_exists(path) else None
        document = None if found is None else json.loads(found[0])
    except (StoreError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _document(manifest: Manifest) -> dict[str, Any]:
    plan, origin = manifest.plan, manifest.plan.origin
    return {
        "schema": _SCHEMA,
        "program": f"pectui {__version__}",
        "statement": {"en": STATEMENT_EN, "it": STATEMENT_IT},
        "profile": origin.profile,
        "environment": origin.environment,
        "host": origin.host,
        "address": origin.address,
        "mailbox": origin.mailbox,
        "format": plan.format.value,
        "selection": plan.selection,
        "begun_at": plan.begun_at.isoformat(),
        "finished_at": manifest.finished_at.isoformat(),
        "requested": len(plan.headers),
        "exported": len(manifest.copied),
        "complete": not manifest.missing,
        "missing": [_missing(one.header, one.reason) for one in manifest.missing],
        "plan_sha256": plan.digest,
        "files": [
            {"name": file.name, "bytes": file.octets, "sha256": file.sha256} for file in manifest.files
        ],
    }


def _missing(header: Header, reason: str) -> dict[str, Any]:
    return {
        "id": header.id,
        "raw_date": header.date,
        "raw_subject": header.subject,
        "raw_sender": header.sender,
        "raw_recipient": header.recipient,
        "reason": reason,
    }


def _not_exported(row: Any) -> NotExported:
    raw = (row["raw_date"], row["raw_subject"], row["raw_sender"], row["raw_recipient"])
    return NotExported(Header(row["id"], *raw), row["reason"])


def _names(folder: Path) -> Iterator[str]:
    """Every file below `folder`, relative to it."""
    for place, _, names in os.walk(folder):
        for name in names:
            yield os.path.relpath(os.path.join(place, name), folder)


def _sum(path: Path) -> str:
    whole = hashlib.sha256()
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        while block := file.read(_BLOCK):
            whole.update(block)
    return whole.hexdigest()
