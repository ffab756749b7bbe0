"""What `pectui delete` was asked for, taken from the command line and from a file of ids."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pectui.cli.arguments import identifier
from pectui.cli.codes import checked_codes
from pectui.cli.exporting import target_of
from pectui.domain.export import ExportFormat, ExportTarget
from pectui.errors import UsageError

STDIN = "-"
_MONTH = 30.0
"""Days, where nobody says how old a completed send must be."""
_HELP = "See `pectui delete --help`."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages; what several parts choose is put together."""

    ids: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    """Receipts and own copies of these sends, exactly these."""
    include_replies: bool = False
    """Whether the answers to them go too."""
    query: str | None = None
    """All that the service finds for this."""
    older_than: float | None = None
    """What may go of completed sends of more than so many days; None: nothing of that kind."""
    copies: ExportTarget | None = None
    """Where a copy of everything is written before anything goes."""

    @property
    def is_ids_alone(self) -> bool:
        return not self.codes and not self._is_sought

    @property
    def is_codes_alone(self) -> bool:
        return not self.ids and not self._is_sought

    @property
    def _is_sought(self) -> bool:
        return self.query is not None or self.older_than is not None


def check(arguments: argparse.Namespace) -> None:
    """UsageError where what was asked for makes no sense, before anything is read or asked."""
    chosen = (arguments.ids, arguments.from_file, arguments.code, arguments.completed)
    if not any(chosen) and arguments.search is None:
        raise UsageError(
            "It is not clear which messages are meant",
            "none are named",
            "Give ids, or --from, --code, --search or --completed.",
        )
    if arguments.search is not None and not arguments.search.strip():
        raise UsageError("--search looks for nothing", "that would find the whole mailbox", _HELP)
    for flag, given, needed, there in (
        ("--older-than", arguments.older_than is not None, "--completed", arguments.completed),
        ("--include-replies", arguments.include_replies, "--code", arguments.code),
        ("--export-format", arguments.export_format is not None, "--export", arguments.export),
    ):
        if given and not there:
            raise UsageError(f"{flag} means nothing without {needed}", "", _HELP)


def wanted(arguments: argparse.Namespace) -> Wanted:
    """What was asked for. Reads the file of ids; UsageError where that can't be done or a line is none."""
    ids = [*arguments.ids, *(_ids_from(arguments.from_file) if arguments.from_file else ())]
    older_than = None
    if arguments.completed:
        older_than = _MONTH if arguments.older_than is None else arguments.older_than
    copies = None
    if arguments.export:
        form = arguments.export_format or ExportFormat.JSON.value
        copies = target_of(arguments.export, form, flag="--export")
    return Wanted(
        ids=tuple(dict.fromkeys(ids)),
        codes=checked_codes(arguments.code),
        include_replies=arguments.include_replies,
        query=arguments.search,
        older_than=older_than,
        copies=copies,
    )


def _ids_from(source: str) -> Iterator[int]:
    name = "stdin" if source == STDIN else source
    try:
        data = sys.stdin.buffer.read() if source == STDIN else Path(source).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(f"The ids can't be read from {name}", reason, _HELP) from error
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        try:
            yield identifier(word)
        except argparse.ArgumentTypeError as problem:
            raise UsageError(
                f"{name}, line {number}: {problem}", "", "Write one id on each line; # begins a comment."
            ) from None
