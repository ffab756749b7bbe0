"""The one place that wires the parts together: settings and secrets in, a mailbox to work with out.

Everything but the command line and the screen meets here, and only here. Nothing heavy is loaded before it is
needed: httpx on the way to a real server, TinyDB for a mailbox with a memory, neither for the demo.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pectui.config import Places, Profile, Settings
from pectui.credentials import Secrets, find_secrets
from pectui.domain.message import Header, Message
from pectui.domain.quota import Quota, measure
from pectui.engine.pages import PageReader
from pectui.environment import Environment
from pectui.errors import ConfigError, RefusedHereError, StoreError

if TYPE_CHECKING:
    from pectui.engine.journal import Journal
    from pectui.engine.outcome import DeleteEvent
    from pectui.engine.prepare import Choice, Prepared
    from pectui.engine.reading import Reading
    from pectui.engine.service import Service
    from pectui.store.memory import Store

_NEAR = 50
"""How many ids around a chosen one are looked at for its neighbours and twins: two pages."""

T = TypeVar("T")
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class Session:
    """One mailbox, open. Made by `open_session`; everything that asks the service raises `ServiceError`."""

    def __init__(
        self,
        profile: Profile,
        service: Service,
        store: Store | None,
        *,
        own: frozenset[str],
        address: str,
        journal: Callable[[], Journal],
        clock: Clock,
        close: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self.profile = profile
        self.address = address
        """The mailbox's address, or its user name where that is all that is known. Foreign text."""
        self.service = service
        self.warnings: list[str] = []
        """What the user should hear of once, such as a memory that can't be used."""
        self._store = store
        self._own = own
        self._journal = journal
        self._clock = clock
        self._close = close
        # One thread: what is remembered later was listed later.
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pectui-store")
        self._pages: dict[int, int] = {}
        self._texts: dict[Header, str | None] = {}

    def inbox(self, query: str | None = None) -> PageReader:
        """A new reading of the inbox, or of what the service finds for `query`."""
        listed = self._searched if query else self._listed
        return PageReader(self.service, own=self._own, clock=self._clock, query=query, listed=listed)

    async def read(self, message: Message) -> Reading:
        """The message with its text; `moved` tells if its id holds another one by now."""
        from pectui.engine.reading import read

        reading = await read(self.service, message.id, own=self._own, expected=message.header)
        self._texts[reading.message.header] = reading.fingerprint.text_hash
        return reading

    async def look_up(self, message_id: int) -> Reading:
        """The message with this id, compared with what was last listed under it; as much text as can be read."""
        from pectui.engine.reading import READ_AT_MOST, read

        choice = await self._recalled(message_id)
        reading = await read(
            self.service, message_id, own=self._own, expected=choice.header, limit=READ_AT_MOST
        )
        if choice.header is None or reading.moved:
            # From now on the id stands for what was shown under it last.
            self._remember((reading.message.header,), None)
        return reading

    async def quota(self) -> Quota:
        """How full the mailbox is."""
        mailbox = self.profile.mailbox
        return measure(mailbox, await self.service.get_quota(mailbox), self.profile.quota_unit)

    async def prepare(self, messages: Sequence[Message], *, known: Sequence[Message] = ()) -> Prepared:
        """The plan for deleting `messages` as they were listed. Asks the service, changes nothing."""
        from pectui.engine.prepare import Choice

        choices = [
            Choice(one.id, one.header, self._pages.get(one.id), self._texts.get(one.header))
            for one in messages
        ]
        return await self._prepare(choices, known)

    async def prepare_ids(self, ids: Sequence[int]) -> Prepared:
        """The plan for what was last listed under `ids`, here or by an earlier command."""
        told = len(self.warnings)
        choices = [await self._recalled(message_id) for message_id in ids]
        prepared = await self._prepare(choices, await self._neighbours(choices))
        unknown = any(choice.header is None for choice in choices)
        gaps = unknown and await self._with_store(lambda store: store.has_gaps())
        return replace(prepared, forgotten=len(self.warnings) > told or bool(gaps))

    async def _prepare(self, choices: Sequence[Choice], known: Sequence[Message]) -> Prepared:
        from pectui.engine.prepare import prepare

        # Not `self.inbox()`: looking for a message must not change what its id was last listed as.
        reader = PageReader(self.service, own=self._own, clock=self._clock)
        return await prepare(self.service, reader, choices, own=self._own, known=known)

    def delete(self, prepared: Prepared) -> AsyncIterator[DeleteEvent]:
        """Deletes what was prepared and confirmed. RefusedHereError at once if the profile is read-only."""
        if self.profile.read_only:
            raise RefusedHereError(
                "Nothing was deleted",
                f"The profile {self.profile.name} is read-only",
                "Take away `read_only` or --read-only if you do want to delete.",
            )
        if prepared.forgotten:
            raise RefusedHereError(
                "Nothing was deleted",
                "What was last listed under these ids can't be read any more, and other messages may have them now",
                "List the inbox again, then choose again.",
            )
        return self._delete(prepared)

    async def _delete(self, prepared: Prepared) -> AsyncIterator[DeleteEvent]:
        from pectui.engine.delete import Deletion

        reader = PageReader(self.service, own=self._own, clock=self._clock)
        journal = await asyncio.to_thread(self._journal)
        try:
            async for event in Deletion(self.service, reader, prepared, journal).run():
                yield event
        finally:
            journal.close()

    async def aclose(self) -> None:
        """Waits for what is still to be remembered, and gives the connections back. Closing twice is fine."""
        await asyncio.to_thread(self._disk.shutdown)
        await self._close()

    async def _recalled(self, message_id: int) -> Choice:
        from pectui.engine.prepare import Choice

        remembered = await self._with_store(lambda store: store.recall(message_id))
        if remembered is None:
            return Choice(message_id, None)
        return Choice(message_id, remembered.header, remembered.page)

    async def _neighbours(self, choices: Sequence[Choice]) -> list[Message]:
        """What was listed around them: neighbours in a listing have neighbouring ids where ids may shift."""
        from pectui.domain.interpret import interpret

        around = {
            message_id
            for choice in choices
            if choice.header is not None
            for message_id in range(max(0, choice.id - _NEAR), choice.id + _NEAR + 1)
        }

        def recall(store: Store) -> list[Message]:
            return [interpret(one.header, self._own) for one in store.recall_many(around).values()]

        return await self._with_store(recall) or []

    def _listed(self, headers: tuple[Header, ...], number: int) -> None:
        self._pages.update((header.id, number) for header in headers)
        self._remember(headers, number)

    def _searched(self, headers: tuple[Header, ...], number: int) -> None:
        # A page of a search is no page of the inbox: no hint where to look for the message.
        self._remember(headers, None)

    def _remember(self, headers: tuple[Header, ...], page: int | None) -> None:
        at = self._clock()
        self._submit(lambda store: store.remember(headers, page, at))

    async def _with_store(self, work: Callable[[Store], T]) -> T | None:
        return await asyncio.wrap_future(self._disk.submit(self._guarded, work))

    def _submit(self, work: Callable[[Store], object]) -> None:
        self._disk.submit(self._guarded, work)

    def _guarded(self, work: Callable[[Store], T]) -> T | None:
        """Runs `work` on the store; without a store, or with one that fails, pectui goes on without a memory."""
        if self._store is None:
            return None
        try:
            result = work(self._store)
            self.warnings.extend(self._store.take_warnings())
            return result
        except StoreError as error:
            self._store = None
            self.warnings.append(
                f"{error.title}: {error.detail}. pectui goes on without remembering listings."
            )
            return None


