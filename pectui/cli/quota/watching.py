"""`pectui quota --watch`: a line for each answer, as it comes, until Ctrl-C."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from typing import Any, TypeGuard

from pectui.cli.age import iso
from pectui.cli.invocation import Invocation
from pectui.cli.output import cleaned_document, local_time, print_at_once, print_json_line, say
from pectui.cli.quota.metrics import Metrics
from pectui.cli.quota.thresholds import wanted_thresholds
from pectui.cli.quota.words import document, in_words
from pectui.domain.quota import Quota
from pectui.domain.thresholds import Level
from pectui.engine.quota import INTERVAL, Crossed, QuotaEvent, Sampled, Unknown
from pectui.errors import ConfigError, PectuiError, RefusedError, StoreError


async def watch(invocation: Invocation, metrics: Metrics) -> int:
    """Only ends by an error or from outside. What is refused from the start is one; later it may pass."""
    arguments = invocation.arguments
    thresholds = wanted_thresholds(invocation)
    async with invocation.session() as session:
        interval = arguments.interval or 60.0 * session.profile.quota_minutes or INTERVAL
        monitor = await session.quota_monitor(thresholds, interval)
        begun = False
        async with aclosing(monitor.run()) as events:
            async for event in events:
                if not begun and isinstance(event, Unknown) and _is_final(event.error):
                    raise event.error
                _print(event, session.profile.mailbox, as_json=arguments.json)
                try:
                    _publish(event, metrics)
                except StoreError as error:
                    if not begun:
                        raise
                    session.warnings.append(str(error))
                begun = True
                for warning in session.warnings:
                    say(f"pectui: {warning}")
                session.warnings.clear()
    return 0


def _is_final(error: PectuiError | None) -> TypeGuard[PectuiError]:
    return isinstance(error, RefusedError | ConfigError)


def _publish(event: QuotaEvent, metrics: Metrics) -> None:
    if isinstance(event, Sampled):
        metrics.tell(event.quota)
    elif isinstance(event, Unknown):
        metrics.tell_down()


def _print(event: QuotaEvent, mailbox: str, *, as_json: bool) -> None:
    if as_json:
        if not isinstance(event, Crossed):
            print_json_line(cleaned_document(_document(event, mailbox)))
    elif isinstance(event, Sampled):
        print_at_once(f"{local_time(event.at)}  {in_words(event.quota)}")
    elif isinstance(event, Crossed):
        way = "up" if event.is_up else "down"
        say(f"pectui: {mailbox} went {way} from {event.before.name} to {event.level.name}")
    else:
        say(f"pectui: {local_time(event.at)}  unknown: {event.reason}")


def _document(event: Sampled | Unknown, mailbox: str) -> dict[str, Any]:
    if isinstance(event, Sampled):
        return {**_at(event.at), **document(event.quota), "level": event.level.name.lower(), "error": None}
    quota = event.quota or Quota(mailbox, None, None)
    level = Level.UNKNOWN.name.lower()
    return {**_at(event.at), **document(quota), "level": level, "error": event.reason}


def _at(moment: datetime) -> dict[str, Any]:
    return {"at": iso(moment)}
