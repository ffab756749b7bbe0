"""The screen on a mailbox of its own: the embedded sandbox in process, a fixed clock, a fixed time zone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from textual import events
from textual._compositor import LayoutUpdate
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot

from pectui.api.client import PecClient
from pectui.api.credentials import MailboxCredentials
from pectui.api.inprocess import InProcessTransport
from pectui.config import Profile, Settings
from pectui.engine.jobs import Jobs, MemoryJobs
from pectui.environment import Environment
from pectui.errors import ConfigError
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.faults import Fault, parse_fault
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.session import Session
from pectui.session.offline import Offline
from pectui.store.archive import Archive, MemoryArchive
from pectui.store.drafts import Drafts
from pectui.store.export_log import MemoryExportLog
from pectui.store.memory import MemoryStore, Store
from pectui.store.quota_samples import MemoryQuotaSamples, QuotaSamples
from pectui.tui.app import PectuiApp
from pectui.tui.remembered import Remembered
from pectui.tui.screens.compose import ComposeScreen
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.sends import SendsScreen
from tests.gate import Gate
from tests.patience import PATIENCE as PATIENCE
from tests.patience import eventually as eventually

NOW = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1))
DEMO = Profile("demo", Environment.DEMO, "")
PRODUCTION = Profile(
    "acme", Environment.PRODUCTION, "https://ws.pecmassiva.com", username="acme", sender=DEMO_ADDRESS
)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Stage:
    """The app, and the service behind it for a test to act on as another client would."""

    def __init__(
        self,
        messages: int = 60,
        *,
        profile: Profile | None = DEMO,
        keys: Mapping[str, str] | None = None,
        faults: Iterable[str] = (),
        store: Store | None = None,
        archive: Archive | None = None,
        jobs: Jobs | None = None,
        quota_samples: QuotaSamples | None = None,
        sandbox: SandboxApp | None = None,
        offline: bool = False,
        drafts: Drafts | None = None,
        **options: Any,
    ) -> None:
        self.clock = Clock()
        self.store = store if store is not None else MemoryStore()
        self.archive = archive if archive is not None else MemoryArchive()
        self.export_log = MemoryExportLog()
        self.quota_samples = quota_samples if quota_samples is not None else MemoryQuotaSamples()
        self.jobs: Jobs = jobs if jobs is not None else MemoryJobs(self.clock)
        self.drafts = drafts
        made = create_app(Options(messages=messages, now=NOW, **options), clock=self.clock)
        self.sandbox: SandboxApp = sandbox if sandbox is not None else made
        self._gate = Gate(self.sandbox)
        self.fault(*faults)
        self.setup_error: ConfigError | None = None
        settings = Settings(profile=profile, keys=keys or {}, offline=offline)
        self.app = PectuiApp(settings, self._open, clock=self.clock, zone=ZONE)
        self.pilot: Pilot[None] | None = None

    def fault(self, *faults: str) -> None:
        """From now on these faults strike, and no others."""
        self._faults: list[Fault] = [parse_fault(text) for text in faults]
        self.sandbox.set_faults(*self._faults)

    def hold(self, *operations: str, after: int = 0) -> None:
        """From now on the service is silent to these operations, or all, once it has answered the first `after`.

        However slow the machine is, nothing that is asked comes before it is released.
        """
        self._gate.hold(*operations, after=after)

    def release(self, count: int | None = None) -> None:
        """The service answers `count` of the questions that it held back; None: all, and those to come."""
        self._gate.release(count)

    @property
    def waiting(self) -> int:
        """How many questions have arrived and are held back."""
        return self._gate.waiting

    async def asked(self, count: int = 1) -> None:
        """Waits until so many questions have arrived and are held back."""
        await self._gate.holds(count)

    async def _open(self, settings: Settings) -> Session:
        if self.setup_error is not None:
            raise self.setup_error
        assert settings.profile is not None
        return self._session(settings.profile, self._gate, offline=settings.offline)

    def _session(self, profile: Profile, service: Gate | SandboxApp, *, offline: bool) -> Session:
        secrets = DEMO_CREDENTIALS
        client = PecClient(
            InProcessTransport(service),
            MailboxCredentials(secrets.token, secrets.username, secrets.password),
        )
        return Session(
            profile,
            Offline() if offline else client,
            self.store,
            own=frozenset({DEMO_ADDRESS}),
            address=DEMO_ADDRESS,
            jobs=lambda: self.jobs,
            late_after=0,
            archive=lambda: self.archive,
            quota_samples=lambda: self.quota_samples,
            export_log=lambda: self.export_log,
            drafts=None if self.drafts is None else lambda: self.drafts,  # type: ignore[arg-type,return-value]
            clock=self.clock,
            close=client.aclose,
            offline=offline,
        )

    async def remember(self, *, texts: int = 0, hours: float = 3) -> None:
        """What an earlier run of the program remembered, `hours` ago; `texts` of the newest messages were read."""
        self.sandbox.set_faults()
        session = self._session(self.app.settings.profile or DEMO, self.sandbox, offline=False)
        async for _ in session.sync():
            pass
        page = Remembered(await session.synced(), session.own).page(1)
        for message in page.messages[:texts]:
            await session.read(message)
        await session.aclose()
        self.sandbox.set_faults(*self._faults)
        self.sandbox.requests.clear()
        self.sandbox.targets.clear()
        self.clock.forward(hours * 3600)

    def listings(self) -> int:
        """How many pages of the inbox were asked for."""
        return sum(1 for method, path in self.sandbox.requests if (method, path) == ("GET", "/inbox"))

    @property
    def inbox(self) -> InboxScreen:
        """The inbox, whatever lies over it."""
        found = [screen for screen in self.app.screen_stack if isinstance(screen, InboxScreen)]
        return found[0]

    async def press(self, *keys: str) -> None:
        """Presses the keys one after the other, and waits until everything that follows has happened."""
        assert self.pilot is not None
        for key in keys:
            await self.pilot.press(key)
            await settled(self.pilot)

    async def burst(self, *keys: str) -> None:
        """Presses the keys, which arrive together, and waits until everything that follows has happened."""
        assert self.pilot is not None
        for key in keys:
            self.app.post_message(
                events.Key(_character_to_key(key) if len(key) == 1 else key, key if len(key) == 1 else None)
            )
        await settled(self.pilot)

    async def type(self, text: str) -> None:
        """Types into the line that has the focus."""
        await self.press(*({" ": "space", "/": "slash"}.get(letter, letter) for letter in text))

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """The same line by line, dialogs over what they cover."""
        app = self.app
        update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
        assert isinstance(update, LayoutUpdate)
        strips = update.strips
        return ["".join(segment.text for strip in line for segment in strip) for line in strips]

    def said(self) -> str:
        """All that stands there on one line, without frames; of a dialog only what is in its box."""
        lines = self.lines()
        edges = next(((line.index("╭"), line.index("╮")) for line in lines if "╭" in line), None)
        if edges is not None:
            lines = [line[edges[0] + 1 : edges[1]] for line in lines if line[edges[0]] == "│"]
        return re.sub(r"[\s│▐█]+", " ", "\n".join(lines))

    @property
    def compose(self) -> ComposeScreen:
        """The message that is being written."""
        screen = next(one for one in reversed(self.app.screen_stack) if isinstance(one, ComposeScreen))
        return screen

    async def paste(self, text: str) -> None:
        """Pastes into the field that has the focus."""
        assert self.app.focused is not None
        assert self.pilot is not None
        self.app.focused.post_message(events.Paste(text))
        await settled(self.pilot)

    def subjects(self) -> list[str]:
        """The subjects of the listed messages."""
        return [row.message.subject for row in self.inbox.list.rows]  # type: ignore[attr-defined]

    def under_cursor(self) -> int:
        """The id of the message under the cursor."""
        message = self.inbox.following.message
        assert message is not None
        return message.id


async def settled(pilot: Pilot[Any], seconds: float = PATIENCE) -> None:
    """Waits until nothing runs in the background, nothing is to be done, and the preview shows what it should."""
    async with asyncio.timeout(seconds):
        calm = 0
        # What ends in the background may set off something else: twice in a row nothing must be found.
        while calm < 2:
            await pilot.pause()
            calm = calm + 1 if _is_calm(pilot.app) else 0


def _is_calm(app: App[Any]) -> bool:
    screen = app.screen
    return (
        all(worker.is_finished or worker.group == "quota" for worker in app.workers)
        and not any(one.watching.is_asking for one in app.screen_stack if isinstance(one, InboxScreen))
        and not any(node.message_queue_size for node in (app, *screen.walk_children(with_self=True)))
        and not (screen._callbacks or screen._layout_required)
        and all(
            _preview_is_there(one) for one in app.screen_stack if isinstance(one, InboxScreen | SendsScreen)
        )
    )


def _preview_is_there(screen: InboxScreen | SendsScreen) -> bool:
    message, shot = screen.following.message, screen.preview.shot
    return (
        message is None
        or shot.problem != ()
        or (shot.reading is not None and (shot.message == message or shot.reading.moved))
    )


@asynccontextmanager
async def playing(stage: Stage, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Stage]:
    """The app running in a terminal of `size`, its first page read."""
    async with stage.app.run_test(size=size) as pilot:
        stage.pilot = pilot
        await settled(pilot)
        yield stage


def until(*keys: str) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """For snapshots: waits for the first page, presses `keys`, and waits for what follows."""

    async def play(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return play
