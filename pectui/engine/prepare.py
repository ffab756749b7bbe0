"""From what somebody chose to what may be deleted: the plan is made, and doubts are settled before it is shown.

A choice is a fingerprint, never a bare id. Preparing asks the service with GETs only. A few messages are looked at one
by one; of many only those that their facts don't tell from others: the job looks at each right before it deletes it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any

from pectui.domain.belonging import Role
from pectui.domain.fingerprint import Fingerprint
from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.message import Header, Message
from pectui.domain.plan import DeletePlan, plan_deletion
from pectui.domain.sends import Member
from pectui.domain.subject import fold_blanks
from pectui.engine.alike import Alike
from pectui.engine.as_they_come import as_they_come
from pectui.engine.looking import Missing
from pectui.engine.outcome import Unfinished
from pectui.engine.pages import PageReader
from pectui.engine.reading import header_of
from pectui.engine.recognise import NOTHING_TO_TELL_IT_BY, Choice, Recognition, Target, can_be_told
from pectui.engine.service import Service
from pectui.engine.whole_send import WholeSend
from pectui.errors import NotFoundError, ServiceError

FEW = 25
"""Up to this many messages are looked at one by one before the plan is shown."""

_LANDMARKS = 5
_LOOKED_AT = 50
"""The newest ones that stay, among which landmarks are looked for."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan to show, and what it holds for."""

    plan: DeletePlan
    targets: tuple[Target, ...]
    already_gone: tuple[int, ...]
    refused: tuple[Unfinished, ...]
    warnings: tuple[str, ...]
    kept: tuple[Unfinished, ...] = ()
    """What was meant to stay, such as answers to a send that goes."""
    sends: tuple[WholeSend, ...] = ()
    """Of these everything goes that is listed: one request may delete it all."""
    known: Sequence[Header] = field(default=(), repr=False)
    """What was listed together with what was chosen."""
    forgotten: bool = False
    """What was listed under the chosen ids could not be read: they stand for what has them now."""

    def as_journal(self) -> dict[str, Any]:
        """What a job's journal keeps of it: enough to go on after a kill."""
        twins = [target.message.header for target in self.targets if target.has_twin]
        alike = Alike(twins, self.known)
        landmarks = [[header.id, *header.facts] for header in self._landmarks()]
        newest = max((header.id for header in self.known), default=None)
        return {
            "plan": self.plan.counts(),
            "messages": [
                {**_facts(target), "listed_alike": len(alike.listed(target.fingerprint.key))}
                if target.has_twin
                else _facts(target)
                for target in self.targets
            ],
            "sends": [
                {"code": send.code, "chosen": [target.chosen_id for target in send.targets]}
                for send in self.sends
            ],
            "newest": landmarks[0] if landmarks and landmarks[0][0] == newest else None,
            "landmarks": landmarks,
            "already_gone": list(self.already_gone),
            "refused": [{"id": one.id, "reason": one.reason} for one in self.refused],
            "kept": [{"id": one.id, "reason": one.reason} for one in self.kept],
        }

    def _landmarks(self) -> list[Header]:
        """The newest messages that were listed, stay, and that nothing looks like: what comes later is above them."""
        chosen = {target.message.header.id for target in self.targets}
        chosen.update(self.already_gone, (one.id for one in self.refused))
        staying = (header for header in self.known if header.id not in chosen)
        newest = nlargest(_LOOKED_AT, staying, key=lambda header: header.id)
        subjects = {fold_blanks(header.subject) for header in newest}
        alike = (header for header in self.known if fold_blanks(header.subject) in subjects)
        listed = Counter(Fingerprint.of(header).key for header in alike)
        return [header for header in newest if listed[Fingerprint.of(header).key] == 1][:_LANDMARKS]


async def prepare(
    service: Service,
    reader: PageReader,
    choices: Sequence[Choice],
    *,
    own: frozenset[str],
    known: Sequence[Header] = (),
    hidden: frozenset[int] = frozenset(),
    exported: Collection[Header] = (),
    members: Mapping[str, Sequence[Member]] | None = None,
    complete: bool = False,
    ids_proven: bool = False,
    at_once: int = 1,
) -> Prepared:
    """Settles what is doubtful and makes the plan. ServiceError where the service can't be asked at all.

    `known` is what was listed together with the choices: it tells which of them have twins, and by their
    neighbours, whether ids have shifted since. `members` are all messages of the chosen sends that are listed,
    `complete` says that the listing is known to its end; `ids_proven`, that an id never stands for another message.
    """
    recognition = Recognition(service, reader, own=own, known=known)
    members = members or {}
    wanted, whole = await asyncio.to_thread(_wanted, choices, members)
    few = len(wanted) <= FEW
    looked: dict[Choice, Target | Unfinished | Missing] = {}
    if not few:
        looked |= await asyncio.to_thread(
            _told_by_the_listing, wanted, recognition, own, ids_proven=ids_proven
        )
    unasked = (choice for choice in wanted if choice not in looked)
    looking = as_they_come(recognition.look, lambda: next(unasked, None), 1 if few else at_once)
    async with aclosing(looking) as results:
        async for choice, result in results:
            looked[choice] = result
    targets = tuple(result for choice in wanted if isinstance(result := looked[choice], Target))
    gone = tuple(choice.id for choice in wanted if isinstance(looked[choice], Missing))
    messages = [target.message for target in targets]
    left: dict[str, int | None] = {}
    untold: list[str] = []
    if complete and not few:
        left = await asyncio.to_thread(_deliveries_listed, messages, members)
    elif few:
        left, untold = await _deliveries_left(service, messages, own)
    listed_as = frozenset((*(target.chosen_id for target in targets), *gone))
    plan = await asyncio.to_thread(
        plan_deletion,
        messages,
        known=known,
        hidden=hidden,
        deliveries_left=left,
        exported=exported,
        listed_as=listed_as,
    )
    return Prepared(
        plan=plan,
        targets=targets,
        already_gone=gone,
        refused=tuple(result for choice in wanted if isinstance(result := looked[choice], Unfinished)),
        warnings=(*_moved(targets), *untold),
        known=known,
        sends=_whole_sends(targets, whole),
    )


