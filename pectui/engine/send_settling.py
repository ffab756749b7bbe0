"""What became of messages of which nobody knows: the inbox shows that they went out, or shows nothing.

An acceptance proves that a send happened. It settles an unknown message if no code in the journals explains it, its
subject is the message's own, it came after the POST, and its text names exactly the message's recipients. Each
acceptance settles one message. Where several unknown ones could be meant, and fewer acceptances than those came, none
is settled whose turn can't be told: calling the wrong one sent would lose the other.

**Finding none proves nothing.** Receipts come late, and may have been deleted. Nothing here ever says `not sent`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pectui.domain.dates import code_date, parse_date
from pectui.domain.interpret import kind_of
from pectui.domain.kind import Kind
from pectui.domain.message import Header
from pectui.domain.recipients import same_mailbox
from pectui.domain.subject import fold_blanks, kind_and_code, original_subject
from pectui.engine.receipts import read_receipt
from pectui.engine.send_book import Attempt, Book
from pectui.engine.send_events import SendState
from pectui.engine.send_journals import SETTLED, SendJournals
from pectui.engine.service import Service
from pectui.errors import NotFoundError

_AT_THE_LATEST = timedelta(hours=24)
"""A provider accepts at once or in a while; what is accepted a day later was sent later."""
_UNDER_WAY = timedelta(hours=1)
"""No POST takes so long, and no clock is so far ahead: a code that is younger belongs to another send."""
_AROUND = timedelta(days=1)
"""Sends that tell how the service's clock stands."""
_MOST_BEHIND = timedelta(minutes=5)
"""A clock that is further off was set meanwhile, or is that of another zone."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What an acceptance in the inbox tells of its send."""

    code: str
    at: datetime
    recipients: frozenset[str]


@dataclass(frozen=True, slots=True)
class Settlement:
    """An attempt that went out, and the code by which the inbox shows it."""

    attempt: Attempt
    code: str


async def settle(
    service: Service, book: Book, journals: SendJournals, headers: Iterable[Header]
) -> list[Settlement]:
    """Settles what `headers`, all of the inbox, show to be sent, and journals that.

    ServiceError where an acceptance can't be read, StoreError or RefusedHereError where it can't be journalled: then
    everything stays as it was.
    """
    await asyncio.to_thread(book.refresh)
    waiting = await asyncio.to_thread(doubtful, book)
    if not waiting:
        return []
    found = await _acceptances(service, book, waiting, headers)
    if not found:
        return []
    return await asyncio.to_thread(_write_down, book, journals, found)


def _write_down(
    book: Book, journals: SendJournals, found: Mapping[str, Sequence[Acceptance]]
) -> list[Settlement]:
    journal = journals.settling()
    with ExitStack() as undo:
        undo.callback(journal.close)
        # By now another program may have settled some of it: it can't any more while this journal is open.
        book.refresh()
        settled = assign(doubtful(book), found, book.codes)
        for one in settled:
            facts = {"job": one.attempt.job, "post": one.attempt.post, "digest": one.attempt.digest}
            journal.write(SETTLED, {**facts, "code": one.code})
    book.refresh()
    return settled


def doubtful(book: Book) -> list[Attempt]:
    """What an acceptance could settle, with the time of its POST by the service's clock as far as that is known. One
    that was sent and was given no code has a claim on its own, too."""
    waiting = sorted(book.unexplained(), key=lambda one: one.at)
    behind = _behind(book, waiting) if waiting else timedelta(0)
    return [replace(one, at=one.at - behind) for one in waiting] if behind else waiting


def _behind(book: Book, waiting: Sequence[Attempt]) -> timedelta:
    """How far the service's clock is at least behind this machine's: no code is made before its POST."""
    first, last = waiting[0].at - _AROUND, waiting[-1].at + _AROUND
    found = timedelta(0)
    for one in book.attempts():
        if one.state is not SendState.SENT or one.code is None or not first <= one.at <= last:
            continue
        coded = code_date(one.code)
        if coded is not None and _second(one.at) - coded <= _MOST_BEHIND:
            found = max(found, _second(one.at) - coded)
    return found


