"""Messages as CSV, for spreadsheets: UTF-8 with the mark by which Excel knows it, and nothing that is a formula.

A spreadsheet takes a cell that begins like a formula for one, and mail is written by strangers. Spreadsheets of many
countries split at semicolons, and then they don't see which commas and newlines stand in quotes: so also what follows
a line end, a semicolon or a tab inside of a text gets an apostrophe in front where it begins like a formula
(https://owasp.org/www-community/attacks/CSV_Injection). One apostrophe fewer there is what was written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from pectui.domain.export import ExportedFile, MailCopy
from pectui.store.exports.outputs import Output

NAME = "messages.csv"
COLUMNS = (
    "id",
    "date",
    "kind",
    "code",
    "subject",
    "sender",
    "recipient",
    "is_reply",
    "text",
    "text_from",
    "text_read_at",
)

_FORMULA = re.compile("(^|[\n\r;\t])([^\\S\n\r\t]*)(?='*[=+@\uff1d\uff0b\uff0d\uff20-])")
_CONTROL_FIRST = re.compile("'*[\t\r]")


class Spreadsheet:
    """Fits `Form`. The copies must have their clean texts."""

    def __init__(self, folder: Path) -> None:
        self._output = Output(folder, NAME)
        self._line = io.StringIO(newline="")
        self._writer = csv.writer(self._line, lineterminator="\r\n")
        self._output.write(b"\xef\xbb\xbf")
        self._row(COLUMNS)

    def write(self, copies: Sequence[MailCopy]) -> None:
        for copy in copies:
            self._row([harmless(cell) for cell in _cells(copy)])

    def close(self) -> list[ExportedFile]:
        return [self._output.close()]

    def abandon(self) -> None:
        self._output.abandon()

    def _row(self, cells: Sequence[str]) -> None:
        self._writer.writerow(cells)
        self._output.write(self._line.getvalue().encode("utf-8", "replace"))
        self._line.seek(0)
        self._line.truncate()


def harmless(cell: str) -> str:
    """The cell as no spreadsheet takes it, or a part of it, for a formula."""
    guarded = _FORMULA.sub(r"\1\2'", cell)
    return f"'{guarded}" if _CONTROL_FIRST.match(guarded) else guarded


def _cells(copy: MailCopy) -> Sequence[str]:
    message, clean = copy.message, copy.clean
    assert clean is not None
    return (
        str(message.id),
        message.date.isoformat() if message.date else "",
        message.kind.value,
        message.code or "",
        clean.subject,
        clean.sender,
        clean.recipient,
        "yes" if message.is_reply else "no",
        clean.text,
        copy.text.source.value,
        copy.text.read_at.isoformat(),
    )
