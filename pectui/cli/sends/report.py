"""The delivery report: a line for each recipient, for the spreadsheet that goes into the file.

A spreadsheet takes a cell that begins like a formula for one, and subjects and reasons are written by strangers: such
cells get an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from pectui.cli.output import print_csv, reason_line
from pectui.cli.sends.gathering import Gathered
from pectui.domain.receipt import Reason
from pectui.domain.send import Outcome, RecipientState, SendSummary
from pectui.text.clean import clean_line

_COLUMNS = (
    "code",
    "subject",
    "recipient",
    "state",
    "reason",
    "sent_at",
    "at",
    "send_state",
    "certified",
    "provisional",
)
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FORMULA_IN_A_CELL = re.compile("(;\\s*)(?=[=+@\uff1d\uff0b\uff0d\uff20-])")
"""Spreadsheets of many countries split at semicolons, quotes or not."""
_CERTIFIED = {True: "yes", False: "no", None: ""}


def print_report(gathered: Gathered) -> None:
    """A line for each recipient that is known; where some may be missing, one without a recipient says so."""
    print_csv([_COLUMNS])
    print_csv(tuple(map(harmless_cell, row)) for one in gathered.sends for row in _rows(one.summary))


def _rows(summary: SendSummary) -> Iterator[tuple[str, ...]]:
    for outcome in summary.outcomes:
        yield _row(summary, outcome, outcome.reason)
    if not summary.recipients_known:
        nobody = Outcome("", RecipientState.UNKNOWN)
        yield _row(summary, nobody, summary.record.refusal if summary.record is not None else None)


def _row(summary: SendSummary, outcome: Outcome, reason: Reason | None) -> tuple[str, ...]:
    return (
        summary.code,
        summary.subject,
        outcome.address,
        outcome.state.value,
        reason_line(reason) if reason is not None else "",
        local_iso(summary.sent_at),
        local_iso(outcome.at),
        summary.state.value,
        _CERTIFIED[outcome.certified],
        "yes" if summary.is_provisional else "no",
    )


def local_iso(moment: datetime | None) -> str:
    """ISO 8601 in the user's own zone; nothing where it is not known."""
    if moment is None:
        return ""
    try:
        return moment.astimezone().isoformat()
    except (OverflowError, ValueError):
        return moment.isoformat()  # a year so odd that it has no local time


def harmless_cell(text: str) -> str:
    """The text on one line, clean, and as no spreadsheet takes it for a formula."""
    shown = clean_line(text)
    if ";" in shown:
        shown = _FORMULA_IN_A_CELL.sub(r"\1'", shown)
    is_formula = text.startswith(_BEGINS_A_FORMULA) or shown.lstrip().startswith(_BEGINS_A_FORMULA)
    return f"'{shown}" if is_formula else shown
