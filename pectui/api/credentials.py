"""The secrets that every request carries, and how texts are kept free of them.

It knows no source of secrets: whoever builds it does. A value that HTTP can't carry is refused here in words,
before a library refuses it with the value in its error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from json import dumps
from urllib.parse import quote, quote_plus

from pectui.api.excerpt import EXCERPT_LENGTH, clean
from pectui.errors import ConfigError

_HIDDEN = "***"
# More than `clean` looks at, so that no secret is cut in two before it is found.
_LOOKED_AT = 100_000


@dataclass(frozen=True, slots=True)
class MailboxCredentials:
    """A token, and a mailbox's user name and password. Making one never fails: `check` says what is wrong.

    A constructor that raised would show its arguments in a traceback.
    """

    token: str = field(repr=False)
    username: str
    password: str = field(repr=False)

    def __repr__(self) -> str:
        return f"MailboxCredentials(token={_HIDDEN!r}, username={self.username!r}, password={_HIDDEN!r})"

    def check(self) -> None:
        """Raises ConfigError that names what can't be sent in a header, never its value."""
        for name, field_name in _NAMES.items():
            problem = _problem(self, field_name)
            if problem:
                raise ConfigError(f"The {name} can't be used", f"it {problem}", _hint(name))

    def hide(self, text: str) -> str:
        """`text` with `***` wherever a secret stands in it, plain or in one of the ways a server may echo it."""
        pattern = _pattern(self)
        return pattern.sub(_HIDDEN, text) if pattern else text

    def quote(self, text: str, limit: int = EXCERPT_LENGTH) -> str:
        """What a server wrote, fit to be shown: cleaned, short, without a secret."""
        # Twice: a control character inside a secret hides it from the first look and is gone at the second.
        return clean(self.hide(clean(self.hide(text[:_LOOKED_AT]), _LOOKED_AT)), limit)


_NAMES = {"token": "token", "mailbox's user name": "username", "mailbox's password": "password"}


def _problem(credentials: MailboxCredentials, field_name: str) -> str:
    """What is wrong with one value, "" where nothing is. Its frame holds the value and raises nothing."""
    value: str = getattr(credentials, field_name)
    if not value:
        return "is empty"
    if value != value.strip():
        return "starts or ends with a blank or a line break"
    if any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in value):
        return "holds a control character"
    if any(ord(character) > 0xFF for character in value):
        return "holds a character that HTTP headers can't carry (only Latin-1 goes)"
    if field_name == "token" and " " in value:
        return "holds a blank"
    return ""


def _hint(name: str) -> str:
    if name == "token":
        return "Give the token alone, without `Bearer` and without line breaks."
    return f"Check where the {name} comes from."


@lru_cache(maxsize=8)
def _pattern(credentials: MailboxCredentials) -> re.Pattern[str] | None:
    """One pattern for all spellings of both secrets, the longest first."""
    from html import escape  # with a table of all entities: only who quotes the service pays

    spellings: set[str] = set()
    for secret in (credentials.token, credentials.password):
        spellings |= {secret, quote(secret, safe="", errors="replace"), quote(secret, errors="replace")}
        spellings |= {quote_plus(secret, errors="replace"), escape(secret), dumps(secret)[1:-1]}
        spellings.add(clean(secret, len(secret) + 1))
    ordered = sorted(spellings - {""}, key=len, reverse=True)
    return (
        re.compile("|".join(re.escape(spelling) for spelling in ordered), re.IGNORECASE) if ordered else None
    )
