"""How full a mailbox is and when it will be full, for people and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pectui.domain.forecast import Forecast, NoTrend, when_full
from pectui.domain.quota import Quota, in_units
from pectui.text.clean import clean_line

_BAR = 20


def in_words(quota: Quota) -> str:
    """`167.0 MiB of 1.0 GiB, 16.3%`."""
    percent = "percent unknown" if quota.percent is None else f"{quota.percent}%"
    return f"{in_units(quota.used_bytes)} of {in_units(quota.limit_bytes)}, {percent}"


def line(quota: Quota, trend: Forecast | NoTrend, now: datetime) -> str:
    """All of it on one line: `INBOX: 167.0 MiB of 1.0 GiB, 16.3%  [###---]  857.0 MiB free; full in 34 days`."""
    text = f"{clean_line(quota.mailbox)}: {in_words(quota)}"
    if quota.percent is not None:
        text += f"  {_bar(quota.percent)}  {in_units(quota.free_bytes)} free"
    if isinstance(trend, Forecast):
        text += f"; {when_full(trend, now)}"
    return text


def document(quota: Quota) -> dict[str, Any]:
    """The figures as `--json` promises them; null for what is unknown."""
    return {
        "mailbox": clean_line(quota.mailbox),
        "used_bytes": quota.used_bytes,
        "limit_bytes": quota.limit_bytes,
        "percent": quota.percent,
    }


def forecast_document(trend: Forecast | NoTrend, now: datetime) -> dict[str, Any] | None:
    """None where there is no trend."""
    if isinstance(trend, NoTrend):
        return None
    days, earliest, latest = trend.days(now)
    return {
        "days_until_full": round(days, 1),
        "earliest": round(earliest, 1),
        "latest": round(latest, 1),
        "bytes_per_day": round(trend.bytes_per_day),
    }


def _bar(percent: float) -> str:
    filled = min(_BAR, max(1 if percent else 0, round(_BAR * percent / 100)))
    return f"[{'#' * filled}{'-' * (_BAR - filled)}]"
