"""What is said when the mailbox crosses a threshold: how full it is, when it will be full, what of it could go."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from pectui.domain.quota import in_units
from pectui.domain.thresholds import Level, Thresholds
from pectui.tui.could_go import DAYS, found_completed, told_could_go
from pectui.tui.foreign import Shown, shown
from pectui.tui.meter import percent_used
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from pectui.engine.quota import Crossed
    from pectui.session import Session


async def told_of_crossing(session: Session, event: Crossed, now: datetime) -> Notice:
    """What to tell; where it became worse, until somebody takes it away."""
    title = _title(event, session.profile.thresholds)
    if not event.is_up:
        return Notice(title)
    trend = await _trend(session, now)
    could_go = told_could_go(await found_completed(session, now, DAYS), "3, then f")
    could_go = shown(f"Could go: {could_go}.")
    severity = Severity.ERROR if event.level is Level.CRITICAL else Severity.WARNING
    return Notice(title, trend, could_go, severity, stays=True)


def _title(event: Crossed, thresholds: Thresholds) -> Shown:
    quota = event.quota
    use = percent_used(quota) or in_units(quota.used_bytes)
    beginning = f"{quota.mailbox} is {use} full" if percent_used(quota) else f"{quota.mailbox} holds {use}"
    if event.level is Level.CRITICAL:
        return shown(f"{beginning}: critical, from {thresholds.crit} on")
    if event.is_up:
        return shown(f"{beginning}: the warning is at {thresholds.warn}")
    if event.level is Level.WARNING:
        return shown(f"{beginning}: below {thresholds.crit}, no longer critical")
    return shown(f"{beginning}: below the warning at {thresholds.warn} again")


async def _trend(session: Session, now: datetime) -> Shown:
    from pectui.domain.forecast import LOOKS_BACK, NoTrend, forecast, when_full

    samples = await session.quota_history(now - LOOKS_BACK)
    found = await asyncio.to_thread(forecast, samples, now)
    if isinstance(found, NoTrend):
        return shown(f"When it will be full is not known: {found.value}.")
    told = when_full(found, now)
    return shown(f"{told[0].upper()}{told[1:]}.")
