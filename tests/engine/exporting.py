"""A mailbox in the sandbox, the session that exports it, and what its messages really say."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pectui.config import Profile
from pectui.domain.export import ExportFormat, ExportTarget
from pectui.domain.interpret import interpret
from pectui.domain.message import Header, MailText, Message, SendMail
from pectui.engine.exported import ExportEvent, ExportFinished, ExportOutcome
from pectui.engine.jobs import MemoryJobs
from pectui.environment import Environment
from pectui.sandbox.options import DEMO_ADDRESS
from pectui.session import Session
from pectui.store.export_log import MemoryExportLog
from pectui.store.memory import MemoryStore
from pectui.text.body import decode_body
from tests.engine.conftest import OWN, Bench

PROFILE = Profile("prova", Environment.SANDBOX, "https://sandbox.example")


@dataclass
class Watched:
    """The service of `bench`; before each answer `meddle` may happen, after which the mailbox is another one."""

    bench: Bench
    meddle: Callable[[], None] = lambda: None

    async def get_message(self, message_id: int) -> MailText:
        self.meddle()
        return await self.bench.service.get_message(message_id)

    async def get_send(self, code: str) -> SendMail:
        self.meddle()
        return await self.bench.service.get_send(code)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bench.service, name)


@dataclass
class Exported:
    """What stands in an export of JSON lines."""

    outcome: ExportOutcome
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> dict[int, str]:
        """The decoded text of each id."""
        return {row["id"]: row["decoded_body"] for row in self.rows}

    @property
    def reasons(self) -> dict[int, str]:
        return {one.header.id: one.reason for one in self.outcome.missing}


@dataclass
class Exporting:
    """One user of `bench`, who has listed the whole mailbox."""

    bench: Bench
    folder: Path
    service: Any = None
    truth: dict[Header, str] = field(default_factory=dict)
    """What each message that was listed really says."""

    everything: list[Message] = field(default_factory=list)
    """What was listed last."""

    def __post_init__(self) -> None:
        self.store = MemoryStore(clock=self.bench.clock)
        self.log = MemoryExportLog()
        self.session = self.another_session()

    def another_session(self, *, offline: bool = False) -> Session:
        """The same user later: what is remembered is the same."""

        async def close() -> None:
            return None

        return Session(
            PROFILE,
            self.service or self.bench.service,
            self.store,
            own=OWN,
            address=DEMO_ADDRESS,
            jobs=lambda: MemoryJobs(self.bench.clock),
            clock=self.bench.clock,
            close=close,
            offline=offline,
            export_log=lambda: self.log,
        )

    async def listed(self) -> list[Message]:
        """Syncs; all messages as they are listed now, the newest first."""
        async for _ in self.session.sync():
            pass
        headers = (await self.session.listing()).headers
        for mail in self.bench.mailbox.mails:
            message_id = self.bench.mailbox.id_of(mail)
            letter = mail.letter
            assert message_id is not None
            header = Header(message_id, letter.date, letter.subject, letter.sender, letter.recipient)
            self.truth[header] = decode_body(mail.body)
        self.everything = [interpret(header, OWN) for header in headers]
        return list(self.everything)

    async def events(
        self,
        messages: Sequence[Message],
        name: str = "out",
        form: ExportFormat = ExportFormat.JSON,
        **more: Any,
    ) -> list[ExportEvent]:
        target = ExportTarget(self.folder / name, form)
        return [event async for event in self.session.export(messages, target, **more)]

    async def export(self, messages: Sequence[Message], name: str = "out", **more: Any) -> Exported:
        """An export to its end, read again."""
        last = (await self.events(messages, name, **more))[-1]
        assert isinstance(last, ExportFinished)
        lines = (self.folder / name / "messages.jsonl").read_text("ascii").splitlines()
        rows = [json.loads(line) for line in lines]
        assert len(rows) == last.outcome.exported
        return Exported(last.outcome, rows)
