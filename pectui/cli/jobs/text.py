"""Jobs for people: a line each, or one with what became of each of its messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pectui.cli.columns import Columns, in_parts, named_lines
from pectui.cli.jobs import campaigns
from pectui.cli.jobs.items import DELETE, OUTCOMES, Item, items_of
from pectui.cli.output import local_time, print_text, say
from pectui.domain.dates import parse_date
from pectui.domain.subject import parse_subject
from pectui.engine.jobs import JobRecord
from pectui.engine.send_jobs import CampaignJob
from pectui.text.clean import clean_line


def print_jobs(records: Sequence[JobRecord | CampaignJob]) -> None:
    """A line for each job, the latest first."""
    layout = Columns(flexible=(5,), whole=True)
    for part in in_parts(records):
        for line in layout.lines(list(map(_any_row, part))):
            print_text(line)
    resumable = sum(1 for record in records if record.can_be_resumed)
    jobs = "1 job" if len(records) == 1 else f"{len(records)} jobs"
    more = f"; {resumable} can be gone on with: pectui jobs --resume ID" if resumable else ""
    say(f"{jobs}{more}")


def print_job(record: JobRecord | CampaignJob) -> None:
    """The job's facts, then a line for each message: first those that somebody has to look at."""
    if isinstance(record, CampaignJob):
        campaigns.print_lines(record)
        return
    items = sorted(items_of(record), key=lambda item: OUTCOMES.index(item.outcome))
    print_text(named_lines(list(_head(record, items))))
    layout = Columns(flexible=(3, 4))
    for part in in_parts(items):
        for line in layout.lines(list(map(_item, part))):
            print_text(line)
    for one in record.kept:
        print_text(clean_line(f"{one.id} kept: {one.reason}"))
    if record.can_be_resumed:
        say(f"It can be gone on with: pectui jobs --resume {record.job}")


def _any_row(record: JobRecord | CampaignJob) -> tuple[str, ...]:
    return campaigns.cells_of(record) if isinstance(record, CampaignJob) else _row(record)


def _row(record: JobRecord) -> tuple[str, ...]:
    return (
        record.job,
        DELETE,
        local_time(record.began_at),
        record.state.value,
        f"{record.total - len(record.left)}/{record.total}",
        clean_line(_whose(record)),
    )


def _head(record: JobRecord, items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    counts = Counter(item.outcome for item in items)
    yield "Job", record.job
    yield "Kind", DELETE
    yield "State", record.state.value
    yield "Began", local_time(record.began_at)
    yield "Ended", local_time(record.ended_at) if record.ended_at is not None else "not yet"
    yield "Mailbox", _whose(record)
    told = ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in OUTCOMES if counts[name])
    yield "Messages", f"{record.total}{f': {told}' if told else ''}"


def _whose(record: JobRecord) -> str:
    return f"{record.mailbox or '?'} ({record.profile or '?'})"


def _item(item: Item) -> tuple[str, ...]:
    header = item.header
    return (
        str(item.id),
        item.outcome.replace("_", " "),
        local_time(None if header is None else parse_date(header.date)),
        clean_line(parse_subject(header.subject).text) if header is not None else "",
        clean_line(item.reason),
    )
