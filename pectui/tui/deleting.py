"""A deletion from the key to the result: the plan is made, shown and confirmed, then each step is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from pectui.domain.belonging import Role
from pectui.domain.interpret import interpret
from pectui.domain.message import Header, Message
from pectui.tui.deletion_job import DeletionJob
from pectui.tui.deletion_words import told_of_none
from pectui.tui.foreign import Shown, shown
from pectui.tui.marking import messages
from pectui.tui.neighbours import known_around
from pectui.tui.widgets.notice import Severity

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pectui.engine.outcome import DeleteEvent
    from pectui.engine.prepare import Prepared
    from pectui.session import Session
    from pectui.tui.screens.delete import DeleteScreen
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.screens.markable import MarkableScreen

NO_SEND = Shown("This message belongs to no send: its subject carries no send code")

_ADRIFT = "ids have moved, and nothing tells it from others that look the same: mark it again"
_ANSWER = "it carries the send's code and is no receipt of it"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody wants to delete."""

    headers: Sequence[Header]
    """As they are listed."""
    marked: bool = False
    """Whether they are the marked ones."""
    adrift: Sequence[Header] = ()
    """Marked ones of which nobody can say which they are now."""
    kept: Sequence[Header] = ()
    """What carries the code of a chosen send and stays."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where somebody was when they pressed the key."""

    screen: MarkableScreen
    chosen: Chosen
    row: Hashable | None
    listing: Sequence[Header] | None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A plan that was made while somebody went on."""

    asked: _Asked
    prepared: Prepared


class Deleting:
    """The deletions of the mailbox that is open in `inbox`, one at a time; each view may begin one."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self._ready: _Ready | None = None

    @property
    def _session(self) -> Session:
        assert self._inbox.session is not None
        return self._inbox.session

    def delete_marked(self, screen: MarkableScreen) -> None:
        """What is marked, in whatever view."""
        marks = self._inbox.marking.marks
        if not self._inbox.marking.is_settled:
            told = Shown(
                "Ids move on this server, and every page is being read: what is marked can't be told now"
            )
            self._inbox.pectui.say(told, Shown("Wait until it is read."), severity=Severity.WARNING)
            return
        self.delete(screen, Chosen(marks.headers, marked=True, adrift=marks.adrift))

    def delete_send(self, screen: MarkableScreen, code: str) -> None:
        """All of a send but answers to it."""
        if self.may_begin():
            work, label = partial(self._choose_send, screen, code), Shown("looking at the send")
            self._inbox.pectui.begin(self._inbox, work, group="delete", label=label, exclusive=False)

    def delete(self, screen: MarkableScreen, chosen: Chosen) -> None:
        """Asks for confirmation and deletes `chosen`."""
        if not self.may_begin():
            return
        asked = self._asked(screen, chosen)
        ready, self._ready = self._ready, None
        if ready is not None and ready.asked.chosen == chosen and not self._has_moved(ready.asked):
            self._ask(asked, ready.prepared)
            return
        one = len(chosen.headers) == 1
        label = Shown("looking at the message" if one else "making the plan")
        self._inbox.pectui.begin(
            self._inbox, partial(self._plan, asked), group="delete", label=label, exclusive=False
        )

    def may_begin(self) -> bool:
        """Whether something can be deleted now. Why not is told."""
        app = self._inbox.pectui
        if self._inbox.session is None or self._inbox.syncing.refuses(Shown("nothing can be deleted now")):
            return False
        if self._session.profile.read_only:
            told = shown(f"The profile {self._session.profile.name} is read-only.")
            app.say(Shown("Nothing is deleted here"), told, severity=Severity.WARNING)
            return False
        if any(worker.group == "delete" and not worker.is_finished for worker in app.workers):
            app.say(Shown("A deletion is running"), Shown("Ctrl-C cancels it."), severity=Severity.WARNING)
            return False
        return True

    def _asked(self, screen: MarkableScreen, chosen: Chosen) -> _Asked:
        remembered, row = self._inbox.remembered, screen.list.row
        listing = remembered.headers if remembered is not None else None
        return _Asked(screen, chosen, None if row is None else row.key, listing)

    # The plan

    async def _choose_send(self, screen: MarkableScreen, code: str) -> None:
        row = screen.list.row
        sends, _ = await self._session.sends.current()
        members = sends.members(code)
        chosen = Chosen(
            tuple(one.header for one in members if one.role <= Role.OWN_COPY),
            kept=tuple(one.header for one in members if one.role > Role.OWN_COPY),
        )
        if not chosen.headers:
            self._inbox.pectui.say(shown(f"No receipt of send {code} is in the mailbox"))
            return
        await self._plan(replace(self._asked(screen, chosen), row=None if row is None else row.key))

    async def _plan(self, asked: _Asked) -> None:
        from pectui.engine.outcome import Unfinished

        app, chosen = self._inbox.pectui, asked.chosen
        adrift = [Unfinished(one.id, _ADRIFT) for one in chosen.adrift]
        if not chosen.headers:
            app.tell(told_of_none(adrift, 0))
            return
        prepared = await self._prepared(asked)
        is_still_there = self._is_still_there(asked)
        kept = tuple(Unfinished(one.id, _ANSWER) for one in chosen.kept)
        prepared = replace(prepared, refused=(*prepared.refused, *adrift), kept=(*prepared.kept, *kept))
        if prepared.already_gone:
            gone = set(prepared.already_gone)
            self.take_out([one for one in chosen.headers if one.id in gone])
        if not prepared.targets:
            notice = told_of_none(prepared.refused, len(prepared.already_gone))
            one = interpret(chosen.headers[0], self._session.own).subject
            app.tell(
                notice if notice.detail or len(chosen.headers) > 1 else replace(notice, detail=shown(one))
            )
        elif self._has_moved(asked):
            told = Shown("The mailbox changed while the plan was made, and its ids with it")
            app.say(Shown("Nothing was deleted"), told, severity=Severity.WARNING)
        elif is_still_there:
            self._ask(asked, prepared)
        elif len(chosen.headers) > 1:
            self._ready = _Ready(asked, prepared)
            app.say(shown(f"The plan for {messages(len(prepared.targets))} is ready: the same key shows it"))
        else:
            # A dialog that opens under somebody's fingers takes whatever is typed for an answer.
            app.say(Shown("Nothing was deleted"), Shown("You went on before the plan was ready."))

    async def _prepared(self, asked: _Asked) -> Prepared:
        from pectui.engine.prepare import FEW

        session, headers, screen = self._session, asked.chosen.headers, asked.screen
        known: Sequence[Message] = ()
        if len(headers) <= FEW:
            chosen: Sequence[Message] = [interpret(header, session.own) for header in headers]
            listing = asked.listing if asked.listing is not None else ()
            known = await known_around(chosen, listing, screen.selecting.known(), session.own)
        else:
            chosen = await asyncio.to_thread(lambda: [interpret(one, session.own) for one in headers])
        return await session.prepare(chosen, known=known, hidden=screen.selecting.hidden(headers))

    def _has_moved(self, asked: _Asked) -> bool:
        remembered = self._inbox.remembered
        if remembered is None or not remembered.synced.ids_shift:
            return False
        return remembered.headers is not asked.listing

    def _is_still_there(self, asked: _Asked) -> bool:
        screen, row = asked.screen, asked.screen.list.row
        if not screen.is_active or screen.is_typing:
            return False
        if asked.chosen.marked and self._inbox.marking.marks.headers != asked.chosen.headers:
            return False
        return (None if row is None else row.key) == asked.row

    def _ask(self, asked: _Asked, prepared: Prepared) -> None:
        from pectui.tui.screens.delete import DeleteScreen
        from pectui.tui.screens.delete_many import DeleteManyScreen

        app, profile = self._inbox.pectui, self._session.profile
        alone = len(prepared.targets) == 1 and not (prepared.refused or prepared.already_gone)
        kind = DeleteScreen if alone else DeleteManyScreen
        dialog = kind(prepared, profile, app.zone, self._inbox.exporting.export_plan)
        app.push_screen(dialog, partial(self._answered, asked, dialog))

    def _answered(self, asked: _Asked, dialog: DeleteScreen, yes: bool | None) -> None:
        app, prepared = self._inbox.pectui, dialog.prepared
        if not yes:
            app.say(Shown("Nothing was deleted"))
            return
        headers = {header.id: header for header in asked.chosen.headers}
        alone = len(prepared.targets) == 1 and not (prepared.refused or prepared.already_gone)
        one = prepared.targets[0].message if alone else None

        def steps(cancelled: Callable[[], bool]) -> AsyncGenerator[DeleteEvent, None]:
            found = self._session.delete(prepared, cancelled=cancelled)
            return cast("AsyncGenerator[DeleteEvent, None]", found)

        DeletionJob(self._inbox, steps, headers, one=one).begin()

    def take_out(self, gone: Collection[Header]) -> None:
        """These are in the mailbox no more."""
        self._inbox.marking.marks.unmark(gone)
        self._inbox.take_out(set(gone))
