"""What a server wrote, made fit for one line of an error: short, on one line, without control characters.

The service's texts are foreign: a terminal must never obey them, and nobody wants a web page in an error.
"""

from __future__ import annotations

import unicodedata

EXCERPT_LENGTH = 80
MESSAGE_LENGTH = 200
# A hostile answer can hold megabytes; what stands this far behind is never shown.
_LOOKED_AT = 4000


def clean(text: str, limit: int = EXCERPT_LENGTH) -> str:
    """At most `limit` characters of `text`, blanks folded, everything that is not meant to be seen left out."""
    visible = "".join(_visible(character) for character in text[:_LOOKED_AT])
    folded = " ".join(visible.split())
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") or character in "\t\n\r\f\v":
        return " "
    return "" if category.startswith("C") else character
