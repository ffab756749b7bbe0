"""What of the mailbox could go without losing anything that somebody may still need, counted and said."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from pectui.domain.completed import Completed, completed
from pectui.tui.foreign import Shown, shown

if TYPE_CHECKING:
    from pectui.session import Session

DAYS = 30
"""How old completed sends must be unless somebody says otherwise."""


async def found_completed(session: Session, now: datetime, days: int) -> Completed:
    """What of the sends that are older than `days` may go, by what was read of them."""
    sends, _ = await session.sends.current()
    return await asyncio.to_thread(completed, sends, now, days)


def told_could_go(found: Completed, key: str = "f") -> Shown:
    """How many receipts, and by which key."""
    count, unread = len(found.headers), len(found.unread)
    more = f"; {_sends(unread)} completed, not read yet" if unread else ""
    if count:
        receipts = "1 receipt" if count == 1 else f"{count:,} receipts"
        of = "1 completed send" if len(found.codes) == 1 else f"{len(found.codes):,} completed sends"
        return shown(f"{receipts} of {of} older than {DAYS} days: {key} marks them{more}")
    if unread:
        return shown(f"{_sends(unread)} completed, but must be read first: {key}, then r")
    return shown(f"nothing: no receipt of a completed send is older than {DAYS} days")


def _sends(count: int) -> str:
    return "1 send looks" if count == 1 else f"{count:,} sends look"
