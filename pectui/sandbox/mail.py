"""A mail as the sandbox keeps it: the listing's fields at once, the text only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

Encoding = Literal["plain", "utf-8", "cp1252"]


class Letter(NamedTuple):
    """A mail on its way: what it will be once a mailbox has given it an id and a size."""

    arrival: float
    """When the mailbox gets it, in seconds since 1970. Its date may say something else."""
    date: str
    subject: str
    sender: str
    recipient: str
    weight: int
    """In KiB, for a new mail; history shares out the quota in these proportions."""
    write: Callable[[], str]
    """Writes the text. Thousands of texts that nobody opens are never written."""
    encoding: Encoding


class Mail(NamedTuple):
    """A mail in the mailbox. `uid` never changes and is never given twice."""

    uid: int
    size: int
    """In octets."""
    letter: Letter

    @property
    def subject(self) -> str:
        return self.letter.subject

    @property
    def text(self) -> str:
        return self.letter.write()

    @property
    def body(self) -> str:
        """The text as `GET /inbox/{id}` gives it: plain, or x-www-form-urlencoded in one of two charsets."""
        return encode(self.letter.write(), self.letter.encoding)


def encode(text: str, encoding: Encoding) -> str:
    """`text` as the service would put it into JSON. Letters that cp1252 lacks become `?`."""
    if encoding == "plain":
        return text
    from urllib.parse import quote_plus

    return quote_plus(text, encoding=encoding, errors="replace")
