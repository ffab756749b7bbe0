"""Jobs as `--json` promises them to scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pectui.cli.jobs import campaigns
from pectui.cli.jobs.items import DELETE, OUTCOMES, Item, items_of
from pectui.cli.output import cleaned_document, print_json_with
from pectui.domain.dates import parse_date
from pectui.domain.subject import parse_subject
from pectui.engine.jobs import JobRecord
from pectui.engine.send_jobs import CampaignJob


def print_jobs(records: Iterable[JobRecord | CampaignJob]) -> None:
    """`{"jobs": [...]}`, the latest first; numbers of messages in each."""
    print_json_with({"jobs": []}, "jobs", (cleaned_document(_any_row(record)) for record in records))


def print_job(record: JobRecord | CampaignJob) -> None:
    """The same of one job, with what became of each message."""
    if isinstance(record, CampaignJob):
        campaigns.print_document(record)
        return
    document = {
        **_row(record),
        "plan": dict(record.plan),
        "kept": [{"id": one.id, "reason": one.reason} for one in record.kept],
        "items": [],
    }
    print_json_with(cleaned_document(document), "items", map(_item, items_of(record)))


def _any_row(record: JobRecord | CampaignJob) -> dict[str, Any]:
    return campaigns.document_of(record) if isinstance(record, CampaignJob) else _row(record)


def _row(record: JobRecord) -> dict[str, Any]:
    counts = Counter(item.outcome for item in items_of(record))
    return {
        "job": record.job,
        "kind": DELETE,
        "state": record.state.value,
        "began_at": _iso(record.began_at),
        "ended_at": _iso(record.ended_at),
        "profile": record.profile,
        "environment": record.environment,
        "mailbox": record.mailbox,
        "total": record.total,
        **{name: counts[name] for name in reversed(OUTCOMES)},
        "can_be_resumed": record.can_be_resumed,
    }


def _item(item: Item) -> Any:
    header = item.header
    date = None if header is None else parse_date(header.date)
    return cleaned_document(
        {
            "id": item.id,
            "outcome": item.outcome,
            "reason": item.reason,
            "date": _iso(date),
            "subject": None if header is None else parse_subject(header.subject).text,
        }
    )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
