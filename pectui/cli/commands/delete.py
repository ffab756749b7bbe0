"""`pectui delete ID…`: the plan, the question, the deed, and what became of each message."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing

from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import cleaned_document, emphasis, local_time, print_json, print_text, say
from pectui.domain.kind import describe_kind
from pectui.engine.outcome import (
    AlreadyGone,
    Deleted,
    DeleteEvent,
    DeleteOutcome,
    Failed,
    Finished,
    Refused,
    Started,
    Unfinished,
)
from pectui.engine.prepare import Prepared
from pectui.environment import Environment
from pectui.errors import RefusedHereError
from pectui.session import Session, refuse
from pectui.text.clean import clean_line

_NOBODY_TO_ASK = "There is nobody to ask: give --yes if you mean it, or look first with --dry-run."
_MANY = 25
"""Above this many messages the number is typed, not a letter."""


def run(invocation: Invocation) -> int:
    _refuse_at_once(invocation)
    return run_to_end(_delete(invocation.with_secrets()))


def _refuse_at_once(invocation: Invocation) -> None:
    """What will be refused in the end is refused before anything is asked."""
    arguments = invocation.arguments
    if arguments.offline:
        refuse("Nothing was deleted")
    if arguments.dry_run:
        return
    profile = invocation.settings.profile
    if profile is not None and profile.read_only:
        raise RefusedHereError(
            "Nothing was deleted",
            f"the profile {profile.name} is read-only",
            "Take away `read_only` or --read-only if you do want to delete.",
        )
    if not arguments.yes and not invocation.can_ask:
        raise RefusedHereError("Nothing was deleted", "nobody confirmed it", _NOBODY_TO_ASK)


async def _delete(invocation: Invocation) -> int:
    arguments = invocation.arguments
    interruption = _Interruption()
    async with invocation.session() as session:
        prepared = await session.prepare_ids(list(dict.fromkeys(arguments.ids)))
        for warning in prepared.warnings:
            say(f"pectui: {warning}")
        if arguments.dry_run:
            return _dry_run(prepared, session, as_json=arguments.json)
        if not arguments.yes or not arguments.json:
            for line in _plan_lines(prepared, session):
                say(line)
        if prepared.targets and not arguments.yes:
            _ask(prepared, session, emphasis(arguments.color, sys.stderr))
        outcome = await _carry_out(session, prepared, interruption)
    if arguments.json:
        print_json(cleaned_document(outcome.as_json()))
    else:
        for line in _outcome_lines(outcome):
            print_text(clean_line(line))
    if outcome.stopped_by is not None:
        say(f"pectui: {outcome.stopped_by}. {outcome.stopped_by.hint}")
    if interruption.status:
        return interruption.status
    if outcome.complete and outcome.stopped_by is None:
        return 0
    if outcome.stopped_by is not None and not outcome.deleted:
        return outcome.stopped_by.exit_code
    return 1


class _Interruption:
    """Ctrl-C and SIGTERM while messages are being deleted: the one in hand is seen to its end, then it stops.

    What a DELETE did is only known after the look that follows it. A second signal doesn't wait for that.
    """

    def __init__(self) -> None:
        self.status = 0
        """130 or 143 once somebody interrupted, as a shell would say it."""

    def listen(self) -> None:
        task = asyncio.current_task()
        assert task is not None

        def interrupted(number: int) -> None:
            if self.status:
                task.cancel()
                return
            self.status = 128 + number
            say("pectui: stopping after the message in hand.")

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, interrupted, number)


async def _carry_out(session: Session, prepared: Prepared, interruption: _Interruption) -> DeleteOutcome:
    """Runs the job to its end or to the first interruption."""
    interruption.listen()
    events: list[DeleteEvent] = []
    untold = "not tried: the job was interrupted"
    job = session.delete(prepared)
    assert isinstance(job, AsyncGenerator)
    try:
        # What the job has to put in order at its end is done before the session is closed.
        async with aclosing(job):
            async for event in job:
                events.append(event)
                if isinstance(event, Finished):
                    return event.outcome
                if interruption.status:
                    break
    except asyncio.CancelledError:
        if not interruption.status:
            raise
        untold = "unknown: the job was broken off; its journal tells whether this was begun"
    return _interrupted(events, prepared, untold)


def _interrupted(events: list[DeleteEvent], prepared: Prepared, untold: str) -> DeleteOutcome:
    """The outcome of a job that was stopped: what its events told, and for the rest `untold`."""
    deleted = tuple(event.id for event in events if isinstance(event, Deleted))
    gone = {event.id: None for event in events if isinstance(event, AlreadyGone)}
    refused = {event.id: event.reason for event in events if isinstance(event, Refused)}
    failed = {event.id: event.reason for event in events if isinstance(event, Failed)}
    gone |= dict.fromkeys(prepared.already_gone)
    refused |= {item.id: item.reason for item in prepared.refused}
    for target in prepared.targets:
        if target.chosen_id not in {*deleted, *gone, *refused, *failed}:
            failed[target.chosen_id] = untold
    return DeleteOutcome(
        requested=len(deleted) + len(gone) + len(refused) + len(failed),
        deleted=deleted,
        already_gone=tuple(gone),
        refused=tuple(Unfinished(*item) for item in refused.items()),
        failed=tuple(Unfinished(*item) for item in failed.items()),
        job=next((event.job for event in events if isinstance(event, Started)), None),
    )


def _dry_run(prepared: Prepared, session: Session, *, as_json: bool) -> int:
    if as_json:
        document = prepared.plan.as_json()
        document["plan"]["already_gone"] = list(prepared.already_gone)
        document["plan"]["refused"] = [{"id": one.id, "reason": one.reason} for one in prepared.refused]
        print_json(cleaned_document(document))
    else:
        for line in _plan_lines(prepared, session):
            print_text(clean_line(line))
        say("Nothing was deleted: this is the plan only.")
    return 1 if prepared.refused else 0


def _plan_lines(prepared: Prepared, session: Session) -> Iterable[str]:
    plan = prepared.plan
    yield f"To be deleted from {_where(session, str)}: {_messages(len(plan.messages))}; there is no undo"
    for message in plan.messages:
        subject = clean_line(message.subject) or "(no subject)"
        yield f"  {message.id}  {local_time(message.date)}  {message.kind.value}  {subject}"
        yield f"      {describe_kind(message.kind)}; from {message.sender}, to {message.recipient}"
    for code in plan.last_proof_of:
        yield f"  ! This is the last proof of delivery of send {code}, and it was not exported."
    for code in plan.proof_unknown:
        yield f"  ! Whether send {code} keeps another proof of delivery is unknown."
    for message in plan.replies:
        yield f"  ! {message.id} is an answer to a send, not a receipt."
    for message in plan.unknown:
        yield f"  ! {message.id} is of no known kind."
    for message_id in prepared.already_gone:
        yield f"  {message_id}: not there any more"
    for item in prepared.refused:
        yield f"  {item.id}: will not be deleted, since {item.reason}"


def _ask(prepared: Prepared, session: Session, strong: Callable[[str], str]) -> None:
    """Only a `y` is a yes; above 25 messages only their number is."""
    count = len(prepared.targets)
    wanted = "y" if count <= _MANY else str(count)
    words = "y" if count <= _MANY else f"the number {count}"
    # While the question waits, asyncio would only note a Ctrl-C: here it must end the command at once, also if it comes
    # as soon as the question can be read.
    noted = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.stderr.write(
            f"Delete {_messages(count)} from {_where(session, strong)}? Type {words} to confirm: "
        )
        sys.stderr.flush()
        answer = sys.stdin.readline()
    finally:
        signal.signal(signal.SIGINT, noted)
    if answer.strip() != wanted:
        raise RefusedHereError("Nothing was deleted", "it was not confirmed", f"Only {words} confirms.")


def _where(session: Session, strong: Callable[[str], str]) -> str:
    profile = session.profile
    name = profile.environment.value
    if profile.environment is Environment.PRODUCTION:
        name = strong(name.upper())
    host = f" ({profile.host})" if profile.custom_base_url else ""
    return name + clean_line(f"{host}, {session.address}")


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def _outcome_lines(outcome: DeleteOutcome) -> Iterable[str]:
    yield f"{_messages(len(outcome.deleted))} deleted{_list(outcome.deleted)}"
    if outcome.already_gone:
        yield f"{_messages(len(outcome.already_gone))} already gone{_list(outcome.already_gone)}"
    for item in outcome.refused:
        yield f"{item.id} not deleted: {item.reason}"
    for item in outcome.failed:
        yield f"{item.id} failed: {item.reason}"
    if outcome.job:
        yield f"journal: {outcome.job}"


def _list(ids: Iterable[int]) -> str:
    words = ", ".join(map(str, ids))
    return f": {words}" if words else ""
