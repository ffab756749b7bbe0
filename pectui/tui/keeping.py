"""What is being written is kept: a moment after each pause in typing, and whenever one leaves it.

It is kept until it was surely sent, or thrown away by its writer. Nothing of it is kept where nothing was written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.timer import Timer

from pectui.domain.composition import Composition, DraftState, SavedDraft
from pectui.engine.send_events import SendState
from pectui.environment import Environment
from pectui.errors import StoreError
from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.moment import time_of_day
from pectui.tui.notices import notice_of
from pectui.tui.paint import Span
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from pectui.session.drafting import DraftBook
    from pectui.tui.screens.compose import ComposeScreen

PAUSE = 0.7
"""Seconds without a key after which it is kept."""
LONGEST = 5.0
"""Seconds after which it is kept also while somebody goes on typing."""

_NOT_KEPT = Shown("kept only until pectui ends")
_MAY_BE_SENT = Shown("It is unknown whether this was sent")
_LOOK_FIRST = Shown(
    "Look for its acceptance before you send it again: that would cost again, and arrive twice."
)


class Keeping:
    """Keeps what is written in `screen`, as `draft`."""

    def __init__(self, screen: ComposeScreen, draft: SavedDraft) -> None:
        """`draft` is a new one."""
        self.draft = draft
        """As it was kept last, or as it was begun."""
        self.others: Sequence[SavedDraft] = ()
        """Other drafts of the mailbox, as far as they were looked for."""
        self._screen = screen
        self._is_kept = False
        self._failed = False
        self._was_sent = False
        self._pause: Timer | None = None
        self._longest: Timer | None = None
        self._turn = asyncio.Lock()

    @property
    def _book(self) -> DraftBook:
        return self._screen.session.drafts

    @property
    def _is_changed(self) -> bool:
        return self._screen.composition != self.draft.composition

    def begin_with(self, draft: SavedDraft, *, kept: bool) -> None:
        """From now on `draft` is written on."""
        self._stop()
        self.draft, self._is_kept, self._failed = draft, kept, False

    def typed(self) -> None:
        """Something was changed."""
        if self._pause is not None:
            self._pause.stop()
        if not self._is_changed:
            return
        self._pause = self._screen.set_timer(PAUSE, self._due)
        if self._longest is None:
            self._longest = self._screen.set_timer(LONGEST, self._due)

    def note(self) -> Span | None:
        """Whether it is kept, for the status."""
        if self._was_sent:
            return Span(Shown("sent"), Ink.GOOD)
        if self._failed:
            return Span(Shown("draft NOT kept"), Ink.BAD)
        if self.draft.state is not DraftState.UNFINISHED:
            return Span(Shown("may have been sent"), Ink.WARN)
        if self._is_kept and not self._is_changed:
            if not self._book.keeps:
                return Span(_NOT_KEPT, Ink.MUTED)
            return Span(
                shown(f"kept {time_of_day(self.draft.saved_at, self._screen.pectui.zone)}"), Ink.MUTED
            )
        if self.others and not self._is_kept:
            count = len(self.others)
            return Span(shown(f"{count:,} draft{'s' * (count != 1)}: Ctrl-L"), Ink.ACCENT)
        return None

    async def save(self) -> bool:
        """Keeps it now, if there is anything new. False if it can't be kept, which is told."""
        self._stop()
        async with self._turn:
            written = self._screen.composition
            if not self._is_changed or (written.is_empty and not self._is_kept):
                return True
            return await self._save(written)

    async def mark(self, state: DraftState, digest: str) -> bool:
        """Keeps it as what may have been sent, or as what surely wasn't. False if that can't be kept."""
        self._stop()
        async with self._turn:
            self.draft = replace(self.draft, state=state, digest=digest)
            return await self._save(self._screen.composition)

    async def throw_away(self) -> None:
        """It was surely sent: it is kept no more. StoreError if it can't be removed."""
        self._stop()
        async with self._turn:  # what is being kept at this moment must not come back
            self._was_sent = True
            await self._book.remove(self.draft.name)
        self._screen.show_status()

    def leave(self) -> None:
        """The program ends: it is kept by the time it has."""
        self._stop()
        written = self._screen.composition
        if self._is_changed and (self._is_kept or not written.is_empty):
            self._book.save_on_leaving(self._saved(written))

    async def close(self) -> None:
        """Back to where one came from; what was written is kept, where it can't be on the disk in memory."""
        written = self._screen.composition
        if written.is_empty and self._is_kept and self.draft.state is DraftState.UNFINISHED:
            await self._forget()
        elif not await self.save():
            self._hold()
            return
        self._screen.close()
        if self._is_kept:
            told = Shown("The draft is kept: c, then Ctrl-L goes on with it")
            self._screen.pectui.say(told, self._how())

    def _hold(self) -> None:
        """It can't be kept on the disk; nobody has to stay in it for that."""
        self._book.hold(self._saved(self._screen.composition))
        why, app = self._screen.notices.notice, self._screen.pectui
        self._screen.close()
        told = Shown("The draft is kept only until pectui ends")
        app.tell(Notice(told, why.detail if why is not None else NOTHING, severity=Severity.ERROR))

    async def _forget(self) -> None:
        """Its writer has taken away every word of it."""
        self._stop()
        try:
            await self._book.remove(self.draft.name)
            self._is_kept = False
        except StoreError as error:
            self._screen.pectui.tell(notice_of(error))

    def look(self) -> None:
        """Looks for the other drafts of the mailbox, and for one that answers the same message."""
        screen = self._screen
        screen.pectui.begin(screen, self._look, group="drafts")

    def choose(self) -> None:
        """Shows the other drafts, to go on with one of them."""
        self._screen.pectui.begin(self._screen, self._choose, group="drafts")

    async def _look(self) -> None:
        drafts = await self._as_journals_tell(await self._book.read())
        self.others = [one for one in drafts if one.name != self.draft.name]
        answer = next((one for one in self.others if one.answers and one.answers == self.draft.answers), None)
        if answer is not None and not self._is_changed and not self._is_kept:
            self.go_on_with(answer)
            return
        self._tell_doubtful()
        self._screen.show_status()

    async def _as_journals_tell(self, drafts: Sequence[SavedDraft]) -> list[SavedDraft]:
        """The drafts, those that may have been sent as it is known of them by now."""
        kept: list[SavedDraft] = []
        for draft in drafts:
            if draft.state is DraftState.UNFINISHED:
                kept.append(draft)
                continue
            attempt = await self._screen.session.sendings.standing(draft.digest)
            if attempt is not None and attempt.state is SendState.SENT:
                await self._book.remove(draft.name)
                told = shown(
                    f"A draft had been sent: {attempt.code}" if attempt.code else "A draft had been sent"
                )
                self._screen.pectui.say(told, shown(draft.composition.subject))
            elif attempt is None or attempt.state is not SendState.UNKNOWN:
                # Nothing leaves before it is journalled: it surely was not sent.
                kept.append(await self._book.save(replace(draft, state=DraftState.UNFINISHED)))
            else:
                kept.append(draft)
        return kept

    def go_on_with(self, draft: SavedDraft) -> None:
        """Goes on with a draft that was kept; what stands there now has been."""
        self.begin_with(draft, kept=True)
        self.others = [one for one in self.others if one.name != draft.name]
        self._screen.adopt(draft)
        if draft.state is not DraftState.UNFINISHED:
            self._screen.pectui.say(_MAY_BE_SENT, _LOOK_FIRST, severity=Severity.WARNING)

    def _tell_doubtful(self) -> None:
        doubtful = sum(one.state is not DraftState.UNFINISHED for one in self.others)
        if doubtful:
            self._look_into_the_inbox()
            told = "a draft" if doubtful == 1 else f"{doubtful:,} drafts"
            self._screen.pectui.say(
                shown(f"It is unknown whether {told} went out: Ctrl-L shows it"), severity=Severity.WARNING
            )

    def _look_into_the_inbox(self) -> None:
        """An acceptance there would tell that what nobody knows of was sent."""
        screen = self._screen
        if not screen.session.offline:
            label = Shown("looking for an acceptance")
            screen.pectui.begin(screen, self._settle, group="settle", label=label)

    async def _settle(self) -> None:
        if await self._screen.session.sendings.settle():
            self.others = await self._as_journals_tell(self.others)
            self._screen.show_status()

    async def _choose(self) -> None:
        from pectui.tui.screens.drafts import DraftsScreen

        if not await self.save():
            return
        drafts = [one for one in await self._book.read() if one.name != self.draft.name]
        self.others = drafts = await self._as_journals_tell(drafts)
        if not drafts:
            self._screen.pectui.say(Shown("There is no other draft"))
            return
        self._screen.pectui.push_screen(DraftsScreen(self, self._screen.session, drafts))

    async def remove(self, draft: SavedDraft) -> None:
        """Its writer has thrown away another one. StoreError if it can't be removed."""
        await self._book.remove(draft.name)
        self.others = [one for one in self.others if one.name != draft.name]
        self._screen.show_status()

    def _due(self) -> None:
        self._screen.pectui.begin(self._screen, self._save_quietly, group="keep", exclusive=False)

    async def _save_quietly(self) -> None:
        await self.save()

    async def _save(self, written: Composition) -> bool:
        before = self.draft.name
        try:
            saved = await self._book.save(self._saved(written))
        except StoreError as error:
            if not self._failed:
                self._screen.pectui.tell(notice_of(error))
            self._failed = True
            self._screen.show_status()
            return False
        if self.draft.name == before:
            self.draft = saved
        self._is_kept, self._failed = True, False
        self._screen.show_status()
        return True

    def _saved(self, written: Composition) -> SavedDraft:
        return replace(self.draft, composition=written, saved_at=self._screen.pectui.clock())

    def _how(self) -> Shown:
        if self._book.keeps:
            return NOTHING
        if self._screen.session.profile.environment is Environment.DEMO:
            return Shown("Only until pectui ends: the demo keeps nothing.")
        return Shown(
            "Only until pectui ends: by cache_bodies = false no text of a mail stays on this machine."
        )

    def _stop(self) -> None:
        for timer in (self._pause, self._longest):
            if timer is not None:
                timer.stop()
        self._pause = self._longest = None