async def open_session(
    settings: Settings,
    *,
    environ: Mapping[str, str],
    places: Places,
    prompt: Callable[[str], str] | None = None,
    secrets: Secrets | None = None,
    clock: Clock = system_clock,
) -> Session:
    """Opens the mailbox of the settings' profile without asking the service anything yet.

    `secrets` are those that the caller has found already; else they are looked for here. `prompt` asks the user
    for a secret that is nowhere else; None where nobody can be asked. Raises ConfigError.
    """
    profile = settings.profile
    if profile is None:
        raise ConfigError(
            "No mailbox is set up",
            "there is no token, user name and password in the environment, and no default profile in a file",
            "Set PECTUI_TOKEN, PECTUI_USERNAME and PECTUI_PASSWORD, or try `pectui demo`.",
        )
    if profile.environment is Environment.DEMO:
        return _open_demo(profile, settings, clock)
    if secrets is None:
        secrets = await asyncio.to_thread(find_secrets, profile, environ, prompt=prompt)
    return _open_mailbox(profile, secrets, places, clock)


def _open_demo(profile: Profile, settings: Settings, clock: Clock) -> Session:
    """The embedded sandbox in this process: no network, nothing on the disk."""
    from pectui.api.client import PecClient
    from pectui.api.credentials import MailboxCredentials
    from pectui.api.inprocess import InProcessTransport
    from pectui.engine.journal import NoJournal
    from pectui.sandbox.app import create_app
    from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
    from pectui.store.memory import MemoryStore

    options = Options(messages=settings.demo_messages, seed=settings.demo_seed)
    app = create_app(options, credentials=DEMO_CREDENTIALS, clock=clock)
    demo = DEMO_CREDENTIALS
    client = PecClient(InProcessTransport(app), MailboxCredentials(demo.token, demo.username, demo.password))
    return Session(
        profile,
        client,
        MemoryStore(),
        own=frozenset({DEMO_ADDRESS}),
        address=DEMO_ADDRESS,
        journal=NoJournal,
        clock=clock,
        close=client.aclose,
    )


