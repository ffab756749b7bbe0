"""The order of messages: the server's, which is not the order of their dates, and the one that people see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from pectui.domain.interpret import interpret
from pectui.domain.message import Header, Message

_NO_DATE = datetime.min.replace(tzinfo=UTC)


def newest_first(messages: Sequence[Message]) -> tuple[Message, ...]:
    """By date, newest first, the server's order as tie-break; a message without a date stays by its neighbour."""
    in_order = list(reversed(messages)) if _ascending([message.date for message in messages]) else messages
    keyed: list[tuple[datetime, Message]] = []
    latest = next((message.date for message in in_order if message.date is not None), _NO_DATE)
    for message in in_order:
        latest = message.date or latest
        keyed.append((latest, message))
    return tuple(message for _, message in sorted(keyed, key=lambda pair: pair[0], reverse=True))


def lists_oldest_first(headers: Sequence[Header], own: frozenset[str]) -> bool:
    """Whether the server put the older messages of this page first.

    Ids grow with every mail that arrives, on servers of both kinds; where they follow no order, the dates tell.
    """
    ids = [header.id for header in headers]
    if len(ids) > 1 and all(one < other for one, other in pairwise(ids)):
        return True
    if all(one > other for one, other in pairwise(ids)):
        return False
    return _ascending([interpret(header, own).date for header in headers])


def _ascending(dates: Sequence[datetime | None]) -> bool:
    known = [date for date in dates if date is not None]
    rising = sum(1 for before, after in pairwise(known) if before < after)
    falling = sum(1 for before, after in pairwise(known) if before > after)
    return rising > falling
