"""An embedded sandbox in this process, and the client that talks to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pectui.api.client import PecClient
from pectui.api.credentials import MailboxCredentials
from pectui.api.inprocess import InProcessTransport
from pectui.domain.fingerprint import hash_text
from pectui.domain.message import Message
from pectui.engine.delete import Deletion
from pectui.engine.journal import Journal, NoJournal
from pectui.engine.outcome import DeleteEvent, DeleteOutcome, Finished
from pectui.engine.pages import Page, PageReader
from pectui.engine.prepare import Prepared, prepare
from pectui.engine.recognise import Choice
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.mailbox import Mailbox
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from tests.gate import Gate

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWN = frozenset({DEMO_ADDRESS})
BOTH_IDS = pytest.mark.parametrize("ids", ["uid", "sequence"])


@dataclass
class Ticking:
    """A clock that moves a second each time it is read, so that every mail has a date of its own."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Bench:
    """A mailbox in the sandbox, seen from both sides, and the gate between them."""

    app: SandboxApp
    gate: Gate
    service: PecClient
    clock: Ticking
    seen: list[Message] = field(default_factory=list)
    """What the last whole listing showed."""

    @property
    def mailbox(self) -> Mailbox:
        return self.app.mailbox

    def reader(self, query: str | None = None) -> PageReader:
        return PageReader(self.service, own=OWN, clock=self.clock, query=query)

    def fill(self, count: int, subject: str = "Messaggio") -> None:
        for number in range(count):
            self.mailbox.deliver(
                f"{subject} {number:04}", f"Testo {number}", sender=f"ufficio{number}@pec.example"
            )

    def deliver_twins(self, *texts: str, subject: str = "gemelle") -> None:
        """Messages that differ in nothing but their texts."""
        for text in texts:
            self.mailbox.deliver(subject, text, sender="a@pec.example", date="Mon, 2 Mar 2026 09:00:00 +0100")

    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.mailbox.mails]

    async def everything(self) -> list[Message]:
        return [message async for page in self.reader().everything() for message in page.messages]

    async def listed(self, subject: str) -> tuple[Message, int]:
        """The message with this subject as a user sees it now, and its page."""
        pages = [page async for page in self.reader().everything()]
        self.seen = [message for page in pages for message in page.messages]
        found = [
            (message, page.number)
            for page in pages
            for message in page.messages
            if message.header.subject == subject
        ]
        assert found, f"{subject} is not listed"
        return found[0]

    async def prepare(
        self,
        *chosen: tuple[Message, int | None],
        known: Sequence[Message] | None = None,
        texts: Sequence[str | None] = (),
    ) -> Prepared:
        """`texts` are the hashes of the texts that were read when the messages were chosen."""
        known = self.seen if known is None else known
        hashes = [*texts, *[None] * len(chosen)]
        choices = [
            Choice(message.id, message.header, page, text)
            for (message, page), text in zip(chosen, hashes, strict=False)
        ]
        return await prepare(
            self.service, self.reader(), choices, own=OWN, known=[message.header for message in known]
        )

    async def text(self, message: Message) -> str:
        """The hash of its text, as somebody gets it who reads it now."""
        return hash_text((await self.service.get_message(message.id)).body)

    async def delete(self, prepared: Prepared, journal: Journal | None = None) -> DeleteOutcome:
        events = await self.events(prepared, journal)
        assert isinstance(events[-1], Finished)
        return events[-1].outcome

    async def events(self, prepared: Prepared, journal: Journal | None = None) -> list[DeleteEvent]:
        job = Deletion(self.service, self.reader(), prepared, journal or NoJournal(), late_after=0)
        return [event async for event in job.run()]

    def delete_as_another_client(self, subject: str) -> None:
        mail = next(mail for mail in self.mailbox.mails if mail.subject == subject)
        message_id = self.mailbox.id_of(mail)
        assert message_id is not None
        assert self.mailbox.delete(message_id)


BenchMaker = Callable[..., Bench]


def make_bench(faults: Sequence[Any] = (), **options: Any) -> Bench:
    """A `Bench` from the sandbox's options and faults; empty unless told otherwise."""
    clock = Ticking()
    app = create_app(
        Options(**{"messages": 0, **options}), credentials=DEMO_CREDENTIALS, faults=faults, clock=clock
    )
    demo = DEMO_CREDENTIALS
    gate = Gate(app)
    client = PecClient(InProcessTransport(gate), MailboxCredentials(demo.token, demo.username, demo.password))
    return Bench(app, gate, client, clock)


@pytest.fixture
def bench() -> BenchMaker:
    return make_bench


def ids_of(pages: Sequence[Page]) -> list[int]:
    return [message.id for page in pages for message in page.messages]
