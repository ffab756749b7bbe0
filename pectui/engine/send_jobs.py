"""Jobs that send, by their journals: what was confirmed, how far each got, and how its rows stand by now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pectui.engine.campaigns import CampaignPlan, RowStanding, numbers_of, plan_of, standings
from pectui.engine.jobs import JobState
from pectui.engine.send_book import Book
from pectui.engine.send_events import SendOutcome
from pectui.engine.send_journals import SETTLED, FolderJournals, SendJournals

CAMPAIGN = "campaign"
"""The kind of job that sends a table. The name is the one that `--json` uses."""


@dataclass(frozen=True, slots=True)
class CampaignJob:
    """One run of a campaign. Its rows stand as all journals of the mailbox have them, also those of later runs."""

    job: str
    began_at: datetime
    ended_at: datetime | None
    state: JobState
    plan: CampaignPlan
    standing: tuple[RowStanding, ...]
    profile: str = ""
    environment: str = ""
    mailbox: str = ""
    host: str = ""

    @property
    def numbers(self) -> SendOutcome:
        """How many rows stand in which state."""
        return numbers_of(self.standing)

    @property
    def can_be_resumed(self) -> bool:
        """Whether it ended with rows that were not tried, and no later run has come to them."""
        return self.state in (JobState.STOPPED, JobState.INTERRUPTED) and self.numbers.pending > 0


def campaign_jobs(journals: SendJournals, book: Book) -> list[CampaignJob]:
    """The campaigns of one mailbox, the latest first. `journals` must not have been read by anybody else."""
    book.refresh()
    found = (_read(job, lines, journals, book) for job, lines in journals.news() if job != SETTLED)
    return sorted((one for one in found if one is not None), key=lambda one: one.job, reverse=True)


def all_campaign_jobs(root: Path) -> list[CampaignJob]:
    """Those of every mailbox on this machine: `root` holds a folder of journals for each. StoreError if they can't be
    read."""
    try:
        folders = sorted(path for path in root.iterdir() if path.is_dir())
    except FileNotFoundError:
        return []
    return [
        job
        for folder in folders
        for job in campaign_jobs(
            FolderJournals(folder, datetime.now), Book(FolderJournals(folder, datetime.now))
        )
    ]


_ENDED: Final = {"end": JobState.FINISHED, "cancelled": JobState.STOPPED}


def _read(job: str, lines: Iterable[str], journals: SendJournals, book: Book) -> CampaignJob | None:
    plan: CampaignPlan | None = None
    about: Mapping[str, Any] = {}
    moments: list[datetime] = []
    ended: JobState | None = None
    for line in lines:
        try:
            step = json.loads(line)
            moments.append(datetime.fromisoformat(step["at"]))
            if step["step"] == "plan" and step.get("kind") == CAMPAIGN:
                plan, about = plan_of(step), step
            ended = _ENDED.get(step["step"], ended)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue  # a line that a kill left torn
    if plan is None:
        return None
    running = journals.is_running(job)
    standing = tuple(standings(plan.rows, book))
    state = JobState.RUNNING if running else ended or JobState.INTERRUPTED
    if not running and not numbers_of(standing).pending:
        state = JobState.FINISHED  # also where a kill left it without its last line
    names = ("profile", "environment", "mailbox", "host")
    return CampaignJob(
        job,
        moments[0],
        None if running else moments[-1],
        state,
        plan,
        standing,
        *(str(about.get(name, "")) for name in names),
    )
