"""Programs that send and are killed: `python -m tests.engine.sending URL FOLDER COUNT` is one of them.

What they share is the folder with their journals, and the mailbox at the sandbox, which sees who got what.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from pectui.api.client import PecClient
from pectui.api.credentials import MailboxCredentials
from pectui.api.transport import HttpxTransport
from pectui.engine.pages import PageReader
from pectui.engine.send import Again, Sending
from pectui.engine.send_book import Book
from pectui.engine.send_events import Finished, SendOutcome, SendState
from pectui.engine.send_files import Copies
from pectui.engine.send_journals import FolderJournals
from pectui.engine.send_pace import FilePlace, Pace
from pectui.engine.send_settling import settle
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from tests.engine.killing import Deadly
from tests.engine.outgoing import letters
from tests.patience import PATIENCE

Lives = list[tuple[int, float | None]]
"""When programs die: at which of their requests, and how many seconds after its answer; None: before the deed."""


def client(url: str) -> PecClient:
    demo = DEMO_CREDENTIALS
    return PecClient(HttpxTransport(url), MailboxCredentials(demo.token, demo.username, demo.password))


async def send(
    url: str, folder: Path, count: int, *, interval: float = 0.0, again: Again | None = None, tries: int = 4
) -> SendOutcome:
    """Sends so many letters, as a program does."""
    journals = FolderJournals(folder, system_clock)
    journal, copies = journals.begin(), Copies(folder)
    async with client(url) as service:
        sending = Sending(
            service,
            letters(count),
            sender=DEMO_ADDRESS,
            journal=journal,
            book=Book(journals),
            pace=Pace(FilePlace(folder / "last"), interval),
            copies=copies,
            again=again,
            tries=tries,
        )
        try:
            last = [event async for event in sending.run()][-1]
            assert isinstance(last, Finished)
            return last.outcome
        finally:
            journal.close()
            copies.close()


def program(url: str, folder: Path, count: int, interval: float = 0.0) -> subprocess.Popen[bytes]:
    """The same as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__, url, str(folder), str(count), str(interval)],
        cwd=Path(__file__).parents[2],
        stderr=subprocess.PIPE,
    )


@dataclass
class Trial:
    """What came of programs that were killed one after another, and of one that was not."""

    app: SandboxApp
    url: str
    folder: Path
    count: int
    kills: int = 0
    unknown: int = field(default=0, init=False)
    """Messages of which nobody knew before the inbox was looked through."""

    @property
    def went_to(self) -> Counter[str]:
        """How often the service sent to each recipient."""
        return Counter(one for sent in self.app.mailbox.sent for one in sent.order.recipients)

    def states(self) -> dict[str, SendState | None]:
        """By recipient: how the journals have it."""
        book = Book(FolderJournals(self.folder, system_clock))
        book.refresh()
        standing = {one.recipients[0]: book.standing(one.digest) for one in letters(self.count)}
        return {recipient: attempt.state if attempt else None for recipient, attempt in standing.items()}

    async def check(self) -> None:
        """Nobody got two, nobody was skipped, and what nobody knows is called so until the inbox shows it."""
        went = self.went_to
        assert max(went.values()) == 1, went
        states = self.states()
        assert set(states.values()) <= {SendState.SENT, SendState.UNKNOWN}, states
        self.unknown = sum(state is SendState.UNKNOWN for state in states.values())
        assert all(went[recipient] for recipient, state in states.items() if state is SendState.SENT), states
        await self._settle()
        for recipient, state in self.states().items():
            assert state is (SendState.SENT if went[recipient] else SendState.UNKNOWN), recipient
        await send(self.url, self.folder, self.count)
        assert self.went_to == went
        outcome = await send(self.url, self.folder, self.count, again=Again(unknown=True))
        assert outcome.complete
        assert set(self.went_to.values()) == {1}
        assert len(self.went_to) == self.count

    async def _settle(self) -> None:
        journals = FolderJournals(self.folder, system_clock)
        async with client(self.url) as service:
            reader = PageReader(service, own=frozenset({DEMO_ADDRESS}), clock=system_clock)
            headers = [message.header async for page in reader.everything() for message in page.messages]
            await settle(service, Book(journals), journals, headers)


def try_out(folder: Path, lives: Lives, count: int = 6) -> Trial:
    """Sends with programs that die as `lives` say, each going on with what the one before has left, and with one that
    nobody kills."""
    options = Options(messages=0, send_interval=0)
    app = create_app(options, credentials=DEMO_CREDENTIALS, clock=system_clock)
    deadly = Deadly(app)
    with ServerThread(deadly) as server:
        trial = Trial(app, server.url, folder, count)
        for at, after in (*lives, (0, None)):
            deadly.aim(app, at, after)
            with program(server.url, folder, count) as victim:
                deadly.victim = victim
                _, errors = victim.communicate(timeout=PATIENCE)
            if victim.returncode == 0:
                break
            assert victim.returncode == -signal.SIGKILL, errors
            trial.kills += 1
        deadly.aim(app)
        asyncio.run(trial.check())
    return trial


def random_lives(seed: int, count: int) -> Lives:
    """As a seed has it."""
    dice = Random(f"{seed} sends")
    return [
        (dice.randrange(1, count + 1), dice.choice([None, dice.uniform(0, 0.02)]))
        for _ in range(dice.choice([1, 1, 2, 3]))
    ]


if __name__ == "__main__":
    where, journals_in, how_many, seconds = sys.argv[1:]
    asyncio.run(send(where, Path(journals_in), int(how_many), interval=float(seconds)))
