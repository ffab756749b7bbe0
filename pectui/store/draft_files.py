"""Drafts on the disk: a file each under the state folder, open to their owner only.

A file is replaced as a whole, so that a kill or a full disk leaves the draft as it was saved last. Where two programs
write on the same draft, neither takes the other's words: the second one gets a file of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pectui.domain.composition import Composition, DraftState, SavedDraft, new_name
from pectui.errors import StoreError
from pectui.store import files
from pectui.store.drafts import latest_first

T = TypeVar("T")

VERSION = 1
_SUFFIX = ".json"
_NAME = re.compile(r"[a-z0-9-]{1,64}")


class FolderDrafts:
    """The drafts in `folder`, which is made with the first one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, files.Signature] = {}
        """The files as this program has read or written them last."""
        self._warnings: list[str] = []
        self._told: set[str] = set()

    def read(self) -> Sequence[SavedDraft]:
        return self._guarded(lambda: latest_first(self._read()))

    def save(self, draft: SavedDraft) -> SavedDraft:
        return self._guarded(lambda: self._save(draft))

    def remove(self, name: str) -> None:
        self._guarded(lambda: self._remove(name))

    def take_warnings(self) -> tuple[str, ...]:
        warnings, self._warnings = tuple(self._warnings), []
        return warnings

    def _read(self) -> list[SavedDraft]:
        found: list[SavedDraft] = []
        for entry in files.entries(self._folder):
            name = entry.removesuffix(_SUFFIX)
            if name == entry or not _NAME.fullmatch(name):
                continue
            path = self._path(name)
            content = files.read_file(path)
            if content is None:
                continue  # sent or thrown away by another program in this moment
            draft = _draft_of(name, content[0])
            if draft is None:
                self._warn(f"A draft can't be read and is left as it is: {path}")
                continue
            self._known[name] = content[1]
            found.append(draft)
        return found

    def _save(self, draft: SavedDraft) -> SavedDraft:
        files.make_folder(self._folder)
        name = draft.name
        there = files.signature(self._path(name))
        if there is not None and there != self._known.get(name):
            name = new_name()
        named = replace(draft, name=name)
        self._known[name] = files.replace_file(self._path(name), _content_of(named))
        return named

    def _remove(self, name: str) -> None:
        known = self._known.pop(name, None)
        if known is not None and files.signature(self._path(name)) == known:
            files.remove_files(self._folder, [name + _SUFFIX])

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"

    def _warn(self, warning: str) -> None:
        if warning not in self._told:
            self._told.add(warning)
            self._warnings.append(warning)

    def _guarded(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except StoreError as error:
            hint = f"It is no cache: drafts lie in {self._folder}. Free some space, or give yourself the right to it."
            raise StoreError("The draft can't be kept", error.detail, hint) from error


def _content_of(draft: SavedDraft) -> bytes:
    written = draft.composition
    document = {
        "version": VERSION,
        "saved_at": draft.saved_at.isoformat(),
        "state": draft.state.value,
        "answers": draft.answers,
        "digest": draft.digest,
        "recipients": written.recipients,
        "subject": written.subject,
        "body": written.body,
        "is_html": written.is_html,
        "attachments": list(written.attachments),
    }
    return json.dumps(document, ensure_ascii=True, indent=1).encode("ascii")


def _draft_of(name: str, content: bytes) -> SavedDraft | None:
    """The draft; None for a file that is damaged or of a newer pectui."""
    try:
        document = json.loads(content)
        if document["version"] != VERSION:
            return None
        return SavedDraft(
            name=name,
            composition=Composition(
                recipients=_text(document, "recipients"),
                subject=_text(document, "subject"),
                body=_text(document, "body"),
                is_html=document["is_html"] is True,
                attachments=tuple(map(_of_text, document["attachments"])),
            ),
            saved_at=datetime.fromisoformat(document["saved_at"]),
            state=DraftState(document["state"]),
            answers=_text(document, "answers"),
            digest=_text(document, "digest"),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _text(document: Mapping[str, Any], key: str) -> str:
    return _of_text(document[key])


def _of_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
