"""Opening the mailbox: what is remembered is painted before anybody is asked, then the service is."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from pectui.tui.foreign import NOTHING, Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.mailbox import mailbox_of
from pectui.tui.paint import Span
from pectui.tui.remembered import Remembered
from pectui.tui.resuming import tell_of_interrupted
from pectui.tui.widgets.notice import Notice, Severity

if TYPE_CHECKING:
    from pectui.tui.screens.inbox import InboxScreen

_WAIT = (Span(NOTHING), Span(Shown("Reading the mailbox …"), Ink.MUTED))
_KEYS = Span(Shown("r  try again     q  leave"), Ink.KEY)


class Opening:
    """Opens the mailbox of `screen`, and says so where it can't be."""

    def __init__(self, screen: InboxScreen) -> None:
        self.told: tuple[Span, ...] = _WAIT
        """What stands in place of messages while there are none."""
        self._screen = screen

    def begin(self) -> None:
        """Opens the mailbox, or tries again."""
        screen = self._screen
        if screen.session is not None and screen.session.offline:
            return
        if screen.pages.page is None:
            self._tell(*_WAIT)
        if screen.session is not None:
            screen.syncing.begin()
            return
        label = Shown("opening the mailbox")
        screen.pectui.begin(screen, self._open, group="open", label=label, failed=self.failed)

    def failed(self, notice: Notice) -> None:
        """There is nothing to show: the reason stands where the messages would."""
        self._say_instead(notice.title, notice.detail, notice.hint, Ink.BAD)

    def stopped(self) -> None:
        """The user stopped the first reading before there was anything to show."""
        self._say_instead(Shown("Nothing was read yet"), NOTHING, NOTHING, Ink.STRONG)

    def tell_warnings(self) -> None:
        """What the session has to say, such as a memory that can't be used. Each once."""
        session = self._screen.session
        if session is not None and session.warnings:
            self._screen.pectui.say(shown(" ".join(session.warnings)), severity=Severity.WARNING)
            session.warnings.clear()

    async def _open(self) -> None:
        screen = self._screen
        session = await screen.pectui.open_mailbox()
        synced = await session.synced()
        remembered = screen.remembered = Remembered(synced, session.own)
        screen.session = session
        screen.pectui.views.show_header(mailbox=mailbox_of(session.profile, session.address))
        screen.syncing.show_reach()
        screen.pages.begin(session, remembered)
        screen.standing.keep_current()
        screen.syncing.keep_fresh(session)
        if remembered.covers(1):
            screen.pages.show()
            await self._painted()
        remembered.follow(await session.listing())
        self.tell_warnings()
        if session.offline:
            self._stay_offline(remembered)
            screen.watching.begin()
            return
        screen.show_again()
        screen.syncing.begin()
        screen.watching.begin()
        screen.pectui.begin(screen, partial(tell_of_interrupted, screen, session), group="interrupted")

    async def _painted(self) -> None:
        """Waits until what is listed stands on the terminal: what follows would only delay it."""
        painted = asyncio.Event()
        self._screen.call_after_refresh(painted.set)
        await painted.wait()

    def _stay_offline(self, remembered: Remembered) -> None:
        if remembered.covers(1):
            self._screen.show_again()
            self._screen.whole.arrange()
            return
        hint = Shown("Start pectui once without --offline: what it reads then can be seen offline later.")
        detail = Shown("pectui is offline, and nothing of this mailbox was read before.")
        self._say_instead(
            Shown("Nothing is remembered"), detail, hint, Ink.STRONG, Span(Shown("q  leave"), Ink.KEY)
        )

    def _say_instead(self, title: Shown, detail: Shown, hint: Shown, ink: Ink, keys: Span = _KEYS) -> None:
        more = [Span(text, look) for text, look in ((detail, Ink.PLAIN), (hint, Ink.MUTED)) if text]
        self._tell(Span(NOTHING), Span(title, ink), *more, Span(NOTHING), keys)
        self._screen.status.show(Span(Shown("the mailbox could not be read"), Ink.BAD))
        self._screen.refresh_bindings()

    def _tell(self, *paragraphs: Span) -> None:
        self.told = paragraphs
        self._screen.list.set_placeholder(*paragraphs)
        self._screen.pectui.views.mailbox_changed()
