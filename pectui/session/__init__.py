"""The one place that wires the parts together: settings and secrets in, a mailbox to work with out.

Everything but the command line and the screen meets here, and only here.
"""

from __future__ import annotations

from pectui.session.cache import Cache, open_cache
from pectui.session.clock import system_clock
from pectui.session.metrics import last_quota_success, write_metrics
from pectui.session.offline import refuse
from pectui.session.opening import (
    chosen_profile,
    open_campaign_jobs,
    open_jobs,
    open_session,
    private_folder,
)
from pectui.session.session import Session

__all__ = [
    "Cache",
    "Session",
    "chosen_profile",
    "last_quota_success",
    "open_cache",
    "open_campaign_jobs",
    "open_jobs",
    "open_session",
    "private_folder",
    "refuse",
    "system_clock",
    "write_metrics",
]
