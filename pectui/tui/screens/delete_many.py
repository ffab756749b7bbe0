"""The plan for many messages: how many of what, which proofs go with them, what stays. Many are confirmed by number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual import events
from textual.widget import Widget

from pectui.tui.deletion_words import reasons_of
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.kinds import look_of
from pectui.tui.marking import messages
from pectui.tui.paint import BLANK_LINE, Line, Span, cells, cut, wrapped
from pectui.tui.screens.delete import DeleteScreen
from pectui.tui.widgets.footer import KeyHint
from pectui.tui.widgets.number import NumberLine

if TYPE_CHECKING:
    from pectui.config import Profile
    from pectui.engine.prepare import Prepared

TYPED_ABOVE = 25
"""Messages above which `y` is not enough."""
SHOWN_SENDS = 5
SHOWN_CODES = 3
SHOWN_WARNINGS = 3
_CODES_FROM = 50
"""Columns."""


class DeleteManyScreen(DeleteScreen):
    """True if the user wants it: by `y`, above 25 messages by typing how many they are. Everything else means no."""

    def __init__(
        self,
        prepared: Prepared,
        profile: Profile,
        zone: tzinfo | None,
        export: Callable[[DeleteScreen], None],
    ) -> None:
        super().__init__(prepared, profile, zone, export)
        self._count = len(prepared.targets)
        self._number = NumberLine(shown(f"Type {self._count} and press Enter:"))

    @property
    def _is_typed(self) -> bool:
        return self._count > TYPED_ABOVE

    def below_text(self) -> Iterable[Widget]:
        return (self._number,) if self._is_typed else ()

    def text(self, width: int) -> list[Line]:
        lines: list[Line] = [(*self.where(), Span(shown(f"Delete {messages(self._count)}?"), Ink.STRONG))]
        lines += [BLANK_LINE, *self.warned(width)]
        lines += wrapped(Span(self._kinds()), width)
        lines += self._sends(width)
        lines += [BLANK_LINE, *self.told(width)]
        return lines

    def key_hints(self) -> list[KeyHint]:
        if not self._is_typed or self.is_exporting:
            return super().key_hints()
        enter = KeyHint(shown(f"{self._count} Enter"), Shown("delete"))
        return [enter, *self.more(), KeyHint(Shown("any other key"), Shown("no"))]

    def decide(self, event: events.Key) -> None:
        if not self._is_typed:
            super().decide(event)
        elif event.key == "enter":
            self.dismiss(self._number.value == str(self._count))
        elif not self._number.take(event):
            self.dismiss(False)

    def _costs(self) -> Iterable[tuple[str, Ink]]:
        """What somebody should know before they say yes, the gravest first."""
        plan, prepared = self.prepared.plan, self.prepared
        if codes := plan.last_proof_of:
            lose = "send loses" if len(codes) == 1 else "sends lose"
            told = f"{len(codes):,} {lose} the last proof of delivery in this mailbox"
            yield f"{told}, {_copies(codes, plan.proof_exported)}: {_some(codes)}", Ink.BAD
        if codes := plan.proof_unknown:
            of = "1 send" if len(codes) == 1 else f"{len(codes):,} sends"
            told = f"Nobody knows whether another proof of delivery stays of {of}"
            yield f"{told}, {_copies(codes, plan.proof_exported)}: {_some(codes)}", Ink.WARN
        if plan.replies:
            yield f"{_of_them(len(plan.replies))} somebody's answers to a send, not receipts", Ink.WARN
        if plan.unknown:
            yield f"{_of_them(len(plan.unknown))} of no known kind", Ink.WARN
        if plan.hidden:
            told = f"{_of_them(plan.hidden)} not shown now: on other pages, or taken away by a filter"
            yield told, Ink.WARN
        if plan.twins:
            told = f"{_of_them(len(plan.twins))} told from messages that stay by their text alone, which is checked"
            yield told, Ink.WARN
        yield from ((warning, Ink.WARN) for warning in prepared.warnings[:SHOWN_WARNINGS])
        if len(prepared.warnings) > SHOWN_WARNINGS:
            yield f"and {len(prepared.warnings) - SHOWN_WARNINGS:,} more such messages", Ink.WARN
        if refused := prepared.refused:
            stay = "more is refused and stays" if len(refused) == 1 else "more are refused and stay"
            yield f"{len(refused):,} {stay}: {reasons_of(refused)}", Ink.WARN
        if gone := len(prepared.already_gone):
            yield f"{gone:,} more {'is' if gone == 1 else 'are'} gone already", Ink.MUTED
        if kept := prepared.kept:
            yield f"{messages(len(kept))} of what was chosen stay: {reasons_of(kept)}", Ink.MUTED

    def _kinds(self) -> Shown:
        told = (
            f"{look_of(kind).sign} {count:,} {look_of(kind).word}"
            for kind, count in self.prepared.plan.by_kind.items()
        )
        return shown("   ".join(told))

    def _sends(self, width: int) -> Iterable[Line]:
        sends = self.prepared.plan.sends
        if not sends:
            return
        others = self._count - sum(send.messages for send in sends)
        title = f"Of {len(sends):,} send{'s' * (len(sends) != 1)}"
        title += f", and {messages(others)} that are no receipts of one" if others else ""
        yield BLANK_LINE
        yield from wrapped(Span(shown(title), Ink.MUTED), width)
        for send in sends[:SHOWN_SENDS]:
            count = shown(f"{send.messages:,} ")
            subject = shown(send.subject) or Shown("(no subject)")
            code = (Span(shown(f"  {send.code}"), Ink.MUTED),) if width >= _CODES_FROM else ()
            room = max(8, width - 2 - cells((Span(count), *code)))
            yield (Span(spaces(2)), Span(count), Span(cut(subject, room), Ink.STRONG), *code)
        if len(sends) > SHOWN_SENDS:
            yield (Span(shown(f"  and {len(sends) - SHOWN_SENDS:,} more"), Ink.MUTED),)


def _of_them(count: int) -> str:
    return f"{count:,} of them {'is' if count == 1 else 'are'}"


def _copies(codes: Sequence[str], exported: Sequence[str]) -> str:
    count = len(set(codes) & set(exported))
    if not count:
        return "and it was not exported"
    return (
        "and a copy was exported" if count == len(codes) else f"and copies were exported of {count:,} of them"
    )


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - SHOWN_CODES:,} more" if len(codes) > SHOWN_CODES else ""
    return ", ".join(codes[:SHOWN_CODES]) + more
