"""`pectui send`: one PEC, shown with what it costs, confirmed, sent once, and what became of it."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing

from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import emphasis, print_json, print_text, say
from pectui.cli.sending.guards import ask, refuse_at_once, refuse_twice
from pectui.cli.sending.plan import people, plan_document, plan_lines
from pectui.cli.sending.wanted import body_of, message_of
from pectui.domain.outgoing import Outgoing
from pectui.engine.send_book import Attempt
from pectui.engine.send_events import Finished, SendState, Unsent, Waiting
from pectui.errors import PectuiError, RefusedHereError, ServiceError, StoreError
from pectui.session import Session
from pectui.text.clean import clean_line

_LOOKS = (0.0, 1.0, 2.0, 4.0)
"""Seconds before each look into the inbox for what nobody knows of: an acceptance takes a moment."""


def run(invocation: Invocation) -> int:
    refuse_at_once(invocation)
    body = body_of(invocation.arguments)
    if invocation.arguments.dry_run:
        return run_to_end(_show(invocation, body))
    return run_to_end(_send(invocation.with_secrets(), body))


async def _show(invocation: Invocation, body: str) -> int:
    async with invocation.session() as session:
        message = await message_of(session, invocation.arguments, body)
        if invocation.arguments.json:
            print_json(plan_document(message, session))
        else:
            for line in plan_lines(message, session, emphasis(invocation.arguments.color, sys.stdout)):
                print_text(line)
        if (attempt := await session.sendings.standing(message.digest)) is not None:
            say(f"pectui: the same content was tried before: {_standing(attempt)}")
        say("Nothing was sent: this is what would be.")
    return 0


async def _send(invocation: Invocation, body: str) -> int:
    arguments = invocation.arguments
    async with invocation.session() as session:
        message = await message_of(session, arguments, body)
        attempt = await _standing_after_a_look(session, message)
        refuse_twice(attempt, force=arguments.force, resend_unknown=arguments.resend_unknown)
        if not arguments.yes or not arguments.json:
            for line in plan_lines(message, session, str):
                say(line)
        if not arguments.yes:
            ask(message, session, emphasis(arguments.color, sys.stderr))
        try:
            await _post(session, message, invocation)
            attempt = await _looked_up(session, message)
        except asyncio.CancelledError:
            attempt = session.sendings.known(message.digest)
            _tell(attempt, as_json=arguments.json)
            raise
    return _tell(attempt, as_json=arguments.json)


async def _standing_after_a_look(session: Session, message: Outgoing) -> Attempt | None:
    """How the content stands by the journals, and by the inbox where those don't know."""
    attempt = await session.sendings.standing(message.digest)
    if attempt is None or attempt.state is not SendState.UNKNOWN:
        return attempt
    await _settle(session)
    return session.sendings.known(message.digest)


async def _post(session: Session, message: Outgoing, invocation: Invocation) -> None:
    """Raises why it was surely not sent, if so."""
    arguments = invocation.arguments
    events = session.sendings.send(
        [message],
        {"kind": "send"},
        force=arguments.force,
        resend_unknown=arguments.resend_unknown,
        tries=1,
    )
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Waiting):
                say(f"pectui: {event.reason}; trying again in {event.seconds:g} s")
            elif isinstance(event, Unsent) and event.state is SendState.FAILED:
                raise RefusedHereError(
                    "Nothing was sent", event.reason, "Look at the message, then try again."
                )
            elif isinstance(event, Finished):
                _raise_why_not(event.outcome.stopped_by, pending=event.outcome.pending > 0)


def _raise_why_not(error: PectuiError | None, *, pending: bool) -> None:
    if error is not None and pending:
        raise error
    if error is not None:
        say(f"pectui: {error}")


async def _looked_up(session: Session, message: Outgoing) -> Attempt | None:
    """What the journals know of it now; an unknown one is looked for in the inbox for a while."""
    attempt = session.sendings.known(message.digest)
    for pause in _LOOKS:
        if attempt is None or attempt.state is not SendState.UNKNOWN:
            break
        if not pause:
            say(f"pectui: {attempt.reason}. Looking into the inbox whether it was sent.")
        await asyncio.sleep(pause)
        await _settle(session)
        attempt = session.sendings.known(message.digest)
    return attempt


async def _settle(session: Session) -> None:
    try:
        await session.sendings.settle()
    except (ServiceError, StoreError, RefusedHereError) as error:
        say(f"pectui: the inbox could not be looked through: {error}")


def _tell(attempt: Attempt | None, *, as_json: bool) -> int:
    """One document or one line; the exit status."""
    state = SendState.PENDING if attempt is None or attempt.state is None else attempt.state
    code = None if attempt is None else attempt.code
    is_sent = state is SendState.SENT
    if as_json:
        count = attempt.count if is_sent and attempt is not None else 0
        told = None if state is SendState.UNKNOWN else count
        print_json({"code": code, "sent": told, "state": state.value})
    elif is_sent and attempt is not None:
        print_text(f"sent to {people(attempt.count or len(attempt.recipients))}, code {code or 'unknown'}")
    if is_sent and attempt is not None:
        wanted = len(attempt.recipients)
        if attempt.count is not None and attempt.count < wanted:
            say(f"pectui: the service says that it went to {attempt.count} of {people(wanted)}.")
            return 1
        return 0
    say(f"pectui: {_words(state, attempt)}")
    return 1


def _words(state: SendState, attempt: Attempt | None) -> str:
    why = clean_line(f": {attempt.reason}" if attempt is not None and attempt.reason else "")
    code = f" (the service names the code {attempt.code})" if attempt is not None and attempt.code else ""
    if state is SendState.UNKNOWN:
        return (
            f"whether it was sent is not known{why}{code}. It isn't sent again by itself: send the same once more, "
            "and pectui looks into the inbox first."
        )
    if state is SendState.REFUSED:
        return f"the service did not send it{why}{code}"
    return f"nothing was sent{why}"


def _standing(attempt: Attempt) -> str:
    state = (attempt.state or SendState.UNKNOWN).value
    return clean_line(f"{state}{f', code {attempt.code}' if attempt.code else ''}, job {attempt.job}")
