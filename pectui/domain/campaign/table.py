"""The table of a campaign as a spreadsheet saves it: a line of column names, and a row for each message.

Rows are kept with the line of the file where they begin, since that is what a person looks for. Rows without any text
are no rows: spreadsheets write them where something was once deleted.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pectui.domain.campaign.charset import Decoded, decode
from pectui.domain.campaign.problem import Problem, nearest

RECIPIENT = "recipient"
ATTACHMENTS = "attachments"
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
"""What may stand between two cells, and its name."""

_SEPARATOR_LINE = "sep="
"""Excel's own way to say in the first line what stands between the cells."""


class Row(NamedTuple):
    """One row: the line where it begins, and its cells without blanks around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. Rows that are wrong are left out and stand among the problems."""

    encoding: str = ""
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    """Their names as the file has them; "" where a column has none, and then it is empty."""
    header_line: int = 1
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()

    def place(self, name: str) -> int | None:
        """Which column `name` is, whatever its case; None where there is none."""
        return {key_of(column): at for at, column in enumerate(self.columns)}.get(key_of(name))


def key_of(name: str) -> str:
    """What makes two names of a column the same: letters without case, whether or not accents stand apart."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def read_table(data: bytes) -> Table:
    """The table in the bytes of a file."""
    decoded = decode(data)
    if isinstance(decoded, Problem):
        return Table(problems=(decoded,))
    header = _header(decoded.text)
    if isinstance(header, Problem):
        return Table(decoded.encoding, problems=(header,))
    return _Reading(decoded, header).table()


@dataclass(frozen=True, slots=True)
class _Header:
    delimiter: str
    columns: tuple[str, ...]
    line: int
    lines: int
    """Of the file until the header's end."""


def _header(text: str) -> _Header | Problem:
    """The names of the columns, and by them what stands between cells: it is what sets `recipient` apart."""
    first = text.partition("\n")[0].strip()
    said = first[len(_SEPARATOR_LINE) :] if first.casefold().startswith(_SEPARATOR_LINE) else ""
    allowed = [said] if said in DELIMITERS else list(DELIMITERS)
    read = [header for one in allowed if (header := _header_by(text, one, said=bool(said))) is not None]
    if not read:
        return Problem(1, "", "the line of column names can't be read")
    fitting = [one for one in read if RECIPIENT in map(key_of, one.columns)]
    most = max(fitting or read, key=lambda one: len(one.columns))
    if not fitting:
        if not all(any(one.columns) for one in read):
            return Problem(1, "", "the file holds no column names")
        return Problem(
            most.line, "", f"there is no column named {RECIPIENT}{nearest(RECIPIENT, most.columns)}"
        )
    return most


def _header_by(text: str, delimiter: str, *, said: bool) -> _Header | None:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in lines:
            names = tuple(cell.strip() for cell in cells)
            if any(names) and not (said and before == 0):
                return _Header(delimiter, names, before + 1, lines.line_num)
            before = lines.line_num
    except csv.Error:
        return None
    return _Header(delimiter, (), 1, before)


class _Reading:
    def __init__(self, decoded: Decoded, header: _Header) -> None:
        self._decoded = decoded
        self._header = header
        self._problems: list[Problem] = []

    def table(self) -> Table:
        header = self._header
        self._check_names()
        rows = tuple(self._rows())
        return Table(
            self._decoded.encoding,
            DELIMITERS[header.delimiter],
            header.columns,
            header.line,
            rows,
            tuple(self._problems),
        )

    def _check_names(self) -> None:
        seen: dict[str, str] = {}
        for name in self._header.columns:
            key = key_of(name)
            if key and key in seen:
                self._problems.append(
                    Problem(
                        self._header.line, name, f"there are two columns of this name: {seen[key]}, {name}"
                    )
                )
            seen.setdefault(key, name)

    def _rows(self) -> Iterator[Row]:
        width = len(self._header.columns)
        nameless = [at for at, name in enumerate(self._header.columns) if not name]
        for line, cells in self._lines():
            stripped = tuple([cell.strip() for cell in cells])
            if not any(stripped):
                continue
            if len(stripped) != width:
                few = "few" if len(stripped) < width else "many"
                self._problems.append(
                    Problem(line, "", f"too {few} cells: {len(stripped)}, and there are {width} columns")
                )
                continue
            for at in nameless:
                if stripped[at]:
                    self._problems.append(Problem(line, "", f"column {at + 1} has no name, and a cell here"))
            yield Row(line, stripped)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line where it begins."""
        reader = csv.reader(
            io.StringIO(self._decoded.text, newline=""), delimiter=self._header.delimiter, strict=True
        )
        while reader.line_num < self._header.lines:
            next(reader)
        while True:
            line = reader.line_num + 1
            try:
                yield line, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._problems.append(Problem(line, "", _in_words(error)))
                if "limit" in str(error) or "end of data" in str(error):
                    return  # nobody can tell where the next row would begin


def _in_words(error: csv.Error) -> str:
    told = str(error)
    if "limit" in told:
        return f"a cell has more than {csv.field_size_limit():,} characters: is its quote never closed?"
    if "end of data" in told:
        return "a quote is opened here and never closed"
    return 'there is text behind a closing quote: a quote inside of quotes is written as ""'
