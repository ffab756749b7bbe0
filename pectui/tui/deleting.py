"""A deletion from the key to the result: the plan is made, shown and confirmed, then each step is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, cast

from pectui.domain.message import Header, Message
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.lazy_rows import LazyRows
from pectui.tui.neighbours import known_around
from pectui.tui.widgets.message_row import MessageRow
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pectui.engine.outcome import DeleteEvent, DeleteOutcome
    from pectui.engine.prepare import Prepared
    from pectui.session import Session
    from pectui.tui.screens.inbox import InboxScreen

Gone = Callable[[Sequence[Message]], None]
"""Told which messages are no longer there."""


def delete_message(screen: InboxScreen, session: Session, message: Message, gone: Gone) -> None:
    """Asks for confirmation and deletes `message`. One deletion at a time."""
    app = screen.pectui
    if screen.syncing.refuses(Shown("nothing can be deleted now")):
        return
    if session.profile.read_only:
        app.say(
            Shown("Nothing is deleted here"),
            shown(f"The profile {session.profile.name} is read-only."),
            severity=Severity.WARNING,
        )
    elif any(worker.group == "delete" and not worker.is_finished for worker in app.workers):
        app.say(Shown("A deletion is running"), Shown("Ctrl-C cancels it."), severity=Severity.WARNING)
    else:
        work = partial(_plan, screen, session, message, gone)
        app.begin(screen, work, group="delete", label=Shown("looking at the message"), exclusive=False)


async def _plan(screen: InboxScreen, session: Session, message: Message, gone: Gone) -> None:
    remembered = screen.remembered.headers if screen.remembered is not None else ()
    known = await known_around(message, remembered, _listed(screen), session.own)
    prepared = await session.prepare([message], known=known)
    if prepared.already_gone:
        screen.pectui.say(Shown("It was already gone"), shown(message.subject))
        gone([message])
    elif prepared.refused:
        reason = shown(prepared.refused[0].reason)
        screen.pectui.tell(Notice(Shown("Not deleted"), reason, severity=Severity.ERROR))
    elif not screen.is_active or screen.search.has_focus or screen.following.message != message:
        # A dialog that opens under somebody's fingers takes whatever is typed for an answer.
        screen.pectui.say(Shown("Nothing was deleted"), Shown("You went on before the plan was ready."))
    else:
        _ask(screen, session, message, prepared, gone)


def _listed(screen: InboxScreen) -> Sequence[Header]:
    """What was read, or is in sight."""
    rows = screen.list.rows
    if isinstance(rows, LazyRows):
        return [rows.headers[place] for place in screen.list.places_in_sight]
    browsing = screen.pages.browsing
    read = [message.header for message in browsing.messages] if browsing is not None else []
    return [*read, *(row.message.header for row in rows if isinstance(row, MessageRow))]


def _ask(screen: InboxScreen, session: Session, message: Message, prepared: Prepared, gone: Gone) -> None:
    from pectui.tui.screens.delete import DeleteScreen

    app = screen.pectui

    def answered(yes: bool | None) -> None:
        if not yes:
            app.say(Shown("Nothing was deleted"))
            return
        stop: list[bool] = []
        work = partial(_delete, screen, session, message, prepared, gone, stop)
        count = len(prepared.targets)
        label = shown(f"deleting {count} message{'s' * (count != 1)}")
        app.begin(
            screen,
            work,
            group="delete",
            label=label,
            exclusive=False,
            cancel=lambda: stop.append(True),
            must_finish=True,
        )

    app.push_screen(DeleteScreen(prepared, session.profile, app.zone), answered)


async def _delete(
    screen: InboxScreen,
    session: Session,
    message: Message,
    prepared: Prepared,
    gone: Gone,
    stop: list[bool],
) -> None:
    from pectui.engine.outcome import Finished, Started

    outcome: DeleteOutcome | None = None
    left = 0
    async with aclosing(cast("AsyncGenerator[DeleteEvent, None]", session.delete(prepared))) as events:
        async for event in events:
            if isinstance(event, Finished):
                outcome = event.outcome
                continue
            left = event.total if isinstance(event, Started) else left - 1
            if stop and left:
                break  # closing the iterator stops after the message in hand
    if outcome is not None:
        notice = _told(message, outcome)
        screen.pectui.tell(notice)
        if screen.pectui.is_leaving:
            screen.pectui.parting_words.append(shown(f"{notice.title}: {notice.detail}"))
    if outcome is None or outcome.deleted or outcome.already_gone:
        gone([message] if outcome is not None else [])


def _told(message: Message, outcome: DeleteOutcome) -> Notice:
    subject = shown(message.subject)
    if outcome.deleted:
        return Notice(Shown("Deleted"), subject)
    if outcome.already_gone:
        return Notice(Shown("It was already gone"), subject)
    reasons = "; ".join(item.reason for item in (*outcome.refused, *outcome.failed))
    if outcome.refused:
        title = Shown("Not deleted: pectui refused")
    elif any(item.reason.startswith("unknown") for item in outcome.failed):
        title = Shown("It is unknown whether it was deleted")
    else:
        title = Shown("Not deleted")
    hint = shown(outcome.stopped_by.hint) if outcome.stopped_by else NOTHING
    return Notice(title, shown(reasons), hint, Severity.ERROR)
