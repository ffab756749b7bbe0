"""From what was asked for to messages as they are listed, and the plan for deleting them.

What ids mean is captured before the mailbox is followed; everything else is chosen from the listing after it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from pectui.cli.deleting.wanted import Wanted
from pectui.cli.deleting.words import FEW
from pectui.cli.progress import ProgressLine
from pectui.cli.sends.reading import Texts, read_texts
from pectui.cli.syncing import follow
from pectui.domain.belonging import Role
from pectui.domain.completed import completed
from pectui.domain.interpret import interpret
from pectui.domain.message import Header, Message
from pectui.domain.sends import Member
from pectui.engine.listing import PAGE_SIZE, Listing
from pectui.engine.outcome import Unfinished
from pectui.engine.prepare import Prepared
from pectui.errors import NotFoundError, RefusedHereError
from pectui.session import Session, system_clock

_NEAR = 50
"""Ids around a chosen one in which its neighbours and twins are looked for: two pages."""

_ANSWER = "an answer to a send"
_ANSWER_TO_CODE = "an answer to a send: --include-replies takes it too"
_NO_RECEIPT = "it carries the code of a send, and is neither its receipt nor an own copy"
_FAILURE = "of a completed send, but it says that something failed or was late"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plan, and what is to be known of the choice."""

    prepared: Prepared
    found: frozenset[int] = frozenset()
    """Ids that a search found: nobody has seen these messages yet."""
    warnings: tuple[str, ...] = ()
    doubtful: bool = False
    """More may have been meant than was found."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was chosen."""
        prepared = self.prepared
        return not (prepared.targets or prepared.already_gone or prepared.refused)


