"""What a campaign would do by what went out already, before somebody confirms it; and how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pectui.cli.output import local_time
from pectui.domain.cost import cost_of, cost_words
from pectui.engine.campaigns import CampaignRow, Changes, RowStanding
from pectui.engine.send_events import SendOutcome, SendState
from pectui.session.campaigns import PreparedCampaign
from pectui.text.clean import clean_line

_NAMED = 5
"""Of many rows so many are told."""


def plan_lines(
    prepared: PreparedCampaign, *, resend_unknown: bool, force: bool, price: Decimal | None
) -> Iterator[str]:
    """Lines, clean: what was sent before, what changed, what would go out now."""
    sent = [one for one in prepared.standing if one.state is SendState.SENT]
    unknown = [one for one in prepared.standing if one.state is SendState.UNKNOWN]
    if sent:
        last = max(one.attempt.at for one in sent if one.attempt is not None)
        told = "SENT AGAIN" if force else "not sent again"
        yield f"{rows(len(sent))} went out already, the last one on {local_time(last)}: {told}"
    if unknown:
        told = (
            "SENT AGAIN, whether they went out or not"
            if resend_unknown
            else "not sent again without --resend-unknown"
        )
        yield f"{rows(len(unknown))} may have gone out: {told}"
        yield from _named([one.row for one in unknown])
    yield from _changes(prepared.changes)
    going = prepared.going(resend_unknown=resend_unknown, force=force)
    yield f"{rows(going)} to be sent now, for {cost_words(cost_of(going, price))}"


def rows(count: int) -> str:
    """`1 row`, `2,000 rows`."""
    return "1 row" if count == 1 else f"{count:,} rows"


def numbers(outcome: SendOutcome) -> str:
    """`300 rows: 120 sent, 180 pending`."""
    told = {name: count for name, count in outcome.as_json().items() if name != "rows" and count}
    parts = ", ".join(f"{count:,} {name}" for name, count in told.items())
    return f"{rows(outcome.rows)}{f': {parts}' if parts else ''}"


def trouble_lines(standing: Sequence[RowStanding]) -> Iterator[str]:
    """A clean line for each row that somebody has to look at, of many the first ones."""
    wrong = (SendState.UNKNOWN, SendState.REFUSED, SendState.FAILED)
    found = [one for one in standing if one.state in wrong]
    for one in found[: 5 * _NAMED]:
        yield clean_line(f"line {one.row.line}, {one.row.recipient}: {one.state.value}: {one.reason}")
    if (more := len(found) - 5 * _NAMED) > 0:
        yield f"and {rows(more)} more; `pectui campaign report` tells of each"


def _changes(changes: Changes) -> Iterator[str]:
    if changes.new:
        yield f"! {rows(len(changes.new))} new or changed since the campaign was confirmed: other messages"
        yield from _named(changes.new)
    if changes.to_known:
        yield f"! {rows(len(changes.to_known))} of them to recipients who had another message of it, or may have"
        yield from _named(changes.to_known)
    if changes.gone:
        yield f"! {rows(len(changes.gone))} of the campaign not in the table any more, and never sent"
        yield from _named(changes.gone)


def _named(found: Sequence[CampaignRow]) -> Iterator[str]:
    for row in found[:_NAMED]:
        yield clean_line(f"    line {row.line}, {row.recipient}")
    if (more := len(found) - _NAMED) > 0:
        yield f"    and {more:,} more"
