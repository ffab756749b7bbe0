"""Sending in tests: a sandbox behind a gate, journals in memory or in a folder, and a pace of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pectui.api.client import PecClient
from pectui.domain.outgoing import Outgoing
from pectui.engine.journal import Journal, MemoryJournal
from pectui.engine.send import Again, Sending
from pectui.engine.send_book import Book
from pectui.engine.send_events import Finished, SendEvent, SendOutcome, Settled
from pectui.engine.send_files import Copies
from pectui.engine.send_journals import FolderJournals, MemoryJournals, SendJournals
from pectui.engine.send_pace import MemoryPlace, Pace
from pectui.engine.send_settling import Settlement, settle
from pectui.sandbox.app import SandboxApp
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import DEMO_ADDRESS
from tests.engine.conftest import make_bench
from tests.gate import Gate


def letters(count: int, subject: str = "Avviso", *, first: int = 1) -> list[Outgoing]:
    """Messages to one recipient each."""
    return [
        Outgoing((f"cliente{number}@pec.example.it",), f"{subject} {number}", f"Testo {number}")
        for number in range(first, first + count)
    ]


@dataclass
class Desk:
    """Somebody who sends from the sandbox's mailbox, without waiting between two messages."""

    app: SandboxApp
    gate: Gate
    service: PecClient
    clock: Callable[[], Any]
    folder: Path | None = None

    def __post_init__(self) -> None:
        self._shared: dict[str, MemoryJournal] = {}
        self.pace = Pace(MemoryPlace(), 0.0)

    def journals(self) -> SendJournals:
        """A new reader."""
        if self.folder is None:
            return MemoryJournals(self.clock, self._shared)
        return FolderJournals(self.folder, self.clock)

    def book(self) -> Book:
        book = Book(self.journals())
        book.refresh()
        return book

    async def events(
        self, messages: Sequence[Outgoing], *, journal: Journal | None = None, **options: Any
    ) -> list[SendEvent]:
        journal = journal or self.journals().begin()
        copies = Copies(self.folder)
        sending = Sending(
            self.service,
            messages,
            sender=DEMO_ADDRESS,
            journal=journal,
            book=Book(self.journals()),
            pace=self.pace,
            copies=copies,
            **{"again": Again(), **options},
        )
        try:
            return [event async for event in sending.run()]
        finally:
            journal.close()
            copies.close()

    async def send(self, messages: Sequence[Outgoing], **options: Any) -> SendOutcome:
        events = await self.events(messages, **options)
        assert isinstance(events[-1], Finished)
        return events[-1].outcome

    async def results(self, messages: Sequence[Outgoing], **options: Any) -> list[Settled]:
        return [one for one in await self.events(messages, **options) if isinstance(one, Settled)]

    async def settle(self) -> list[Settlement]:
        headers = [message.header for message in await self.everything()]
        return await settle(self.service, self.book(), self.journals(), headers)

    async def everything(self) -> list[Any]:
        listing = await self.service.list_inbox()
        from pectui.domain.interpret import interpret

        return [interpret(header) for header in listing.headers]

    @property
    def subjects_sent(self) -> list[str]:
        """What the server has taken, in its order."""
        return [one.order.subject for one in self.app.mailbox.sent]


def make_desk(*faults: str, folder: Path | None = None, **options: Any) -> Desk:
    bench = make_bench([parse_fault(text) for text in faults], **{"send_interval": 0, **options})
    return Desk(bench.app, bench.gate, bench.service, bench.clock, folder)
