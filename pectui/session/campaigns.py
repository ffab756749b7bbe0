"""The campaigns of an open mailbox: what a table would send by what went out already, sending it, finding it again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pectui.engine.campaigns import (
    NO_CHANGES,
    CampaignPlan,
    CampaignRow,
    Changes,
    RowStanding,
    changes,
    standings,
)
from pectui.engine.send_events import SendEvent, SendState, Sent, Unsent
from pectui.engine.send_jobs import CAMPAIGN, CampaignJob, campaign_jobs
from pectui.session.campaign_files import LoadedCampaign, campaign_path, messages_of

if TYPE_CHECKING:
    from pectui.domain.outgoing import Outgoing
    from pectui.session.sending import Sendings


@dataclass(frozen=True, slots=True)
class PreparedCampaign:
    """A campaign that may be confirmed: what would go out now, and what wouldn't."""

    plan: CampaignPlan
    messages: tuple[Outgoing, ...] = field(repr=False)
    """One for each row of the plan, in its order."""
    standing: tuple[RowStanding, ...]
    """The same rows, each as the journals have it."""
    gone_today: int
    """Recipients that something went out to since midnight, from this mailbox."""
    changes: Changes = NO_CHANGES
    """To what was confirmed before, where it is gone on with."""

    def going(self, *, resend_unknown: bool = False, force: bool = False) -> int:
        """How many rows would be sent: never those that went out, or may have, but on demand."""
        return len(self.to_send(resend_unknown=resend_unknown, force=force))

    def to_send(self, *, resend_unknown: bool, force: bool) -> list[Outgoing]:
        """Their messages."""
        kept = {SendState.UNKNOWN: not resend_unknown, SendState.SENT: not force}
        both = zip(self.messages, self.standing, strict=True)
        return [message for message, one in both if not kept.get(one.state)]


class Campaigns:
    """Those of the mailbox that `sendings` sends from."""

    def __init__(self, sendings: Sendings, clock: Callable[[], datetime]) -> None:
        self._sendings = sendings
        self._clock = clock

    async def prepare(
        self, campaign: LoadedCampaign, daily_limit: int | None, before: CampaignPlan | None = None
    ) -> PreparedCampaign:
        """What a table without problems would send now; `before` is what was confirmed of it last.

        Reads the attachments, asks nobody. RefusedHereError where one can't be sent any more.
        """
        return await asyncio.to_thread(self._prepare, campaign, daily_limit, before)

    async def jobs(self) -> Sequence[CampaignJob]:
        """All runs of this mailbox's campaigns, the latest first. StoreError where they can't be read."""
        from pectui.engine.send_book import Book

        # Read for itself: the book that sending goes by may be read in another thread at this moment.
        journals = self._sendings.journals
        return await asyncio.to_thread(lambda: campaign_jobs(journals(), Book(journals())))

    async def find(self, path: Path) -> CampaignJob | None:
        """The last campaign of this table, by where the table lies, else by what it holds; None if there is none."""
        return await asyncio.to_thread(self._find, path)

    async def send(
        self,
        prepared: PreparedCampaign,
        cancelled: Callable[[], bool],
        *,
        resend_unknown: bool = False,
        force: bool = False,
    ) -> AsyncGenerator[SendEvent, None]:
        """Sends what was prepared and confirmed, until `cancelled()` or until the day's recipients are used up.

        RefusedHereError where nothing may be sent.
        """
        limit = prepared.plan.daily_limit
        job = self._sendings.send(
            prepared.to_send(resend_unknown=resend_unknown, force=force),
            {"kind": CAMPAIGN, **prepared.plan.as_facts()},
            lambda: cancelled() or self.day_is_over(limit),
            resend_unknown=resend_unknown,
            force=force,
        )
        async with aclosing(job) as events:
            async for event in events:
                if isinstance(event, Sent | Unsent) and limit is not None:
                    # The day's count must know of this one before the next one has its turn.
                    await asyncio.to_thread(self._sendings.book.refresh)
                yield event

    async def standing(self, plan: CampaignPlan, failures: Mapping[str, str]) -> Sequence[RowStanding]:
        """How each row of the plan stands by the journals; `failures` tells by digest why rows were not tried."""
        return await asyncio.to_thread(self._standing, plan, failures)

    async def gone_today(self) -> int:
        """Recipients that something went out to since midnight, or may have."""
        await asyncio.to_thread(self._sendings.book.refresh)
        return self._gone_today()

    def day_is_over(self, limit: int | None) -> bool:
        """Whether so many recipients got something since midnight. By what the journals told last."""
        return limit is not None and self._gone_today() >= limit

    def _standing(self, plan: CampaignPlan, failures: Mapping[str, str]) -> Sequence[RowStanding]:
        self._sendings.book.refresh()
        found = standings(plan.rows, self._sendings.book)
        return [replace(one, failure=failures.get(one.row.digest, "")) for one in found]

    def _gone_today(self) -> int:
        midnight = self._clock().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        return self._sendings.book.recipients_since(midnight)

    def _prepare(
        self, campaign: LoadedCampaign, daily_limit: int | None, before: CampaignPlan | None
    ) -> PreparedCampaign:
        from pectui.engine.send_files import Files

        messages = tuple(messages_of(campaign, Files()))
        rows = tuple(CampaignRow(one.line or 0, one.recipients[0], one.digest) for one in messages)
        letter = campaign.checked.letter.letter
        plan = CampaignPlan(str(campaign.path), campaign.sha256, letter, rows, daily_limit)
        self._sendings.book.refresh()
        return PreparedCampaign(
            plan,
            messages,
            tuple(standings(rows, self._sendings.book)),
            self._gone_today(),
            NO_CHANGES if before is None else changes(before, plan, self._sendings.book),
        )

    def _find(self, path: Path) -> CampaignJob | None:
        wanted = str(campaign_path(path))
        jobs = campaign_jobs(self._sendings.journals(), self._sendings.book)
        by_path = (job for job in jobs if job.plan.file == wanted)
        if (found := next(by_path, None)) is not None:
            return found
        try:
            digest = sha256(path.read_bytes()).hexdigest()
        except OSError:
            return None
        return next((job for job in jobs if job.plan.file_sha256 == digest), None)
