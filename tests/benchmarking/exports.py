"""What an export of 10,000 messages costs: its time beside that of fetching the same texts alone, requests, memory.

`python -m tests.benchmarking.exports fetch` and `… long FOLDER COUNT` are the programs that are measured beside it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pectui.api.client import PecClient
from pectui.api.credentials import MailboxCredentials
from pectui.api.transport import HttpxTransport
from pectui.config import Profile
from pectui.domain.export import ExportFormat, ExportTarget
from pectui.domain.interpret import interpret
from pectui.domain.message import Header, MailText
from pectui.domain.subject import kind_and_code
from pectui.engine.jobs import MemoryJobs
from pectui.environment import Environment
from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import Session, system_clock
from pectui.store.memory import MemoryStore
from tests.benchmarking.measuring import report
from tests.terminal import PECTUI, clean_environment

MESSAGES = 10_000
FEW = 1_000
OCTETS = 30_000
"""Of a long text."""
_CONCURRENCY = 4


def exported_mailboxes(home: Path) -> None:
    """Prints all of it."""
    app = create_app(Options(messages=MESSAGES), credentials=DEMO_CREDENTIALS, clock=system_clock)
    with ServerThread(app) as server:
        environment = _environment(home / "exports", server.url)
        (home / "exports").mkdir()
        _run([*PECTUI, "sync"], environment)
        fetching: list[float] = []
        exporting: dict[ExportFormat, float] = {}
        for form in ExportFormat:
            before = app.count("GET", "/")
            fetching.append(_run([sys.executable, "-m", __name__, "fetch"], environment, _wanted(app))[0])
            least, before = app.count("GET", "/") - before, app.count("GET", "/")
            command = [*PECTUI, "export", "--all", "--format", form, "-o", str(home / "exports" / form)]
            exporting[form] = _run(command, environment)[0]
            asked = app.count("GET", "/") - before
    for form, seconds in exporting.items():
        what = f"exporting {MESSAGES:,} as {form}, whole process"
        report(what, 1000 * seconds, "ms", 1000 * min(fetching), "fetching these texts alone")
    report("its requests", asked, "", least, "those of fetching alone, and one to sync")
    peaks = [
        _run(
            [sys.executable, "-m", __name__, "long", str(home / f"long{count}"), str(count)], {**os.environ}
        )[1]
        for count in (FEW, MESSAGES)
    ]
    report(f"memory of exporting {MESSAGES:,} texts of 30 kB", peaks[1], "KiB", peaks[0], f"{FEW:,} of them")


def _environment(home: Path, url: str) -> dict[str, str]:
    demo = DEMO_CREDENTIALS
    return clean_environment(
        home,
        PECTUI_TOKEN=demo.token,
        PECTUI_USERNAME=demo.username,
        PECTUI_PASSWORD=demo.password,
        PECTUI_SENDER=DEMO_ADDRESS,
        PECTUI_BASE_URL=url,
    )


def _run(command: Sequence[str], environment: Mapping[str, str], entered: str = "") -> tuple[float, int]:
    """Seconds of a process, and the most memory that it held, in KiB."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdin is not None
        process.stdin.write(entered.encode())
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - started, used.ru_maxrss


def _wanted(app: SandboxApp) -> str:
    """What has to be asked for at least: a line for each code of several messages, and for each other message."""
    codes = {mail.uid: kind_and_code(mail.subject)[1] for mail in app.mailbox.mails}
    often = Counter(codes.values())
    sends = [f"send {code}" for code, count in often.items() if code is not None and count > 1]
    single = [f"message {uid}" for uid, code in codes.items() if code is None or often[code] == 1]
    return "\n".join([*sends, *single])


async def fetch() -> None:
    """Asks for what stands on stdin, four at once, and throws it away."""
    demo = MailboxCredentials(*(os.environ[f"PECTUI_{name}"] for name in ("TOKEN", "USERNAME", "PASSWORD")))
    client = PecClient(HttpxTransport(os.environ["PECTUI_BASE_URL"]), demo, concurrency=_CONCURRENCY)
    lines = iter(sys.stdin.read().split("\n"))

    async def ask_on() -> None:
        for line in lines:
            what, _, name = line.partition(" ")
            await (client.get_send(name) if what == "send" else client.get_message(int(name)))

    await asyncio.gather(*(ask_on() for _ in range(2 * _CONCURRENCY)))
    await client.aclose()


@dataclass
class LongTexts:
    """A service whose messages all have long texts of their own."""

    headers: Sequence[Header]

    async def get_message(self, message_id: int) -> MailText:
        await asyncio.sleep(0)
        line = f"Riga del messaggio {message_id}: è così.\n"
        return MailText(*self.headers[message_id].facts, line * (OCTETS // len(line)))

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(name)


async def long(folder: Path, count: int) -> None:
    """Exports so many long texts as eml."""
    date = "Mon, 02 Mar 2026 10:00:00 +0100"
    headers = [Header(number, date, f"Messaggio {number}", "a@pec.example", "") for number in range(count)]

    async def close() -> None:
        return None

    session = Session(
        Profile("prova", Environment.SANDBOX, "https://sandbox.example", concurrency=_CONCURRENCY),
        LongTexts(headers),
        MemoryStore(),
        own=frozenset(),
        address="",
        jobs=lambda: MemoryJobs(system_clock),
        clock=system_clock,
        close=close,
    )
    messages = [interpret(header) for header in headers]
    async for _ in session.export(messages, ExportTarget(folder, ExportFormat.EML), known=headers):
        pass
    await session.aclose()


if __name__ == "__main__":
    asyncio.run(fetch() if sys.argv[1] == "fetch" else long(Path(sys.argv[2]), int(sys.argv[3])))
