"""The report of a campaign: a line for each row, with its code and what the receipts say, for the spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pectui.cli.output import cleaned_document, print_csv, print_json_with, reason_line
from pectui.cli.sends.reading import read_texts
from pectui.cli.sends.report import harmless_cell, local_iso
from pectui.cli.syncing import follow
from pectui.cli.trust import trust
from pectui.domain.recipients import same_mailbox
from pectui.domain.send import SendSummary
from pectui.domain.sends import Sends
from pectui.engine.campaigns import RowStanding, numbers_of
from pectui.session import Session, system_clock

_COLUMNS = (
    "line",
    "recipient",
    "code",
    "state",
    "sent_at",
    "outcome",
    "outcome_at",
    "reason",
)
_BYTE_ORDER_MARK = "\ufeff"
"""By which Excel knows that it is UTF-8."""


def print_report(standing: Sequence[RowStanding], sends: Sends, *, as_json: bool) -> None:
    """A line for each row in the table's order: how it stands by the journals, and what its receipts say by now."""
    if as_json:
        rows = (cleaned_document(dict(zip(_COLUMNS, row, strict=True))) for row in _rows(standing, sends))
        print_json_with({**numbers_of(standing).as_json(), "report": []}, "report", rows)
        return
    print_csv([(_BYTE_ORDER_MARK + _COLUMNS[0], *_COLUMNS[1:])])
    print_csv(tuple(map(harmless_cell, row)) for row in _rows(standing, sends))


async def read_receipts(
    session: Session, standing: Sequence[RowStanding], *, as_json: bool
) -> tuple[Sends, Sequence[str]]:
    """The sends with what became of each row's, and what the user should hear. What was read before is not asked for
    again; offline nothing is."""
    warnings: list[str] = []
    if not session.offline:
        warnings += (await follow(session, full=False, as_json=as_json)).warnings
    sends, synced = await session.sends.current()
    if session.offline:
        return sends, list(trust(synced))
    now = system_clock()
    codes = [one.attempt.code for one in standing if one.attempt is not None and one.attempt.code is not None]
    summaries = [summary for code in codes if (summary := sends.summary(code, now)) is not None]
    if unread := [summary.code for summary in summaries if not summary.is_read]:
        warnings += (await read_texts(session, unread, as_json=as_json)).warnings()
    return sends, warnings


def _rows(standing: Sequence[RowStanding], sends: Sends) -> Iterator[tuple[str, ...]]:
    now = system_clock()
    for one in standing:
        attempt = one.attempt
        code = attempt.code if attempt is not None else None
        summary = sends.summary(code, now) if code is not None else None
        outcome, outcome_at, reason = _told(summary, one.row.recipient)
        yield (
            str(one.row.line),
            one.row.recipient,
            code or "",
            one.state.value,
            local_iso(attempt.at) if attempt is not None else "",
            outcome,
            outcome_at,
            reason or one.reason,
        )


def _told(summary: SendSummary | None, recipient: str) -> tuple[str, str, str]:
    """What the receipts of the send say of the recipient: how it ended, when, and why. Empty where they say nothing."""
    if summary is None:
        return "", "", ""
    wanted = same_mailbox(recipient)
    for outcome in summary.outcomes:
        if same_mailbox(outcome.address) == wanted:
            reason = reason_line(outcome.reason) if outcome.reason is not None else ""
            return outcome.state.value, local_iso(outcome.at), reason
    refusal = summary.record.refusal if summary.record is not None else None
    # One recipient, one code: what is known of the send is known of the row.
    return summary.state.value, "", reason_line(refusal) if refusal is not None else ""
