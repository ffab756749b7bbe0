"""The one door through which text reaches the screen.

Mail is written by strangers: `[/]` in a plain string kills a Textual program, `[@click=…]` obeys a click, and an
ESC reaches the terminal through nearly every widget. So everything that is painted is `Shown`, a string that went
through `clean`, and only this module makes one, or gives text to Textual or rich. A test walks the sources of
`tui` for anybody who goes around it.
"""

from __future__ import annotations

from typing import NewType

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.content import Content

from pectui.text.clean import clean, clean_line, escape_controls

Shown = NewType("Shown", str)
"""One line of cleaned text: no control characters, nothing that is read as markup."""

NOTHING = Shown("")


def shown(text: str) -> Shown:
    """`text` as one line that may be painted; what ends a line becomes a blank."""
    return Shown(clean_line(text))


def shown_lines(text: str) -> list[Shown]:
    """`text` line by line, ready to be painted; tabs become blanks."""
    return [Shown(line) for line in clean(text).expandtabs(4).split("\n")]


def raw_lines(text: str) -> list[Shown]:
    """The same with what `clean` would drop written out, such as `\\x1b`: what came, but harmless."""
    return shown_lines(escape_controls(text))


def spaces(count: int) -> Shown:
    """Blanks, to push things apart."""
    return Shown(" " * count)


def segment(text: Shown, style: Style) -> Segment:
    """What a widget's line is made of."""
    return Segment(text, style)


def rich_text(text: Shown) -> Text:
    """For what is written after the screen was left."""
    return Text(text)


def content(text: Shown) -> Content:
    """For Textual's own widgets; nothing in it is read as markup."""
    return Content(text)
