"""Keys that arrive together with the one that opened a field, and so were handed to whatever had the focus before.

What a field itself is handed never gets as far as a binding: so bindings for letters stand for those keys alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding

_NAMES = {" ": "space", ",": "comma"}
"""Keys that a binding can't be told by their character."""
_BEYOND_LATIN = 0x100


def late_keys() -> Iterator[Binding]:
    """Bindings for whatever is typed, with the action `type_late(CODE)`."""
    characters = (chr(code) for code in range(_BEYOND_LATIN))
    for character in filter(str.isprintable, characters):
        yield Binding(_NAMES.get(character, character), f"type_late({ord(character)})", show=False)
