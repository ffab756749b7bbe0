"""The sending of an open mailbox: what was checked and confirmed goes out, and the inbox settles what nobody knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pectui.config import Profile
from pectui.environment import Environment
from pectui.errors import ConfigError, RefusedHereError
from pectui.session.memory import Memory
from pectui.session.offline import refuse

if TYPE_CHECKING:
    from pectui.domain.outgoing import Enclosure, Outgoing
    from pectui.engine.progress import SyncEvent
    from pectui.engine.send_book import Attempt, Book
    from pectui.engine.send_events import SendEvent
    from pectui.engine.send_journals import SendJournals
    from pectui.engine.send_pace import Place
    from pectui.engine.send_settling import Settlement
    from pectui.engine.service import Service
    from pectui.session.campaigns import Campaigns

NOTHING = "Nothing was sent"


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where sending from one mailbox writes down what it does, one for all programs and profiles that use it."""

    journals: Callable[[], SendJournals]
    """A new reader of its journals, which has read none of them."""
    place: Place
    """Where it says when something was sent last."""
    copies: Path | None
    """Where copies of attachments are for a moment; None: the system's own place."""


class Sendings:
    """Everything of a session that sends. RefusedHereError at once where nothing may be sent."""

    def __init__(
        self,
        service: Service,
        memory: Memory,
        profile: Profile,
        *,
        address: str,
        outbox: Callable[[], Outbox],
        clock: Callable[[], datetime],
        sync: Callable[[], AsyncIterator[SyncEvent]],
        offline: bool,
    ) -> None:
        self._service = service
        self._memory = memory
        self._profile = profile
        self._address = address
        self._outbox = outbox
        self._clock = clock
        self._sync = sync
        self._offline = offline

    @property
    def sender(self) -> str:
        """The address that messages come from. ConfigError where none is known."""
        sender = self._profile.sender or self._profile.username
        if self._profile.environment is Environment.DEMO:
            sender = self._address
        if "@" not in sender:
            raise ConfigError(
                f"The profile {self._profile.name} has no sender",
                "the user name is no address, and nothing says what the mailbox's address is",
                "Set PECTUI_SENDER, or `sender` in the profile.",
            )
        return sender

    @cached_property
    def book(self) -> Book:
        """What the journals tell of everything that was sent from this mailbox, as of the last `refresh`."""
        from pectui.engine.send_book import Book

        return Book(self.journals())

    @cached_property
    def campaigns(self) -> Campaigns:
        """Mass sends from tables."""
        from pectui.session.campaigns import Campaigns

        return Campaigns(self, self._clock)

    def journals(self) -> SendJournals:
        """A new reader of the mailbox's journals."""
        return self._outbox().journals()

    async def examine(self, paths: Sequence[Path]) -> tuple[Enclosure, ...]:
        """Files to be attached, as they are now. RefusedHereError where one can't be."""
        from pectui.engine.send_files import Files

        files = Files()
        return tuple(await asyncio.to_thread(lambda: [files.examine(path) for path in paths]))

    async def standing(self, digest: str) -> Attempt | None:
        """How this content stands by the journals; None where it was never tried."""
        await asyncio.to_thread(self.book.refresh)
        return self.book.standing(digest)

    def known(self, digest: str) -> Attempt | None:
        """The same at once, for who is being interrupted: what was added to the journals since is little."""
        self.book.refresh()
        return self.book.standing(digest)

    def send(
        self,
        messages: Sequence[Outgoing],
        facts: Mapping[str, Any],
        cancelled: Callable[[], bool] = lambda: False,
        *,
        resend_unknown: bool = False,
        force: bool = False,
        tries: int = 4,
    ) -> AsyncGenerator[SendEvent, None]:
        """Sends `messages` in their order, journalled as one job with `facts` in its plan: see `engine.send`.

        `resend_unknown` and `force` send once more what may have been sent, and what was: only a user may say so.
        """
        self.refuse_where_nothing_may_go()
        return self._begin(messages, facts, cancelled, resend_unknown, force, tries, self.sender)

    async def settle(self) -> list[Settlement]:
        """Looks into the inbox for what nobody knows of, and journals what it shows. Asks nobody where all is known."""
        from pectui.engine.send_settling import settle

        await asyncio.to_thread(self.book.refresh)
        if self._offline or not self.book.unexplained():
            return []
        async for _ in self._sync():
            pass
        listing = await self._memory.listing()
        return await settle(self._service, self.book, self.journals(), listing.headers)

    def refuse_where_nothing_may_go(self) -> None:
        """RefusedHereError where nothing may be sent."""
        if self._offline:
            refuse(NOTHING)
        if self._profile.read_only:
            raise RefusedHereError(
                NOTHING,
                f"the profile {self._profile.name} is read-only",
                "Take away `read_only` or --read-only if you do want to send.",
            )

    async def _begin(
        self,
        messages: Sequence[Outgoing],
        facts: Mapping[str, Any],
        cancelled: Callable[[], bool],
        resend_unknown: bool,
        force: bool,
        tries: int,
        sender: str,
    ) -> AsyncGenerator[SendEvent, None]:
        from pectui.engine.send import Again, Sending
        from pectui.engine.send_files import Copies
        from pectui.engine.send_pace import Pace

        outbox = self._outbox()
        journal = await asyncio.to_thread(lambda: outbox.journals().begin())
        copies = Copies(outbox.copies)
        try:
            sending = Sending(
                self._service,
                messages,
                sender=sender,
                journal=journal,
                book=self.book,
                pace=Pace(outbox.place),
                copies=copies,
                about={**self._about(), **facts},
                again=Again(sent=force, unknown=resend_unknown),
                cancelled=cancelled,
                tries=tries,
            )
            events = sending.run()
            assert isinstance(events, AsyncGenerator)
            async with aclosing(events):
                async for event in events:
                    yield event
        finally:
            journal.close()
            copies.close()

    def _about(self) -> dict[str, Any]:
        profile = self._profile
        return {
            "profile": profile.name,
            "environment": profile.environment.value,
            "mailbox": self._address,
            "host": profile.host,
        }
