"""Asks before a deletion is gone on with: its plan was confirmed when it began."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING

from pectui.tui.foreign import Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.marking import messages
from pectui.tui.moment import full_date
from pectui.tui.paint import BLANK_LINE, Line, Span, wrapped
from pectui.tui.screens.confirm import ConfirmScreen
from pectui.tui.widgets.field import field

if TYPE_CHECKING:
    from pectui.config import Profile
    from pectui.engine.jobs import JobRecord

_AGAIN = Shown(
    "Its plan was confirmed then. What is left of it is looked for anew; what can't be told for sure from other "
    "messages is refused."
)


class ResumeScreen(ConfirmScreen):
    """True if what is left of `record` is to be deleted."""

    def __init__(self, record: JobRecord, profile: Profile, zone: tzinfo | None) -> None:
        super().__init__(profile)
        self._record = record
        self._zone = zone
        self._left = len(record.left)
        self._total = record.total

    def yes(self) -> Shown:
        return Shown("go on")

    def text(self, width: int) -> list[Line]:
        question = shown(f"Go on, and delete {messages(self._left)}?")
        return [
            (*self.where(), Span(question, Ink.STRONG)),
            BLANK_LINE,
            *self._facts(width),
            BLANK_LINE,
            *wrapped(Span(_AGAIN), width),
            *self.told(width),
        ]

    def _facts(self, width: int) -> Iterable[Line]:
        record, plan = self._record, self._record.plan
        done = f"{self._total - self._left:,} of {messages(self._total)} are settled"
        yield from field(Shown("Job"), shown(f"{record.state.value}, {done}"), width)
        yield from field(Shown("Began"), full_date(record.began_at, self._zone), width)
        yield from field(Shown("Mailbox"), shown(record.mailbox), width)
        if codes := plan.get("last_proof_of"):
            sends = "1 send" if len(codes) == 1 else f"{len(codes):,} sends"
            told = shown(f"the plan takes the last proof of delivery of {sends}")
            yield from field(Shown("Proof"), told, width, ink=Ink.BAD)
