"""The last look before a deletion: what goes, what it proves, and that nothing brings it back. Only `y` confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual import events

from pectui.domain.message import Message
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.kinds import look_of
from pectui.tui.moment import full_date
from pectui.tui.paced import Paced
from pectui.tui.paint import BLANK_LINE, Line, Span, cut, fit, wrap, wrapped
from pectui.tui.screens.confirm import ConfirmScreen
from pectui.tui.widgets.footer import KeyHint

if TYPE_CHECKING:
    from pectui.config import Profile
    from pectui.engine.exported import ExportOutcome
    from pectui.engine.prepare import Prepared
    from pectui.tui.running import Progress
    from pectui.tui.widgets.notice import Notice

_LABEL = 11
_MOST_LINES = 3
"""Lines of one field: nobody's long subject may push the rest out of sight."""
_EXPORTED = Shown("All of it was exported before: copies, not the signed originals.")
_WAITS = [
    KeyHint(Shown("Ctrl-C"), Shown("stop the export")),
    KeyHint(Shown("Esc"), Shown("no, and let it end")),
]


class DeleteScreen(ConfirmScreen):
    """True if the user wants what `prepared` says. `y` means yes, `e` exports it first, all else but scrolling no."""

    def __init__(
        self,
        prepared: Prepared,
        profile: Profile,
        zone: tzinfo | None,
        export: Callable[[DeleteScreen], None],
    ) -> None:
        """`export` has the plan exported, and tells what comes of it."""
        super().__init__(profile)
        self.prepared = prepared
        """What is confirmed, with what is known of copies by now."""
        self._zone = zone
        self._export = export
        self._export_told: Span | None = None
        self._paced = Paced(self, self.lay_out_again)

    def text(self, width: int) -> list[Line]:
        lines: list[Line] = [(*self.where(), Span(Shown("Delete this message?"), Ink.STRONG)), BLANK_LINE]
        # What it costs stands first: a low terminal shows little else.
        lines += self.warned(width)
        for message in self.prepared.plan.messages:
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

    @property
    def is_exporting(self) -> bool:
        """Whether the plan is being exported."""
        return self.progress is not None

    def _costs(self) -> Iterable[tuple[str, Ink]]:
        """What somebody should know before they say yes, the gravest first."""
        plan = self.prepared.plan
        copy = "a copy of it was exported" if plan.proof_exported else "it was not exported"
        for code in plan.last_proof_of:
            yield f"This is the last proof of delivery of send {code} in this mailbox, and {copy}.", Ink.BAD
        for code in plan.proof_unknown:
            told = f"Nobody knows whether another proof of delivery of send {code} stays, and of this one"
            yield f"{told} {'a copy' if plan.proof_exported else 'none'} was exported.", Ink.WARN
        if plan.replies:
            yield "This is somebody's answer to a send, not a receipt.", Ink.WARN
        if plan.unknown:
            yield "pectui doesn't know what kind of message this is.", Ink.WARN
        if plan.twins:
            told = "Another message looks just like this one: its text tells them apart, and is checked."
            yield told, Ink.WARN
        if plan.hidden:
            yield "It is not shown now: on another page, or taken away by a filter.", Ink.WARN
        yield from ((warning, Ink.WARN) for warning in self.prepared.warnings)

    def more(self) -> list[KeyHint]:
        exported = self.prepared.plan.exported
        return [*super().more(), *([] if exported else [KeyHint(Shown("e"), Shown("export first"))])]

    def key_hints(self) -> list[KeyHint]:
        return _WAITS if self.is_exporting else super().key_hints()

    def answer(self, event: events.Key) -> None:
        if self.is_exporting:
            if event.key == "escape":
                self.dismiss(False)
        elif event.key != "e":
            self.decide(event)
        elif not self.prepared.plan.exported:
            self._export(self)

    def decide(self, event: events.Key) -> None:
        """A key that means yes or no."""
        self.dismiss(event.key == "y")

    # The export

    def export_begins(self, progress: Progress) -> None:
        """Until it has ended nothing is confirmed: it is to be on the disk before anything goes."""
        self.progress = progress
        self._tell(Shown("Exporting …"), Ink.ACCENT)

    def export_moved(self) -> None:
        """It got further."""
        if self.is_open and self.progress is not None:
            self._export_told = Span(shown(f"{self.progress.label().capitalize()} …"), Ink.ACCENT)
            self._paced()

    def export_ended(self, outcome: ExportOutcome | None, notice: Notice) -> None:
        """What came of it; None where it failed."""
        self._paced.stop()
        self.progress = None
        if outcome is not None:
            plan = self.prepared.plan.after_export(set(outcome.copied))
            self.prepared = replace(self.prepared, plan=plan)
        told = ". ".join(part.rstrip(".") for part in (notice.title, notice.detail, notice.hint) if part)
        self._tell(shown(f"{told}."), Ink.GOOD if self.prepared.plan.exported else Ink.WARN)
        self.ask_again()

    def _tell(self, told: Shown, ink: Ink) -> None:
        self._export_told = Span(told, ink)
        self.lay_out_again()

    def warned(self, width: int) -> Iterable[Line]:
        """What it costs, and what was exported of it."""
        told = self._export_told
        if told is None and self.prepared.plan.exported:
            told = Span(_EXPORTED, Ink.GOOD)
        if told is not None:
            yield from wrapped(told, width)
            yield BLANK_LINE
        warned = False
        for text, ink in self._costs():
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
