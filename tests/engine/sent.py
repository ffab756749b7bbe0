"""What sends bring into a mailbox, written as providers write it, and a session on a line where things happen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pectui.config import Profile
from pectui.domain.interpret import interpret
from pectui.domain.message import Listing, MailText, Message, SendMail
from pectui.engine.audit import Audit
from pectui.engine.jobs import Jobs, MemoryJobs
from pectui.engine.outcome import DeleteOutcome, Finished
from pectui.engine.prepare import FEW, Prepared
from pectui.environment import Environment
from pectui.sandbox.mailbox import Mailbox
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.session.session import Session
from pectui.store.archive import Archive, MemoryArchive
from pectui.store.memory import MemoryStore, Store
from tests.engine.conftest import OWN, Bench, make_bench

CODE = "2026030209000012"
AT_ONCE = "Mon, 2 Mar 2026 09:00:05 +0100"
CUSTOMER = '"Per conto di: cliente@pec.example" <posta-certificata@pec.example>'
OURSELVES = f'"Per conto di: {DEMO_ADDRESS}" <posta-certificata@pecmassiva.example>'


def deliver_acceptance(mailbox: Mailbox, code: str, recipients: Sequence[str]) -> None:
    named = "\n".join(f'{address} ("posta certificata")' for address in recipients)
    mailbox.deliver(
        f"ACCETTAZIONE: Avviso {code}",
        f"Ricevuta di accettazione. Il giorno 02/03/2026 alle ore 09:00:00 (+0100) il messaggio "
        f'"Avviso {code}" proveniente da "{DEMO_ADDRESS}" ed indirizzato a:\n{named}\n '
        "Il messaggio è stato accettato dal sistema ed inoltrato.",
    )


def deliver_delivery(mailbox: Mailbox, code: str, recipient: str, date: str | None = None) -> None:
    mailbox.deliver(
        f"CONSEGNA: Avviso {code}",
        f'il messaggio "Avviso {code}" proveniente da "{DEMO_ADDRESS}" ed indirizzato a "{recipient}" '
        "è stato consegnato nella casella di destinazione.",
        date=date,
    )


def deliver_failure(mailbox: Mailbox, code: str, recipient: str, date: str | None = None) -> None:
    mailbox.deliver(
        f"AVVISO DI MANCATA CONSEGNA: Avviso {code}",
        f'il messaggio "Avviso {code}" proveniente da "{DEMO_ADDRESS}" e destinato all\'utente "{recipient}" '
        "è stato rilevato un errore: 5.1.1 - indirizzo non valido. Il messaggio è stato rifiutato dal sistema.",
        date=date,
    )


def deliver_answer(mailbox: Mailbox, code: str) -> None:
    mailbox.deliver(f"POSTA CERTIFICATA: Re: Avviso {code}", "grazie", sender=CUSTOMER)


def deliver_own_copy(mailbox: Mailbox, code: str) -> None:
    mailbox.deliver(f"POSTA CERTIFICATA: Avviso {code}", "copia", sender=OURSELVES)


def deliver_send(mailbox: Mailbox, code: str = CODE, *, recipients: int = 2, date: str | None = None) -> None:
    """All receipts of a send that everybody got; with a date of their own the deliveries are twins."""
    addresses = [f"r{number}@pec.example" for number in range(recipients)]
    deliver_acceptance(mailbox, code, addresses)
    for address in addresses:
        deliver_delivery(mailbox, code, address, date)


@dataclass
class Line:
    """The service of `bench`; something may happen right before or after what is asked, by the operation's name."""

    bench: Bench
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    after: dict[str, Callable[[], object]] = field(default_factory=dict)
    as_read: Callable[[SendMail], SendMail] = lambda found: found
    """What `get_send` makes of the answer."""
    delete_whole: Callable[[str], object] | None = None
    """What the server does in place of deleting a send."""
    most_at_once: int = 0
    """How many requests were under way at the same time, at most."""
    _under_way: int = 0

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        return await self._ask("list_inbox", page, query)  # type: ignore[no-any-return]

    async def get_message(self, message_id: int) -> MailText:
        return await self._ask("get_message", message_id)  # type: ignore[no-any-return]

    async def get_send(self, code: str) -> SendMail:
        return self.as_read(await self._ask("get_send", code))

    async def delete_message(self, message_id: int) -> None:
        await self._ask("delete_message", message_id)

    async def delete_send(self, code: str) -> None:
        if self.delete_whole is None:
            await self._ask("delete_send", code)
        else:
            self.delete_whole(code)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bench.service, name)

    async def _ask(self, name: str, *arguments: object) -> Any:
        self.before.get(name, lambda: None)()
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            answer = await getattr(self.bench.service, name)(*arguments)
        finally:
            self._under_way -= 1
        self.after.get(name, lambda: None)()
        return answer


