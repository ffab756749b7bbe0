"""How full the mailbox is, as the screen tells it: in percent that never claim a threshold which isn't reached."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pectui.domain.quota import Quota
from pectui.domain.thresholds import Level
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink


@dataclass(frozen=True, slots=True)
class Meter:
    """What is known of how full the mailbox is."""

    quota: Quota
    level: Level = Level.UNKNOWN
    as_of: Shown = NOTHING
    """When it was so; nothing while the service's last answer says so."""

    @property
    def is_stale(self) -> bool:
        """Whether the service has not confirmed it since."""
        return bool(self.as_of)

    def stale(self, as_of: Shown) -> Meter:
        """The same, no longer confirmed."""
        return replace(self, as_of=as_of)


@dataclass(frozen=True, slots=True)
class LevelLook:
    """Signs differ from each other, so that nothing is told by colour alone."""

    sign: Shown
    word: Shown
    ink: Ink


LEVEL_LOOKS = {
    Level.OK: LevelLook(NOTHING, Shown("below the warning"), Ink.GOOD),
    Level.WARNING: LevelLook(Shown("!"), Shown("warning"), Ink.WARN),
    Level.CRITICAL: LevelLook(Shown("!!"), Shown("critical"), Ink.BAD),
    Level.UNKNOWN: LevelLook(Shown("?"), Shown("unknown"), Ink.MUTED),
}


def percent_used(quota: Quota, places: int = 1) -> Shown | None:
    """`16.3%`, from ten on rounded down: 79.96% are not 80%; below it with one place. None where it is unknown."""
    used, limit = quota.used_bytes, quota.limit_bytes
    if used is None or not limit:
        return None
    if used * 10 < limit:
        return shown(f"{quota.percent}%")
    # Whole numbers: what is exactly at a threshold must not end up below it.
    fine = 10**places
    return shown(f"{100 * fine * used // limit / fine:.{places}f}%")


def cells_filled(quota: Quota, size: int) -> int:
    """How many of `size` cells of a bar are full: none only if nothing is used, all only if it is full."""
    used, limit = quota.used_bytes, quota.limit_bytes
    if not used or not limit:
        return 0
    if used >= limit:
        return size
    return max(1, min(size - 1, round(size * used / limit)))
