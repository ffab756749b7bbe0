"""The deletions of an open mailbox: a choice becomes a plan, a confirmed plan a job, and a job can be resumed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pectui.config import Profile
from pectui.domain.listing import ListingChange, Synced
from pectui.domain.message import Header
from pectui.domain.sends import Member
from pectui.domain.subject import kind_and_code
from pectui.engine.listing import PAGE_SIZE, Listing
from pectui.engine.pages import PageReader
from pectui.errors import RefusedHereError
from pectui.session.memory import Memory
from pectui.session.offline import refuse
from pectui.session.sendbook import SendBook

if TYPE_CHECKING:
    from pectui.engine.audit import Audit
    from pectui.engine.delete import Before
    from pectui.engine.jobs import JobRecord, Jobs
    from pectui.engine.journal import Journal
    from pectui.engine.outcome import DeleteEvent, Unfinished
    from pectui.engine.prepare import Prepared
    from pectui.engine.recognise import Choice
    from pectui.engine.service import Service
    from pectui.store.export_log import ExportLog

_TRUSTED = timedelta(minutes=10)
"""An older listing doesn't say which proofs of delivery stay."""

_TAKEN_OUT_EVERY = 200
"""Messages that went until the remembered listing follows, while a long job runs."""

_NOT_AS_LISTED = (
    "the listing has changed since it was chosen, and nothing tells which message it is now: choose it again"
)


class Deletions:
    """Everything of a session that deletes. RefusedHereError where nothing may be deleted."""

    def __init__(
        self,
        service: Service,
        memory: Memory,
        sends: SendBook,
        profile: Profile,
        *,
        address: str,
        own: frozenset[str],
        clock: Callable[[], datetime],
        jobs: Callable[[], Jobs],
        audit: Callable[[], Audit],
        export_log: Callable[[], ExportLog],
        offline: bool,
        late_after: float,
    ) -> None:
        self._service = service
        self._memory = memory
        self._sends = sends
        self._profile = profile
        self._address = address
        self._own = own
        self._clock = clock
        self._jobs = jobs
        self._audit = audit
        self._export_log = export_log
        self._offline = offline
        self._late_after = late_after

    async def prepare(
        self, choices: Sequence[Choice], known: Sequence[Header], hidden: frozenset[int] = frozenset()
    ) -> Prepared:
        """The plan. Asks the service, changes nothing.

        `known` is what was listed together with the choices; nothing, where they are as the remembered listing has
        them now. `hidden` are ids of those that the user doesn't see.
        """
        if self._offline:
            refuse("Nothing was deleted")
        from pectui.engine.prepare import FEW, prepare

        codes = await asyncio.to_thread(_codes, choices)
        members: Mapping[str, Sequence[Member]] = {}
        refused: Sequence[Unfinished] = ()
        synced = await self._memory.synced()
        proven = synced.ids_proven and not synced.ids_shift
        many = len(choices) > FEW
        if any(many or count > 1 for count in codes.values()):
            sends, synced = await self._sends.current()
            members = await asyncio.to_thread(lambda: {code: sends.members(code) for code in codes})
        if not known and many:
            listing = await self._memory.listing()
            known = listing.headers
            choices, refused = await asyncio.to_thread(_as_listed, choices, listing, proven=proven)
        listed = [choice.header for choice in choices if choice.header is not None]
        exported = await asyncio.to_thread(lambda: self._export_log().exported(listed))
        prepared = await prepare(
            self._service,
            self._reader(),
            choices,
            own=self._own,
            known=known,
            hidden=hidden,
            exported=exported,
            members=members,
            complete=self._is_current(synced),
            ids_proven=proven,
            at_once=self._profile.concurrency,
        )
        return replace(prepared, refused=(*refused, *prepared.refused)) if refused else prepared

    def delete(self, prepared: Prepared, cancelled: Callable[[], bool]) -> AsyncIterator[DeleteEvent]:
        """Deletes what was prepared and confirmed, until `cancelled()`. RefusedHereError at once if that may not be."""
        self._refuse_where_nothing_may_go()
        if prepared.forgotten:
            raise RefusedHereError(
                "Nothing was deleted",
                "What was last listed under these ids is not remembered, and other messages may have them now",
                "List the inbox again, then choose again.",
            )
        return self._begin(prepared, cancelled)

    async def jobs(self) -> Sequence[JobRecord]:
        """All jobs that are remembered, of every mailbox, the latest first. StoreError where they can't be read."""
        return await asyncio.to_thread(lambda: self._jobs().records())

    async def job(self, name: str) -> JobRecord | None:
        """One of them; None if there is none of this name."""
        return await asyncio.to_thread(lambda: self._jobs().record(name))

    def is_of_this_mailbox(self, record: JobRecord) -> bool:
        """Whether the job deleted in the mailbox that is open."""
        about = self._about()
        return all(getattr(record, name) == about[name] for name in ("environment", "mailbox", "host"))

    async def resume(self, record: JobRecord, cancelled: Callable[[], bool]) -> AsyncIterator[DeleteEvent]:
        """Goes on with a job whose plan was confirmed. RefusedHereError if it can't be gone on with."""
        self._refuse_where_nothing_may_go()
        if not self.is_of_this_mailbox(record):
            raise RefusedHereError(
                f"Job {record.job} was not resumed",
                f"it deletes in {record.mailbox} ({record.environment}, {record.host}), and another mailbox is open",
                f"Choose its profile, {record.profile}.",
            )
        _refuse_what_is_done(record)
        return self._resume(record.job, cancelled)

    async def _resume(self, job: str, cancelled: Callable[[], bool]) -> AsyncGenerator[DeleteEvent, None]:
        from pectui.engine.resume import resume

        # What the journal tells is read once nobody else can go on with it.
        journal, record = await asyncio.to_thread(lambda: self._jobs().reopen(job, self._key()))
        with ExitStack() as undo:
            undo.callback(journal.close)
            _refuse_what_is_done(record)
            resumed = await resume(record, self._reader(), own=self._own)
            undo.pop_all()  # from here on the job closes it
        async with aclosing(self._run(resumed.prepared, resumed.before, journal, cancelled)) as events:
            async for event in events:
                yield event

    async def _begin(
        self, prepared: Prepared, cancelled: Callable[[], bool]
    ) -> AsyncGenerator[DeleteEvent, None]:
        journal = await asyncio.to_thread(lambda: self._jobs().begin(self._key()))
        async with aclosing(self._run(prepared, None, journal, cancelled)) as events:
            async for event in events:
                yield event

    async def _run(
        self, prepared: Prepared, before: Before | None, journal: Journal, cancelled: Callable[[], bool]
    ) -> AsyncGenerator[DeleteEvent, None]:
        from pectui.engine.delete import Deletion
        from pectui.engine.outcome import AlreadyGone, Deleted

        deletion = Deletion(
            self._service,
            self._reader(),
            prepared,
            journal,
            audit=self._audit(),
            about=self._about(),
            own=self._own,
            clock=self._clock,
            concurrency=self._profile.concurrency,
            learned=self._sends.keep_before_it_goes,
            before=before,
            cancelled=cancelled,
            late_after=self._late_after,
        )
        targets = {target.chosen_id: target for target in prepared.targets}
        gone: list[Header] = []
        try:
            async for event in deletion.run():
                if isinstance(event, Deleted | AlreadyGone) and event.id in targets:
                    gone.append(targets[event.id].message.header)
                if len(gone) >= _TAKEN_OUT_EVERY:
                    taken, gone = gone, []
                    await self._memory.take_out(taken)
                yield event
        finally:
            journal.close()
            await self._memory.take_out(gone)
            await self._remember(deletion.ids_shift)

    async def _remember(self, ids_shift: bool | None) -> None:
        """What a job has found out about the server's ids; the next one checks it again."""
        synced = await self._memory.synced()
        if ids_shift is None or (synced.ids_shift, synced.ids_proven) == (ids_shift, not ids_shift):
            return
        found = replace(synced, ids_shift=ids_shift, ids_proven=not ids_shift)
        await self._memory.change(ListingChange(synced.version, found))

    def _key(self) -> str:
        about = self._about()
        return " ".join((about["environment"], about["host"], about["mailbox"]))

    def _about(self) -> dict[str, Any]:
        profile = self._profile
        return {
            "profile": profile.name,
            "environment": profile.environment.value,
            "mailbox": self._address,
            "host": profile.host,
        }

    def _reader(self) -> PageReader:
        # One that tells nobody what it has read: looking for a message must not change what its id was last listed as.
        return PageReader(self._service, own=self._own, clock=self._clock)

    def _is_current(self, synced: Synced) -> bool:
        agreed = synced.agreed_at
        return synced.full_at is not None and agreed is not None and self._clock() - agreed < _TRUSTED

    def _refuse_where_nothing_may_go(self) -> None:
        if self._offline:
            refuse("Nothing was deleted")
        if self._profile.read_only:
            raise RefusedHereError(
                "Nothing was deleted",
                f"The profile {self._profile.name} is read-only",
                "Take away `read_only` or --read-only if you do want to delete.",
            )


