"""An export put together: which messages, their listing, what is kept of their texts, and where it is written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from pectui.config import Profile
from pectui.domain.export import ExportOrigin, ExportPlan, ExportTarget
from pectui.domain.listing import KeptText
from pectui.domain.message import Header, Message
from pectui.engine.export import Export
from pectui.engine.exported import ExportEvent, ExportFinished
from pectui.engine.gathering import Gathering, Listed
from pectui.engine.progress import SyncEvent
from pectui.engine.recognise import Choice
from pectui.engine.service import Service
from pectui.errors import StoreError
from pectui.session.memory import Memory
from pectui.store.export_log import ExportLog
from pectui.store.exports.unfinished import open_unfinished


class Exporter:
    """What the exports of one open mailbox have in common."""

    def __init__(
        self,
        service: Service,
        memory: Memory,
        profile: Profile,
        *,
        own: frozenset[str],
        address: str,
        clock: Callable[[], datetime],
        offline: bool,
        sync: Callable[[], AsyncIterator[SyncEvent]],
        neighbours: Callable[[Sequence[Choice]], Awaitable[Sequence[Header]]],
        log: Callable[[], ExportLog],
    ) -> None:
        """`neighbours` is what was listed around messages that are not in the remembered listing; `log` remembers
        what was exported."""
        self._service = service
        self._memory = memory
        self._profile = profile
        self._own = own
        self._address = address
        self._clock = clock
        self._offline = offline
        self._sync = sync
        self._neighbours = neighbours
        self._log = log

    def export(
        self,
        messages: Sequence[Message],
        target: ExportTarget,
        known: Sequence[Header],
        selection: str,
        text_hashes: Mapping[Header, str],
    ) -> AsyncGenerator[ExportEvent, None]:
        """Writes copies of `messages` as they were listed. The last event is an `ExportFinished`: what it tells of
        outlives a power cut by then. StoreError where something is there or the disk fails, ServiceError where the
        service fails as a whole; then the same call goes on from there.

        `known` is what was listed together with them; without it, it is what is remembered. `selection` says what
        chose them where the same words may choose others later (`--all`): what was interrupted keeps its messages.
        `text_hashes` are of texts that were read under the messages' ids when they were chosen.
        """
        plan = ExportPlan(
            ExportOrigin(
                profile=self._profile.name,
                environment=self._profile.environment.value,
                host=self._profile.host,
                address=self._address,
                mailbox=self._profile.mailbox,
            ),
            target.format,
            selection,
            self._clock(),
            tuple(dict.fromkeys(message.header for message in messages)),
        )

        async def gathering_for(wanted: Sequence[Message]) -> Gathering:
            listed = await self._listed([one.header for one in wanted], known)
            synced = await self._memory.synced()
            chosen = Listed(wanted, listed, synced.ids_proven and not synced.ids_shift, text_hashes)
            return await asyncio.to_thread(
                Gathering,
                self._service,
                chosen,
                list_anew=self._list_anew,
                clock=self._clock,
                concurrency=self._profile.concurrency,
            )

        export = Export(
            plan,
            lambda wanted: open_unfinished(target.path, wanted),
            gathering_for,
            self._kept,
            own=self._own,
            clock=self._clock,
            offline=self._offline,
        )
        return self._logged(export.run())

    async def _logged(self, events: AsyncGenerator[ExportEvent, None]) -> AsyncGenerator[ExportEvent, None]:
        """The events; before the last one is told, it is remembered what was exported."""
        async with aclosing(events):
            async for event in events:
                if isinstance(event, ExportFinished):
                    await asyncio.to_thread(self._remember, event.outcome.path, event.outcome.copied)
                yield event

    def _remember(self, path: Path, copied: Sequence[Header]) -> None:
        try:
            self._log().add(path, copied)
        except StoreError as error:
            told = "Plans of deletions will not know of this export"
            self._memory.warnings.append(f"{told}: {error.title}: {error.detail}.")

    async def _listed(self, wanted: Sequence[Header], known: Sequence[Header]) -> Sequence[Header]:
        """What was listed together with `wanted`. Ids of different times must not be mixed up."""
        if known:
            return known
        listed = (await self._memory.listing()).headers
        if await asyncio.to_thread(lambda: set(wanted) <= set(listed)):
            return listed
        return await self._neighbours([Choice(header.id, header) for header in wanted])

    async def _list_anew(self) -> Sequence[Header]:
        async for _ in self._sync():
            pass
        return (await self._memory.listing()).headers

    async def _kept(self, headers: Sequence[Header]) -> Sequence[KeptText | None]:
        if not self._profile.cache_bodies:
            return [None] * len(headers)
        return await self._memory.ask(lambda store: [store.text(header) for header in headers])
