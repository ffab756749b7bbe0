"""Campaigns among the jobs: a row in the list, and one of them with how each of its rows stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pectui.cli.columns import Columns, in_parts, named_lines
from pectui.cli.output import cleaned_document, local_time, print_json_with, print_text, say
from pectui.engine.campaigns import RowStanding
from pectui.engine.send_events import SendState
from pectui.engine.send_jobs import CAMPAIGN, CampaignJob
from pectui.text.clean import clean_line

_PROBLEMS_FIRST = (
    SendState.UNKNOWN,
    SendState.REFUSED,
    SendState.FAILED,
    SendState.PENDING,
    SendState.SENT,
)


def document_of(job: CampaignJob) -> dict[str, Any]:
    """What `--json` tells of a campaign; numbers of rows."""
    told = job.numbers.as_json()
    return {
        "job": job.job,
        "kind": CAMPAIGN,
        "state": job.state.value,
        "began_at": job.began_at.isoformat(),
        "ended_at": job.ended_at.isoformat() if job.ended_at is not None else None,
        "profile": job.profile,
        "environment": job.environment,
        "mailbox": job.mailbox,
        "file": job.plan.file,
        "total": told.pop("rows"),
        **told,
        "can_be_resumed": job.can_be_resumed,
    }


def print_document(job: CampaignJob) -> None:
    """The same, with how each row stands."""
    print_json_with(cleaned_document({**document_of(job), "items": []}), "items", map(_item, job.standing))


def print_lines(job: CampaignJob) -> None:
    """The job's facts, then a line for each row: first those that somebody has to look at."""
    print_text(named_lines(list(_head(job))))
    layout = Columns(flexible=(1, 5))
    found = sorted(job.standing, key=lambda one: _PROBLEMS_FIRST.index(one.state))
    for part in in_parts(found):
        for line in layout.lines(list(map(_row, part))):
            print_text(line)
    if job.can_be_resumed:
        say(f"It can be gone on with: pectui campaign resume {job.plan.file}")


def cells_of(job: CampaignJob) -> tuple[str, ...]:
    """Its row in the list of all jobs."""
    told = job.numbers
    return (
        job.job,
        CAMPAIGN,
        local_time(job.began_at),
        job.state.value,
        f"{told.rows - told.pending}/{told.rows}",
        clean_line(f"{job.mailbox or '?'} ({job.profile or '?'})"),
    )


def _head(job: CampaignJob) -> Iterator[tuple[str, str]]:
    told = {name: count for name, count in job.numbers.as_json().items() if name != "rows" and count}
    yield "Job", job.job
    yield "Kind", CAMPAIGN
    yield "State", job.state.value
    yield "Began", local_time(job.began_at)
    yield "Ended", local_time(job.ended_at) if job.ended_at is not None else "not yet"
    yield "Mailbox", f"{job.mailbox or '?'} ({job.profile or '?'})"
    yield "Table", job.plan.file
    yield "Rows", f"{job.numbers.rows}: {', '.join(f'{count} {name}' for name, count in told.items())}"


def _row(one: RowStanding) -> tuple[str, ...]:
    attempt = one.attempt
    return (
        str(one.row.line),
        clean_line(one.row.recipient),
        one.state.value,
        local_time(attempt.at) if attempt is not None else "",
        (attempt.code or "") if attempt is not None else "",
        clean_line(one.reason),
    )


def _item(one: RowStanding) -> Any:
    attempt = one.attempt
    return cleaned_document(
        {
            "line": one.row.line,
            "recipient": one.row.recipient,
            "outcome": one.state.value,
            "code": attempt.code if attempt is not None else None,
            "at": attempt.at.isoformat() if attempt is not None else None,
            "reason": one.reason,
        }
    )
