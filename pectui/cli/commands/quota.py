"""`pectui quota`: how full the mailbox is."""

from __future__ import annotations

from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import print_json, print_text
from pectui.domain.quota import Quota, in_units
from pectui.text.clean import clean_line


def run(invocation: Invocation) -> int:
    return run_to_end(_quota(invocation.with_secrets()))


async def _quota(invocation: Invocation) -> int:
    async with invocation.session() as session:
        quota = await session.quota()
    if invocation.settings.json:
        print_json(
            {
                "mailbox": quota.mailbox,
                "used_bytes": quota.used_bytes,
                "limit_bytes": quota.limit_bytes,
                "percent": quota.percent,
            }
        )
    else:
        print_text(f"{clean_line(quota.mailbox)}: {in_words(quota)}")
    return 0


def in_words(quota: Quota) -> str:
    """`167.0 MiB of 1.0 GiB, 16.3%`."""
    percent = "percent unknown" if quota.percent is None else f"{quota.percent}%"
    return f"{in_units(quota.used_bytes)} of {in_units(quota.limit_bytes)}, {percent}"
