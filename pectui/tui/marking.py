"""The marks of the open mailbox, the same in both views: they follow what is remembered, and what they lose is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pectui.domain.marks import Followed, Marks
from pectui.domain.message import Header
from pectui.tui.foreign import Shown, shown
from pectui.tui.widgets.notice import Severity

if TYPE_CHECKING:
    from pectui.tui.screens.inbox import InboxScreen


class Marking:
    """The marks of the mailbox that is open in `inbox`."""

    def __init__(self, inbox: InboxScreen) -> None:
        self._inbox = inbox
        self._marks = Marks()
        self._followed: Sequence[Header] = ()
        self._version = -1
        self._gone: dict[int, Header] = {}
        """What a deletion has deleted already, by id: rows may still show it, and the listing still hold it."""
        self._is_deleting = False

    @property
    def marks(self) -> Marks:
        """The marks as what is remembered lets them be now."""
        self.follow()
        return self._marks

    @property
    def is_settled(self) -> bool:
        """Whether each mark is known to stand for its message: not while ids move and every page is being read."""
        remembered = self._inbox.remembered
        return remembered is None or self._followed is remembered.headers

    def is_stale(self, listed: Sequence[Header] | None) -> bool:
        """Whether rows that were made of the listing `listed` may call another message by an id of now."""
        remembered = self._inbox.remembered
        if remembered is None or listed is None:
            return False
        return remembered.synced.ids_shift and listed is not remembered.headers

    def follow(self) -> None:
        """Takes the marks along to what is remembered now."""
        remembered = self._inbox.remembered
        if remembered is None or remembered.headers is self._followed:
            return
        synced, headers = remembered.synced, remembered.headers
        settled = synced.full_at is not None and synced.scan is None
        # More of the same listing is in memory now: nothing has moved by that.
        shift = synced.ids_shift and synced.version != self._version
        if shift and not settled and len(self._marks):
            return  # ids of two times stand side by side: what moved can be told when every page was read
        before, self._followed, self._version = self._followed, headers, synced.version
        if self._gone:
            # What was deleted here is neither missing nor a twin that went.
            gone = self._gone
            before = [one for one in before if one.id not in gone or gone[one.id] != one]
        if not self._is_deleting:
            self._gone.clear()
        followed = self._marks.follow(before, headers, ids_shift=shift, settled=settled)
        if followed.gone or followed.adrift:
            self._inbox.call_later(self._tell, followed)
            self._inbox.call_later(self.changed)

    def is_gone(self, header: Header) -> bool:
        """Whether a deletion has deleted what is listed as `header`."""
        return bool(self._gone) and self._gone.get(header.id) == header

    def deletion_begins(self) -> None:
        """From now on `went` is told what a deletion deletes."""
        self._gone.clear()
        self._is_deleting = True

    def went(self, header: Header) -> None:
        """It is deleted: it is marked no more, and can't be marked."""
        self._gone[header.id] = header
        self._marks.unmark([header])

    def deletion_ends(self) -> None:
        """What it has deleted is in the remembered listing no more."""
        self.follow()
        self._is_deleting = False

    def changed(self) -> None:
        """To be called when other messages are marked: both views show it."""
        self._inbox.pectui.views.marks_changed()

    def _tell(self, followed: Followed) -> None:
        told, hint = [], ""
        if followed.gone:
            messages = "marked message is" if followed.gone == 1 else "marked messages are"
            told.append(f"{followed.gone:,} {messages} not in the mailbox any more")
        if followed.adrift:
            marks = "mark stands" if followed.adrift == 1 else "marks stand"
            told.append(f"{followed.adrift:,} {marks} for messages that can't be told from others any more")
            hint = (
                "Ids have moved. A ? shows which it may be; it is deleted only if its text was read before."
            )
        self._inbox.pectui.say(shown("; ".join(told)), shown(hint), severity=Severity.WARNING)


def messages(count: int) -> Shown:
    """`1 message`, `1,234 messages`."""
    return shown(f"{count:,} message{'s' * (count != 1)}")