def _refuse_what_is_done(record: JobRecord) -> None:
    if not record.can_be_resumed:
        raise RefusedHereError(
            f"Job {record.job} was not resumed",
            f"it is {record.state.value}" if record.left else "nothing of it is left to be done",
            "`pectui jobs` lists those that can be resumed.",
        )


def _codes(choices: Sequence[Choice]) -> Counter[str]:
    """The codes that the choices carry, and how often."""
    carried = (kind_and_code(one.header.subject)[1] for one in choices if one.header is not None)
    return Counter(code for code in carried if code is not None)


def _as_listed(
    choices: Sequence[Choice], listing: Listing, *, proven: bool
) -> tuple[list[Choice], list[Unfinished]]:
    """The choices with their pages, and those that the listing has no more as they were chosen."""
    from pectui.engine.outcome import Unfinished

    places: Mapping[Header, int] = {header: place for place, header in enumerate(listing.headers)}
    newest_first = not listing.synced.oldest_first
    taken: list[Choice] = []
    refused: list[Unfinished] = []
    for choice in choices:
        place = places.get(choice.header) if choice.header is not None else None
        if place is not None:
            from_the_front = place if newest_first else len(places) - 1 - place
            taken.append(replace(choice, page=from_the_front // PAGE_SIZE + 1))
        elif choice.header is None or proven:
            taken.append(choice)
        else:
            refused.append(Unfinished(choice.id, _NOT_AS_LISTED))
    return taken, refused
