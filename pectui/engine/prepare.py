"""From what somebody chose to what may be deleted: each message is looked at, then the plan is made.

A choice is a fingerprint, never a bare id. Preparing asks the service with GETs only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pectui.domain.fingerprint import Fingerprint
from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.domain.message import Header, MailText, Message
from pectui.domain.plan import DeletePlan, plan_deletion
from pectui.engine.looking import Doubtful, Missing, find
from pectui.engine.outcome import Unfinished
from pectui.engine.pages import PageReader
from pectui.engine.reading import header_of
from pectui.engine.service import Service
from pectui.engine.witnesses import Witnesses
from pectui.errors import NotFoundError, ServiceError

_NOTHING_TO_TELL_IT_BY = "it has neither a date nor a subject, so that nothing tells it from another message"

_A_TWIN = (
    "another message looks the same, and nothing tells whether the server's ids have moved since they were listed: "
    "read it on the screen before you choose it, or choose it once newer mail is listed above it"
)
_NOT_ALL_LISTED = "it is not where it was listed, and the service doesn't list all its messages"
_NOT_RECOGNISED = (
    "it is not where it was listed, and the message that looks like it has other neighbours: "
    "list again, then choose it"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose: the message as it was listed and on which page, or a bare id that was never listed."""

    id: int
    header: Header | None
    page: int | None = None
    text_hash: str | None = None
    """Of the text that was read under this id when it was shown; None where it was not read."""

    @property
    def fingerprint(self) -> Fingerprint | None:
        return None if self.header is None else replace(Fingerprint.of(self.header), text_hash=self.text_hash)


@dataclass(frozen=True, slots=True)
class Target:
    """A message that may be deleted: `chosen_id` is what the user called it, the fingerprint says which it is."""

    chosen_id: int
    fingerprint: Fingerprint
    message: Message
    page: int | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan to show, and what it holds for."""

    plan: DeletePlan
    targets: tuple[Target, ...]
    already_gone: tuple[int, ...]
    refused: tuple[Unfinished, ...]
    warnings: tuple[str, ...]
    forgotten: bool = False
    """What was listed under the chosen ids could not be read: they stand for what has them now."""


async def prepare(
    service: Service,
    reader: PageReader,
    choices: Sequence[Choice],
    *,
    own: frozenset[str],
    known: Sequence[Message] = (),
) -> Prepared:
    """Looks at every choice and makes the plan. ServiceError where the service can't be asked at all.

    `known` is what was listed together with the choices: it tells which of them have twins, and by their
    neighbours, whether ids have shifted since.
    """
    targets: list[Target] = []
    gone: list[int] = []
    refused: list[Unfinished] = []
    warnings: list[str] = []
    witnesses = Witnesses(service, [message.header for message in known])
    for choice in dict.fromkeys(choices):
        result = await _look(service, reader, choice, witnesses, own)
        if isinstance(result, Target):
            targets.append(result)
            if result.fingerprint.id != choice.id:
                warnings.append(
                    f"Message {choice.id} has moved: the server calls it {result.fingerprint.id} now."
                )
        elif isinstance(result, Unfinished):
            refused.append(result)
        else:
            gone.append(choice.id)
    messages = [target.message for target in targets]
    deliveries, untold = await _deliveries_left(service, messages, own)
    warnings.extend(untold)
    listed_as = frozenset((*(target.chosen_id for target in targets), *gone))
    return Prepared(
        plan=plan_deletion(messages, known=known, deliveries_left=deliveries, listed_as=listed_as),
        targets=tuple(targets),
        already_gone=tuple(gone),
        refused=tuple(refused),
        warnings=tuple(warnings),
    )


async def _look(
    service: Service, reader: PageReader, choice: Choice, witnesses: Witnesses, own: frozenset[str]
) -> Target | Unfinished | Missing:
    header, wanted = choice.header, choice.fingerprint
    if header is not None and not _can_be_told(header):
        return Unfinished(choice.id, _NOTHING_TO_TELL_IT_BY)
    try:
        mail = await service.get_message(choice.id)
    except NotFoundError:
        if header is None or wanted is None:
            return Missing(certain=True, total=None)
    else:
        if header is None or wanted is None:
            header = header_of(choice.id, mail)
            if not _can_be_told(header):
                return Unfinished(choice.id, _NOTHING_TO_TELL_IT_BY)
            return _target(choice, header, mail, own)
        known = choice.text_hash is not None or await witnesses.vouch(header)
        if known and wanted.matches(mail):
            return _target(choice, header, mail, own)
    return await _find(service, reader, choice, header, wanted, witnesses, own)


def _target(choice: Choice, header: Header, mail: MailText, own: frozenset[str]) -> Target:
    return Target(choice.id, Fingerprint.of(header).with_text(mail.body), interpret(header, own), choice.page)


async def _find(
    service: Service,
    reader: PageReader,
    choice: Choice,
    header: Header,
    wanted: Fingerprint,
    witnesses: Witnesses,
    own: frozenset[str],
) -> Target | Unfinished | Missing:
    """The chosen message is not where it was, or nobody can vouch for that: looks in the whole listing."""
    if wanted.text_hash is None and witnesses.twins(header):
        return Unfinished(choice.id, _A_TWIN)
    found = await find(service, reader, wanted, choice.page)
    if isinstance(found, Doubtful):
        return Unfinished(choice.id, found.reason)
    if isinstance(found, Missing):
        return found if found.certain else Unfinished(choice.id, _NOT_ALL_LISTED)
    now = found.fingerprint.id
    if wanted.text_hash is None and now != choice.id and not await witnesses.recognise(header, now):
        return Unfinished(choice.id, _NOT_RECOGNISED)
    there = replace(header, id=now)
    return Target(choice.id, found.fingerprint, interpret(there, own), found.page.number)


def _can_be_told(header: Header) -> bool:
    """Whether the message could be recognised if it were seen again."""
    return Fingerprint.of(header).matches(header)


async def _deliveries_left(
    service: Service, messages: Sequence[Message], own: frozenset[str]
) -> tuple[dict[str, int | None], list[str]]:
    """For each send of a chosen delivery receipt: how many delivery receipts stay; None where nobody can tell."""
    chosen = Counter(
        message.code for message in messages if message.kind is Kind.DELIVERY and message.code is not None
    )
    left: dict[str, int | None] = {}
    untold: list[str] = []
    for code, count in chosen.items():
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
