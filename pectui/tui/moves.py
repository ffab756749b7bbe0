"""The keys that move, the same in every list and every text; one id each, so that a setting changes them all."""

from __future__ import annotations

from textual.binding import Binding

MOVING = Binding.Group("Move")

MOVES = [
    Binding("j,down", "down", "down", show=False, id="move.down", group=MOVING),
    Binding("k,up", "up", "up", show=False, id="move.up", group=MOVING),
    Binding("g,home", "top", "to the first", show=False, id="move.top", group=MOVING),
    Binding("G,end", "bottom", "to the last", show=False, id="move.bottom", group=MOVING),
    Binding("ctrl+d", "half_down", "half a screen down", show=False, id="move.half_down", group=MOVING),
    Binding("ctrl+u", "half_up", "half a screen up", show=False, id="move.half_up", group=MOVING),
    Binding("pagedown", "page_down", "a screen down", show=False, id="move.page_down", group=MOVING),
    Binding("pageup", "page_up", "a screen up", show=False, id="move.page_up", group=MOVING),
]
