"""Rows as aligned columns that fit the terminal, by the cells that letters take there; and values under their names."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from pectui.text.clean import clean_line

_NARROWEST = 8
_GAP = "  "
_AT_ONCE = 500
"""Rows that are laid out together: the first ones are there while the last ones are still being made."""

T = TypeVar("T")


class Columns:
    """Aligned lines of clean texts; in a pipe nothing is cut.

    On a terminal that is too narrow the `flexible` columns give way first, the widest before the others; then the
    `spare` ones are left out, each in its turn. With them `whole` says that what is left is wrapped rather than cut.
    """

    def __init__(self, flexible: Sequence[int], *, spare: Sequence[int] = (), whole: bool = False) -> None:
        self._flexible = flexible
        self._spare = spare
        self._whole = whole
        self._room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        self._widths: list[int] = []

    def lines(self, rows: Sequence[Sequence[str]]) -> Iterator[str]:
        """These rows, under those that came before: columns only become wider."""
        if not rows:
            return
        room = self._room
        # On a terminal nothing beyond its width is looked at: no subject may keep the others waiting.
        rows = rows if room is None else [[cell[: 2 * room] for cell in row] for row in rows]
        before = self._widths or [0] * len(rows[0])
        self._widths = [max(width, *(width_of(row[at]) for row in rows)) for at, width in enumerate(before)]
        widths = dict(enumerate(self._widths))
        if room is not None:
            widths = self._fitting(widths, room)
        for row in rows:
            line = _GAP.join(fit(row[at], width) for at, width in widths.items()).rstrip()
            yield line if room is None or self._whole else fit(line, room).rstrip()

    def _fitting(self, wanted: Mapping[int, int], room: int) -> dict[int, int]:
        """The columns that are shown, each with its width; more than the room where even the least takes more."""
        for left_out in range(len(self._spare) + 1):
            gone = self._spare[:left_out]
            widths = {at: width for at, width in wanted.items() if at not in gone}
            if _narrow(widths, [at for at in self._flexible if at in widths], room):
                break
        return widths


def in_parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in their order, as many at a time as are laid out together."""
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]


def named_lines(values: Sequence[tuple[str, str]]) -> str:
    """A line for each value under its name, the values cleaned and aligned."""
    width = max(len(name) for name, _ in values)
    return "\n".join(f"{name + ':':<{width + 1}} {clean_line(text)}" for name, text in values)


def _narrow(widths: dict[int, int], flexible: Sequence[int], room: int) -> bool:
    """Makes the flexible columns narrower until all fit; False where that is not enough."""
    while sum(widths.values()) + len(_GAP) * (len(widths) - 1) > room:
        widest = max(flexible, key=lambda at: widths[at], default=None)
        if widest is None or widths[widest] <= _NARROWEST:
            return False
        widths[widest] -= 1
    return True


def width_of(text: str) -> int:
    """Cells that `text` takes in a terminal: two for wide letters, none for marks that combine."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(letter) in ("Mn", "Me") else 1 + (east_asian_width(letter) in "WF") for letter in text
    )


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells, cut with a `…` or filled with blanks."""
    taken = width_of(text)
    if taken > width:
        text = _beginning(text, width - 1) + "…"
        taken = width_of(text)
    return text + " " * (width - taken)


def _beginning(text: str, width: int) -> str:
    """As much of `text` as `width` cells hold, found in one pass: a subject may be megabytes long."""
    taken = 0
    for at, letter in enumerate(text):
        taken += width_of(letter)
        if taken > width:
            return text[:at]
    return text