@dataclass(slots=True)
class _Choice:
    messages: dict[Header, Message] = field(default_factory=dict)
    absent: list[int] = field(default_factory=list)
    kept: dict[Header, str] = field(default_factory=dict)
    found: set[int] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    doubtful: bool = False

    def take(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.messages.setdefault(message.header, message)


async def choose(session: Session, wanted: Wanted, *, as_json: bool, shows_all: bool) -> Chosen:
    """Chooses and prepares. `shows_all`: the ids of all that is chosen are about to be printed.

    RefusedHereError where it is not sure what ids mean, NotFoundError where nothing carries any of the codes.
    """
    if wanted.is_ids_alone and len(wanted.ids) <= FEW:
        return Chosen(await session.prepare_ids(wanted.ids))
    before = await session.recall(wanted.ids) if wanted.ids else []
    outcome = await follow(session, full=False, as_json=as_json)
    listing = await session.listing()
    choice = _Choice(warnings=list(outcome.warnings), doubtful=not outcome.agrees and not wanted.is_ids_alone)
    await _take_ids(session, choice, dict(zip(wanted.ids, before, strict=True)), listing, outcome.agrees)
    if wanted.codes:
        await _take_codes(session, choice, wanted)
    if wanted.query is not None:
        await _take_found(session, choice, wanted.query, as_json=as_json)
    if wanted.older_than is not None:
        await _take_completed(session, choice, wanted.older_than, as_json=as_json)
    messages = list(choice.messages.values())
    _refuse_ids_of_two(messages)
    few = len(messages) <= FEW
    if few or shows_all:
        _show(session, messages, listing)
    known = await asyncio.to_thread(_around, messages, listing, session.own) if few else ()
    prepared = await session.prepare(messages, known=known)
    kept = tuple(
        Unfinished(header.id, why) for header, why in choice.kept.items() if header not in choice.messages
    )
    prepared = replace(prepared, already_gone=(*choice.absent, *prepared.already_gone), kept=kept)
    return Chosen(prepared, frozenset(choice.found), tuple(dict.fromkeys(choice.warnings)), choice.doubtful)


async def _take_ids(
    session: Session,
    choice: _Choice,
    meant: Mapping[int, Message | None],
    listing: Listing,
    agrees: bool,
) -> None:
    """What ids stood for; one that was never listed stands for what has it now."""
    by_id: dict[int, Header] = {}
    if None in meant.values():
        by_id = {header.id: header for header in listing.headers}
    for message_id, message in meant.items():
        if message is not None:
            choice.take([message])
        elif message_id in by_id:
            choice.take([interpret(by_id[message_id], session.own)])
        elif agrees:
            choice.absent.append(message_id)
        else:
            try:
                choice.take([(await session.look_up(message_id)).message])
            except NotFoundError:
                choice.absent.append(message_id)


async def _take_codes(session: Session, choice: _Choice, wanted: Wanted) -> None:
    sends, _ = await session.sends.current()
    unknown: list[str] = []
    for code in wanted.codes:
        members = sends.members(code)
        if not members and code in sends:
            choice.warnings.append(f"Nothing of the send {code} is in the mailbox any more.")
        elif not members:
            unknown.append(code)
        going = [one for one in members if _goes(one, include_replies=wanted.include_replies)]
        choice.take(interpret(one.header, session.own) for one in going)
        choice.kept |= {one.header: _why_kept(one, _ANSWER_TO_CODE) for one in members if one not in going}
    if len(unknown) == len(wanted.codes) and wanted.is_codes_alone:
        _tell_unknown(unknown)
    choice.warnings += (f"Nothing in the mailbox carries the code {code}." for code in unknown)
    choice.doubtful = choice.doubtful or bool(unknown)


def _goes(member: Member, *, include_replies: bool) -> bool:
    return member.role <= Role.OWN_COPY or (include_replies and member.role is Role.REPLY)


def _why_kept(member: Member, answer: str) -> str:
    if member.role is Role.REPLY:
        return answer
    return _NO_RECEIPT if member.role is Role.OTHER else _FAILURE


def _tell_unknown(codes: Sequence[str]) -> NoReturn:
    raise NotFoundError(
        f"There is no send {', '.join(codes)}",
        "nothing in the mailbox carries such a code",
        "`pectui sends` lists the codes.",
    )


async def _take_found(session: Session, choice: _Choice, query: str, *, as_json: bool) -> None:
    with ProgressLine.on_stderr(as_json=as_json) as line:
        async for page in session.inbox(query).everything():
            choice.take(page.messages)
            choice.found.update(message.id for message in page.messages)
            choice.warnings += page.warnings
            choice.doubtful = choice.doubtful or bool(page.warnings)
            line.show(f"{len(choice.found)} of {'?' if page.total is None else page.total} found")


async def _take_completed(session: Session, choice: _Choice, days: float, *, as_json: bool) -> None:
    sends, _ = await session.sends.current()
    now = system_clock()
    found = await asyncio.to_thread(completed, sends, now, days)
    if found.unread:
        texts = await read_texts(session, found.unread, as_json=as_json)
        if len(texts.failures) == len(found.unread) and not found.codes:
            raise next(iter(texts.failures.values()))
        choice.doubtful = choice.doubtful or bool(texts.failures)
        found = await asyncio.to_thread(completed, sends, now, days)
        choice.warnings += _unsure(texts, found.unread)
    chosen = set(found.headers)
    choice.take(await asyncio.to_thread(lambda: [interpret(one, session.own) for one in found.headers]))
    for code in found.codes:
        choice.kept |= {
            one.header: _why_kept(one, _ANSWER) for one in sends.members(code) if one.header not in chosen
        }


def _unsure(texts: Texts, codes: Sequence[str]) -> Iterable[str]:
    """What stays because nobody can tell whether it was delivered to everybody."""
    failed: dict[str, list[str]] = {}
    for code, error in texts.failures.items():
        failed.setdefault(str(error), []).append(code)
    for words, unread in failed.items():
        yield f"{_sends(unread)} left alone, since receipts could not be read: {words}."
    if unsure := [code for code in codes if code not in texts.failures]:
        yield f"{_sends(unsure)} left alone: receipts tell of deliveries, but not of how many there should be."


def _sends(codes: Sequence[str]) -> str:
    return f"Send {codes[0]} was" if len(codes) == 1 else f"{len(codes)} sends were"


def _refuse_ids_of_two(messages: Sequence[Message]) -> None:
    """Where ids have shifted, an old id and a new one may be the same number, and mean two messages."""
    seen: dict[int, Header] = {}
    for message in messages:
        if seen.setdefault(message.id, message.header) != message.header:
            raise RefusedHereError(
                "It is not clear which messages are meant",
                f"the id {message.id} was listed for one message, and is another one's by now",
                "List the messages again, then choose by their ids alone.",
            )


def _show(session: Session, messages: Sequence[Message], listing: Listing) -> None:
    """Their ids are about to be printed: from now on they mean these messages, each on the page that lists it."""
    wanted = {message.header for message in messages}
    newest_first = not listing.synced.oldest_first
    by_page: dict[int, list[Header]] = {}
    for place, header in enumerate(listing.headers):
        if header in wanted:
            from_the_front = place if newest_first else len(listing) - 1 - place
            by_page.setdefault(from_the_front // PAGE_SIZE + 1, []).append(header)
    for page, headers in by_page.items():
        session.shown(headers, page)


def _around(messages: Sequence[Message], listing: Listing, own: frozenset[str]) -> Sequence[Message]:
    """What is listed around them: it tells which of them have twins, and whether ids have shifted."""
    near = {number for message in messages for number in range(message.id - _NEAR, message.id + _NEAR + 1)}
    return [interpret(header, own) for header in listing.headers if header.id in near]
