"""The one line that a monitoring plugin prints, and its status: told once in a process, whoever comes first.

After the Monitoring Plugins Development Guidelines: `PECTUI OK - text | label=value[UOM];warn;crit;min;max`, statuses
0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
"""

from __future__ import annotations

from math import floor

from pectui.cli.output import print_at_once
from pectui.domain.quota import Quota, in_units
from pectui.domain.thresholds import Level, Thresholds
from pectui.text.clean import clean_line

UNKNOWN = int(Level.UNKNOWN)


class Verdict:
    """How a check ends."""

    def __init__(self) -> None:
        self.status: int | None = None
        """The exit status, once the line was told."""

    def unknown(self, reason: str) -> int:
        """UNKNOWN, for this reason, unless something else was told before."""
        return self._tell(Level.UNKNOWN, reason)

    def of(self, quota: Quota, thresholds: Thresholds) -> int:
        """What the figures say by the thresholds."""
        level = thresholds.level(quota)
        if level is Level.UNKNOWN:
            what = "use" if quota.used_bytes is None else "limit"
            return self.unknown(f"{quota.mailbox}: the service gave no usable figure for the {what}")
        return self._tell(level, f"{quota.mailbox} {_figures(quota)}", _performance(quota, thresholds))

    def _tell(self, level: Level, text: str, performance: str = "") -> int:
        if self.status is None:
            self.status = int(level)
            # A bar would begin the figures.
            said = clean_line(f"PECTUI {level.name} - {text}").replace("|", "/")
            print_at_once(said + performance)
        return self.status


verdict = Verdict()
"""That of this process."""


def _figures(quota: Quota) -> str:
    """`16.3% of 1.0 GiB`, never rounded up to a threshold that isn't reached."""
    used, limit = quota.used_bytes, quota.limit_bytes
    if used is None or not limit:
        return in_units(used)
    return f"{floor(1000 * used / limit) / 10:.1f}% of {in_units(limit)}"


def _performance(quota: Quota, thresholds: Thresholds) -> str:
    """` | usage=175116288B;858993459;966367641;0;1073741824`.

    A threshold is where the range that is well ends, as the guidelines have it: the last byte below ours.
    """
    limit = quota.limit_bytes
    ends = (one.reached_at(limit) for one in (thresholds.warn, thresholds.crit))
    warn, crit = ("" if end is None else str(max(0, end - 1)) for end in ends)
    return f" | usage={quota.used_bytes}B;{warn};{crit};0;{limit or ''}".rstrip(";")
