"""What is known around a few messages that are to be deleted: neighbours bear witness, twins must be told from them.

Of a hundred thousand messages nearly all can say nothing about them: those are not even interpreted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

from pectui.domain.dates import parse_date
from pectui.domain.interpret import interpret
from pectui.domain.message import Header, Message
from pectui.domain.subject import fold_blanks
from pectui.engine.listing import PAGE_SIZE
from pectui.tui.places import place_of

_PAGES_AROUND = 2
"""Pages before and after that of the message."""
_AT_ONCE = 2000
"""So many messages are looked through within a few milliseconds: no thread is worth it."""


async def known_around(
    messages: Sequence[Message], headers: Sequence[Header], shown: Iterable[Header], own: frozenset[str]
) -> list[Message]:
    """What `session.prepare` should know of: `headers` are all that is remembered, `shown` what is in the list now."""
    if len(headers) <= _AT_ONCE:
        return _known(messages, headers, shown, own)
    return await asyncio.to_thread(_known, messages, headers, shown, own)


def _known(
    messages: Sequence[Message], headers: Sequence[Header], shown: Iterable[Header], own: frozenset[str]
) -> list[Message]:
    every: dict[Header, None] = {}
    near = 0
    for message in messages:
        place = place_of(headers, message.header, near)
        if place is not None:
            near, first = place, place - place % PAGE_SIZE
            start, end = first - _PAGES_AROUND * PAGE_SIZE, first + (_PAGES_AROUND + 1) * PAGE_SIZE
            every.update(dict.fromkeys(headers[max(0, start) : end]))
    every.update(dict.fromkeys((*shown, *_alike(messages, headers))))
    return [interpret(header, own) for header in every]


def _alike(messages: Sequence[Message], headers: Sequence[Header]) -> Iterable[Header]:
    """What may be a twin: a send of 50,000 has as many receipts of one subject, but not of one second."""
    dates: dict[str, set[datetime | None]] = {}
    for message in messages:
        dates.setdefault(fold_blanks(message.header.subject), set()).add(message.date)
    for header in headers:
        moments = dates.get(fold_blanks(header.subject))
        if moments is not None and parse_date(header.date) in moments:
            yield header
