"""How long a plan lets a campaign take, by what the vendor states (`api.md`)."""

from __future__ import annotations

A_MONTH = 30_000
"""Recipients a month on the Flat plan."""


def days_for(recipients: int, *, gone_today: int, a_day: int) -> int:
    """Days that so many recipients take, today among them where anything is left of it; 0 for nobody."""
    if not recipients:
        return 0
    today = max(0, a_day - gone_today)
    return 1 + -(-max(0, recipients - today) // a_day)
