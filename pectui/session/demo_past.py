"""The past of the demo's mailbox: as made up as its mails are, and in keeping with them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pectui.session.clock import Clock

if TYPE_CHECKING:
    from pectui.sandbox.app import SandboxApp
    from pectui.store.quota_samples import QuotaSamples

_DAILY, _HOURLY = 84, 31 * 24


def demo_quota_samples(app: SandboxApp, clock: Clock) -> QuotaSamples:
    """What somebody would have seen who had asked each hour since its first mail came: nothing was deleted before."""
    from pectui.domain.quota_history import QuotaSample, thinned
    from pectui.store.quota_samples import MemoryQuotaSamples

    now = clock().replace(minute=0, second=0, microsecond=0)
    days = [now - timedelta(days=day) for day in range(_DAILY, _HOURLY // 24, -1)]
    moments = [*days, *(now - timedelta(hours=hour) for hour in range(_HOURLY, 0, -1))]
    limit = app.mailbox.limit * 1024
    seen = zip(moments, app.mailbox.usage_at(moments), strict=True)
    return MemoryQuotaSamples(thinned((QuotaSample(at, use * 1024, limit) for at, use in seen if use), now))
