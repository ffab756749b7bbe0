"""Finding a chosen message again, wherever the server lists it now, and making sure that it is the one.

An id is only a hint: on a server whose ids shift it may hold another message by now. A message is found by its
fingerprint, and where others look the same, by its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.message import Header, MailText
from pectui.engine.pages import Page, PageReader
from pectui.engine.service import Service
from pectui.engine.stability import prove_stable
from pectui.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Found:
    """A chosen message, where it is now."""

    fingerprint: Fingerprint
    """With its id of this moment and the hash of its text."""
    page: Page
    """The page that lists it, as it was before anything was done."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A chosen message that is not listed. `certain` is false if the service didn't list all it counts.

    `total` is what the service counts now.
    """

    certain: bool
    total: int | None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Messages that look like the chosen one are listed, and none can be said to be it."""

    reason: str
    has_other_texts: bool = False
    """Whether all that look like it were read, and none has its text."""


_READINGS = 2
"""Of the whole listing, where the mailbox changes in the middle of one that doesn't show the message."""

_SEVERAL = "{count} messages look like the chosen one"
_OTHER_TEXT = "a message that looks like it is listed, but what is read under its id is not what was seen"
_MOVING = "other messages come or go while it is looked for: try again in a moment"
_OTHER_ID = "this server's ids are stable, and the message that looks like it has another id"


def ids_are_stable(page: Page) -> bool:
    """True if an id far above the number of messages proves that ids are no sequence numbers; else nothing is known."""
    return prove_stable((header.id for header in page.headers), page.total)


async def find(
    service: Service, reader: PageReader, wanted: Fingerprint, hint: int | None
) -> Found | Missing | Doubtful:
    """Looks on page `hint` and beside it, then everywhere; reads the texts of what looks like the chosen one.

    A message that still has its id, its facts and its text is the one. Whatever has another id now is taken only
    after the whole listing was read, and if it is the only one.
    """
    search = _Search(service, wanted)
    async for page in _likely(reader, hint if wanted.text_hash is not None else None):
        if (found := await search.look(page)) is not None:
            return found
    for _ in range(_READINGS):
        search = _Search(service, wanted)
        listed = 0
        totals: set[int | None] = set()
        total: int | None = None
        async for page in reader.everything():
            listed += len(page.headers)
            total = page.total
            totals.add(total)
            found = await search.look(page)
            if found is not None and wanted.text_hash is not None:
                return found
        # A deletion in mid-reading moves what was to come onto pages that were read already.
        is_whole = len(totals) == 1 and total is not None and listed >= total
        judged = search.judge(Missing(certain=is_whole, total=total))
        if len(totals) == 1 or not isinstance(judged, Missing):
            break
    return await _once_more(service, reader, judged) if isinstance(judged, Found) else judged


async def _once_more(service: Service, reader: PageReader, found: Found) -> Found | Doubtful:
    """What was found a while ago, while other pages were read since: a deletion elsewhere may have moved it."""
    there = await _Search(service, found.fingerprint).look(await reader.page(found.page.number))
    return there or Doubtful(_MOVING)


async def _likely(reader: PageReader, hint: int | None) -> AsyncIterator[Page]:
    if hint is not None:
        # What goes above it moves it to an earlier page more often than new mail moves it to a later one.
        for number in (hint, hint - 1, hint + 1):
            if number >= 1:
                yield await reader.page(number)


class _Search:
    """What was met on the pages that were looked at."""

    def __init__(self, service: Service, wanted: Fingerprint) -> None:
        self._service = service
        self._wanted = wanted
        self._confirmed: list[Found] = []
        self._unconfirmed = 0
        self._stable = False

    async def look(self, page: Page) -> Found | None:
        """The chosen message if it is on `page` with its own id, and else what looks like it is kept in mind."""
        self._stable = self._stable or ids_are_stable(page)
        alike = [header for header in page.headers if self._wanted.matches(header)]
        # Its own id first: between what was read of it and its DELETE there is to be no other request.
        for header in sorted(alike, key=lambda header: header.id != self._wanted.id):
            exact = await self._confirm(header)
            if exact is None:
                self._unconfirmed += 1
                continue
            found = Found(exact, page)
            if header.id == self._wanted.id and self._wanted.text_hash is not None:
                return found
            self._confirmed.append(found)
        return next((one for one in self._confirmed if one.page is page and self._is_own(one)), None)

    def _is_own(self, found: Found) -> bool:
        return found.fingerprint.id == self._wanted.id

    async def _confirm(self, header: Header) -> Fingerprint | None:
        """The fingerprint with its text, if what the id holds is what was listed and has the wanted text."""
        mail = await _text(self._service, header.id)
        if mail is None or not Fingerprint.of(header).matches(mail):
            return None
        exact = Fingerprint.of(header).with_text(mail.body)
        return exact if self._wanted.text_hash in (None, exact.text_hash) else None

    def judge(self, missing: Missing) -> Found | Missing | Doubtful:
        """What follows once every page was looked at."""
        by_id = {found.fingerprint.id: found for found in self._confirmed}
        if self._stable and self._wanted.id in by_id:
            return by_id[self._wanted.id]
        if len(by_id) > 1 or (by_id and self._unconfirmed and self._wanted.text_hash is None):
            return Doubtful(_SEVERAL.format(count=len(by_id) + self._unconfirmed))
        if by_id:
            found = next(iter(by_id.values()))
            return Doubtful(_OTHER_ID) if self._stable and found.fingerprint.id != self._wanted.id else found
        if self._unconfirmed:
            return Doubtful(
                _OTHER_TEXT, has_other_texts=missing.certain and self._wanted.text_hash is not None
            )
        return missing


async def _text(service: Service, message_id: int) -> MailText | None:
    try:
        return await service.get_message(message_id)
    except NotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class Change:
    """What a page shows after a DELETE, compared with before it."""

    gone: bool
    """One message less has the facts of the chosen one, and new mail can't have pushed it from the page."""
    others_gone: int
    """Messages that left the page though nobody here deleted them, what new mail pushed down left aside."""
    one_less: bool
    """The service counts exactly one message less."""


def compare(before: Page, after: Page, target: Fingerprint) -> Change:
    """What happened to `target` and to its neighbours between two looks at the same page."""
    missing = Counter(_keys(before.headers)) - Counter(_keys(after.headers))
    pushed = _pushed_down(before, after)
    gone = missing[target.key] > pushed[target.key]
    if missing[target.key]:
        missing[target.key] -= 1
    one_less = before.total is not None and after.total == before.total - 1
    return Change(gone, (+missing - pushed).total(), one_less)


def _pushed_down(before: Page, after: Page) -> Counter[object]:
    """The last rows of the page, as many as can have come meanwhile: they went to the next page, not away."""
    if before.total is None or after.total is None:
        return Counter(_keys(before.headers))
    arrived = max(0, after.total - before.total + 1)
    return Counter(_keys(before.headers[len(before.headers) - arrived :])) if arrived else Counter()


def _keys(headers: tuple[Header, ...]) -> list[object]:
    return [Fingerprint.of(header).key for header in headers]
