"""What commands print: data to stdout, messages to stderr, every text of strangers cleaned."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import TYPE_CHECKING, Any, TextIO

from pectui.errors import ConfigError, PectuiError, ServiceError, UsageError
from pectui.text.clean import clean_line

if TYPE_CHECKING:
    from pectui.domain.message import Message
    from pectui.domain.receipt import Reason

_UNSEEN = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""What JSON may hold as it is, but a terminal would obey or nobody would see."""


def print_json(document: Any) -> None:
    """One document. Letters stay letters; what steers a terminal is escaped, so that a parser gets what came."""
    _write(_json(document) + "\n", sys.stdout)


def print_json_with(document: dict[str, Any], name: str, rows: Iterable[Any]) -> None:
    """The same with a list under `name`, which may be long: each row is written as it comes."""
    beginning, _, end = _json({**document, name: []}).partition(f'"{name}": []')
    _write(f'{beginning}"{name}": [', sys.stdout)
    separator = "\n"
    for row in rows:
        _write(separator + "    " + _json(row, "\n    "), sys.stdout)
        separator = ",\n"
    _write(("]" if separator == "\n" else "\n  ]") + end + "\n", sys.stdout)


def _json(value: Any, end: str = "\n") -> str:
    """`value` as JSON with indents; `end` is a line's end and the indent of what follows it."""
    letters = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = _indented(value, encode_basestring if letters else encode_basestring_ascii, end)
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], text)


def _indented(value: Any, quoted: Callable[[str], str], end: str) -> str:
    """What `json.dumps` makes with `indent=2`, several times as fast: with indents the library's own is all Python."""
    inner = end + "  "
    if isinstance(value, dict) and value:
        members = [f"{quoted(key)}: {_value(item, quoted, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(members)}{end}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{inner}{f',{inner}'.join([_value(item, quoted, inner) for item in value])}{end}]"
    return _value(value, quoted, end)


def _value(value: Any, quoted: Callable[[str], str], end: str) -> str:
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is int:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if value and isinstance(value, dict | list | tuple):
        return _indented(value, quoted, end)
    return quoted(str(value)) if isinstance(value, str) else json.dumps(value)


def print_text(text: str) -> None:
    """`text` to stdout; it must be clean, or wanted raw."""
    _write(text if text.endswith("\n") else text + "\n", sys.stdout)


def print_at_once(text: str) -> None:
    """The same, and whoever reads has it now."""
    print_text(text)
    flush()


def print_json_line(document: Any) -> None:
    """One document on one line, in ASCII, and whoever reads has it now."""
    print_at_once(json.dumps(document))


def flush() -> None:
    """What was printed is on its way, before something that takes its time."""
    sys.stdout.flush()


def print_csv(rows: Iterable[Sequence[str]]) -> None:
    """Rows as RFC 4180 has them, in UTF-8 whatever the terminal speaks; cells must be clean. Each is written as it
    comes."""
    import csv
    import io

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        _write(line.getvalue(), sys.stdout)
        line.seek(0)
        line.truncate()


def say(text: str) -> None:
    """A message or a warning, on one line to stderr."""
    _write(clean_line(text) + "\n", sys.stderr)


def write_over(text: str, width: int) -> None:
    """Puts the clean `text` on the line of stderr that holds `width` cells now, and the cursor back to its start."""
    _write(f"\r{text:<{width}}\r", sys.stderr)
    sys.stderr.flush()


def _write(text: str, stream: TextIO) -> None:
    if not text.isascii():
        encoding = stream.encoding or "utf-8"
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)


def print_error(error: PectuiError, *, as_json: bool) -> None:
    """Two lines on stderr, or one document on stdout."""
    if as_json:
        print_json(error_document(error))
        return
    say(f"pectui: {error}")
    say(error.hint or _usual_hint(error))


def error_document(error: PectuiError) -> dict[str, Any]:
    """An error as `--json` promises it."""
    parts = {"title": error.title, "detail": error.detail, "hint": error.hint or _usual_hint(error)}
    cleaned = {name: clean_line(part) for name, part in parts.items()}
    return {"error": {**cleaned, "exit_code": error.exit_code}}


def _usual_hint(error: PectuiError) -> str:
    """What to do where the error itself names nothing better: there are always two lines."""
    if isinstance(error, UsageError):
        return "See `pectui --help`."
    if isinstance(error, ConfigError):
        return "`pectui doctor` tells what is set up."
    if isinstance(error, ServiceError):
        return "Try again later; `pectui doctor` tells what works."
    return "Nothing was changed."


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
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return clean_line(value)
    if isinstance(value, dict):
        return {key: cleaned_document(item) for key, item in value.items()}
    if isinstance(value, list):
        return [cleaned_document(item) for item in value]
    return value


def local_time(moment: datetime | None) -> str:
    """`2026-11-24 14:05` in the user's own zone, `?` if unknown."""
    if moment is None:
        return "?"
    try:
        moment = moment.astimezone()
    except (OverflowError, ValueError):
        pass  # a year so odd that it has no local time: as it stands
    return f"{moment:%Y-%m-%d %H:%M}"


def reason_line(reason: Reason) -> str:
    """`5.1.1 - provider - text`, as much of it as there is. Not cleaned."""
    parts = (reason.status, reason.provider, reason.text)
    return " - ".join(dict.fromkeys(part for part in parts if part))


def emphasis(setting: str, stream: TextIO) -> Callable[[str], str]:
    """Makes a text red and bold on `stream`, or leaves it: --color, else a terminal without NO_COLOR."""
    if setting == "auto":
        dull = os.environ.get("NO_COLOR") or os.environ.get("TERM") in (None, "", "dumb")
        coloured = stream.isatty() and not dull
    else:
        coloured = setting == "always"
    return (lambda text: f"\x1b[1;31m{text}\x1b[0m") if coloured else (lambda text: text)
