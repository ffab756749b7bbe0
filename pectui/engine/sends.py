"""Reading what became of a send: one request, every receipt's text, and whatever else the service found set aside."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from pectui.domain.interpret import interpret
from pectui.domain.message import MailText, Message, SendMail
from pectui.domain.send import SendRecord
from pectui.domain.settling import ReadReceipt, settle
from pectui.engine.in_order import in_order
from pectui.engine.reading import header_of
from pectui.engine.receipts import read_receipt
from pectui.engine.service import Service
from pectui.errors import NotFoundError, RateLimitedError, RefusedError, ServiceError, UnreachableError

_AT_ONCE = 10
"""Receipts that are read in the event loop; more of them take a thread."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A mail that the service found for a code which it doesn't carry as its own."""

    code: str | None
    """The code that it does carry."""
    subject: str


@dataclass(frozen=True, slots=True)
class SendReading:
    """A send as the service just showed it."""

    code: str
    record: SendRecord | None
    """What its receipts say; None where the service has none of them."""
    replies: int = 0
    others: int = 0
    """Own copies and notices of providers: they say nothing about what became of the send."""
    set_aside: tuple[SetAside, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendRead:
    """One of many sends was read."""

    reading: SendReading
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class SendFailed:
    """One of many sends could not be read."""

    code: str
    error: ServiceError
    done: int
    of: int


async def read_send(
    service: Service, code: str, *, own: frozenset[str], clock: Callable[[], datetime]
) -> SendReading:
    """Asks for the send and reads all its receipts. ServiceError where that can't be done."""
    try:
        found = await service.get_send(code)
    except NotFoundError:
        return SendReading(code, None)
    at = clock()
    if len(found.mails) > _AT_ONCE:
        return await asyncio.to_thread(understood, code, found, own, at)
    return understood(code, found, own, at)


async def read_sends(
    service: Service,
    codes: Sequence[str],
    *,
    own: frozenset[str],
    clock: Callable[[], datetime],
    concurrency: int,
) -> AsyncGenerator[SendRead | SendFailed, None]:
    """Reads many sends, `concurrency` at once, and gives them in their order.

    What fails is told and the others are read, unless the service refuses or can't be reached at all: then nothing
    further is asked, and the ServiceError is raised.
    """

    async def read(code: str) -> SendReading | ServiceError:
        try:
            return await read_send(service, code, own=own, clock=clock)
        except ServiceError as error:
            if isinstance(error, RefusedError | UnreachableError | RateLimitedError):
                raise  # the next one would fare no better
            return error

    wanted = iter(codes)
    async with aclosing(in_order(read, lambda: next(wanted, None), concurrency)) as results:
        done = 0
        async for code, result in results:
            done += 1
            if isinstance(result, ServiceError):
                yield SendFailed(code, result, done, len(codes))
            else:
                yield SendRead(result, done, len(codes))


def understood(code: str, found: SendMail, own: frozenset[str], at: datetime) -> SendReading:
    """What the service's answer of the moment `at` says of the send."""
    receipts: list[ReadReceipt] = []
    set_aside: list[SetAside] = []
    counts: Counter[str] = Counter()
    for mail, message in _interpreted(found.mails, own):
        if message.code != code:
            set_aside.append(SetAside(message.code, mail.subject))
        elif message.kind.is_receipt:
            text = read_receipt(mail.body, message.kind, mail.subject)
            receipts.append(ReadReceipt(message, text, mail.body))
        else:
            counts["reply" if message.is_reply else "other"] += 1
    return SendReading(
        code=code,
        record=settle(code, receipts, read_at=at) if receipts else None,
        replies=counts["reply"],
        others=counts["other"],
        set_aside=tuple(set_aside),
        warnings=found.warnings,
    )


def _interpreted(mails: Iterable[MailText], own: frozenset[str]) -> Iterable[tuple[MailText, Message]]:
    return ((mail, interpret(header_of(0, mail), own)) for mail in mails)
