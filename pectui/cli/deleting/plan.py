"""The plan of a deletion in words: each of a few messages, many summed up, and always which proofs go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pectui.cli.deleting.words import FEW, KEPT, messages, named, reasons
from pectui.cli.output import local_time
from pectui.domain.kind import describe_kind
from pectui.domain.message import Message
from pectui.domain.plan import DeletePlan
from pectui.engine.prepare import Prepared
from pectui.text.clean import clean_line

_SENDS = 5
"""Of many sends so many are named."""


def plan_lines(prepared: Prepared, mailbox: str, each: Collection[int] = ()) -> Iterator[str]:
    """Lines, not cleaned. Of many messages those with the ids `each` are shown one by one all the same."""
    plan = prepared.plan
    yield f"To be deleted from {mailbox}: {messages(len(plan.messages))}; there is no undo"
    if len(plan.messages) <= FEW:
        yield from _each(plan)
    else:
        yield f"  {_kinds(plan)}"
        yield from _sends(plan)
        yield from (_row(message) for message in plan.messages if message.id in each)
    yield from _warnings(plan)
    if plan.exported:
        yield "  A copy of all of it was exported."
    if len(prepared.already_gone) <= FEW:
        yield from (f"  {one}: not there any more" for one in prepared.already_gone)
    else:
        yield f"  {messages(len(prepared.already_gone))} not there any more: {named(prepared.already_gone)}"
    yield from (f"  {line}" for line in reasons(prepared.refused, "will not be deleted", colon=", since "))
    yield from (f"  {line}" for line in reasons(prepared.kept, "kept", each=KEPT))


def _each(plan: DeletePlan) -> Iterator[str]:
    for message in plan.messages:
        yield _row(message)
        yield f"      {describe_kind(message.kind)}; from {message.sender}, to {message.recipient}"


def _row(message: Message) -> str:
    subject = clean_line(message.subject) or "(no subject)"
    return f"  {message.id}  {local_time(message.date)}  {message.kind.value}  {subject}"


def _kinds(plan: DeletePlan) -> str:
    return ", ".join(f"{count} {kind.value}" for kind, count in plan.by_kind.items())


def _sends(plan: DeletePlan) -> Iterator[str]:
    for send in plan.sends[:_SENDS]:
        yield f"  {send.code}  {messages(send.messages)}  {clean_line(send.subject) or '(no subject)'}"
    more = plan.sends[_SENDS:]
    if more:
        sends = "1 more send" if len(more) == 1 else f"{len(more)} more sends"
        yield f"  {messages(sum(send.messages for send in more))} of {sends}"


def _warnings(plan: DeletePlan) -> Iterator[str]:
    yield from _last_proofs(plan)
    yield from _unknown_proofs(plan)
    if len(plan.messages) <= FEW:
        for message in plan.replies:
            yield f"  ! {message.id} is an answer to a send, not a receipt."
        for message in plan.unknown:
            yield f"  ! {message.id} is of no known kind."
        for message in plan.twins:
            yield f"  ! {message.id} looks like a message that stays: only its text tells it apart."
        return
    for found, words in (
        (plan.replies, "answers to sends, not receipts"),
        (plan.unknown, "of no known kind"),
        (plan.twins, "like messages that stay: only their texts tell them apart"),
    ):
        if found:
            are = "1 is" if len(found) == 1 else f"{len(found)} are"
            yield f"  ! {are} {words}: {named(one.id for one in found)}"


def _last_proofs(plan: DeletePlan) -> Iterator[str]:
    if len(plan.last_proof_of) <= FEW and len(plan.messages) <= FEW:
        for code in plan.last_proof_of:
            copy = "a copy of it was exported" if code in plan.proof_exported else "it was not exported"
            yield f"  ! This is the last proof of delivery of send {code}, and {copy}."
    elif plan.last_proof_of:
        sends = _number(plan.last_proof_of, "loses its last proof", "lose their last proof")
        yield f"  ! {sends} of delivery, {_copies(plan.last_proof_of, plan)}: {named(plan.last_proof_of)}"


def _unknown_proofs(plan: DeletePlan) -> Iterator[str]:
    if len(plan.messages) <= FEW:
        for code in plan.proof_unknown:
            yield f"  ! Whether send {code} keeps another proof of delivery is unknown."
    elif plan.proof_unknown:
        sends = _number(plan.proof_unknown, "loses a proof", "lose a proof")
        yield (
            f"  ! {sends} of delivery, and whether another one stays is unknown, "
            f"{_copies(plan.proof_unknown, plan)}: {named(plan.proof_unknown)}"
        )


def _number(codes: Sequence[str], one: str, many: str) -> str:
    return f"1 send {one}" if len(codes) == 1 else f"{len(codes)} sends {many}"


def _copies(codes: Sequence[str], plan: DeletePlan) -> str:
    count = sum(1 for code in codes if code in plan.proof_exported)
    if not count:
        return "and none was exported"
    return "and all were exported" if count == len(codes) else f"and {count} of them were exported"
