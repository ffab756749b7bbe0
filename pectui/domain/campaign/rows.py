"""Every row of a campaign looked at before the first one goes out: what each becomes, and all that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from pectui.domain.campaign.letter import BoundLetter, Letter, bind
from pectui.domain.campaign.problem import Problem
from pectui.domain.campaign.table import ATTACHMENTS, RECIPIENT, Row, Table
from pectui.domain.outgoing import LARGEST_MESSAGE, problem_with_subject
from pectui.domain.recipients import problem_with_address, same_mailbox

SEPARATOR = "|"
"""Between two paths in a cell of `attachments`: semicolons and commas stand in names of files."""

_IN_A_SUBJECT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_IN_A_BODY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TOO_LARGE = f"text and files are larger than the {LARGEST_MESSAGE // 1_000_000} MB that the service takes"
_SEVERAL = re.compile(r"[,;\s]+")


class AttachedFile(NamedTuple):
    """A file that a row names, as it was found."""

    name: str
    """What the recipient sees."""
    size: int
    """In bytes."""


FindFile = Callable[[str], AttachedFile | str]
"""Finds the file of a path in a table; what is wrong with it where it can't be sent."""


class PlannedRow(NamedTuple):
    """A row that is in order, and the PEC that it becomes."""

    row: Row
    recipient: str
    paths: tuple[str, ...] = ()
    """Its attachments, as the table names them."""

    @property
    def line(self) -> int:
        return self.row.line


@dataclass(frozen=True, slots=True)
class CheckedCampaign:
    """All that was found. Nothing goes out while there are problems; warnings stop nothing."""

    table: Table
    letter: BoundLetter
    rows: tuple[PlannedRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    """By line."""
    warnings: tuple[Problem, ...] = ()


def check_campaign(table: Table, letter: Letter, find: FindFile) -> CheckedCampaign:
    """The rows of `table` as PECs of `letter`. Every file is looked at once; none is read."""
    bound = bind(letter, table)
    if table.place(RECIPIENT) is None:
        return CheckedCampaign(table, bound, problems=tuple(sorted((*table.problems, *bound.problems))))
    checking = _Checking(table, bound, find)
    rows = tuple(checking.rows())
    if not table.rows and not table.problems:
        checking.problems.append(Problem(table.header_line, "", "there is no row below the column names"))
    problems = sorted((*table.problems, *bound.problems, *checking.problems))
    return CheckedCampaign(table, bound, rows, tuple(problems), tuple(checking.warnings))


@dataclass(slots=True)
class _Earlier:
    """What an address is sent: the line that came first, and what each line has of its own."""

    line: int
    contents: dict[tuple[str, ...], int] = field(default_factory=dict)


class _Checking:
    def __init__(self, table: Table, letter: BoundLetter, find: FindFile) -> None:
        recipient = table.place(RECIPIENT)
        assert recipient is not None
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._table = table
        self._letter = letter
        self._find = find
        self._recipient = recipient
        self._attachments = table.place(ATTACHMENTS)
        self._used = tuple(dict.fromkeys((*letter.subject_places, *letter.body_places)))
        self._in_subject = frozenset(letter.subject_places)
        self._files: dict[str, AttachedFile | str] = {}
        self._earlier: dict[str, _Earlier] = {}

    def rows(self) -> Iterator[PlannedRow]:
        writable = not self._letter.problems
        for row in self._table.rows:
            before = len(self.problems)
            planned = self._planned(row)
            if writable and len(self.problems) == before:
                self._check_whole(planned)
            if len(self.problems) == before:
                self._check_twice(planned)
            if len(self.problems) == before:
                yield planned

    def _planned(self, row: Row) -> PlannedRow:
        recipient = row.cells[self._recipient]
        if problem := self._wrong_address(recipient):
            self._wrong(row, self._recipient, problem)
        for at in self._used:
            if problem := self._wrong_value(at, row.cells[at]):
                self._wrong(row, at, problem)
        paths: tuple[str, ...] = ()
        if self._attachments is not None and (cell := row.cells[self._attachments]):
            paths = tuple(path.strip() for path in cell.split(SEPARATOR))
            for path in paths:
                if isinstance(found := self._file(path), str):
                    self._wrong(row, self._attachments, found)
        return PlannedRow(row, recipient, paths)

    def _wrong(self, row: Row, at: int, problem: str) -> None:
        self.problems.append(Problem(row.line, self._table.columns[at], problem))

    def _wrong_address(self, recipient: str) -> str | None:
        if not recipient:
            return "there is no recipient"
        problem = problem_with_address(recipient)
        if problem is None:
            return None
        if sum("@" in one for one in _SEVERAL.split(recipient)) > 1:
            return "there are several recipients: write a row for each, so that each gets a PEC with its own code"
        return f"the recipient {problem}"

    def _wrong_value(self, at: int, value: str) -> str | None:
        if not value:
            return (
                None if self._letter.letter.allow_empty else "the cell is empty, and a placeholder needs it"
            )
        if value.isprintable():
            return None  # as nearly all are
        if at in self._in_subject and (found := _IN_A_SUBJECT.search(value)):
            return f"{_named(found[0])} can't stand in a subject"
        if found := _IN_A_BODY.search(value):
            return f"{_named(found[0])} can't stand in a PEC"
        return None

    def _file(self, path: str) -> AttachedFile | str:
        if path not in self._files:
            self._files[path] = self._find(path) if path else "a path is empty"
        return self._files[path]

    def _check_whole(self, planned: PlannedRow) -> None:
        if problem := problem_with_subject(self._letter.subject_for(planned.row)):
            self.problems.append(Problem(planned.line, "", f"the subject {problem}"))
        files = [found for path in planned.paths if not isinstance(found := self._file(path), str)]
        body = self._letter.body_for(planned.row)
        if not body.strip() and not files:
            self.problems.append(Problem(planned.line, "", "there is neither a text nor a file"))
        if len(body.encode("utf-8")) + sum(file.size for file in files) > LARGEST_MESSAGE:
            self.problems.append(Problem(planned.line, "", _TOO_LARGE))

    def _check_twice(self, planned: PlannedRow) -> None:
        content = (*(planned.row.cells[at] for at in self._used), *planned.paths)
        earlier = self._earlier.setdefault(same_mailbox(planned.recipient), _Earlier(planned.line))
        if content in earlier.contents:
            first = earlier.contents[content]
            self._wrong(planned.row, self._recipient, f"line {first} sends the same to the same recipient")
        elif earlier.contents:
            name = self._table.columns[self._recipient]
            told = f"line {earlier.line} sends something else to the same recipient"
            self.warnings.append(Problem(planned.line, name, told))
        earlier.contents.setdefault(content, planned.line)


def _named(character: str) -> str:
    if character in "\n\r\u2028\u2029":
        return "a line break"
    return "a tab" if character == "\t" else f"a control character (U+{ord(character):04X})"
