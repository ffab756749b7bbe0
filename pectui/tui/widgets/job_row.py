"""A job as a row of the list: how it stands, what it does, when it began, how far it got, what to look at."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from pectui.tui.foreign import NOTHING, Shown
from pectui.tui.ink import Ink
from pectui.tui.paint import Line, Span
from pectui.tui.widgets.row_list import Column

JOB_COLUMNS = (
    Column("sign", 1),
    Column("state", 11, from_width=52),
    Column("work", 6),
    Column("when", 6, from_width=52),
    Column("done", 13, right=True),
    Column("bar", 10, from_width=76),
    Column("about", 0),
)


@dataclass(frozen=True, slots=True)
class JobLook:
    """Signs are one cell wide and differ from each other, so that nothing is told by colour alone."""

    sign: Shown
    word: Shown
    """At most eleven cells."""
    plain: Shown
    ink: Ink


@dataclass(frozen=True, slots=True)
class JobRow:
    """Equal rows look the same."""

    name: str
    """Of its journal, or what stands for it."""
    look: JobLook
    work: Shown
    when: Shown
    done: Shown
    about: Line
    """What there is to look at; where there is no room for all of it, the first gives way."""
    bar: Line = ()

    @property
    def key(self) -> Hashable:
        return self.name

    @property
    def likeness(self) -> Hashable:
        return self.work

    def cell(self, name: str) -> Span | Line:
        if name == "sign":
            return Span(self.look.sign, self.look.ink)
        if name == "state":
            return Span(self.look.word, self.look.ink)
        if name == "work":
            return Span(self.work)
        if name == "when":
            return Span(self.when, Ink.MUTED)
        if name == "done":
            return Span(self.done)
        return (self.bar if name == "bar" else self.about) or Span(NOTHING)
