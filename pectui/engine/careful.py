"""The careful way to delete one message: look, delete, look again, and never take another one for it.

It needs no stable ids. The page that listed the message must show afterwards that this message went and no other. An
answer that got lost is settled by a look, never by a second blind DELETE. What can't be settled is said to be unknown.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from pectui.domain.fingerprint import Fingerprint, Key
from pectui.domain.message import Header
from pectui.engine.copies import Copies
from pectui.engine.listing import PAGE_SIZE
from pectui.engine.looking import Doubtful, Found, Missing, compare, find, ids_are_stable
from pectui.engine.outcome import AlreadyGone, Deleted, Failed, ItemEvent, Refused
from pectui.engine.pages import Page, PageReader
from pectui.engine.recognise import Target
from pectui.engine.service import Service
from pectui.engine.steps import YES, AnotherHandError, Steps, lowered
from pectui.engine.witnesses import Witnesses
from pectui.errors import NotFoundError, RateLimitedError, ServiceError

_TRIES = 2
"""A DELETE whose answer got lost is tried once more, after a look that shows the message still there."""

LATE_AFTER = 10.0
"""Seconds."""

_A_COPY = (
    "another message looks the same, and messages have gone since they were listed, "
    "so that nothing tells which of them is left: list again, then choose it"
)
_BEGUN_BEFORE = (
    "unknown: its deletion was begun before the job ended, and what looks like it now may be another message"
)


class Careful:
    """Deletes messages one at a time."""

    def __init__(
        self,
        service: Service,
        reader: PageReader,
        steps: Steps,
        copies: Copies,
        *,
        begun_before: frozenset[int] = frozenset(),
        late_after: float = LATE_AFTER,
    ) -> None:
        """`begun_before` are chosen ids whose DELETE an earlier run has begun.

        `late_after`: seconds that a DELETE is given to be done after its answer got lost. A second one is sent only
        then and after another look: where ids shift, it would take the next message if the first was done late.
        """
        self._copies = copies
        self._begun_before = begun_before
        self._late_after = late_after
        self._service = service
        self._reader = reader
        self._steps = steps
        self.ids_shift: bool | None = None
        """What the last deletion has shown of the server's ids; None if nothing."""

    async def delete(self, target: Target, above: Header | None = None) -> ItemEvent:
        """What became of `target`. What ends the job is raised.

        `above` is listed above it and looks different, for the journal, where its page begins or ends with it.
        """
        wanted = target.fingerprint
        self.ids_shift = None
        answer: ServiceError | None = YES
        before: Found | None = None
        page_before: Page | None = None
        tries = waits = 0
        while tries < _TRIES:
            if tries:
                await asyncio.sleep(self._late_after)
            found = await find(self._service, self._reader, wanted, target.page)
            if isinstance(found, Missing):
                return self.missing(target, found)
            if isinstance(found, Doubtful):
                if found.has_other_texts and before is None and target.chosen_id in self._steps.begun:
                    return Deleted(target.chosen_id)  # its DELETE was begun, and it is nowhere
                return Refused(target.chosen_id, found.reason)
            if before is None and target.chosen_id in self._begun_before:
                return Failed(target.chosen_id, _BEGUN_BEFORE)
            if before is not None and not await self._is_untouched(before, found, above, page_before):
                return Failed(
                    target.chosen_id, f"unknown: {lowered(str(answer))}, and twins hide what it did"
                )
            if before is None and await self._copies.could_stand_for(target, found):
                return Refused(target.chosen_id, _A_COPY)
            above = _above(found) or above
            if above is None and (page_before := await self._page_before(found)) is not None:
                above = _above(replace(found, page=page_before))
            answer_now = await self._steps.delete(target, found.fingerprint.id, above)
            if isinstance(answer_now, RateLimitedError):
                await self._steps.wait(answer_now, waits)
                waits += 1
                continue  # whatever happened in the wait: everything is looked at once more
            before, answer = found, answer_now
            tries += 1
            if ids_are_stable(found.page):
                self.ids_shift = False
                if answer is YES:
                    return Deleted(target.chosen_id)
            try:
                went = await self._went(found, above, page_before, said_yes=answer is YES)
            except ServiceError as error:
                if answer is YES:
                    return Deleted(target.chosen_id)
                return Failed(
                    target.chosen_id,
                    f"unknown: the answer got lost, and so did the look after it ({lowered(error.title)})",
                )
            if went:
                return (AlreadyGone if isinstance(answer, NotFoundError) else Deleted)(target.chosen_id)
            if went is None:
                return Failed(
                    target.chosen_id, "unknown: what the service lists now doesn't tell what happened"
                )
            if answer is YES:
                return Failed(target.chosen_id, "the service says that it is deleted, but still lists it")
        return Failed(target.chosen_id, f"still listed after two attempts: {lowered(str(answer))}")

    async def _page_before(self, found: Found) -> Page | None:
        """The page before its own where that must tell, if the answer gets lost, what is above it; None if needless.

        Mail that has come since the plan was made can push it to where its page begins.
        """
        page = found.page
        if page.number == 1 or page.headers[0].id != found.fingerprint.id or ids_are_stable(page):
            return None
        return await self._reader.page(page.number - 1)

    async def _went(
        self, found: Found, above: Header | None, page_before: Page | None, *, said_yes: bool
    ) -> bool | None:
        """Looks again: True if the chosen message went, False if it is still there, None if nobody can tell.

        A page is enough where the service said yes, counts one message less and every other one is still there; where
        the answer got lost, only if no twin may have gone instead, and it can't be on another page. In any other case
        the whole listing must show that the message is not in it.
        """
        before = found.page
        after = await self._reader.page(before.number)
        change = compare(before, after, found.fingerprint)
        if change.others_gone:
            self._steps.stopped = AnotherHandError(
                "Other messages left the mailbox at the same time",
                f"another program is deleting in it, and may have given the id {found.fingerprint.id}, just before "
                "pectui deleted it, to another message",
                "Read the inbox again before you delete more.",
            )
        elif change.one_less and (
            (change.gone and (said_yes or not _may_be_elsewhere(found)))
            or (said_yes and not _is_listed(found, after))
        ):
            self.ids_shift = _learned(before, after, found.fingerprint) if change.gone else None
            return True
        elif change.one_less and _are_unmoved(before, after, found.fingerprint):
            return all(row.id != found.fingerprint.id for row in after.headers)
        now = await find(self._service, self._reader, found.fingerprint, before.number)
        if isinstance(now, Missing):
            fell = now.total is not None and before.total is not None and now.total < before.total - 1
            if not now.certain or (fell and not change.others_gone):
                return None
            return None if fell and not said_yes else True
        if change.others_gone and self._steps.stopped is not None:
            raise self._steps.stopped
        if isinstance(now, Doubtful) and now.has_other_texts and change.one_less:
            return True
        is_it = isinstance(now, Found) and await self._is_untouched(found, now, above, page_before)
        return False if is_it else None

    async def _is_untouched(
        self, first: Found, now: Found, above: Header | None, page_before: Page | None
    ) -> bool:
        """Whether what is found after a DELETE is the message itself, and not a twin in its place.

        It must have kept its id. Where ids shift, a deletion would have moved everything above it.
        """
        mark = first.fingerprint
        if now.fingerprint.id != mark.id:
            return False
        if ids_are_stable(first.page) or _is_the_newest(first, page_before):
            return True
        header = next(row for row in first.page.headers if row.id == mark.id)
        witnesses = Witnesses(self._service, first.page.headers)
        if witnesses.above(header) is None and above is not None:
            witnesses = Witnesses(self._service, (header, above))
        return await witnesses.vouch(header)

    def missing(self, target: Target, missing: Missing) -> ItemEvent:
        """What it says of `target` that it is not listed."""
        if not missing.certain:
            return Failed(
                target.chosen_id,
                "unknown: not found, but the service doesn't list all the messages it counts",
            )
        begun = target.chosen_id in self._steps.begun
        return Deleted(target.chosen_id) if begun else AlreadyGone(target.chosen_id)


