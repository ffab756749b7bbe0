"""`pectui delete ID…`: the plan, the question, the deed, and what became of each message."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterable

from pectui.cli.invocation import Invocation
from pectui.cli.output import cleaned_document, local_time, print_json, say
from pectui.domain.kind import describe_kind
from pectui.engine.outcome import DeleteOutcome, Finished, Unfinished
from pectui.engine.prepare import Prepared
from pectui.environment import Environment
from pectui.errors import RefusedHereError
from pectui.session import Session
from pectui.text.clean import clean_line

_NOBODY_TO_ASK = "There is nobody to ask: give --yes if you mean it, or look first with --dry-run."
_MANY = 25
"""Above this many messages the number is typed, not a letter."""


def run(invocation: Invocation) -> int:
    return asyncio.run(_delete(invocation))


async def _delete(invocation: Invocation) -> int:
    arguments = invocation.arguments
    async with invocation.session() as session:
        _refuse_at_once(invocation, session)
        ids = list(dict.fromkeys(arguments.ids))
        prepared = await session.prepare_ids(ids)
        for warning in prepared.warnings:
            say(warning)
        if arguments.dry_run:
            return _dry_run(prepared, session, as_json=arguments.json)
        if not arguments.json or not arguments.yes:
            _tell_plan(prepared, session)
        if prepared.targets and not arguments.yes:
            _ask(prepared, session)
        outcome = await _carry_out(session, prepared)
    if arguments.json:
        print_json(cleaned_document(outcome.as_json()))
    else:
        _tell_outcome(outcome)
    if outcome.complete:
        return 0
    if outcome.stopped_by is not None and not outcome.deleted:
        return outcome.stopped_by.exit_code
    return 1


def _refuse_at_once(invocation: Invocation, session: Session) -> None:
    """What will be refused in the end is refused before anything is asked."""
    arguments = invocation.arguments
    if arguments.dry_run:
        return
    if session.profile.read_only:
        raise RefusedHereError(
            "Nothing was deleted",
            f"the profile {session.profile.name} is read-only",
            "Take away `read_only` or --read-only if you do want to delete.",
        )
    if not arguments.yes and (arguments.no_input or not sys.stdin.isatty()):
        raise RefusedHereError("Nothing was deleted", "nobody confirmed it", _NOBODY_TO_ASK)


async def _carry_out(session: Session, prepared: Prepared) -> DeleteOutcome:
    """Runs the job; Ctrl-C and SIGTERM stop it after the message in hand."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    outcome: DeleteOutcome | None = None
    async for event in session.delete(prepared):
        if isinstance(event, Finished):
            outcome = event.outcome
    assert outcome is not None
    return outcome


def _dry_run(prepared: Prepared, session: Session, *, as_json: bool) -> int:
    if as_json:
        document = cleaned_document(prepared.plan.as_json())
        document["plan"]["already_gone"] = list(prepared.already_gone)
        document["plan"]["refused"] = [{"id": one.id, "reason": one.reason} for one in prepared.refused]
        print_json(document)
    else:
        _tell_plan(prepared, session)
        say("Nothing was deleted: this is the plan only.")
    return 1 if prepared.refused else 0


def _tell_plan(prepared: Prepared, session: Session) -> None:
    plan = prepared.plan
    say(f"To be deleted from {_where(session)}: {_messages(len(plan.messages))}")
    for message in plan.messages:
        subject = clean_line(message.subject) or "(no subject)"
        say(f"  {message.id}  {local_time(message.date)}  {message.kind.value}  {subject}")
        say(f"      {describe_kind(message.kind)}; from {message.sender}, to {message.recipient}")
    for code in plan.last_proof_of:
        say(f"  ! This is the last proof of delivery of send {code}, and it was not exported.")
    for code in plan.proof_unknown:
        say(f"  ! Whether send {code} keeps another proof of delivery is unknown.")
    for message in plan.replies:
        say(f"  ! {message.id} is an answer to a send, not a receipt.")
    for message in plan.unknown:
        say(f"  ! {message.id} is of no known kind.")
    for message_id in prepared.already_gone:
        say(f"  {message_id}: not there any more")
    for item in prepared.refused:
        say(f"  {item.id}: will not be deleted, since {item.reason}")


def _ask(prepared: Prepared, session: Session) -> None:
    """Only a `y` is a yes; above 25 messages only their number is."""
    count = len(prepared.targets)
    wanted = "y" if count <= _MANY else str(count)
    words = "y" if count <= _MANY else f"the number {count}"
    say(f"Delete {_messages(count)} from {_where(session)}? There is no undo.")
    print(f"Type {words} to confirm: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != wanted:
        raise RefusedHereError("Nothing was deleted", "it was not confirmed")


def _where(session: Session) -> str:
    profile = session.profile
    name = profile.environment.value
    if profile.environment is Environment.PRODUCTION:
        name = name.upper()
    host = f" ({profile.host})" if profile.custom_base_url else ""
    return clean_line(f"{name}{host}, {session.address}")


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def _tell_outcome(outcome: DeleteOutcome) -> None:
    say(f"{_messages(len(outcome.deleted))} deleted{_list(outcome.deleted)}")
    if outcome.already_gone:
        say(f"{_messages(len(outcome.already_gone))} already gone{_list(outcome.already_gone)}")
    _tell_unfinished("not deleted", outcome.refused)
    _tell_unfinished("failed", outcome.failed)
    if outcome.job:
        say(f"journal: {outcome.job}")


def _list(ids: Iterable[int]) -> str:
    words = ", ".join(map(str, ids))
    return f": {words}" if words else ""


def _tell_unfinished(words: str, items: Iterable[Unfinished]) -> None:
    for item in items:
        say(f"{item.id} {words}: {item.reason}")