def _open_mailbox(profile: Profile, secrets: Secrets, places: Places, clock: Clock) -> Session:
    from pectui.api.client import PecClient
    from pectui.api.credentials import MailboxCredentials
    from pectui.api.inquiry import Destination
    from pectui.api.transport import HttpxTransport
    from pectui.engine.journal import FileJournal
    from pectui.store.mailbox import MailboxStore
    from pectui.store.places import folder_for

    credentials = MailboxCredentials(secrets.token, profile.username, secrets.password)
    destination = Destination(
        profile.host, profile.environment.value, secrets.token_from, secrets.password_from
    )
    client = PecClient(
        HttpxTransport(profile.base_url),
        credentials,
        destination=destination,
        concurrency=profile.concurrency,
    )
    folder = folder_for(places.cache, profile.name, profile.host, profile.username, profile.mailbox)
    return Session(
        profile,
        client,
        MailboxStore(folder),
        own=profile.own_addresses,
        address=profile.sender or profile.username,
        journal=lambda: FileJournal(private_folder(places.state / "jobs"), clock),
        clock=clock,
        close=client.aclose,
    )


def private_folder(folder: Path) -> Path:
    """`folder`, made with what is missing above it, and open to its owner only. StoreError if it can't be."""
    from pectui.store.files import make_folder

    make_folder(folder)
    return folder


@dataclass(frozen=True, slots=True)
class SandboxPlan:
    """What `pectui sandbox` serves: the sandbox's options by name, and its faults as they were typed."""

    port: int = 0
    switches: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def run_sandbox(plan: SandboxPlan, announce: Callable[[str, dict[str, str]], None]) -> None:
    """Serves the embedded sandbox on loopback until SIGINT or SIGTERM.

    `announce` gets its URL and the variables that open it, once it answers. ValueError for a switch or a fault
    that makes no sense, OSError for a port that can't be had.
    """
    from pectui.sandbox.app import create_app
    from pectui.sandbox.faults import parse_fault
    from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
    from pectui.sandbox.serve import run

    app = create_app(
        Options(**plan.switches),
        credentials=DEMO_CREDENTIALS,
        faults=[parse_fault(text) for text in plan.faults],
        clock=system_clock,
    )
    variables = {
        "PECTUI_TOKEN": DEMO_CREDENTIALS.token,
        "PECTUI_USERNAME": DEMO_CREDENTIALS.username,
        "PECTUI_PASSWORD": DEMO_CREDENTIALS.password,
        "PECTUI_SENDER": DEMO_ADDRESS,
    }
    run(app, plan.port, lambda url: announce(url, variables))
