"""A finished message of a campaign: what goes out for one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pectui.domain.campaign.rows import CheckedCampaign, PlannedRow


@dataclass(frozen=True, slots=True)
class FinishedMessage:
    """The PEC of one row, written out."""

    line: int
    recipient: str
    subject: str
    body: str = field(repr=False)
    paths: tuple[str, ...] = ()
    """Its attachments, as the table names them."""


def finished(campaign: CheckedCampaign, planned: PlannedRow) -> FinishedMessage:
    """What goes out for the row. ValueError if the letter has problems."""
    if campaign.letter.problems:
        raise ValueError("a placeholder of the letter has no column")
    return FinishedMessage(
        planned.line,
        planned.recipient,
        campaign.letter.subject_for(planned.row),
        campaign.letter.body_for(planned.row),
        planned.paths,
    )


def samples(campaign: CheckedCampaign) -> Iterator[FinishedMessage]:
    """Three finished messages to look at: the first, the one in the middle and the last; fewer where there are."""
    if campaign.letter.problems or not campaign.rows:
        return
    last = len(campaign.rows) - 1
    for at in sorted({0, last // 2, last}):
        yield finished(campaign, campaign.rows[at])
