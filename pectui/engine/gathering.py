"""The texts of chosen messages, each surely that of its message, with as few requests as that takes.

An id is only a hint: where ids are sequence numbers, a deletion elsewhere gives it to another message. So every text
must fit the message as it was listed; for messages that look the same see `Alike`. What is not where it was listed is
looked for in a listing that is read anew, and what can't be told from others is said to be missing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from pectui.domain.export import FoundText, TextSource
from pectui.domain.fingerprint import Fingerprint, Key, hash_text
from pectui.domain.message import Header, MailText, Message
from pectui.engine.alike import Alike, share_out
from pectui.engine.as_they_come import as_they_come
from pectui.engine.reading import header_of
from pectui.engine.service import Service
from pectui.engine.witnesses import Witnesses
from pectui.errors import NotFoundError, RateLimitedError, RefusedError, ServiceError, UnreachableError

_ROUNDS = 3
"""How often messages are looked for anew while another hand moves their ids."""

_QUEUED = 2
"""As in `in_order`: the client lets no more through at once than it is told."""

_POOR_ANSWERS = 3
"""After so many answers in a row that saved nothing, whole sends are not asked for any more."""

_FAILURES = 20
"""After so many messages in a row that the service fails to give, it counts as broken."""

GONE = "it is not in the mailbox any more"
_ANOTHER = "what the service gives under its id is not what it listed"
_NOTHING_TO_TELL_IT_BY = "it has neither a date nor a subject, so that nothing tells it from another message"
_TWINS_CHANGED = (
    "of the messages that look the same some went or came, and nothing tells which of them is left"
)
_RESTLESS = "its id moved again and again while it was read: another program is deleting in the mailbox"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Some more texts, or why there are none; messages by their places among the wanted."""

    texts: Mapping[int, FoundText] = field(default_factory=dict)
    lost: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Job:
    """Messages to ask for: all of a send, or by ids. What looks the same is in one job."""

    ids: Mapping[int, int]
    """What the service calls each message now, by its place among the wanted."""
    code: str | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    texts: Mapping[int, FoundText] = field(default_factory=dict)
    lost: Mapping[int, str] = field(default_factory=dict)
    moved: Sequence[int] = ()
    """Not where they were listed, or nobody can vouch for that."""
    again: Sequence[int] = ()
    """To be asked for by their ids."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The messages wanted, and what is known of their mailbox."""

    wanted: Sequence[Message]
    listed: Sequence[Header]
    """What was listed at the same time as they were."""
    ids_proven: bool
    """Whether it is proven that an id keeps its message."""
    text_hashes: Mapping[Header, str] = field(default_factory=dict)
    """Of texts that were read under their ids before."""


