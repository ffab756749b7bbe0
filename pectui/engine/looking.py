"""Finding a chosen message again, wherever the server lists it now, and making sure that it is the one.

An id is only a hint: on a server whose ids shift it may hold another message by now. A message is found by its
fingerprint, and where others look the same, by its text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.message import Header, MailText
from pectui.engine.pages import Page, PageReader
from pectui.engine.service import Service
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
    """A chosen message that is not there. `certain` is false if the service didn't list all it counts."""

    certain: bool


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several messages agree with what is known of the chosen one, and their texts differ."""

    count: int


def ids_are_stable(page: Page) -> bool:
    """True if an id above the number of messages proves that ids are no sequence numbers; else nothing is known."""
    return page.total is not None and any(header.id > page.total for header in page.headers)


async def find(
    service: Service, reader: PageReader, wanted: Fingerprint, hint: int | None
) -> Found | Missing | Ambiguous:
    """Looks on page `hint` and beside it, then everywhere; reads the texts of what looks like the chosen one.

    Where the text of the chosen message is known, the first message with it is the one. Where it isn't, the whole
    listing is read, to be sure that there is no other that looks the same.
    """
    if hint is not None and wanted.text_hash is not None:
        for number in (hint, hint + 1, hint - 1):
            if number >= 1:
                page = await reader.page(number)
                found = await _on_page(service, page, wanted)
                if found:
                    return found[0]
    listed = 0
    total: int | None = None
    by_text: dict[str | None, Found] = {}
    async for page in reader.everything():
        listed += len(page.headers)
        total = page.total
        for found_here in await _on_page(service, page, wanted):
            by_text.setdefault(found_here.fingerprint.text_hash, found_here)
        if by_text and wanted.text_hash is not None:
            break
    if len(by_text) == 1:
        return next(iter(by_text.values()))
    return Ambiguous(len(by_text)) if by_text else Missing(certain=total is not None and listed >= total)


async def still_listed(service: Service, page: Page, wanted: Fingerprint) -> bool:
    """Whether `page` lists a message with the fingerprint and the text of the chosen one."""
    return bool(await _on_page(service, page, wanted))


async def _on_page(service: Service, page: Page, wanted: Fingerprint) -> list[Found]:
    """Those of `page` that agree with all that is known of `wanted`, its own id first."""
    found: list[Found] = []
    candidates = [header for header in page.headers if wanted.matches(header)]
    for header in sorted(candidates, key=lambda header: header.id != wanted.id):
        mail = await _text(service, header.id)
        if mail is None or not Fingerprint.of(header).matches(mail):
            continue
        exact = Fingerprint.of(header).with_text(mail.body)
        if wanted.text_hash in (None, exact.text_hash):
            found.append(Found(exact, page))
            if wanted.text_hash is not None:
                break
    return found


async def _text(service: Service, message_id: int) -> MailText | None:
    try:
        return await service.get_message(message_id)
    except NotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class Change:
    """What a page shows after a DELETE, compared with before it."""

    gone: bool | None
    """The chosen message is not there any more; None where texts must be read to tell it from its twins."""
    others_gone: int
    """Messages that left the page though nobody here deleted them, what new mail pushed down left aside."""


def compare(before: Page, after: Page, target: Fingerprint) -> Change:
    """What happened to `target` and to its neighbours between two looks at the same page."""
    was = Counter(_keys(before.headers))
    now = Counter(_keys(after.headers))
    missing = was - now
    if missing[target.key] > 0:
        missing[target.key] -= 1
    others = (+missing - _pushed_down(before, after)).total()
    if was[target.key] == 1:
        return Change(gone=now[target.key] == 0 or None, others_gone=others)
    return Change(gone=None, others_gone=others)


def _pushed_down(before: Page, after: Page) -> Counter[object]:
    """The last rows of the page, as many as arrived meanwhile: they went to the next page, not away."""
    if before.total is None or after.total is None:
        return Counter(_keys(before.headers))
    arrived = max(0, after.total - before.total + 1)
    return Counter(_keys(before.headers[len(before.headers) - arrived :])) if arrived else Counter()


def _keys(headers: tuple[Header, ...]) -> list[object]:
    return [Fingerprint.of(header).key for header in headers]
