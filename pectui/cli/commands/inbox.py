"""`pectui inbox`: one page of messages, or all of them; from the service, or from memory."""

from __future__ import annotations

from difflib import get_close_matches

from pectui.cli.invocation import Invocation, run_to_end
from pectui.cli.listed import Listed, unique
from pectui.cli.remembered import Wanted, remembered
from pectui.cli.syncing import follow, goes_on
from pectui.domain.interpret import interpret
from pectui.domain.kind import Kind
from pectui.engine.order import newest_first
from pectui.engine.pages import Page
from pectui.errors import UsageError
from pectui.session import Session


def run(invocation: Invocation) -> int:
    arguments = invocation.arguments
    wanted = Wanted(arguments.page or 1, arguments.all, arguments.search or None, _kind(arguments.kind))
    return run_to_end(_list(invocation.with_secrets(), wanted))


async def _list(invocation: Invocation, wanted: Wanted) -> int:
    as_json = invocation.settings.json
    follows = wanted.everything and wanted.query is None and not invocation.arguments.offline
    async with invocation.session(goes_on if follows else None) as session:
        if session.offline:
            listed = await remembered(session, wanted)
        elif follows:
            listed = await _everything(session, wanted.kind, as_json=as_json)
        else:
            listed = await _pages(session, wanted)
    # Only now: what is printed must be what its ids mean from here on, and that is on the disk.
    if as_json:
        listed.print_json()
    else:
        listed.print_text()
    return 1 if session.memory_is_lost else 0


async def _pages(session: Session, wanted: Wanted) -> Listed:
    """One page as the service gives it, or all that it finds."""
    reader = session.inbox(wanted.query)
    everything = wanted.everything
    pages = [page async for page in reader.everything()] if everything else [await reader.page(wanted.page)]
    messages = newest_first([message for page in pages for message in page.messages])
    return Listed(
        page=pages[0].number,
        pages=1 if everything else pages[0].pages,
        total=pages[-1].total,
        messages=[one for one in messages if wanted.kind in (None, one.kind)],
        stale=False,
        warnings=_warnings(pages, asked=wanted.page),
    )


async def _everything(session: Session, kind: Kind | None, *, as_json: bool) -> Listed:
    """The whole mailbox: what is remembered, once it follows the service."""
    outcome = await follow(session, full=False, as_json=as_json)
    headers = (await session.listing()).headers
    session.shown(headers, None)
    messages = newest_first([interpret(header, session.own) for header in headers])
    return Listed(
        page=1,
        pages=1,
        total=outcome.total,
        messages=[one for one in messages if kind in (None, one.kind)],
        stale=not outcome.agrees,
        warnings=outcome.warnings,
    )


def _warnings(pages: list[Page], *, asked: int) -> tuple[str, ...]:
    warnings = unique(warning for page in pages for warning in page.warnings)
    if asked > 1 and not pages[0].messages and not warnings:
        last = pages[0].pages
        ends = f"the inbox ends with page {last}" if last else "the inbox ends before it"
        return (f"There is no page {asked}: {ends}.",)
    return warnings


def _kind(word: str | None) -> Kind | None:
    if word is None:
        return None
    try:
        return Kind(word.replace("-", "_"))
    except ValueError:
        names = [kind.value for kind in Kind]
        nearest = get_close_matches(word, names, 1)
        hint = f"Did you mean `{nearest[0]}`?" if nearest else f"There are: {', '.join(names)}."
        raise UsageError(f"No kind is called `{word}`", "", hint) from None