def _may_be_elsewhere(found: Found) -> bool:
    """Whether it may still be there if its page shows one less that looks like it: a twin may have gone, or somebody
    else deleted before it and the first of the page has slid onto the page before."""
    mark, page = found.fingerprint, found.page
    has_twin = any(row.id != mark.id and Fingerprint.of(row).key == mark.key for row in page.headers)
    return has_twin or (page.number > 1 and page.headers[0].id == mark.id)


def _is_listed(found: Found, page: Page) -> bool:
    """Whether something like it is still listed under its id."""
    mark = found.fingerprint
    return any(row.id == mark.id and mark.matches(row) for row in page.headers)


def _is_the_newest(found: Found, page_before: Page | None) -> bool:
    """Whether it begins or ends the mailbox with the highest id: then nothing is above that could take its place."""
    mark, page = found.fingerprint, found.page
    ids = [row.id for row in page.headers]
    if page.number == 1 and ids[0] == mark.id:
        return page.total == 1 if len(ids) == 1 else ids == sorted(ids, reverse=True)
    ids = [row.id for row in page_before.headers] + ids if page_before is not None else ids
    ends = page.total == (page.number - 1) * PAGE_SIZE + len(page.headers)
    return ends and len(ids) > 1 and ids[-1] == mark.id and ids == sorted(ids)


def _above(found: Found) -> Header | None:
    """The nearest message above on its page that doesn't look like it."""
    mark = found.fingerprint
    above = (row for row in found.page.headers if row.id > mark.id and Fingerprint.of(row).key != mark.key)
    return min(above, key=lambda row: row.id, default=None)


def _are_unmoved(before: Page, after: Page, mark: Fingerprint) -> bool:
    """Whether something above it that nothing else looks like has kept its id: then so has all that is below.

    And whether the page still goes below it, so that it would be listed if it were there.
    """
    if all(row.id >= mark.id for row in after.headers):
        return False
    was, now = _ids_by_key(before), _ids_by_key(after)
    return any(len(ids) == 1 and ids[0] > mark.id and now.get(key) == ids for key, ids in was.items())


def _ids_by_key(page: Page) -> dict[Key, list[int]]:
    found: dict[Key, list[int]] = {}
    for row in page.headers:
        found.setdefault(Fingerprint.of(row).key, []).append(row.id)
    return found


def _learned(before: Page, after: Page, gone: Fingerprint) -> bool | None:
    """Whether ids shift: the neighbour above what went, if nothing else looks like it, has kept its id or not."""
    above = (row for row in before.headers if row.id > gone.id)
    neighbour = min(above, key=lambda row: row.id, default=None)
    if neighbour is None:
        return None
    alike = [row for row in before.headers if Fingerprint.of(neighbour).matches(row)]
    now = [row.id for row in after.headers if Fingerprint.of(neighbour).matches(row)]
    if len(alike) != 1 or len(now) != 1:
        return None
    return {neighbour.id: False, neighbour.id - 1: True}.get(now[0])
