"""Messages of an open mailbox with their texts: out of memory where that is surely the same, else as they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pectui.config import Profile
from pectui.session.clock import Clock
from pectui.session.listed_ids import ListedIds
from pectui.session.memory import Memory
from pectui.session.offline import refuse

if TYPE_CHECKING:
    from pectui.domain.listing import KeptText
    from pectui.domain.message import Header, Message
    from pectui.engine.reading import Reading
    from pectui.engine.service import Service


class Texts:
    """What is read is kept, unless the profile says otherwise: then what was kept before goes."""

    def __init__(
        self,
        service: Service,
        memory: Memory,
        ids: ListedIds,
        profile: Profile,
        *,
        own: frozenset[str],
        clock: Clock,
        offline: bool,
    ) -> None:
        self._service = service
        self._memory = memory
        self._ids = ids
        self._profile = profile
        self._own = own
        self._clock = clock
        self._offline = offline
        self.hashes: dict[Header, str | None] = {}
        """The hash of the text of each message that was read; None where it has none."""
        if not profile.cache_bodies:
            memory.submit(lambda store: store.drop_texts())

    async def read(self, message: Message) -> Reading:
        """The message with its text; `moved` tells if its id holds another one by now."""
        from pectui.engine.reading import read, read_kept

        kept = await self._kept_text(message.header)
        if kept is not None and (self._offline or await self._ids_are_stable()):
            reading = await read_kept(kept, own=self._own)
        else:
            reading = await read(self._service, message.id, own=self._own, expected=message.header)
            self._keep(reading)
        self.hashes[reading.message.header] = reading.fingerprint.text_hash
        return reading

    async def look_up(self, message_id: int) -> Reading:
        """The message with this id, compared with what was last listed under it; as much text as can be read."""
        from pectui.engine.reading import read, read_kept
        from pectui.engine.receipts import READ_AT_MOST

        (choice,) = await self._ids.choices([message_id])
        if self._offline:
            kept = None if choice.header is None else await self._kept_text(choice.header)
            if kept is None:
                refuse(f"The text of message {message_id} was not read before")
            return await read_kept(kept, own=self._own, limit=READ_AT_MOST)
        reading = await read(
            self._service, message_id, own=self._own, expected=choice.header, limit=READ_AT_MOST
        )
        self._keep(reading)
        if choice.header is None or reading.moved:
            # From now on the id stands for what was shown under it last.
            self._memory.remember_shown((reading.message.header,), None, self._clock())
        return reading

    async def _kept_text(self, header: Header) -> KeptText | None:
        if not self._profile.cache_bodies:
            return None
        return await self._memory.ask(lambda store: store.text(header))

    def _keep(self, reading: Reading) -> None:
        if self._profile.cache_bodies:
            at, header, body = self._clock(), reading.message.header, reading.raw_body
            self._memory.submit(lambda store: store.keep_text(header, body, at))

    async def _ids_are_stable(self) -> bool:
        """Whether it is proven that an id keeps its message: only then a kept text is surely that of its id."""
        synced = await self._memory.synced()
        return synced.ids_proven and not synced.ids_shift
