"""Copies of chosen messages, written to the disk: gathered bit by bit, then put down whole under their name.

What was gathered is on the disk at once, so that an export which is killed goes on where it was. Nothing has the
export's name before all of it is written and would survive a power cut; so whoever sees the last event may delete what
was exported.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence, Set
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pectui.domain.export import (
    CleanText,
    ExportFormat,
    ExportPlan,
    FoundText,
    MailCopy,
    Manifest,
    NotExported,
    TextSource,
)
from pectui.domain.interpret import interpret
from pectui.domain.listing import KeptText
from pectui.domain.message import Header, Message
from pectui.engine.exported import (
    CopiesWritten,
    ExportBegan,
    ExportEvent,
    ExportFinished,
    ExportOutcome,
    TextsRead,
)
from pectui.engine.gathering import Gathering
from pectui.text.body import decode_body, looks_like_html, readable_decoded
from pectui.text.clean import clean_line

_AT_ONCE = 20
"""Messages that are written between two events; with their texts in memory."""

_NOT_KEPT = "its text was not kept on this machine, and nobody was asked"


class Unfinished(Protocol):
    """An export on the disk that has no name of its own yet. Everything waits for the disk and raises StoreError."""

    @property
    def path(self) -> Path:
        """Where the export will be."""

    @property
    def plan(self) -> ExportPlan:
        """What it was begun with."""

    @property
    def held(self) -> Set[int]:
        """The places in the plan whose texts are there."""

    def keep(self, texts: Mapping[int, FoundText]) -> None:
        """Adds texts. Once this returns no kill takes them back."""

    def text(self, index: int) -> FoundText:
        """A text that is held."""

    def begin_files(self) -> None:
        """Throws away what was written of the export's files, but not the texts."""

    def write(self, copies: Sequence[MailCopy]) -> None:
        """Adds messages to the export's files."""

    def finish(self, missing: Sequence[NotExported], at: datetime) -> Manifest:
        """Gives the export its name, and returns once that outlives a power cut."""

    def close(self) -> None:
        """Lets go of it, finished or not. Waits for what another thread still does with it."""


class Export:
    """One export.

    `open_unfinished` takes up what an earlier run left, or begins; it gives the manifest where an earlier run has
    finished just this. `gathering_for` makes what gathers the texts of the messages that it is given.
    `kept` looks for texts on this machine; `offline` says that nobody may be asked for the others.
    """

    def __init__(
        self,
        plan: ExportPlan,
        open_unfinished: Callable[[ExportPlan], Unfinished | Manifest],
        gathering_for: Callable[[Sequence[Message]], Awaitable[Gathering]],
        kept: Callable[[Sequence[Header]], Awaitable[Sequence[KeptText | None]]],
        *,
        own: frozenset[str],
        clock: Callable[[], datetime],
        offline: bool,
    ) -> None:
        self._plan = plan
        self._open = open_unfinished
        self._gathering_for = gathering_for
        self._kept = kept
        self._own = own
        self._clock = clock
        self._offline = offline

    async def run(self) -> AsyncGenerator[ExportEvent, None]:
        """The events; the last one is `ExportFinished`. StoreError, or ServiceError where the service fails as a whole:
        then the next run of the same export goes on."""
        work = await self._opened()
        if isinstance(work, Manifest):
            yield ExportFinished(ExportOutcome.of(work, was_there=True))
            return
        try:
            async with aclosing(self._run(work)) as events:
                async for event in events:
                    yield event
        finally:
            await asyncio.to_thread(work.close)

    async def _opened(self) -> Unfinished | Manifest:
        opening = asyncio.ensure_future(asyncio.to_thread(self._open, self._plan))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # The thread goes on all the same: what it opens is closed again.
            await asyncio.wait({opening})
            if opening.exception() is None and not isinstance(work := opening.result(), Manifest):
                work.close()
            raise

    async def _run(self, work: Unfinished) -> AsyncGenerator[ExportEvent, None]:
        headers = work.plan.headers
        messages = await asyncio.to_thread(lambda: [interpret(header, self._own) for header in headers])
        gathering = await self._gathering_for(messages)
        held = gathering.whole(work.held)
        newer = len(set(self._plan.headers).difference(headers))
        yield ExportBegan(work.path, len(messages), len(held), newer)
        lost: dict[int, str] = {}
        async with aclosing(self._gather(work, gathering, messages, held, lost)) as reading:
            async for read in reading:
                yield read
        async with aclosing(self._write(work, messages, lost)) as writing:
            async for written in writing:
                yield written
        missing = [NotExported(headers[index], lost[index]) for index in sorted(lost)]
        yield ExportFinished(ExportOutcome.of(await asyncio.to_thread(work.finish, missing, self._clock())))

    async def _gather(
        self,
        work: Unfinished,
        gathering: Gathering,
        messages: Sequence[Message],
        held: set[int],
        lost: dict[int, str],
    ) -> AsyncGenerator[TextsRead, None]:
        """Puts every text that can be had into `work`, and into `lost` why the others can't."""
        async with aclosing(self._take_kept(gathering, messages, held)) as kept:
            async for texts in kept:
                await asyncio.to_thread(work.keep, texts)
                held.update(texts)
                yield TextsRead(len(held), len(messages))
        if self._offline:
            lost |= {index: _NOT_KEPT for index in range(len(messages)) if index not in held}
            return
        async with aclosing(gathering.run(held)) as gathered:
            async for some in gathered:
                if some.texts:
                    await asyncio.to_thread(work.keep, some.texts)
                held.update(some.texts)
                lost |= some.lost
                yield TextsRead(len(held) + len(lost), len(messages))

    async def _take_kept(
        self, gathering: Gathering, messages: Sequence[Message], held: Set[int]
    ) -> AsyncGenerator[Mapping[int, FoundText], None]:
        """Texts that need not be asked for: each is surely that of its message."""
        wanted = [index for index in range(len(messages)) if index not in held]
        for some in _in_parts(
            [index for index in wanted if gathering.surely_kept(index, offline=self._offline)]
        ):
            texts = await self._kept([messages[index].header for index in some])
            found = {
                index: FoundText(kept.body, TextSource.KEPT, kept.read_at)
                for index, kept in zip(some, texts, strict=True)
                if kept is not None and gathering.accepts(index, kept.body)
            }
            if found:
                yield found

    async def _write(
        self, work: Unfinished, messages: Sequence[Message], lost: Mapping[int, str]
    ) -> AsyncGenerator[CopiesWritten, None]:
        await asyncio.to_thread(work.begin_files)
        there = [index for index in range(len(messages)) if index not in lost]
        done = 0
        for some in _in_parts(there):
            await asyncio.to_thread(self._write_some, work, messages, some)
            done += len(some)
            yield CopiesWritten(done, len(there))

    def _write_some(self, work: Unfinished, messages: Sequence[Message], some: Sequence[int]) -> None:
        work.write([_copy(messages[index], work.text(index), work.plan.format) for index in some])


def _in_parts(indexes: Sequence[int]) -> Iterator[Sequence[int]]:
    return (indexes[start : start + _AT_ONCE] for start in range(0, len(indexes), _AT_ONCE))


def _copy(message: Message, text: FoundText, wanted: ExportFormat) -> MailCopy:
    decoded = decode_body(text.body)
    clean = None
    if wanted is ExportFormat.CSV:
        clean = CleanText(
            clean_line(message.subject),
            clean_line(message.sender),
            clean_line(message.recipient),
            readable_decoded(decoded).text,
        )
    return MailCopy(message, text, decoded, looks_like_html(decoded), clean)
