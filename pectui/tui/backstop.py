"""The last line of defence: no control character leaves for the terminal inside a piece of text."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class DropControls(LineFilter):
    """Puts a `?` where a control character got past everything else. It should never find one."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if not any(_CONTROLS.search(text) for text, _, control in segments if not control):
            return segments
        return [
            one if one.control else Segment(_CONTROLS.sub("?", one.text), one.style)  # width stays the same
            for one in segments
        ]
