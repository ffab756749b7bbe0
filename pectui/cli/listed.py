"""A listing as it is printed: rows that stand under each other, or one document; a hundred thousand of them too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pectui.cli.columns import Columns, in_parts
from pectui.cli.output import local_time, message_document, print_json_with, print_text, say
from pectui.domain.message import Message
from pectui.text.clean import clean_line


@dataclass(frozen=True, slots=True)
class Listed:
    """What `inbox` found, to be printed."""

    page: int
    pages: int | None
    total: int | None
    messages: Sequence[Message]
    stale: bool
    """It is listed from memory, or the service has not confirmed it."""
    warnings: tuple[str, ...]

    def print_json(self) -> None:
        document = {
            "page": self.page,
            "pages": self.pages,
            "total": self.total,
            "messages": [],
            "stale": self.stale,
            "warnings": [clean_line(warning) for warning in self.warnings],
        }
        print_json_with(document, "messages", map(message_document, self.messages))

    def print_text(self) -> None:
        layout = Columns(flexible=(3, 4))
        for part in in_parts(self.messages):
            for line in layout.lines([_row(message) for message in part]):
                print_text(line)
        counted = "1 message" if self.total == 1 else f"{self.total} messages"
        say(
            f"page {self.page} of {self.pages or '?'}, {counted if self.total is not None else 'total unknown'}"
        )
        for warning in self.warnings:
            say(warning)


def _row(message: Message) -> tuple[str, ...]:
    return (
        str(message.id),
        local_time(message.date),
        message.kind.value,
        clean_line(message.subject) or "(no subject)",
        clean_line(message.sender),
    )


def unique(warnings: Iterable[str]) -> tuple[str, ...]:
    """Each warning once, in their order."""
    return tuple(dict.fromkeys(warnings))
