"""What metrics of a mailbox need: when it was last read, and the file in which another program finds them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pectui.config import Places, Profile
from pectui.environment import Environment
from pectui.errors import StoreError
from pectui.session.clock import system_clock
from pectui.session.opening import quota_samples


def last_quota_success(profile: Profile, places: Places) -> datetime | None:
    """When any program last got a usable answer about the profile's quota; None where nobody knows.

    It waits for the disk.
    """
    if profile.environment is Environment.DEMO or not profile.username:
        return None
    try:
        samples = quota_samples(profile, places).read()
        now = system_clock()
    except StoreError:
        return None
    # What is dated later is the work of a clock that was wrong.
    return max((one.at for one in samples if one.at <= now), default=None)


def write_metrics(path: Path, text: str) -> None:
    """Puts `text` there at once, for a collector to read. StoreError where that can't be."""
    from pectui.store import metrics_file

    metrics_file.write_metrics(path, text)