@dataclass
class Opened:
    """A mailbox with a session on it."""

    bench: Bench
    line: Line
    jobs: Jobs
    archive: Archive
    store: Store
    session: Session

    @property
    def mailbox(self) -> Mailbox:
        return self.bench.mailbox

    async def listed(self) -> list[Message]:
        return await listed(self.session)

    async def plan(self, chosen: Callable[[Message], bool] = lambda message: True) -> Prepared:
        """The plan for all that is `chosen` of what is listed."""
        everything = await self.listed()
        return await plan(self.session, everything, [one for one in everything if chosen(one)])

    async def delete(self, prepared: Prepared) -> DeleteOutcome:
        return await delete(self.session, prepared)

    def asked(self, *targets: str) -> int:
        """How many requests began with one of `targets`, such as `DELETE /send`."""
        return sum(1 for one in self.bench.app.targets if one.startswith(targets))

    @property
    def pages_asked(self) -> int:
        """How many pages of the listing were asked for."""
        return sum(1 for one in self.bench.app.targets if one.partition("?")[0] == "GET /inbox")

    def subjects(self) -> list[str]:
        return self.bench.subjects()


def open_box(
    bench: Bench,
    service: Any,
    store: Store,
    jobs: Jobs,
    *,
    concurrency: int = 4,
    archive: Archive | None = None,
    audit: Audit | None = None,
) -> Session:
    """A session on `service`."""
    return Session(
        replace(Profile("demo", Environment.DEMO, ""), concurrency=concurrency),
        service,
        store,
        own=OWN,
        address=DEMO_ADDRESS,
        late_after=0,
        jobs=lambda: jobs,
        clock=bench.clock,
        close=bench.service.aclose,
        archive=None if archive is None else lambda: archive,
        audit=None if audit is None else lambda: audit,
    )


def opened(*, concurrency: int = 4, **options: Any) -> Opened:
    """An empty mailbox of a server with these ways."""
    bench = make_bench(**options)
    line, jobs, archive, store = Line(bench), MemoryJobs(bench.clock), MemoryArchive(), MemoryStore()
    session = open_box(bench, line, store, jobs, concurrency=concurrency, archive=archive)
    return Opened(bench, line, jobs, archive, store, session)


async def listed(session: Session) -> list[Message]:
    """All messages, as they are remembered now."""
    async for _ in session.sync():
        pass
    return [interpret(header, OWN) for header in (await session.listing()).headers]


async def plan(session: Session, everything: Sequence[Message], chosen: Sequence[Message]) -> Prepared:
    """The plan for what was chosen: of a few the screen knows what stood around them."""
    return await session.prepare(chosen, known=everything if len(chosen) <= FEW else ())


async def delete(session: Session, prepared: Prepared) -> DeleteOutcome:
    """How the deletion ends."""
    outcome: DeleteOutcome | None = None
    async for event in session.delete(prepared):
        if isinstance(event, Finished):
            outcome = event.outcome
    assert outcome is not None
    return outcome
