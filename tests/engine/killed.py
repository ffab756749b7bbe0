"""Programs that end in the middle of a job, without a moment to say so, and the next one that goes on with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pectui.domain.message import Listing, MailText, Message, SendMail
from pectui.engine.audit import Audit
from pectui.engine.jobs import JobRecord, JobState, MemoryJobs
from pectui.engine.journal import Journal
from pectui.engine.outcome import DeleteOutcome, Finished, outcome_of
from pectui.engine.prepare import Prepared
from pectui.session.session import Session
from pectui.store.memory import MemoryStore
from tests.engine.at_random import Case
from tests.engine.conftest import Bench
from tests.engine.sent import Line, delete, listed, open_box, plan


class Killed(BaseException):
    """The program ends here."""


@dataclass
class Life:
    """How many more requests and lines of a journal a program lives to begin; None: for ever."""

    left: int | None = None
    after_the_deed: bool = False
    """Whether the last request still reaches the service, as it does where only its answer finds nobody."""
    last: Callable[[str], bool] = lambda step: False
    """Which step is the last one in any case, such as `delete_message 31`."""
    lived: int = 0
    is_over: bool = False

    def step(self, step: str) -> bool:
        """One further step; True if it is the last one. Killed if there was a last one already."""
        if self.is_over:
            raise Killed
        self.lived += 1
        self.is_over = (self.left is not None and self.lived >= self.left) or self.last(step)
        return self.is_over


@dataclass
class Mortal:
    """The service, as long as the program lives."""

    service: Any
    life: Life

    async def list_inbox(self, page: int | None = None, query: str | None = None) -> Listing:
        return await self._ask("list_inbox", page, query)  # type: ignore[no-any-return]

    async def get_message(self, message_id: int) -> MailText:
        return await self._ask("get_message", message_id)  # type: ignore[no-any-return]

    async def get_send(self, code: str) -> SendMail:
        return await self._ask("get_send", code)  # type: ignore[no-any-return]

    async def delete_message(self, message_id: int) -> None:
        await self._ask("delete_message", message_id)

    async def delete_send(self, code: str) -> None:
        await self._ask("delete_send", code)

    async def _ask(self, name: str, *arguments: object) -> Any:
        is_last = self.life.step(" ".join(map(str, (name, *arguments))))
        if not is_last or self.life.after_the_deed:
            answer = await getattr(self.service, name)(*arguments)
        if is_last:
            raise Killed
        return answer


@dataclass
class MortalJournal:
    """A journal in which nothing is written any more once the program is dead."""

    journal: Journal
    life: Life

    @property
    def job(self) -> str | None:
        return self.journal.job

    def write(self, step: str, facts: Mapping[str, Any], *, sync: bool = True) -> None:
        if self.life.step(step):
            if self.life.after_the_deed:
                self.journal.write(step, facts, sync=sync)
            raise Killed
        self.journal.write(step, facts, sync=sync)

    def close(self) -> None:
        self.journal.close()


@dataclass
class MortalJobs:
    """Jobs that outlive their programs."""

    kept: MemoryJobs
    life: Life

    def begin(self, mailbox: str) -> Journal:
        return MortalJournal(self.kept.begin(mailbox), self.life)

    def reopen(self, job: str, mailbox: str) -> tuple[Journal, JobRecord]:
        journal, record = self.kept.reopen(job, mailbox)
        return MortalJournal(journal, self.life), record

    def records(self) -> Sequence[JobRecord]:
        return self.kept.records()

    def record(self, job: str) -> JobRecord | None:
        return self.kept.record(job)


@dataclass
class Programs:
    """One program after another on the mailbox of `bench`. What a killed one remembered of it is lost: it is cache."""

    bench: Bench
    concurrency: int = 4
    jobs: MemoryJobs = field(init=False)
    store: MemoryStore = field(default_factory=MemoryStore)
    line: Line = field(init=False)
    audit: Audit | None = None

    def __post_init__(self) -> None:
        self.jobs = MemoryJobs(self.bench.clock)
        self.line = Line(self.bench)

    def open(self, life: Life | None = None, store: MemoryStore | None = None) -> Session:
        """A program with so long a life."""
        life = life or Life()
        return open_box(
            self.bench,
            Mortal(self.line, life),
            store or MemoryStore(),
            MortalJobs(self.jobs, life),
            concurrency=self.concurrency,
            audit=self.audit,
        )

    async def see(self) -> list[Message]:
        """What a first program lists and remembers."""
        return await listed(self.open(store=self.store))

    async def plan(self, chosen: Sequence[Message], everything: Sequence[Message]) -> Prepared:
        return await plan(self.open(store=self.store), everything, chosen)

    async def delete(self, prepared: Prepared, life: Life) -> DeleteOutcome | None:
        """How a program's job ends; None if the program did before."""
        try:
            return await delete(self.open(life), prepared)
        except Killed:
            return None

    async def resume(self, life: Life | None = None) -> DeleteOutcome | None:
        """The same for one that goes on with the last job; what is told of a job that was at its end."""
        session = self.open(life)
        record = self.jobs.records()[0]
        if record.state is JobState.FINISHED:
            return outcome_of(record.events)
        outcome: DeleteOutcome | None = None
        try:
            async for event in await session.resume(record):
                if isinstance(event, Finished):
                    outcome = event.outcome
        except Killed:
            return None
        return outcome


@dataclass(frozen=True)
class End:
    """How it all ends: what is left in the mailbox, and the four lists."""

    left: tuple[int, ...]
    deleted: tuple[int, ...]
    already_gone: tuple[int, ...]
    refused: tuple[int, ...]
    failed: tuple[int, ...]


def end_of(bench: Bench, outcome: DeleteOutcome) -> End:
    return End(
        tuple(mail.uid for mail in bench.mailbox.mails),
        tuple(sorted(outcome.deleted)),
        tuple(sorted(outcome.already_gone)),
        tuple(sorted(one.id for one in outcome.refused)),
        tuple(sorted(one.id for one in outcome.failed)),
    )


async def undisturbed(case: Case) -> tuple[End, int]:
    """How the case ends where no program is killed, and in how many steps."""
    programs, prepared = await _prepared(case)
    life = Life()
    outcome = await programs.delete(prepared, life)
    assert outcome is not None
    return end_of(programs.bench, outcome), life.lived


async def with_kills(case: Case, lives: Sequence[Life]) -> End:
    """How it ends where the programs live so long, one after the other, and the last one as long as it takes."""
    programs, prepared = await _prepared(case)
    outcome = await programs.delete(prepared, lives[0])
    for life in (*lives[1:], Life()):
        if outcome is None and programs.jobs.records()[0].items:
            outcome = await programs.resume(life)
    if (
        outcome is None
    ):  # killed before the plan was written down: nothing was deleted, and it is chosen again
        outcome = await programs.delete(prepared, Life())
    assert outcome is not None
    return end_of(programs.bench, outcome)


async def _prepared(case: Case) -> tuple[Programs, Prepared]:
    programs = Programs(case.bench(), case.concurrency)
    everything = await programs.see()
    return programs, await programs.plan(case.choose(everything), everything)
