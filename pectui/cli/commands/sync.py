"""`pectui sync`: what is remembered follows the service."""

from __future__ import annotations

from pectui.cli.age import iso
from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.output import cleaned_document, print_json, print_text, say
from pectui.cli.syncing import follow, goes_on, pages
from pectui.engine.progress import SyncOutcome
from pectui.session import refuse


def run(invocation: Invocation) -> int:
    if invocation.arguments.offline:
        refuse("The mailbox was not read")
    return run_to_end(_sync(invocation.with_secrets()))


async def _sync(invocation: Invocation) -> int:
    arguments = invocation.arguments
    async with invocation.session(goes_on) as session:
        outcome = await follow(session, full=arguments.full, as_json=arguments.json)
        synced = await session.synced()
    if arguments.json:
        times = {"synced_at": iso(synced.agreed_at), "full_at": iso(synced.full_at)}
        print_json(cleaned_document({**outcome.as_json(), **times}))
    else:
        print_text(_words(outcome))
        for warning in outcome.warnings:
            say(f"pectui: {warning}")
    return 0 if outcome.agrees and not session.memory_is_lost else 1


def _words(outcome: SyncOutcome) -> str:
    messages = "1 message" if outcome.messages == 1 else f"{outcome.messages} messages"
    if outcome.total not in (None, outcome.messages):
        messages += f" (the service counts {outcome.total})"
    return f"{outcome.new} new, {outcome.gone} gone, {messages}; {pages(outcome.pages)} read"
