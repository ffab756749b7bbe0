"""Which messages `export` is asked for: all of them, those of sends, or what was last listed under ids."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pectui.cli.syncing import follow
from pectui.cli.trust import require_memory, trust
from pectui.domain.interpret import interpret
from pectui.domain.message import Header, Message
from pectui.domain.subject import kind_and_code
from pectui.engine.order import newest_first
from pectui.errors import NotFoundError
from pectui.session import Session, refuse


@dataclass(frozen=True, slots=True)
class Chosen:
    """The messages, and what is to be known of the choice."""

    messages: Sequence[Message]
    selection: str = ""
    """What chose them, where the same words may choose others later."""
    absent: Mapping[int, str] = field(default_factory=dict)
    """Ids that stand for no message, and why."""
    warnings: tuple[str, ...] = ()
    doubtful: bool = False
    """More, or others, may have been meant: the listing doesn't agree with the service."""


async def choose(session: Session, arguments: argparse.Namespace) -> Chosen:
    """What was asked for. NotFoundError or RefusedHereError where there is nothing of it."""
    if arguments.ids:
        return await _by_ids(session, list(dict.fromkeys(arguments.ids)))
    headers, warnings, doubtful = await _listed(session, as_json=arguments.json)
    if arguments.all:
        messages = await asyncio.to_thread(_interpreted, headers, session.own)
        return Chosen(messages, "--all", {}, tuple(warnings), doubtful)
    codes = list(dict.fromkeys(arguments.code))
    by_code = await asyncio.to_thread(_by_code, headers, codes)
    messages = [message for code in codes for message in _interpreted(by_code[code], session.own)]
    unknown = [code for code in codes if not by_code[code]]
    if len(unknown) == len(codes):
        where = "what is remembered" if session.offline else "the mailbox"
        raise NotFoundError(
            f"There is no send {', '.join(unknown)}",
            f"nothing in {where} carries such a code",
            "`pectui sends` lists the codes.",
        )
    told = tuple(f"Nothing in the mailbox carries the code {code}." for code in unknown)
    return Chosen(messages, f"--code {' '.join(codes)}", {}, (*warnings, *told), doubtful or bool(unknown))


async def _by_ids(session: Session, ids: Sequence[int]) -> Chosen:
    messages: list[Message] = []
    absent: dict[int, str] = {}
    for message_id, message in zip(ids, await session.recall(ids), strict=True):
        if message is None:
            if session.offline:
                refuse(f"Message {message_id} was not exported: it was never listed")
            try:
                message = (await session.look_up(message_id)).message
            except NotFoundError as error:
                if len(ids) == 1:
                    raise
                absent[message_id] = error.title
                continue
        messages.append(message)
    if not messages:
        raise NotFoundError(
            "There are no such messages", f"{len(ids)} ids were given", "`pectui inbox` lists the ids."
        )
    return Chosen(messages, absent=absent)


async def _listed(session: Session, *, as_json: bool) -> tuple[Sequence[Header], Iterable[str], bool]:
    """The whole listing, what is to be known of it, and whether it may lack something."""
    if not session.offline:
        outcome = await follow(session, full=False, as_json=as_json)
        return (await session.listing()).headers, outcome.warnings, not outcome.agrees
    listing = await session.listing()
    require_memory(session, listing.synced)
    return listing.headers, trust(listing.synced), not listing.complete


def _interpreted(headers: Iterable[Header], own: frozenset[str]) -> Sequence[Message]:
    return newest_first([interpret(header, own) for header in headers])


def _by_code(headers: Iterable[Header], codes: Iterable[str]) -> Mapping[str, list[Header]]:
    """What carries each of `codes`, exactly that one: receipts, own copies and answers."""
    found: dict[str, list[Header]] = {code: [] for code in codes}
    for header in headers:
        code = kind_and_code(header.subject)[1]
        if code in found:
            found[code].append(header)
    return found
