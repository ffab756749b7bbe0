"""What commands print: data to stdout, messages to stderr, every text of strangers cleaned."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TextIO

from pectui.domain.message import Message
from pectui.errors import PectuiError
from pectui.text.clean import clean_line

_BAD = "31"
_MUTED = "2"


_UNSEEN = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What JSON may hold as it is, but a terminal would obey or nobody would see."""


def print_json(document: Any) -> None:
    """One document. Letters stay letters; what steers a terminal is escaped, so that a parser gets what came."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    _write(_UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], text) + "\n", sys.stdout)


def print_text(text: str) -> None:
    """`text` to stdout; it must be clean, or wanted raw."""
    _write(text if text.endswith("\n") else text + "\n", sys.stdout)


def say(text: str) -> None:
    """A message or a warning, on one line to stderr."""
    _write(clean_line(text) + "\n", sys.stderr)


def _write(text: str, stream: TextIO) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def print_error(error: PectuiError, *, as_json: bool) -> None:
    """Two lines on stderr, or one document on stdout."""
    if as_json:
        parts = {"title": error.title, "detail": error.detail, "hint": error.hint}
        cleaned = {name: clean_line(part) for name, part in parts.items()}
        print_json({"error": {**cleaned, "exit_code": error.exit_code}})
        return
    say(f"pectui: {error}")
    if error.hint:
        say(error.hint)


def message_document(message: Message) -> dict[str, Any]:
    """A message as `--json` promises it. Raw strings keep what came, with control characters escaped."""
    return {
        "id": message.id,
        "date": message.date.isoformat() if message.date else None,
        "kind": message.kind.value,
        "subject": clean_line(message.subject),
        "raw_subject": message.header.subject,
        "code": message.code,
        "is_reply": message.is_reply,
        "sender": clean_line(message.sender),
        "recipient": clean_line(message.recipient),
    }


def cleaned_document(value: Any) -> Any:
    """`value` with every string in it cleaned."""
    if isinstance(value, str):
        return clean_line(value)
    if isinstance(value, dict):
        return {key: cleaned_document(item) for key, item in value.items()}
    if isinstance(value, list):
        return [cleaned_document(item) for item in value]
    return value


def local_time(moment: datetime | None) -> str:
    """`2026-11-24 14:05` in the user's own zone, `?` if unknown."""
    return "?" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"


def colours(setting: str, stream: TextIO) -> bool:
    """Whether `stream` is to be coloured: --color, else a terminal without NO_COLOR."""
    if setting != "auto":
        return setting == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def table(rows: Sequence[Sequence[str]], flexible: int) -> Iterable[str]:
    """Aligned lines; the column `flexible` gives way where the terminal is too narrow for all of it."""
    if not rows:
        return
    widths = [max(width_of(row[at]) for row in rows) for at in range(len(rows[0]))]
    if sys.stdout.isatty():
        room = shutil.get_terminal_size().columns - sum(widths) - 2 * (len(widths) - 1) + widths[flexible]
        widths[flexible] = min(widths[flexible], max(room, 20))
    for row in rows:
        cells = [_fit(cell, width) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()


def width_of(text: str) -> int:
    """Cells that `text` takes in a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 1 + (east_asian_width(c) in "WF") for c in text)


def _fit(text: str, width: int) -> str:
    if width_of(text) > width:
        while text and width_of(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - width_of(text))