def _wanted(
    choices: Sequence[Choice], members: Mapping[str, Sequence[Member]]
) -> tuple[Sequence[Choice], Mapping[str, Sequence[Member]]]:
    """Each choice once, and the sends of which everything was chosen."""
    wanted = list(dict.fromkeys(choices))
    chosen = {choice.header for choice in wanted if choice.header is not None}
    return wanted, {code: listed for code, listed in members.items() if _is_whole(listed, chosen)}


def _told_by_the_listing(
    choices: Sequence[Choice], recognition: Recognition, own: frozenset[str], *, ids_proven: bool
) -> dict[Choice, Target | Unfinished]:
    """Those of the choices that nobody needs to be asked about before their turn comes."""
    chosen = {choice.header for choice in choices}
    told: dict[Choice, Target | Unfinished] = {}
    for choice in choices:
        header, mark = choice.header, choice.fingerprint
        if header is None or mark is None:
            continue
        as_listed = _as_listed(choice, header, mark, recognition, own)
        # Twins that go together can only be mistaken for one another where an id may stand for another message.
        if (
            isinstance(as_listed, Unfinished)
            or not as_listed.has_twin
            or mark.text_hash is not None
            or (ids_proven and chosen.issuperset(recognition.witnesses.twins(header)))
        ):
            told[choice] = as_listed
    return told


def _as_listed(
    choice: Choice, header: Header, mark: Fingerprint, recognition: Recognition, own: frozenset[str]
) -> Target | Unfinished:
    """The choice as it was listed, nobody asked."""
    if not can_be_told(header):
        return Unfinished(choice.id, NOTHING_TO_TELL_IT_BY)
    has_twin = bool(recognition.witnesses.twins(header))
    return Target(choice.id, mark, interpret(header, own), choice.page, has_twin)


def _is_whole(listed: Sequence[Member], chosen: Collection[Header]) -> bool:
    """Whether all of a send is chosen, and there is nothing else that one request would take along."""
    return len(listed) > 1 and all(
        member.role <= Role.OWN_COPY and member.header in chosen for member in listed
    )


def _whole_sends(targets: Sequence[Target], members: Mapping[str, Sequence[Member]]) -> tuple[WholeSend, ...]:
    by_header = {target.message.header: target for target in targets}
    sends = ((code, [by_header.get(member.header) for member in listed]) for code, listed in members.items())
    return tuple(
        WholeSend(code, tuple(target for target in found if target is not None))
        for code, found in sends
        if None not in found
    )


def _moved(targets: Iterable[Target]) -> Iterable[str]:
    for target in targets:
        if target.fingerprint.id != target.chosen_id:
            yield f"Message {target.chosen_id} has moved: the server calls it {target.fingerprint.id} now."


def _deliveries_listed(
    messages: Sequence[Message], members: Mapping[str, Sequence[Member]]
) -> dict[str, int | None]:
    """For each send of a chosen delivery receipt: how many delivery receipts stay, by the listing."""
    return {
        code: sum(member.role is Role.DELIVERY for member in members[code]) - count
        if code in members
        else None
        for code, count in _chosen_deliveries(messages).items()
    }


def _chosen_deliveries(messages: Iterable[Message]) -> Counter[str]:
    return Counter(
        message.code for message in messages if message.kind is Kind.DELIVERY and message.code is not None
    )


async def _deliveries_left(
    service: Service, messages: Sequence[Message], own: frozenset[str]
) -> tuple[dict[str, int | None], list[str]]:
    """The same, by what the service says; None where nobody can tell."""
    left: dict[str, int | None] = {}
    untold: list[str] = []
    for code, count in _chosen_deliveries(messages).items():
        try:
            mails = (await service.get_send(code)).mails
        except NotFoundError:
            left[code] = None
        except ServiceError as error:
            left[code] = None
            untold.append(f"Whether other proofs of delivery of send {code} exist is unknown: {error.title}.")
        else:
            receipts = (interpret(header_of(0, mail), own) for mail in mails)
            listed = sum(1 for one in receipts if one.kind is Kind.DELIVERY and one.code == code)
            left[code] = listed - count if listed >= count else None
    return left, untold


def _facts(target: Target) -> dict[str, Any]:
    mark = target.fingerprint
    return {
        "chosen": target.chosen_id,
        "id": mark.id,
        "date": mark.date,
        "subject": mark.subject,
        "sender": mark.sender,
        "recipient": mark.recipient,
        "page": target.page,
        "has_twin": target.has_twin,
        "text_sha256": mark.text_hash,
    }
