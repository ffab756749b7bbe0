"""All keys, by group, as the bindings have them now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.dom import DOMNode

from pectui.tui.app import PectuiApp
from pectui.tui.foreign import Shown, shown, spaces
from pectui.tui.ink import Ink
from pectui.tui.keys import KeyEntry, key_entries
from pectui.tui.paint import BLANK_LINE, Line, Span, cells, cut, fit
from pectui.tui.screens.compose import ComposeScreen
from pectui.tui.screens.dialog import DialogScreen
from pectui.tui.screens.drafts import DraftsScreen
from pectui.tui.screens.inbox import InboxScreen
from pectui.tui.screens.jobs import JobsScreen
from pectui.tui.screens.quota import QuotaScreen
from pectui.tui.screens.sends import SendsScreen
from pectui.tui.widgets.footer import KeyHint
from pectui.tui.widgets.row_list import RowList
from pectui.tui.widgets.text_pane import TextPane
from pectui.tui.widgets.writing import PathLine

KEYS_OF: Mapping[str, Sequence[type[DOMNode]]] = {
    "inbox": (RowList, InboxScreen, PectuiApp),
    "sends": (RowList, SendsScreen, PectuiApp),
    "quota": (TextPane, QuotaScreen, PectuiApp),
    "jobs": (RowList, JobsScreen, PectuiApp),
    "compose": (PathLine, ComposeScreen, PectuiApp),
    "drafts": (RowList, DraftsScreen, PectuiApp),
}
"""Whose keys are told in each view: what has the focus, the screen, the program."""

_KEYS = 11


class HelpScreen(DialogScreen[None]):
    """Closed by Esc, Enter, q or ?."""

    BINDINGS: ClassVar = [Binding("escape,enter,q,question_mark", "dismiss", "close", show=False)]

    def __init__(self, keymap: Mapping[str, str], sources: Sequence[type[DOMNode]]) -> None:
        super().__init__()
        self._keymap = keymap
        self._sources = sources

    def text(self, width: int) -> list[Line]:
        groups: dict[str, list[KeyEntry]] = {}
        for entry in key_entries(self._sources, self._keymap):
            groups.setdefault(entry.group, []).append(entry)
        blocks = [_block(name, entries) for name, entries in groups.items()]
        if width < 72:
            return [line for block in blocks for line in (*block, BLANK_LINE)][:-1]
        return _side_by_side(blocks, width)

    def key_hints(self) -> list[KeyHint]:
        return [KeyHint(Shown("j k"), Shown("scroll")), KeyHint(Shown("Esc"), Shown("close"))]


def _block(name: str, entries: list[KeyEntry]) -> list[Line]:
    lines: list[Line] = [(Span(shown(name), Ink.TITLE),)]
    for entry in entries:
        keys = fit(shown(" ".join(entry.keys)), _KEYS)
        lines.append((Span(keys, Ink.KEY), Span(entry.description)))
    return lines


def _side_by_side(blocks: list[list[Line]], width: int) -> list[Line]:
    """Two columns of about the same height."""
    half = width // 2
    columns: tuple[list[Line], list[Line]] = ([], [])
    for block in sorted(blocks, key=len, reverse=True):
        column = min(columns, key=len)
        column += [BLANK_LINE, *block] if column else block
    left, right = columns
    lines: list[Line] = []
    for place in range(max(len(left), len(right))):
        one = left[place] if place < len(left) else BLANK_LINE
        other = right[place] if place < len(right) else BLANK_LINE
        lines.append((*_fitted(one, half - 1), *other))
    return lines


def _fitted(line: Line, width: int) -> Line:
    if not line:
        return (Span(spaces(width + 1)),)
    *first, last = line
    room = max(1, width - cells(first))
    return (*first, Span(fit(cut(last.text, room), room), last.ink), Span(spaces(1)))
