"""What a deletion would take away, worked out before anything happens.

There is no undo, and receipts are legal proof: whoever confirms a plan must have seen which sends lose their
only proof of delivery, which messages are somebody's answer, and what they chose without seeing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pectui.domain.fingerprint import Fingerprint, key_of
from pectui.domain.kind import Kind
from pectui.domain.message import Header, Message
from pectui.domain.subject import fold_blanks


@dataclass(frozen=True, slots=True)
class PlannedSend:
    """A send that loses messages: `messages` counts receipts and own copies, not answers to it."""

    code: str
    subject: str
    messages: int


@dataclass(frozen=True, slots=True)
class DeletePlan:
    """What is about to be deleted. Made by `plan_deletion`; texts are as the service gave them."""

    messages: tuple[Message, ...]
    """Each message once, in the order in which they were chosen."""
    sends: tuple[PlannedSend, ...] = ()
    twins: tuple[Message, ...] = ()
    """Chosen messages that only their text tells apart from one that is not chosen."""
    last_proof_of: tuple[str, ...] = ()
    """Codes of sends whose last delivery receipt goes."""
    proof_unknown: tuple[str, ...] = ()
    """Codes of sends that lose a delivery receipt, where nobody knows whether another one stays."""
    hidden: int = 0
    """How many are on other pages or taken away by a filter."""
    exported: bool = False
    """True if a copy of all this was written before, and is still there."""
    proof_exported: tuple[str, ...] = ()
    """Those codes of `last_proof_of` and `proof_unknown` whose chosen delivery receipts were all exported."""

    @property
    def by_kind(self) -> dict[Kind, int]:
        """How many of each kind, in the order of `Kind`; kinds that don't occur are left out."""
        counts = Counter(message.kind for message in self.messages)
        return {kind: counts[kind] for kind in Kind if counts[kind]}

    @property
    def replies(self) -> tuple[Message, ...]:
        """Answers of others to a send."""
        return tuple(message for message in self.messages if message.is_reply)

    @property
    def unknown(self) -> tuple[Message, ...]:
        """Messages of no known kind."""
        return tuple(message for message in self.messages if message.kind is Kind.OTHER)

    def after_export(self, copied: Collection[Header]) -> DeletePlan:
        """The same once copies of `copied` were written."""
        codes = (*self.last_proof_of, *self.proof_unknown)
        left = _codes_not_in(copied, self.messages)
        return replace(
            self,
            exported=self.exported or _are_all_in(copied, self.messages),
            proof_exported=tuple(code for code in codes if code in self.proof_exported or code not in left),
        )

    def counts(self) -> dict[str, Any]:
        """The plan in numbers, as a job's journal keeps it."""
        return {
            "messages": len(self.messages),
            "by_kind": {kind.value: count for kind, count in self.by_kind.items()},
            "sends": len(self.sends),
            "last_proof_of": list(self.last_proof_of),
            "proof_unknown": list(self.proof_unknown),
            "replies": len(self.replies),
            "unknown": len(self.unknown),
            "hidden": self.hidden,
            "exported": self.exported,
        }

    def as_json(self) -> dict[str, Any]:
        """The document of `delete --dry-run --json`; whoever prints it cleans its texts."""
        return {
            "plan": {
                "messages": len(self.messages),
                "by_kind": {kind.value: count for kind, count in self.by_kind.items()},
                "sends": [
                    {"code": send.code, "subject": send.subject, "messages": send.messages}
                    for send in self.sends
                ],
                "last_proof_of": list(self.last_proof_of),
                "proof_unknown": list(self.proof_unknown),
                "replies": [message.id for message in self.replies],
                "unknown": [message.id for message in self.unknown],
                "twins": [message.id for message in self.twins],
                "hidden": self.hidden,
                "exported": self.exported,
                "proof_exported": list(self.proof_exported),
                "items": [_item(message) for message in self.messages],
            }
        }


def plan_deletion(
    chosen: Sequence[Message],
    known: Iterable[Header] = (),
    hidden: frozenset[int] = frozenset(),
    deliveries_left: Mapping[str, int | None] | None = None,
    *,
    exported: Collection[Header] = (),
    listed_as: frozenset[int] | None = None,
) -> DeletePlan:
    """The plan for deleting `chosen`.

    `known` are all messages of the mailbox that were ever listed (the chosen may be among them), `hidden` the
    ids of those that the user doesn't see now, `exported` those of which a copy is still there. `deliveries_left` says
    for a send's code how many of its delivery receipts are known to stay once the plan is done; None, or no entry: that
    is not known. `listed_as` are the ids that the chosen have among `known`, where the server calls them something else
    by now.
    """
    once: dict[int, Message] = {}
    for message in chosen:
        once.setdefault(message.id, message)
    messages = tuple(once.values())
    codes = _codes_losing_deliveries(messages)
    left = deliveries_left or {}
    not_exported = _codes_not_in(exported, messages)
    return DeletePlan(
        messages=messages,
        sends=_sends(messages),
        twins=_twins(messages, known, listed_as),
        last_proof_of=tuple(code for code in codes if _stays(left, code) == 0),
        proof_unknown=tuple(code for code in codes if _stays(left, code) is None),
        hidden=sum(message.id in hidden for message in messages),
        exported=_are_all_in(exported, messages),
        proof_exported=tuple(code for code in codes if code not in not_exported),
    )


def _are_all_in(copied: Collection[Header], messages: Sequence[Message]) -> bool:
    return bool(messages) and all(message.header in copied for message in messages)


def _codes_not_in(copied: Collection[Header], messages: Iterable[Message]) -> set[str]:
    """Codes of sends of which a chosen delivery receipt has no copy."""
    deliveries = (one for one in messages if one.kind is Kind.DELIVERY and one.code is not None)
    return {one.code or "" for one in deliveries if one.header not in copied}


def _codes_losing_deliveries(messages: Sequence[Message]) -> tuple[str, ...]:
    lost = (message.code for message in messages if message.kind is Kind.DELIVERY)
    return tuple(dict.fromkeys(code for code in lost if code is not None))


def _stays(left: Mapping[str, int | None], code: str) -> int | None:
    count = left.get(code)
    return None if count is None else max(count, 0)


def _sends(messages: Sequence[Message]) -> tuple[PlannedSend, ...]:
    subjects: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for message in messages:
        if message.code is None or message.is_reply:
            continue
        subjects.setdefault(message.code, message.subject)
        counts[message.code] += 1
    return tuple(PlannedSend(code, subject, counts[code]) for code, subject in subjects.items())


def _twins(
    messages: Sequence[Message], known: Iterable[Header], listed_as: frozenset[int] | None
) -> tuple[Message, ...]:
    # Only as they were listed: what has moved may have the id now under which its twin was listed.
    ids = listed_as if listed_as is not None else {message.id for message in messages}
    # Most of a mailbox differs in its subject already: a whole key is made only for what doesn't.
    subjects = {fold_blanks(message.header.subject) for message in messages}
    others = {
        Fingerprint.of(header).key
        for header in known
        if header.id not in ids and fold_blanks(header.subject) in subjects
    }
    return tuple(message for message in messages if others and key_of(message) in others)


def _item(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "kind": message.kind.value,
        "subject": message.subject,
        "date": message.date.isoformat() if message.date else None,
        "sender": message.sender,
        "recipient": message.recipient,
    }
