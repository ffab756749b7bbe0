"""The last look before a deletion: what goes, what it proves, and that nothing brings it back. Only `y` confirms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING

from pectui.domain.message import Message
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.kinds import look_of
from pectui.tui.moment import full_date
from pectui.tui.paint import BLANK_LINE, Line, Span, cut, fit, wrap
from pectui.tui.screens.confirm import ConfirmScreen

if TYPE_CHECKING:
    from pectui.config import Profile
    from pectui.engine.prepare import Prepared

_LABEL = 11
_MOST_LINES = 3
"""Lines of one field: nobody's long subject may push the rest out of sight."""


class DeleteScreen(ConfirmScreen):
    """True if the user wants what `prepared` says. Every key but `y` (and those that scroll) means no."""

    def __init__(self, prepared: Prepared, profile: Profile, zone: tzinfo | None) -> None:
        super().__init__(profile)
        self._prepared = prepared
        self._zone = zone

    def text(self, width: int) -> list[Line]:
        lines: list[Line] = [(*self.where(), Span(Shown("Delete this message?"), Ink.STRONG)), BLANK_LINE]
        # What it costs stands first: a low terminal shows little else.
        lines += self._warned(self._costs(), width)
        for message in self._prepared.plan.messages:
            lines += self._message(message, width)
        lines += [BLANK_LINE, *self.told(width)]
        return lines

    def _message(self, message: Message, width: int) -> Iterable[Line]:
        look = look_of(message.kind)
        yield from self._field(Shown("Kind"), shown(f"{look.sign} {look.plain}"), width, look.ink)
        yield from self._field(Shown("Subject"), shown(message.subject) or Shown("(none)"), width, Ink.STRONG)
        yield from self._field(Shown("From"), shown(message.sender), width)
        yield from self._field(Shown("To"), shown(message.recipient), width)
        yield from self._field(Shown("Date"), full_date(message.date, self._zone), width)
        if message.code:
            yield from self._field(Shown("Send"), shown(message.code), width)
        if look.proof_of:
            yield from self._field(Shown("Proof of"), look.proof_of, width)

    def _costs(self) -> Iterable[tuple[str, Ink]]:
        """What somebody should know before they say yes, the gravest first."""
        plan = self._prepared.plan
        for code in plan.last_proof_of:
            told = f"This is the last proof of delivery of send {code} in this mailbox"
            yield f"{told}, and it was not exported." if not plan.exported else f"{told}.", Ink.BAD
        for code in plan.proof_unknown:
            yield f"Nobody knows whether another proof of delivery of send {code} stays.", Ink.WARN
        if plan.replies:
            yield "This is somebody's answer to a send, not a receipt.", Ink.WARN
        if plan.unknown:
            yield "pectui doesn't know what kind of message this is.", Ink.WARN
        if plan.twins:
            told = "Another message looks just like this one: its text tells them apart, and is checked."
            yield told, Ink.WARN
        if plan.hidden:
            yield "It is not shown now: on another page, or taken away by a filter.", Ink.WARN
        yield from ((warning, Ink.WARN) for warning in self._prepared.warnings)

    @staticmethod
    def _warned(costs: Iterable[tuple[str, Ink]], width: int) -> Iterable[Line]:
        warned = False
        for text, ink in costs:
            warned = True
            for index, line in enumerate(wrap(shown(text), max(8, width - 2))):
                yield (Span(spaces(2) if index else Shown("! "), ink), Span(line, ink))
        if warned:
            yield BLANK_LINE

    def _field(self, label: Shown, value: Shown, width: int, ink: Ink = Ink.PLAIN) -> Iterable[Line]:
        room = max(8, width - _LABEL)
        for index, line in enumerate(wrap(cut(value, _MOST_LINES * room), room)):
            name = spaces(_LABEL) if index else fit(label, _LABEL)
            yield (Span(name, Ink.MUTED), Span(line, ink))