def assign(
    waiting: Sequence[Attempt], found: Mapping[str, Sequence[Acceptance]], codes: frozenset[str]
) -> list[Settlement]:
    """Which attempt each acceptance settles. `found` are acceptances by subject, `codes` those that are explained."""
    settled: list[Settlement] = []
    groups: dict[tuple[str, frozenset[str]], list[Attempt]] = {}
    for attempt in waiting:
        named = [one for one in _of(attempt, found) if one.code == attempt.code]
        if attempt.code is not None and named:
            settled.append(Settlement(attempt, attempt.code))
        elif attempt.code is None:
            groups.setdefault((fold_blanks(attempt.subject), _mailboxes(attempt)), []).append(attempt)
    for attempts in groups.values():
        if any(one.is_under_way for one in attempts):
            continue  # it may be that one's own, whose code nobody knows yet
        free = sorted(
            (one for one in _of(attempts[0], found) if one.code not in codes), key=lambda one: one.at
        )
        settled += _matched(attempts, free)
    return settled


def _matched(attempts: Sequence[Attempt], free: Sequence[Acceptance]) -> list[Settlement]:
    """Attempts that look alike, and acceptances that could be theirs, both in the order of time."""
    left = list(attempts)
    settled: list[Settlement] = []
    remaining = list(free)
    for acceptance in free:
        claimants = [one for one in left if _fits(one, acceptance)]
        contenders = [one for one in remaining if any(_fits(claimant, one) for claimant in claimants)]
        alike = len({one.digest for one in claimants}) == 1
        if claimants and (alike or len(contenders) >= len(claimants)):
            settled.append(Settlement(claimants[0], acceptance.code))
            left.remove(claimants[0])
        remaining.remove(acceptance)
    return settled


def _fits(attempt: Attempt, acceptance: Acceptance) -> bool:
    begun = _second(attempt.at)
    if not begun <= acceptance.at <= begun + _AT_THE_LATEST:
        return False
    # A code begins with the time at which the service made it: the acceptance of an earlier send may come late.
    coded = code_date(acceptance.code)
    return coded is None or begun <= coded <= begun + _UNDER_WAY


def _second(moment: datetime) -> datetime:
    """Dates of mail have whole seconds. A clock that is behind by more than other sends show leaves a message unknown:
    allowing for it would call one sent for what somebody else had sent before."""
    return moment.replace(microsecond=0)


def _of(attempt: Attempt, found: Mapping[str, Sequence[Acceptance]]) -> list[Acceptance]:
    same = found.get(fold_blanks(attempt.subject), ())
    return [one for one in same if one.recipients == _mailboxes(attempt)]


def _mailboxes(attempt: Attempt) -> frozenset[str]:
    return frozenset(map(same_mailbox, attempt.recipients))


async def _acceptances(
    service: Service, book: Book, waiting: Sequence[Attempt], headers: Iterable[Header]
) -> dict[str, list[Acceptance]]:
    """By subject: what of the inbox could settle one of `waiting`, its text read."""
    found: dict[str, list[Acceptance]] = {}
    # In a thread: a whole mailbox is gone through.
    candidates = await asyncio.to_thread(_candidates, book.codes, waiting, headers)
    for code, (subject, date) in candidates.items():
        if (acceptance := await _read(service, code, date)) is not None:
            found.setdefault(subject, []).append(acceptance)
    return found


def _candidates(
    codes: frozenset[str], waiting: Sequence[Attempt], headers: Iterable[Header]
) -> dict[str, tuple[str, datetime]]:
    """Codes with subject and date of their first acceptance that could settle one of `waiting`."""
    subjects = {fold_blanks(one.subject) for one in waiting}
    explained = codes - {one.code for one in waiting}
    earliest = _second(min(one.at for one in waiting))
    found: dict[str, tuple[str, datetime]] = {}
    for header in headers:
        claimed, code = kind_and_code(header.subject)
        if claimed is not Kind.ACCEPTANCE or code is None or code in explained:
            continue
        subject = original_subject(header.subject).removesuffix(code).rstrip()
        date = parse_date(header.date)
        if subject not in subjects or date is None or date < earliest:
            continue
        is_first = code not in found or date < found[code][1]
        if is_first and kind_of(claimed, header.sender) is Kind.ACCEPTANCE:
            found[code] = subject, date
    return found


async def _read(service: Service, code: str, date: datetime) -> Acceptance | None:
    """Whom all acceptances of this code name together: one may list everybody, or each have its own (`api.md` 10)."""
    try:
        send = await service.get_send(code)
    except NotFoundError:
        return None
    recipients: set[str] = set()
    for mail in send.mails:
        claimed, its_code = kind_and_code(mail.subject)
        if its_code != code or kind_of(claimed, mail.sender) is not Kind.ACCEPTANCE:
            continue
        told = read_receipt(mail.body, Kind.ACCEPTANCE, mail.subject)
        if not told.complete:
            return None
        recipients.update(same_mailbox(one.address) for one in told.recipients)
    return Acceptance(code, date, frozenset(recipients)) if recipients else None
