"""Codes of sends as words of the command line."""

from __future__ import annotations

from collections.abc import Iterable

from pectui.domain.subject import is_code
from pectui.errors import UsageError


def checked_codes(words: Iterable[str]) -> tuple[str, ...]:
    """Each code once. UsageError where a word can't be one."""
    codes = tuple(dict.fromkeys(words))
    for word in codes:
        if not is_code(word):
            raise UsageError(
                f"`{word[:40]}` is no send's code",
                "it would have 15 to 20 digits, and begin with a date and a time",
                "`pectui sends` lists the codes.",
            )
    return codes
