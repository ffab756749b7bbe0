"""What may go out as it is: an address, a subject, a body with its attachments. A rule tells what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pectui.domain.campaign.rows import AttachedFile, RowRules

MOST_BYTES = 100 * 1024 * 1024
"""What a message may hold (`api.md`: up to 100 MB a message)."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@)(?=.{{3,254}}\Z){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")


def wrong_address(text: str) -> str | None:
    if _ADDRESS.fullmatch(text):
        return None
    return "this is no address such as name@pec.example.it"


def wrong_subject(text: str) -> str | None:
    if not text.strip():
        return "it is empty"
    if not text.isprintable() and any(
        unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") for sign in text
    ):
        return "it holds a character that steers or that nobody sees"
    return None


def wrong_message(body: str, files: Sequence[AttachedFile]) -> str | None:
    if not body.strip():
        return "the body is empty"
    size = len(body.encode("utf-8", "surrogatepass")) + sum(file.size for file in files)
    if size > MOST_BYTES:
        return f"body and attachments have {size:,} bytes, and a message may have {MOST_BYTES:,}"
    return None


RULES = RowRules(wrong_address, wrong_subject, wrong_message)
