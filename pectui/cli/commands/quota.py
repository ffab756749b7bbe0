"""`pectui quota`: how full the mailbox is, and when it will be full."""

from __future__ import annotations

import asyncio
from argparse import Namespace

from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import error_document, flush, print_json, print_json_line, print_text
from pectui.cli.quota.metrics import Metrics
from pectui.cli.quota.words import document, forecast_document, line
from pectui.domain.forecast import LOOKS_BACK, forecast
from pectui.domain.quota_history import sample_of
from pectui.errors import PectuiError, UsageError
from pectui.session import system_clock


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    _refuse_what_belongs_elsewhere(arguments)
    if arguments.check:
        from pectui.cli.quota import check

        return check.run(invocation)
    metrics = Metrics(invocation)
    if arguments.watch:
        return _watch(invocation, metrics)
    with metrics.down_unless_told():
        return run_to_end(_quota(invocation.with_secrets(), metrics))


def _watch(invocation: Invocation, metrics: Metrics) -> int:
    from pectui.cli.quota.watching import watch

    try:
        with metrics.down_unless_told():
            return run_to_end(watch(invocation.with_secrets(), metrics))
    except PectuiError as error:
        if not invocation.arguments.json or invocation.arguments.debug:
            raise
        print_json_line(error_document(error))  # who reads a document a line can read this one
        return error.exit_code


async def _quota(invocation: Invocation, metrics: Metrics) -> int:
    async with invocation.session() as session:
        since = system_clock() - LOOKS_BACK
        samples, quota = await asyncio.gather(session.quota_history(since), session.quota())
        now = system_clock()
        if (sample := sample_of(quota, now)) is not None:
            samples.append(sample)
        trend = forecast(samples, now)
        metrics.tell(quota)  # first: where it can't be written, that is the one document
        # Printed before the session closes, which waits until the answer is written down.
        if invocation.arguments.json:
            print_json({**document(quota), "forecast": forecast_document(trend, now)})
        else:
            print_text(line(quota, trend, now))
        flush()
    return 0


def _refuse_what_belongs_elsewhere(arguments: Namespace) -> None:
    check, watch = arguments.check, arguments.watch
    for flag, value, fits, wanted in (
        ("--timeout", arguments.timeout, check, "--check"),
        ("--interval", arguments.interval, watch, "--watch"),
        ("--warn", arguments.warn, check or watch, "--check or --watch"),
        ("--crit", arguments.crit, check or watch, "--check or --watch"),
    ):
        if value is not None and not fits:
            raise UsageError(f"{flag} goes with {wanted}", "", f"Add {wanted}, or leave out {flag}.")
