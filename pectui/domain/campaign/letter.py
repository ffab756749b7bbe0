"""What each row of a campaign gets: subject and body with their placeholders bound to columns of the table."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pectui.domain.campaign.problem import Problem, nearest
from pectui.domain.campaign.table import ATTACHMENTS, Row, Table, key_of
from pectui.domain.campaign.template import Template, parse_template
from pectui.domain.outgoing import problem_with_body


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and body as they were written, with `$name` for what each row has of its own."""

    subject: str
    body: str
    is_html: bool = False
    """Whether the body is HTML: then what the table's cells hold is escaped in it, since they are texts."""
    allow_empty: bool = False
    """Whether an empty cell may take a placeholder's place."""


@dataclass(frozen=True, slots=True)
class BoundLetter:
    """A letter whose placeholders have found their columns."""

    letter: Letter
    subject: Template
    body: Template
    subject_places: tuple[int, ...]
    """For each placeholder of the subject the place of its cell in a row."""
    body_places: tuple[int, ...]
    problems: tuple[Problem, ...] = ()
    """Placeholders without a column, and dollars that begin none; with any of them nothing can be written."""

    def subject_for(self, row: Row) -> str:
        return self.subject.filled([row.cells[at] for at in self.subject_places])

    def body_for(self, row: Row) -> str:
        values = [row.cells[at] for at in self.body_places]
        return self.body.filled([html.escape(value) for value in values] if self.letter.is_html else values)


def bind(letter: Letter, table: Table) -> BoundLetter:
    """The letter with its placeholders looked up in the table's columns."""
    problems: list[Problem] = []
    subject, body = parse_template(letter.subject), parse_template(letter.body)
    if wrong := problem_with_body(letter.body):
        problems.append(Problem(0, "", f"the body {wrong}"))
    places: list[tuple[int, ...]] = []
    for where, template in (("subject", subject), ("body", body)):
        problems += _lone_dollars(where, template)
        found = [_place(name, table) for name in template.names]
        problems += _without_columns(where, template.names, found, table)
        places.append(tuple(at for at in found if at is not None))
    return BoundLetter(letter, subject, body, places[0], places[1], tuple(problems))


def _place(name: str, table: Table) -> int | None:
    # A path on the sender's machine is nothing that a recipient should read.
    return None if key_of(name) == ATTACHMENTS else table.place(name)


def _lone_dollars(where: str, template: Template) -> Iterator[Problem]:
    for line in template.lone:
        at = f"the body, line {line}" if where == "body" else "the subject"
        yield Problem(0, "", f"in {at} stands a lone $: write $$ for a dollar")


def _without_columns(
    where: str, names: Sequence[str], found: Sequence[int | None], table: Table
) -> Iterator[Problem]:
    known = [name for name in table.columns if name and key_of(name) != ATTACHMENTS]
    missing = dict.fromkeys(name for name, at in zip(names, found, strict=True) if at is None)
    for name in missing:
        yield Problem(
            table.header_line,
            name,
            f"the {where} has ${{{name}}}, and there is no such column{nearest(name, known)}",
        )
