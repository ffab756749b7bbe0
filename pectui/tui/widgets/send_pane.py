"""The text beside the sends: what became of one, or a message of it as the inbox shows it."""

from __future__ import annotations

from functools import partial

from pectui.tui.foreign import Shown, shown
from pectui.tui.ink import Ink
from pectui.tui.paint import BLANK_LINE, Line, Span, wrapped
from pectui.tui.widgets.preview import Preview, Shot
from pectui.tui.widgets.send_details import Details, lay_out_send

_NO_CODE = Shown(
    "They carry no send code: ordinary mail, certified mail from others, receipts of mail that was sent otherwise."
)


class SendPane(Preview):
    """Shows `Details` as well as a `Shot`."""

    details: Details | None = None
    """What is shown of a send; None while something else is."""

    def show(self, shot: Shot) -> None:
        self.details = None
        super().show(shot)

    def show_send(self, details: Details) -> None:
        """Shows `details`; at the same place if it is the send that stands there already."""
        same = self.details is not None and self.details.summary.code == details.summary.code
        self.details, self.shot = details, Shot()
        self.set_text(partial(lay_out_send, details), keep_place=same)

    def show_no_code(self, count: int) -> None:
        """Says what belongs to no send."""
        self.details, self.shot = None, Shot()
        self.set_text(partial(_lay_out_no_code, count))


def _lay_out_no_code(count: int, width: int) -> list[Line]:
    inner = max(8, width - 2)
    title = shown(f"{count:,} message{'s' * (count != 1)} of no send")
    return [
        *wrapped(Span(title, Ink.STRONG), inner + 1, indent=1),
        BLANK_LINE,
        *wrapped(Span(_NO_CODE, Ink.MUTED), inner + 1, indent=1),
    ]
