"""The preview follows the cursor: after a short pause, from memory where it can, and never with a stale answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.timer import Timer

from pectui.domain.message import Header, Message
from pectui.tui.foreign import Shown
from pectui.tui.widgets.message_row import MessageRow
from pectui.tui.widgets.notice import Notice, Severity
from pectui.tui.widgets.preview import Shot

if TYPE_CHECKING:
    from pectui.engine.reading import Reading
    from pectui.tui.screens.inbox import InboxScreen
    from pectui.tui.screens.sends import SendsScreen

PAUSE = 0.08
"""Seconds that the cursor rests before a message is read."""
SLOW = 0.15
"""Seconds until the preview says that it is reading: what is quicker would only flicker."""
KEPT = 50
"""Messages whose text is kept, for going back and forth."""


class Following:
    """Keeps the preview of `screen` on the message under its cursor."""

    def __init__(self, screen: InboxScreen | SendsScreen) -> None:
        self._screen = screen
        self._read: dict[Header, Reading] = {}
        self._pause: Timer | None = None
        self._opened: Message | None = None
        self._gone_told = False

    @property
    def message(self) -> Message | None:
        """The message under the cursor; None while one is read that is not in the list any more."""
        return None if self.is_lost else self._under_cursor

    @property
    def is_lost(self) -> bool:
        """Whether what is read over the whole screen is not under the cursor any more."""
        return self._opened is not None and not self._is_open(self._under_cursor)

    @property
    def _under_cursor(self) -> Message | None:
        row = self._screen.list.row
        return row.message if isinstance(row, MessageRow) else None

    @property
    def is_held(self) -> bool:
        """Whether a message is read over the whole screen."""
        return self._opened is not None

    def hold(self) -> None:
        """The message under the cursor is read over the whole screen: no other one takes its place."""
        self._opened, self._gone_told = self._under_cursor, False

    def release(self) -> None:
        """The list is in front again."""
        held, self._opened = self._opened, None
        if held is not None and held != self._under_cursor:
            self.follow()

    def _is_open(self, message: Message | None) -> bool:
        remembered = self._screen.remembered
        if message is None or self._opened is None:
            return False
        shifted = remembered is not None and remembered.synced.ids_shift
        return message.header == self._opened.header or (
            shifted and message.header.facts == self._opened.header.facts
        )

    def follow(self) -> None:
        """To be called when another message may be under the cursor."""
        self.stop()
        message, shot = self.message, self._screen.preview.shot
        if message is None and self._opened is not None:
            if not self._gone_told:
                self._gone_told = True
                told = Shown("The message that you read is not in the mailbox any more")
                self._screen.pectui.say(told, severity=Severity.WARNING)
            return
        if message is None:
            self._screen.workers.cancel_group(self._screen, "text")
            self._screen.preview.show(Shot())
        elif message == shot.message and shot.reading is not None:
            self._screen.workers.cancel_group(self._screen, "text")
        elif message.header in self._read:
            self._screen.workers.cancel_group(self._screen, "text")
            self._show(message, self._read[message.header])
        elif not self._screen.preview.lines:
            self._begin(message)
        else:
            self._pause = self._screen.set_timer(PAUSE, partial(self._begin, message))

    def stop(self) -> None:
        """Nothing is read after the pause."""
        if self._pause is not None:
            self._pause.stop()
            self._pause = None

    def forget(self) -> None:
        """Forgets all texts: they are to be read again."""
        self._read.clear()

    def _begin(self, message: Message) -> None:
        work, failed = partial(self._fetch, message), partial(self._failed, message)
        self._screen.pectui.begin(self._screen, work, group="text", failed=failed)

    async def _fetch(self, message: Message) -> None:
        session = self._screen.session
        assert session is not None
        bare = Shot(message, zone=self._screen.pectui.zone)
        slow = self._screen.set_timer(SLOW, partial(self._screen.preview.show, bare))
        try:
            reading = await session.read(message)
        finally:
            slow.stop()
        if reading.kept_at is None:
            self._screen.syncing.reached()
        if not reading.moved:
            while len(self._read) >= KEPT:
                del self._read[next(iter(self._read))]
            self._read[message.header] = reading
        if self.message == message:
            self._show(message, reading)

    def _show(self, message: Message, reading: Reading) -> None:
        # A message with neither date nor subject can't be told from another one, but it isn't one.
        moved = reading.moved and reading.message.header != message.header
        there = reading.message if moved else message
        app = self._screen.pectui
        self._screen.preview.show(Shot(there, reading, moved=moved, zone=app.zone, now=app.clock()))

    def _failed(self, message: Message, notice: Notice) -> None:
        if self.message == message:
            problem = tuple(text for text in (notice.title, notice.detail, notice.hint) if text)
            self._screen.preview.show(Shot(message, problem=problem, zone=self._screen.pectui.zone))
