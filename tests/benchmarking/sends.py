"""What the Sends view costs with 100,000 messages: grouping them, following new mail, unfolding one, printing all."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pectui.domain.message import Header
from pectui.domain.sends import Sends
from pectui.engine.listing import Listing
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.store.mailbox import MailboxStore
from tests.benchmarking.mailboxes import served
from tests.benchmarking.measuring import alternate, report

MESSAGES = 100_000
_OWN = frozenset({DEMO_ADDRESS})

T = TypeVar("T")


def grouped_sends(home: Path) -> None:
    """Prints all of it."""
    with served(MESSAGES, home / "sends") as mailbox:
        mailbox.run("sync")
    now = datetime.now(UTC)

    def load() -> list[Header]:
        return list(Listing(*MailboxStore(mailbox.cache).listing()).headers)

    def group() -> Sends:
        sends = Sends(_OWN)
        sends.follow(load())
        return sends

    reading, grouping, summing = alternate(
        5,
        lambda: _timed(load)[0],
        lambda: _timed(group)[0],
        lambda: _timed(lambda: group().summaries(now))[0],
    )
    report("grouping 100,000 messages from the store", 1000 * grouping, "ms", 1000 * reading, "reading them")
    report("the same with a state for each send", 1000 * summing, "ms", 1000, "the limit")

    sends = group()
    codes = [summary.code for summary in sends.summaries(now)]
    headers = load()
    sends.change([], [header.id for header in headers[:25]])

    def follow_new_mail() -> None:
        sends.change(headers[:25])
        sends.summaries(now)

    few, _ = _timed(follow_new_mail)
    report("25 new ones among them, with all states", 1000 * few, "ms", 1000 * summing, "grouping all again")
    (unfolding,) = alternate(5, lambda: _timed(lambda: [sends.members(code) for code in codes[:100]])[0])
    report("the messages of 100 sends", 1000 * unfolding, "ms", 5000, "the limit, 50 ms each")

    def whole(form: str) -> float:
        return _timed(lambda: mailbox.run("sends", form, "--offline"))[0]

    table, document = alternate(3, lambda: whole("--csv"), lambda: whole("--json"))
    report("pectui sends --csv --offline, whole process", 1000 * table, "ms", 1000 * reading, "reading them")
    report(
        "pectui sends --json --offline, whole process", 1000 * document, "ms", 1000 * reading, "reading them"
    )


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
