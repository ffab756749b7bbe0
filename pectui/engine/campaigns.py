"""A campaign as journals hold it: the table and the letter that were confirmed, its rows, and what became of each.

Whether a row went out is told by its content alone: what the journals know of its digest holds for every row that has
it, whatever file and whatever run it came from. So a table may be changed in between, moved or sorted: what went out
stays sent, and what has another content by now is another message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pectui.domain.campaign.letter import Letter
from pectui.engine.send_book import Attempt, Book
from pectui.engine.send_events import SendOutcome, SendState


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A row of a campaign: where it stands in the table, to whom it goes, and the digest of what goes out."""

    line: int
    recipient: str
    digest: str


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """What was confirmed."""

    file: str
    """The table's path, from the root on."""
    file_sha256: str
    letter: Letter = field(repr=False)
    rows: tuple[CampaignRow, ...] = ()
    daily_limit: int | None = None

    def as_facts(self) -> dict[str, Any]:
        """For the journal: all that going on with it needs."""
        return {
            "file": self.file,
            "file_sha256": self.file_sha256,
            "subject": self.letter.subject,
            "body": self.letter.body,
            "html": self.letter.is_html,
            "allow_empty": self.letter.allow_empty,
            "daily_limit": self.daily_limit,
            "table": [[row.line, row.recipient, row.digest] for row in self.rows],
        }


def plan_of(facts: Mapping[str, Any]) -> CampaignPlan:
    """What a journal holds. KeyError, TypeError or ValueError where that is no plan."""
    letter = Letter(facts["subject"], facts["body"], facts["html"], facts["allow_empty"])
    rows = tuple(CampaignRow(line, recipient, digest) for line, recipient, digest in facts["table"])
    return CampaignPlan(facts["file"], facts["file_sha256"], letter, rows, facts["daily_limit"])


@dataclass(frozen=True, slots=True)
class RowStanding:
    """A row, and the attempt that decides how it stands; None where it was never tried."""

    row: CampaignRow
    attempt: Attempt | None
    failure: str = ""
    """Why it was not even tried just now; a journal tells nothing of that."""

    @property
    def state(self) -> SendState:
        if self.attempt is None:
            return SendState.FAILED if self.failure else SendState.PENDING
        return self.attempt.state or SendState.UNKNOWN

    @property
    def reason(self) -> str:
        """Why it was not sent, or nobody knows; "" where there is nothing to be told."""
        return self.attempt.reason if self.attempt is not None else self.failure


def standings(rows: Iterable[CampaignRow], book: Book) -> list[RowStanding]:
    """How each row stands by the journals."""
    return [RowStanding(row, book.standing(row.digest)) for row in rows]


def numbers_of(standing: Sequence[RowStanding]) -> SendOutcome:
    """How many rows stand in which state."""
    states = Counter(one.state for one in standing)
    return SendOutcome(
        rows=len(standing),
        sent=states[SendState.SENT],
        pending=states[SendState.PENDING],
        unknown=states[SendState.UNKNOWN],
        failed=states[SendState.FAILED],
        refused=states[SendState.REFUSED],
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """How a table differs from the one that was confirmed last."""

    new: tuple[CampaignRow, ...] = ()
    """Rows of other content: other messages, which nobody has confirmed."""
    to_known: tuple[CampaignRow, ...] = ()
    """Those of them whose recipient has had another message of the same campaign, or may have."""
    gone: tuple[CampaignRow, ...] = ()
    """Rows that are not there any more and were not sent."""


NO_CHANGES = Changes()
"""To a campaign that nobody has confirmed before."""


def changes(before: CampaignPlan, now: CampaignPlan, book: Book) -> Changes:
    """What is different `now`."""
    known = {row.digest for row in before.rows}
    there = {row.digest for row in now.rows}
    done = (SendState.SENT, SendState.UNKNOWN)
    had = {one.row.recipient.casefold() for one in standings(before.rows, book) if one.state in done}
    new = tuple(row for row in now.rows if row.digest not in known)
    gone = standings((row for row in before.rows if row.digest not in there), book)
    return Changes(
        new,
        tuple(row for row in new if row.recipient.casefold() in had),
        tuple(one.row for one in gone if one.state not in done),
    )
