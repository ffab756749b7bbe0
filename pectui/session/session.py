"""One mailbox, open: what the command line and the screen ask, put together from service, memory and engine."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pectui.config import Profile
from pectui.session.clock import Clock
from pectui.session.drafting import DraftBook
from pectui.session.forgetful import forgetful_outbox, no_audit, no_export_log
from pectui.session.listed_ids import ListedIds
from pectui.session.memory import Memory
from pectui.session.offline import refuse
from pectui.session.quotabook import QuotaBook
from pectui.session.texts import Texts
from pectui.session.unremembered import Unremembered

if TYPE_CHECKING:
    from pectui.domain.export import ExportTarget
    from pectui.domain.listing import Synced
    from pectui.domain.message import Header, Message
    from pectui.domain.quota import Quota
    from pectui.domain.quota_history import QuotaSample
    from pectui.domain.thresholds import Thresholds
    from pectui.engine.audit import Audit
    from pectui.engine.exported import ExportEvent
    from pectui.engine.jobs import JobRecord, Jobs
    from pectui.engine.listing import Listing
    from pectui.engine.outcome import DeleteEvent
    from pectui.engine.pages import PageReader
    from pectui.engine.prepare import Prepared
    from pectui.engine.progress import SyncEvent
    from pectui.engine.quota import QuotaMonitor
    from pectui.engine.reading import Reading
    from pectui.engine.service import Service
    from pectui.session.deleting import Deletions
    from pectui.session.sendbook import SendBook
    from pectui.session.sending import Outbox, Sendings
    from pectui.store.archive import Archive
    from pectui.store.drafts import Drafts
    from pectui.store.export_log import ExportLog
    from pectui.store.memory import Store
    from pectui.store.quota_samples import QuotaSamples


class Session:
    """Made by `open_session`; everything that asks the service raises `ServiceError`."""

    def __init__(
        self,
        profile: Profile,
        service: Service,
        store: Store | Callable[[], Store] | None,
        *,
        own: frozenset[str],
        address: str,
        jobs: Callable[[], Jobs],
        clock: Clock,
        close: Callable[[], Coroutine[Any, Any, None]],
        offline: bool = False,
        unremembered: Unremembered | None = None,
        archive: Callable[[], Archive] | None = None,
        audit: Callable[[], Audit] | None = None,
        export_log: Callable[[], ExportLog] | None = None,
        quota_samples: Callable[[], QuotaSamples] | None = None,
        drafts: Callable[[], Drafts] | None = None,
        outbox: Callable[[], Outbox] | None = None,
        late_after: float = 10.0,
    ) -> None:
        """`jobs` is where deletions are journalled, `outbox` where sends are, `audit` where what went is written down.

        `archive` keeps what became of sends, `quota_samples` how full the mailbox was, `drafts` what is being written;
        else that ends with the program.
        `late_after`: seconds that a DELETE is given to be done whose answer got lost, before it is tried once more.
        """
        self.profile = profile
        self.address = address
        """The mailbox's address, or its user name where that is all that is known. Foreign text."""
        self.service = service
        self.offline = offline
        """True if nobody is to be asked: what is remembered is all there is."""
        self.own = own
        """The mailbox's own addresses, casefolded."""
        self._memory = Memory(store, unremembered)
        self._clock = clock
        self._close = close
        self._quota = QuotaBook(service, self._memory, profile, quota_samples, clock=clock, offline=offline)
        self.drafts = DraftBook(self._memory, drafts)
        self._export_log = export_log or no_export_log
        self._archive, self._jobs, self._late_after = archive, jobs, late_after
        self._outbox = outbox or forgetful_outbox(clock)
        self._audit = audit or no_audit
        self._ids = ListedIds(self._memory)
        self._pages: dict[int, int] = {}
        self._texts = Texts(service, self._memory, self._ids, profile, own=own, clock=clock, offline=offline)

    @property
    def warnings(self) -> list[str]:
        """What the user should hear of once, such as a memory that can't be used."""
        return self._memory.warnings

    @property
    def memory_is_lost(self) -> bool:
        """Whether what is listed can't be kept any longer than this program runs; a warning tells why."""
        return self._memory.is_lost

    @property
    def keeps_listing(self) -> bool:
        """Whether what is listed outlives the program: not in the demo, nor where it can't be written."""
        return self._memory.keeps

    # What most commands do without: loaded with its first use

    @cached_property
    def sends(self) -> SendBook:
        """The mailbox's sends, and what became of them."""
        from pectui.session.sendbook import SendBook

        return SendBook(
            self.service,
            self._memory,
            self._archive,
            own=self.own,
            clock=self._clock,
            concurrency=self.profile.concurrency,
            offline=self.offline,
        )

    @cached_property
    def sendings(self) -> Sendings:
        """What goes out from this mailbox."""
        from pectui.session.sending import Sendings

        return Sendings(
            self.service,
            self._memory,
            self.profile,
            address=self.address,
            outbox=self._outbox,
            clock=self._clock,
            sync=self.sync,
            offline=self.offline,
        )

    @cached_property
    def _deletions(self) -> Deletions:
        from pectui.session.deleting import Deletions

        return Deletions(
            self.service,
            self._memory,
            self.sends,
            self.profile,
            address=self.address,
            own=self.own,
            clock=self._clock,
            jobs=self._jobs,
            audit=self._audit,
            export_log=self._export_log,
            offline=self.offline,
            late_after=self._late_after,
        )

    # The listing

    def inbox(self, query: str | None = None) -> PageReader:
        """A new reading of the inbox, or of what the service finds for `query`."""
        from pectui.engine.pages import PageReader

        listed = self._searched if query else self._listed
        return PageReader(self.service, own=self.own, clock=self._clock, query=query, listed=listed)

    async def synced(self) -> Synced:
        """How far the remembered listing can be trusted, and its newest messages. Quick."""
        return await self._memory.synced()

    async def listing(self) -> Listing:
        """The remembered listing, in memory. Ask again after a `Replaced`; a `Changed` it has followed already."""
        return await self._memory.listing()

    def sync(self, *, full: bool = False) -> AsyncIterator[SyncEvent]:
        """Has the remembered listing follow the service. RefusedHereError at once where pectui is offline.

        `full` reads every page; else that is done only if it was not done for too long.
        """
        if self.offline:
            refuse("The mailbox was not read")
        from pectui.engine.sync import Sync

        sync = Sync(
            self.service,
            self._memory,
            own=self.own,
            clock=self._clock,
            concurrency=self.profile.concurrency,
            full_after=timedelta(days=self.profile.full_sync_days),
        )
        return sync.run(full=full)

    def shown(self, headers: Iterable[Header], page: int | None) -> None:
        """These were put before the user's eyes: from now on their ids mean these messages.

        `page` is the service's page that lists them, as far as that is known.
        """
        self._listed(tuple(headers), page)

    # Messages

    async def read(self, message: Message) -> Reading:
        """The message with its text; `moved` tells if its id holds another one by now."""
        return await self._texts.read(message)

    async def look_up(self, message_id: int) -> Reading:
        """The message with this id, compared with what was last listed under it; as much text as can be read."""
        return await self._texts.look_up(message_id)

    async def recall(self, ids: Sequence[int]) -> list[Message | None]:
        """What was last listed under `ids`, here or by an earlier command; None where nothing was.

        RefusedHereError where that is not remembered: then other messages may have them by now.
        """
        return await self._ids.recall(ids, self.own)

    async def quota(self) -> Quota:
        """How full the mailbox is. Each answer becomes a part of the history."""
        return await self._quota.ask()

    async def quota_of(self, mailbox: str) -> Quota:
        """How full another mailbox of the same user is; that becomes no part of the history."""
        return await self._quota.of(mailbox)

    async def quota_history(self, since: datetime | None = None) -> list[QuotaSample]:
        """How full it was, the oldest first, whichever program asked. Nobody is asked."""
        return await self._quota.history(since)

    async def last_quota_sample(self) -> QuotaSample | None:
        """How full it was when any program last asked, if that says anything of today. Nobody is asked."""
        return await self._quota.last_sample()

    async def quota_monitor(self, thresholds: Thresholds, interval: float) -> QuotaMonitor:
        """Watches how full it is, with so many seconds between two questions. RefusedHereError at once offline."""
        return await self._quota.monitor(thresholds, interval)

    # Deleting

    async def prepare(
        self,
        messages: Sequence[Message],
        *,
        known: Sequence[Message] = (),
        hidden: frozenset[int] = frozenset(),
    ) -> Prepared:
        """The plan for deleting `messages` as they were listed. Asks the service, changes nothing.

        `known` is what was listed around a few of them; many are as the remembered listing has them. `hidden` are the
        ids of those that the user doesn't see.
        """
        from pectui.engine.recognise import Choice

        choices = [
            Choice(one.id, one.header, self._pages.get(one.id), self._texts.hashes.get(one.header))
            for one in messages
        ]
        return await self._deletions.prepare(choices, [one.header for one in known], hidden)

    async def prepare_ids(self, ids: Sequence[int]) -> Prepared:
        """The plan for what was last listed under `ids`, here or by an earlier command."""
        choices = await self._ids.choices(ids)
        prepared = await self._deletions.prepare(choices, await self._ids.neighbours(choices))
        return replace(prepared, forgotten=await self._ids.are_forgotten(choices))

    def delete(
        self, prepared: Prepared, *, cancelled: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[DeleteEvent]:
        """Deletes what was prepared and confirmed. RefusedHereError at once if the profile is read-only.

        Once `cancelled()`, the job ends after the messages in hand.
        """
        return self._deletions.delete(prepared, cancelled)

    async def resume(
        self, record: JobRecord, *, cancelled: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[DeleteEvent]:
        """Goes on with a job that ended in the middle. RefusedHereError if that can't be."""
        return await self._deletions.resume(record, cancelled)

    async def jobs(self) -> Sequence[JobRecord]:
        """All jobs, of every mailbox, the latest first."""
        return await self._deletions.jobs()

    async def job(self, name: str) -> JobRecord | None:
        """The job of this name; None if there is none."""
        return await self._deletions.job(name)

    def is_of_this_mailbox(self, record: JobRecord) -> bool:
        """Whether the job deletes in the mailbox that is open."""
        return self._deletions.is_of_this_mailbox(record)

    # Exporting

    def export(
        self,
        messages: Sequence[Message],
        target: ExportTarget,
        *,
        known: Sequence[Header] = (),
        selection: str = "",
        text_hashes: Mapping[Header, str] | None = None,
    ) -> AsyncGenerator[ExportEvent, None]:
        """Writes copies of `messages`; the last event is an `ExportFinished`. See `Exporter.export`."""
        from pectui.session.exporting import Exporter

        exporter = Exporter(
            self.service,
            self._memory,
            self.profile,
            own=self.own,
            address=self.address,
            clock=self._clock,
            offline=self.offline,
            sync=self.sync,
            neighbours=self._ids.neighbours,
            log=self._export_log,
        )
        read = {header: text for header, text in self._texts.hashes.items() if text is not None}
        return exporter.export(messages, target, known, selection, {**read, **(text_hashes or {})})

    async def aclose(self) -> None:
        """Waits for what is still to be remembered, and gives the connections back. Closing twice is fine."""
        self.drafts.save_what_is_held()
        await self._memory.close()
        await self._close()

    # What is remembered

    def _listed(self, headers: tuple[Header, ...], number: int | None) -> None:
        if number is not None:
            self._pages.update((header.id, number) for header in headers)
        self._memory.remember_shown(headers, number, self._clock())

    def _searched(self, headers: tuple[Header, ...], number: int) -> None:
        # A page of a search is no page of the inbox: no hint where to look for the message.
        self._memory.remember_shown(headers, None, self._clock())
