"""A sync as the command line runs it: followed to its end, with its progress where somebody watches."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from pectui.cli.progress import ProgressLine
from pectui.engine.progress import PagesRead, SyncFinished, SyncOutcome
from pectui.session import Session


def goes_on(session: Session) -> str:
    """What is said of a sync after Ctrl-C, once the session is closed."""
    if not session.keeps_listing:
        return "interrupted. What was read is not kept."
    return "interrupted. What was read is kept, and the next sync goes on from there."


async def follow(session: Session, *, full: bool, as_json: bool) -> SyncOutcome:
    """Has what is remembered follow the service. ServiceError in the middle leaves what was read remembered."""
    events = session.sync(full=full)
    assert isinstance(events, AsyncGenerator)
    with ProgressLine.on_stderr(as_json=as_json) as line:
        async with aclosing(events):
            async for event in events:
                if isinstance(event, SyncFinished):
                    return event.outcome
                if isinstance(event, PagesRead):
                    line.show(_words(event))
    raise AssertionError("a sync ends with its outcome")


def _words(read: PagesRead) -> str:
    return f"{read.done} of {read.expected} pages read" if read.expected else f"{pages(read.done)} read"


def pages(count: int) -> str:
    """`1 page`."""
    return "1 page" if count == 1 else f"{count} pages"