class Gathering:
    """`list_anew` reads the listing once more, which is done only if messages are not where they were listed."""

    def __init__(
        self,
        service: Service,
        chosen: Listed,
        *,
        list_anew: Callable[[], Awaitable[Sequence[Header]]],
        clock: Callable[[], datetime],
        concurrency: int,
    ) -> None:
        self._service = service
        self._chosen = chosen
        self._list_anew = list_anew
        self._clock = clock
        self._at_once = concurrency * _QUEUED
        self._prints = [
            Fingerprint(one.id, *one.header.facts, chosen.text_hashes.get(one.header))
            for one in chosen.wanted
        ]
        self._alike = Alike([one.header for one in chosen.wanted], chosen.listed)
        self._listing: Sequence[Header] = chosen.listed
        self._witnesses: Witnesses | None = None
        self._poor = 0
        self._failures = 0

    def accepts(self, index: int, body: str) -> bool:
        """Whether this may be the message's text, as far as its text was known before."""
        return self._prints[index].text_hash in (None, hash_text(body))

    def whole(self, held: Iterable[int]) -> set[int]:
        """Of these places those whose texts may be kept from an earlier run: of what looks the same all or none."""
        there = set(held)
        return {index for index in there if there.issuperset(self._alike.wanted(self._alike.keys[index]))}

    def surely_kept(self, index: int, *, offline: bool) -> bool:
        """Whether a text that was kept under this message's id is its own.

        Where ids may shift it may be that of one that looked the same and is gone; offline nobody can be asked, and it
        is enough that nothing else looks so.
        """
        alone = len(self._alike.listed(self._alike.keys[index])) == 1
        return self._chosen.ids_proven or (offline and alone)

    async def run(self, held: Iterable[int] = ()) -> AsyncGenerator[Gathered, None]:
        """The texts of all wanted but those `held`. ServiceError where the service refuses, is gone or broken."""
        left = sorted(set(range(len(self._prints))).difference(held))
        queue = deque(self._jobs({index: self._prints[index].id for index in left}))
        for rest in reversed(range(_ROUNDS)):
            moved: list[int] = []
            jobs = as_they_come(self._work, lambda: queue.popleft() if queue else None, self._at_once)
            async with aclosing(jobs) as results:
                async for _, done in results:
                    moved += done.moved
                    queue.extend(self._by_ids({index: self._prints[index].id for index in done.again}))
                    if done.texts or done.lost:
                        yield Gathered(done.texts, done.lost)
            if moved and not rest:
                yield Gathered(lost=dict.fromkeys(moved, _RESTLESS))
            if not moved or not rest:
                return
            ids, lost = self._found_again(sorted(moved), await self._list_anew())
            if lost:
                yield Gathered(lost=lost)
            queue.extend(self._by_ids(ids))

    # What to ask for

    def _jobs(self, ids: Mapping[int, int]) -> Iterable[_Job]:
        """By whole sends where that takes fewer requests, else by ids."""
        by_code: dict[str, dict[int, int]] = {}
        alone: dict[int, int] = {}
        for index, message_id in ids.items():
            code = self._chosen.wanted[index].code
            (alone if code is None else by_code.setdefault(code, {}))[index] = message_id
        for code, members in by_code.items():
            if len(members) > 1:
                yield _Job(members, code)
            else:
                alone |= members
        yield from self._by_ids(alone)

    def _by_ids(self, ids: Mapping[int, int]) -> Iterable[_Job]:
        """Each alone; what looks the same together, unless ids are proven to keep their messages."""
        if self._chosen.ids_proven:
            yield from (_Job({index: message_id}) for index, message_id in ids.items())
            return
        for members in self._by_look(ids).values():
            yield _Job({index: ids[index] for index in members})

    def _by_look(self, indexes: Iterable[int]) -> Mapping[Key, Sequence[int]]:
        together: dict[Key, list[int]] = {}
        for index in indexes:
            together.setdefault(self._alike.keys[index], []).append(index)
        return together

    async def _work(self, job: _Job) -> _Done:
        if job.code is None:
            return await self._read_ids(job.ids)
        if self._poor >= _POOR_ANSWERS:
            return _Done(again=tuple(job.ids))
        return await self._read_send(job.code, job.ids)

    # By sends

    async def _read_send(self, code: str, ids: Mapping[int, int]) -> _Done:
        try:
            found = await self._service.get_send(code)
        except (RefusedError, RateLimitedError, UnreachableError):
            raise
        except ServiceError:
            self._poor += 1
            return _Done(again=tuple(ids))
        at = self._clock()
        rows: dict[Key, list[str]] = {}
        for mail in found.mails:
            rows.setdefault(Fingerprint.of(header_of(0, mail)).key, []).append(mail.body)
        texts: dict[int, FoundText] = {}
        for key, members in self._by_look(ids).items():
            hashes = {index: self._prints[index].text_hash for index in members}
            everyone = self._alike.all_wanted(key) and len(self._alike.wanted(key)) == len(members)
            bodies = share_out(hashes, rows.get(key, []), everyone=everyone)
            texts |= {index: FoundText(body, TextSource.SEND, at) for index, body in bodies.items()}
        again = tuple(index for index in ids if index not in texts)
        self._poor = 0 if len(texts) > 1 else self._poor + 1
        return _Done(texts, again=again)

    # By ids

    async def _read_ids(self, ids: Mapping[int, int]) -> _Done:
        answers = dict(zip(ids, await self._ask_all(list(ids.values())), strict=True))
        at = self._clock()
        failed = {index: str(one) for index, one in answers.items() if isinstance(one, ServiceError)}
        fitting = {
            index: one
            for index, one in answers.items()
            if isinstance(one, MailText) and self._fits(index, one)
        }
        nameless = {
            index: _NOTHING_TO_TELL_IT_BY
            for index in ids
            if index not in fitting and self._is_nameless(index)
        }
        if not await self._are_theirs(fitting, ids):
            fitting = {}
        texts = {index: FoundText(one.body, TextSource.MESSAGE, at) for index, one in fitting.items()}
        lost = failed | nameless
        moved = [index for index in ids if index not in texts and index not in lost]
        if self._chosen.ids_proven:
            lost |= {index: GONE if answers[index] is None else _ANOTHER for index in moved}
            moved = []
        return _Done(texts, lost, moved)

    async def _ask_all(self, message_ids: Sequence[int]) -> Sequence[MailText | ServiceError | None]:
        if len(message_ids) == 1:
            return [await self._ask(message_ids[0])]
        tasks = [asyncio.create_task(self._ask(message_id)) for message_id in message_ids]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, message_id: int) -> MailText | ServiceError | None:
        """What has this id now; None if nothing has. Raises what fails for every message."""
        try:
            mail = await self._service.get_message(message_id)
        except NotFoundError:
            return None
        except (RefusedError, RateLimitedError, UnreachableError):
            raise
        except ServiceError as error:
            self._failures += 1
            if self._failures >= _FAILURES:
                raise
            return error
        self._failures = 0
        return mail

    def _fits(self, index: int, mail: MailText) -> bool:
        if self._is_nameless(index):
            # Nothing can be verified but by an id that is proven to keep its message.
            return self._chosen.ids_proven and mail.facts == self._chosen.wanted[index].header.facts
        return self._prints[index].matches(mail)

    def _is_nameless(self, index: int) -> bool:
        return not self._prints[index].matches(self._chosen.wanted[index].header)

    async def _are_theirs(self, fitting: Mapping[int, MailText], ids: Mapping[int, int]) -> bool:
        """Whether what fits is surely what was wanted, and not something that looks the same.

        It is if ids are proven, if nothing else looks so or its text was known, if all that look so are wanted and fit
        (one that has moved by a step would leave the last of them without its message), or if a neighbour above all
        of them has not moved since they were listed.
        """
        unsure = [index for index in fitting if self._prints[index].text_hash is None]
        if self._chosen.ids_proven or not unsure:
            return True
        listed = self._alike.listed(self._alike.keys[unsure[0]])
        if len(listed) == 1 or {ids[index] for index in fitting} == {header.id for header in listed}:
            return True
        if self._witnesses is None:
            self._witnesses = await asyncio.to_thread(Witnesses, self._service, self._listing)
        highest = max((self._header_now(ids[index], index) for index in fitting), key=_id)
        return await self._witnesses.vouch(highest)

    def _header_now(self, message_id: int, index: int) -> Header:
        return Header(message_id, *self._chosen.wanted[index].header.facts)

    # What is not where it was

    def _found_again(
        self, moved: Sequence[int], listing: Sequence[Header]
    ) -> tuple[Mapping[int, int], Mapping[int, str]]:
        """The ids of `moved` in the listing of now, or why a message has none.

        A deletion never changes the order of messages: where as many look the same as before, the first is the first.
        Where there are fewer, and all were wanted, whatever is left of them is wanted.
        """
        before = self._alike.list_anew(listing)
        self._listing, self._witnesses = listing, None
        ids: dict[int, int] = {}
        lost: dict[int, str] = {}
        for key, members in self._by_look(moved).items():
            now, then = [one.id for one in self._alike.listed(key)], [one.id for one in before[key]]
            if len(now) == len(then):
                ids |= {index: now[then.index(self._prints[index].id)] for index in members}
            elif len(now) < len(then) == len(members):
                ids |= dict(zip(members, now, strict=False))
                lost |= dict.fromkeys(members[len(now) :], GONE)
            else:
                lost |= dict.fromkeys(members, _TWINS_CHANGED)
        for index, message_id in ids.items():
            self._prints[index] = replace(self._prints[index], id=message_id)
        return ids, lost


def _id(header: Header) -> int:
    return header.id
