"""The text beside the jobs: how one stands, what it came to, and a line for each of its messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import overload

from rich.cells import cell_len

from pectui.domain.interpret import interpret
from pectui.tui.foreign import NOTHING, Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.job_items import ITEM_LOOKS, Item, ItemState, JobItems
from pectui.tui.kinds import look_of
from pectui.tui.paint import BLANK_LINE, Line, Span, cells, cut, fit, wrap, wrapped
from pectui.tui.widgets.field import field
from pectui.tui.widgets.job_row import JobLook
from pectui.tui.widgets.preview import Preview, Shot

SHOWN_REASONS = 4
"""Different reasons that are told in full above the messages."""

Fact = tuple[Shown, Shown, Ink]
"""What it is called, and what it is."""

_EXPLAINED = {
    ItemState.FAILED: Shown("Failed"),
    ItemState.UNKNOWN: Shown("Unknown"),
    ItemState.MISSING: Shown("Missing"),
    ItemState.REFUSED: Shown("Refused"),
}
_MARGIN = 1
_WORD = 8
_WORD_FROM = 44
"""Cells from which there is room for the word of what became of a message."""


@dataclass(frozen=True, slots=True)
class JobDetails:
    """What is told of a job."""

    name: str
    """Of its row."""
    look: JobLook
    title: Shown
    pace: Line = ()
    """Its bar, how much is done in a second, how long the rest takes."""
    result: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()
    hint: Shown = NOTHING
    """What can be done about it."""
    items: JobItems | None = None
    own: frozenset[str] = frozenset()


class JobPane(Preview):
    """Shows `JobDetails`."""

    details: JobDetails | None = None

    def show_job(self, details: JobDetails | None) -> None:
        """Shows `details`; at the same place if they are of the job that stands there already."""
        before, self.details = self.details, details
        if details is None:
            self.show(Shot())
            return
        same = before is not None and before.name == details.name
        self.set_text(partial(lay_out_job, details), keep_place=same)


def lay_out_job(details: JobDetails, width: int) -> Sequence[Line]:
    """The lines for a width in cells."""
    inner = max(8, width - 2 * _MARGIN)
    look = details.look
    plain = [Span(line, look.ink) for line in wrap(details.title, max(1, inner - 2))]
    head: list[Line] = [(Span(look.sign, look.ink), Span(spaces(1)), plain[0])]
    head += [(Span(spaces(2)), line) for line in plain[1:]]
    if details.pace:
        head.append(details.pace)
    head += wrapped(Span(details.hint, Ink.KEY), inner) if details.hint else []
    for label, value, ink in details.result:
        head += field(label, value, inner, ink=ink)
    # Why something stayed comes first: in 24 lines there is room for little else.
    items = details.items
    head += _reasons(items, inner) if items is not None else []
    for label, value, ink in details.facts:
        head += field(label, value, inner, ink=ink)
    if items is not None:
        head.append(BLANK_LINE)
    indent = Span(spaces(_MARGIN))
    lines = [(indent, *line) if line else line for line in head]
    return ItemLines(lines, items, inner, details.own) if items is not None else lines


class ItemLines(Sequence[Line]):
    """`head`, then a line for each of `items`. Of ten thousand only those in sight are made."""

    def __init__(self, head: Sequence[Line], items: JobItems, width: int, own: frozenset[str]) -> None:
        self._head = head
        self._items = items
        self._count = len(items)
        self._width = width
        self._own = own

    def __len__(self) -> int:
        return len(self._head) + self._count

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if index < len(self._head):
            return self._head[index]
        return self._line(self._items[index - len(self._head)])

    def _line(self, item: Item) -> Line:
        look = ITEM_LOOKS[item.state]
        line = [Span(spaces(_MARGIN)), Span(look.sign, look.ink), Span(spaces(1))]
        if self._width >= _WORD_FROM:
            line.append(Span(fit(look.word, _WORD), look.ink))
        room = max(8, self._width + _MARGIN - cells(line))
        what = self._what(item)
        if not item.reason:
            return (*line, *what)
        # Why it stays matters more than which one it is: a third is enough to know it by.
        reason = cut(shown(item.reason), room - room // 3 - 2)
        left = max(room // 3, room - cell_len(reason) - 2)
        subject = Span(fit(shown("".join(span.text for span in what)), left), what[-1].ink)
        return (*line, subject, Span(spaces(2)), Span(reason, look.ink))

    def _what(self, item: Item) -> Line:
        if item.header is None:
            return (Span(shown(item.about or f"message {item.id}"), Ink.MUTED),)
        message = interpret(item.header, self._own)
        subject = shown(message.subject) or Shown("(no subject)")
        return (Span(shown(f"{look_of(message.kind).sign} ")), Span(subject))


def _reasons(items: JobItems, width: int) -> Iterable[Line]:
    """Each different reason once and in full: in a message's line there may be no room for it."""
    for state, label in _EXPLAINED.items():
        counts = Counter(item.reason for item in items.of(state))
        for reason, count in counts.most_common(SHOWN_REASONS):
            times = f"{count:,} times: " if count > 1 else ""
            yield from field(label, shown(f"{times}{reason}"), width, ink=Ink.BAD)
            label = NOTHING
        if len(counts) > SHOWN_REASONS:
            more = shown(f"and {len(counts) - SHOWN_REASONS:,} other reasons, with their messages")
            yield from field(label, more, width, ink=Ink.MUTED)
