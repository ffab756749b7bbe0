"""What is known around a message that is to be deleted: its neighbours bear witness, its twins must be told from it.

Of a hundred thousand messages nearly all can say nothing about it: those are not even interpreted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

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
    message: Message, headers: Sequence[Header], shown: Iterable[Header], own: frozenset[str]
) -> list[Message]:
    """What `session.prepare` should know of: `headers` are all that is remembered, `shown` what is in the list now."""
    if len(headers) <= _AT_ONCE:
        return _known(message, headers, shown, own)
    return await asyncio.to_thread(_known, message, headers, shown, own)


def _known(
    message: Message, headers: Sequence[Header], shown: Iterable[Header], own: frozenset[str]
) -> list[Message]:
    around: Sequence[Header] = ()
    place = place_of(headers, message.header, 0)
    if place is not None:
        first = place - place % PAGE_SIZE
        start, end = first - _PAGES_AROUND * PAGE_SIZE, first + (_PAGES_AROUND + 1) * PAGE_SIZE
        around = headers[max(0, start) : end]
    every = dict.fromkeys((*around, *shown, *_alike(message, headers)))
    return [interpret(header, own) for header in every]


def _alike(message: Message, headers: Sequence[Header]) -> Iterable[Header]:
    """What may be a twin: a send of 50,000 has as many receipts of one subject, but not of one second."""
    subject = fold_blanks(message.header.subject)
    for header in headers:
        if fold_blanks(header.subject) == subject and parse_date(header.date) == message.date:
            yield header
