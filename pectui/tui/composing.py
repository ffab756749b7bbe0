"""From a view to a message that is written: a new one, or an answer to the one under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pectui.domain.message import Message
from pectui.tui.foreign import Shown, shown
from pectui.tui.widgets.notice import Severity

if TYPE_CHECKING:
    from pectui.domain.composition import Composition
    from pectui.tui.screens.inbox import InboxScreen


class Composing:
    """Writing from the mailbox that is open in `inbox`, whatever view lies over it."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox

    def write(self) -> None:
        """A new message."""
        from pectui.domain.composition import Composition

        self._open(Composition())

    def answer(self, message: Message) -> None:
        """An answer to `message`, if there is somebody to answer."""
        from pectui.domain.composition import Composition
        from pectui.domain.reply import NoReply, reply_to

        app = self._inbox.pectui
        reply = reply_to(message)
        if not isinstance(reply, NoReply) and shown(reply.recipient) != reply.recipient:
            # Without them it would be another address.
            reply = NoReply("Its sender's address holds signs that can't be seen.")
        if isinstance(reply, NoReply):
            app.say(Shown("Nobody is there to answer"), shown(reply.reason), severity=Severity.WARNING)
            return
        subject = shown(reply.subject).strip()
        self._open(Composition(reply.recipient, subject), answers=reply.answers)
        if not reply.is_vouched_for:
            told = Shown("No provider vouches for the sender of ordinary mail: look whom you answer.")
            app.say(shown(f"An answer to {reply.recipient}"), told, severity=Severity.WARNING)

    def _open(self, written: Composition, *, answers: str = "") -> None:
        from pectui.domain.composition import SavedDraft, new_name
        from pectui.tui.screens.compose import ComposeScreen

        app = self._inbox.pectui
        if self._inbox.session is None:
            app.say(Shown("The mailbox isn't open yet"))
            return
        draft = SavedDraft(new_name(), written, app.clock(), answers=answers)
        app.push_screen(ComposeScreen(self._inbox, draft))
