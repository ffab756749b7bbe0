"""`pectui quota --check`: one line and a status of 0 to 3, whatever happens, for monitoring systems."""

from __future__ import annotations

import asyncio

from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.quota.alarm import Alarm
from pectui.cli.quota.metrics import Metrics
from pectui.cli.quota.thresholds import wanted_thresholds
from pectui.cli.quota.verdict import verdict
from pectui.domain.thresholds import Thresholds

_SECONDS = 30.0


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    arguments.no_input = True  # a check that waits for a person would never end
    metrics = Metrics(invocation)
    with metrics.down_unless_told():
        thresholds = wanted_thresholds(invocation)
        seconds = _SECONDS if arguments.timeout is None else arguments.timeout
        with Alarm(seconds, lambda error: verdict.unknown(str(error))) as alarm:
            return run_to_end(_check(invocation.with_secrets(), thresholds, alarm, metrics))


async def _check(invocation: Invocation, thresholds: Thresholds, alarm: Alarm, metrics: Metrics) -> int:
    left = alarm.insist()
    async with invocation.session(silent=True) as session:
        with metrics.down_unless_told():
            try:
                async with asyncio.timeout(left):
                    quota = await session.quota()
            except TimeoutError:
                raise alarm.too_late() from None
            metrics.tell(quota)
        status = verdict.of(quota, thresholds)
    return status
