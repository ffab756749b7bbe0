"""A mailbox in the sandbox and the remembered listing that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pectui.domain.listing import storable
from pectui.domain.message import Header
from pectui.engine.progress import SyncEvent, SyncFinished, SyncOutcome
from pectui.engine.service import Service
from pectui.engine.sync import Sync
from pectui.session.memory import Memory
from pectui.store.memory import MemoryStore
from tests.engine.conftest import OWN, Bench


@dataclass
class Mirrored:
    """The mailbox on one side, what is remembered of it on the other."""

    bench: Bench
    shared: MemoryStore | None = None
    """What another program remembers in as well."""
    concurrency: int = 4
    full_after: timedelta = timedelta(days=7)

    def __post_init__(self) -> None:
        self.store = self.shared or MemoryStore(clock=self.bench.clock)
        self.memory = Memory(self.store)

    def sync(self, service: Service | None = None) -> Sync:
        return Sync(
            service or self.bench.service,
            self.memory,
            own=OWN,
            clock=self.bench.clock,
            concurrency=self.concurrency,
            full_after=self.full_after,
        )

    async def run(self, *, full: bool = False, service: Service | None = None) -> SyncOutcome:
        """One sync, to its end."""
        events = [event async for event in self.sync(service).run(full=full)]
        assert isinstance(events[-1], SyncFinished)
        return events[-1].outcome

    async def events(self, *, full: bool = False) -> list[SyncEvent]:
        return [event async for event in self.sync().run(full=full)]

    async def requests(self, *, full: bool = False) -> int:
        """How many pages the server was asked for by one sync, which must agree in the end."""
        before = self.bench.app.count("GET", "/inbox")
        outcome = await self.run(full=full)
        assert outcome.agrees
        assert outcome.pages == self.bench.app.count("GET", "/inbox") - before
        return outcome.pages

    def remembered(self) -> list[Header]:
        """What is remembered, the newest first."""
        return [one.header for one in self.store.listing()[1]]

    def listed(self) -> list[Header]:
        """What the mailbox would list now, the newest first."""
        mailbox = self.bench.mailbox
        rows: list[Header] = []
        for mail in reversed(mailbox.mails):
            message_id = mailbox.id_of(mail)
            assert message_id is not None
            letter = mail.letter
            rows.append(
                storable(Header(message_id, letter.date, letter.subject, letter.sender, letter.recipient))
            )
        return rows

    @property
    def follows(self) -> bool:
        """Whether what is remembered is what the mailbox holds, in order, each message once."""
        return self.remembered() == self.listed()

    def delete_places(self, places: Sequence[int]) -> None:
        """Deletes as another client would: places counted from the oldest."""
        mails = self.bench.mailbox.mails
        for place in sorted(places, reverse=True):
            message_id = self.bench.mailbox.id_of(mails[place])
            assert message_id is not None
            assert self.bench.mailbox.delete(message_id)
