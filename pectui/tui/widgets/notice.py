"""What happened, told over the lowest lines of the page: short ones go by themselves, errors stay until Esc."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.message import Message
from textual.timer import Timer

from pectui.tui.foreign import NOTHING, Shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span, wrapped
from pectui.tui.widgets.painted import Painted

SHOWN_FOR = 6.0
"""Seconds that a notice stays which needs no answer."""


class Severity(StrEnum):
    """How much a notice matters."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened (`title`), why (`detail`), what to do (`hint`)."""

    title: Shown
    detail: Shown = NOTHING
    hint: Shown = NOTHING
    severity: Severity = Severity.INFORMATION
    stays: bool = False
    """Until somebody takes it away, as errors do."""


_INKS = {Severity.INFORMATION: Ink.STRONG, Severity.WARNING: Ink.WARN, Severity.ERROR: Ink.BAD}


class NoticeBar(Painted):
    """Shows one notice at a time."""

    class Hidden(Message):
        """There is room for another one."""

    def __init__(self) -> None:
        super().__init__()
        self.notice: Notice | None = None
        self._timer: Timer | None = None

    def show(self, notice: Notice) -> None:
        """Shows `notice` instead of what stood there."""
        self._stop()
        self.notice = notice
        for severity in Severity:
            self.set_class(notice.severity is severity, f"-{severity.value}")
        self.add_class("-shown")
        self.refresh(layout=True)
        if notice.severity is not Severity.ERROR and not notice.stays:
            self._timer = self.set_timer(SHOWN_FOR, self.hide)

    def hide(self) -> None:
        """Takes the notice away."""
        self._stop()
        self.notice = None
        self.remove_class("-shown")
        self.post_message(self.Hidden())

    def lines(self, width: int) -> list[Line]:
        notice = self.notice
        if notice is None:
            return []
        lines = wrapped(Span(notice.title, _INKS[notice.severity]), width)
        if notice.detail:
            lines += wrapped(Span(notice.detail), width)
        if notice.hint:
            lines += wrapped(Span(notice.hint, Ink.MUTED), width)
        return lines

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
