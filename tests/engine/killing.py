"""The whole program, killed by SIGKILL at a random moment of a deletion, and gone on with until it is done."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from pectui.engine.jobs import FolderJobs, JobRecord, JobState
from pectui.engine.outcome import outcome_of
from pectui.sandbox.app import Receive, SandboxApp, Scope, Send, create_app
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from tests.engine.conftest import Ticking
from tests.engine.sent import AT_ONCE, deliver_answer, deliver_own_copy, deliver_send
from tests.patience import PATIENCE
from tests.terminal import PECTUI, clean_environment


@dataclass
class Deadly:
    """A sandbox that kills its client when this asks for the `at`-th time: before it does anything, or a moment after
    it has answered."""

    app: SandboxApp
    at: int = 0
    after: float | None = None
    """Seconds after the answer; None: before the deed."""
    victim: subprocess.Popen[str] | subprocess.Popen[bytes] | None = None
    asked: int = 0

    def aim(self, app: SandboxApp, at: int = 0, after: float | None = None) -> None:
        """From now on it serves this mailbox."""
        self.app, self.at, self.after, self.asked, self.victim = app, at, after, 0, None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        is_time = self.asked == self.at
        if is_time and self.after is None:
            self._kill()
            raise ConnectionResetError("the client is dead")
        await self.app(scope, receive, send)
        if is_time:
            await asyncio.sleep(self.after or 0)
            self._kill()

    def _kill(self) -> None:
        assert self.victim is not None
        self.victim.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class Ended:
    """How it ended."""

    left: tuple[str, ...]
    """Texts of what is in the mailbox."""
    lists: dict[str, Any]
    audited: Counter[str]
    """How often the audit log says of a subject that it was deleted: of each message once, and once more at most
    where a program was killed while it wrote that down."""

    def is_that_of(self, undisturbed: Ended) -> bool:
        """Whether it is the same end."""
        same = (self.left, self.lists) == (undisturbed.left, undisturbed.lists)
        return same and undisturbed.audited <= self.audited


@dataclass
class Desk:
    """A user's home, in which a mailbox was listed once; each trial begins with what was remembered then."""

    home: Path
    deadly: Deadly
    url: str
    ids: str
    kills: int = 0

    def run(self, *arguments: str) -> bool:
        """Whether the command came to its end, and was not killed."""
        with subprocess.Popen(
            [*PECTUI, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            self.deadly.victim = process
            output, errors = process.communicate(timeout=PATIENCE)
        if process.returncode == -signal.SIGKILL:
            self.kills += 1
            return False
        assert process.returncode == 0, f"{output}{errors}"
        return True

    def delete(self, lives: list[tuple[int, float | None]]) -> tuple[Ended, int]:
        """Deletes with a program that dies as the first of `lives` says, goes on with the next ones, and with one
        that nobody kills. How it ended, and how often the last one asked."""
        self._begin_anew()
        app = mailbox(self.ids)
        for at, after in (*lives, (0, None)):
            self.deadly.aim(app, at, after)
            job = self._job()
            if job is None:
                ended = self.run("delete", "--from", str(self.home / "chosen"), "--yes", "--json")
            elif job.can_be_resumed:
                ended = self.run("jobs", "--resume", "last", "--json")
            else:
                break  # killed after its last message
            if ended:
                break
        return self._ended(app), self.deadly.asked

    def _job(self) -> JobRecord | None:
        """The job, once its plan was written down."""
        folders = [path.parent for path in self.home.rglob("jobs/*.jsonl")]
        records = FolderJobs(folders[0], system_clock).records() if folders else ()
        return next((record for record in records if record.items), None)

    def _begin_anew(self) -> None:
        shutil.rmtree(self.home)
        shutil.copytree(self.home.with_suffix(".listed"), self.home)

    def list_once(self) -> None:
        app = mailbox(self.ids)
        self.deadly.aim(app)
        assert self.run("sync")
        chosen = [
            str(app.mailbox.id_of(mail)) for mail in app.mailbox.mails if not mail.subject.endswith("7")
        ]
        (self.home / "chosen").write_text("\n".join(chosen))
        shutil.copytree(self.home, self.home.with_suffix(".listed"))

    def _ended(self, app: SandboxApp) -> Ended:
        job = self._job()
        assert job is not None
        assert job.state is JobState.FINISHED
        lists = outcome_of(job.events).as_json()
        (log,) = self.home.rglob("audit.jsonl")
        audited = (json.loads(line) for line in log.read_text().splitlines())
        return Ended(
            tuple(mail.text for mail in app.mailbox.mails),
            {name: sorted(lists[name], key=str) for name in ("deleted", "already_gone", "refused", "failed")},
            Counter(one["subject"] for one in audited if one["outcome"] == "deleted"),
        )

    @property
    def _environment(self) -> dict[str, str]:
        demo = DEMO_CREDENTIALS
        return clean_environment(
            self.home,
            PECTUI_TOKEN=demo.token,
            PECTUI_USERNAME=demo.username,
            PECTUI_PASSWORD=demo.password,
            PECTUI_SENDER=DEMO_ADDRESS,
            PECTUI_BASE_URL=self.url,
        )


def mailbox(ids: str) -> SandboxApp:
    """Sends that go as a whole, one that doesn't, twins and single messages; always the same."""
    options = Options(messages=0, ids=ids)  # type: ignore[arg-type]
    app = create_app(options, credentials=DEMO_CREDENTIALS, clock=Ticking())
    box = app.mailbox
    for number in range(8):
        deliver_send(box, f"2026030209000{number:03}", recipients=1 + number % 3, date=AT_ONCE)
        box.deliver(f"fattura {number}", f"testo {number}", sender=f"fornitore{number}@pec.example")
    deliver_answer(box, "2026030209000003")
    deliver_own_copy(box, "2026030209000004")
    for number in range(12):
        box.deliver(f"avviso {number:02}", f"altro {number}", sender=f"ufficio{number}@pec.example")
    return app


@contextmanager
def desk(home: Path, ids: str) -> Iterator[Desk]:
    """A desk at which the mailbox was listed."""
    home.mkdir(parents=True)
    deadly = Deadly(mailbox(ids))
    with ServerThread(deadly) as server:
        found = Desk(home, deadly, server.url, ids)
        found.list_once()
        yield found


def random_lives(seed: int, steps: int) -> list[tuple[int, float | None]]:
    """When the programs of a trial die: at which request, and how long after its answer, if not before the deed."""
    dice = Random(f"{seed} kills")
    count = dice.choice([1, 1, 1, 2, 3])
    return [
        (dice.randrange(1, steps + 1 if not number else 30), dice.choice([None, dice.uniform(0, 0.01)]))
        for number in range(count)
    ]
