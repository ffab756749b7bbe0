"""From which use on a mailbox is worth a warning: what the command line says, else what its profile does."""

from __future__ import annotations

from pectui.cli.invocation import Invocation
from pectui.domain.thresholds import Thresholds, read_thresholds


def wanted_thresholds(invocation: Invocation) -> Thresholds:
    """UsageError where they make no sense, also together; it names who said so."""
    arguments, profile = invocation.arguments, invocation.settings.profile
    flags = {"--warn": arguments.warn, "--crit": arguments.crit}
    keys = dict.fromkeys(("quota_warn", "quota_crit"))
    if profile is not None:
        keys = {"quota_warn": profile.quota_warn, "quota_crit": profile.quota_crit}
    (warn_name, warn), (crit_name, crit) = (
        (key, written) if flags[flag] is None and written is not None else (flag, flags[flag])
        for flag, (key, written) in zip(flags, keys.items(), strict=True)
    )
    return read_thresholds(warn, crit, names=(warn_name, crit_name))
