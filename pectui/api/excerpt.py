"""What a server wrote, made fit for one line of an error: short, on one line, without control characters.

The service's texts are foreign: a terminal must never obey them, and nobody wants a web page in an error.
"""

from __future__ import annotations

from pectui.text.clean import clean_line

EXCERPT_LENGTH = 80
MESSAGE_LENGTH = 200
# A hostile answer can hold megabytes; what stands this far behind is never shown.
_LOOKED_AT = 4000


def clean(text: str, limit: int = EXCERPT_LENGTH) -> str:
    """At most `limit` characters of `text`, blanks folded, everything that is not meant to be seen left out."""
    folded = " ".join(clean_line(text[:_LOOKED_AT]).split())
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"
