"""A message as mail programs read it (RFC 5322 and 2045 to 2047): a copy that never passes for the signed original.

Headers are made of strangers' texts. Here they are one line of plain ASCII or base64 in encoded words, so that no
subject can add a header, break a line or confuse a parser; what can't stand in a header (NUL and the like) is U+FFFD.
The body is base64 as well: octet by octet what was decoded, with no line that an mbox or a transport would change.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

from pectui.domain.address import is_address
from pectui.domain.export import MailCopy
from pectui.domain.subject import fold_blanks

PREFIX = "X-Pectui-"
"""Not the headers of RFC 6109 (`X-Ricevuta` and others): those stand for the provider's word."""

_STATEMENTS = (
    ("Statement", "Copy of what the service's API returned,", "not the signed original."),
    ("Dichiarazione", "Copia di quanto restituito dall'API del servizio,", "non l'originale firmato."),
)
_PLAIN = re.compile("[ -~]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_WORD_OCTETS = 30
"""In one encoded word: with the longest name before it a line stays below RFC 2047's 76."""
_WORD_CHARACTERS = 56
"""In one line that is not encoded: likewise below RFC 5322's 78."""
_LONGEST_ADDRESS = 254
"""Octets, by RFC 5321."""
_LONGEST_LINE = 900
_LINE_OCTETS = 57
"""Of a body in base64: 76 characters."""


def as_mail(copy: MailCopy, line_end: bytes) -> bytes:
    """The message with `line_end` at each line's end."""
    body = well_formed(copy.decoded).encode()
    encoded = [base64.b64encode(body[at : at + _LINE_OCTETS]) for at in range(0, len(body), _LINE_OCTETS)]
    head = [line.encode("ascii") for line in _head(copy)]
    return line_end.join((*head, b"", *encoded, b""))


def ascii_address(text: str) -> str | None:
    """`text` if it is an address that may stand in a header as it is."""
    fits = text.isascii() and len(text) <= _LONGEST_ADDRESS and is_address(text)
    return text if fits else None


def one_line(text: str) -> str:
    """`text` as a header says it: blanks folded, nothing that steers, no half characters."""
    return _CONTROL.sub("\ufffd", fold_blanks(well_formed(text)))


def well_formed(text: str) -> str:
    """`text` without lone surrogates, which no UTF-8 can hold: U+FFFD stands in their place."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _head(copy: MailCopy) -> Iterator[str]:
    message, header, text = copy.message, copy.message.header, copy.text
    yield f"From: {_addresses(message.sender) or 'unknown:;'}"
    if to := _addresses(message.recipient):
        yield f"To: {to}"
    yield from _foreign("Subject", header.subject)
    if message.date is not None:
        yield f"Date: {_date(message.date)}"
    yield "MIME-Version: 1.0"
    yield f"Content-Type: text/{'html' if copy.is_html else 'plain'}; charset=utf-8"
    yield "Content-Transfer-Encoding: base64"
    for name, *lines in _STATEMENTS:
        yield f"{PREFIX}{name}: {lines[0]}"
        yield from (f" {line}" for line in lines[1:])
    yield f"{PREFIX}Id: {message.id}"
    yield f"{PREFIX}Kind: {message.kind.value}"
    if message.code is not None:
        yield f"{PREFIX}Code: {message.code}"
    yield from _foreign(f"{PREFIX}Date", header.date)
    yield from _foreign(f"{PREFIX}Sender", header.sender)
    yield from _foreign(f"{PREFIX}Recipient", header.recipient)
    yield f"{PREFIX}Text-From: {text.source.value}"
    yield f"{PREFIX}Text-Read-At: {text.read_at.isoformat()}"
    raw = hashlib.sha256(text.body.encode("utf-8", "surrogatepass"))
    yield f"{PREFIX}Raw-Body-SHA256: {raw.hexdigest()}"


def _addresses(cleaned: str) -> str:
    """What may stand in `From` and `To`; "" where it is no address, or more than one line of them."""
    fits = len(cleaned) < _LONGEST_LINE and all(map(ascii_address, cleaned.split(", ")))
    return cleaned if fits else ""


def _foreign(name: str, text: str) -> Iterator[str]:
    """A header that says `text`: as it is where that is plain words, else in encoded words."""
    line = one_line(text)
    words = list(_words(line)) if _PLAIN.fullmatch(line) and "=?" not in line else None
    if words is None or any(len(word) > _WORD_CHARACTERS for word in words):
        words = [f"=?utf-8?b?{base64.b64encode(part).decode()}?=" for part in _parts(line)]
    yield f"{name}: {words[0]}"
    yield from (f" {word}" for word in words[1:])


def _words(line: str) -> Iterator[str]:
    """The line cut at blanks: unfolded, a header has one blank where a line ended."""
    part = ""
    for word in line.split(" "):
        longer = f"{part} {word}" if part else word
        if part and len(longer) > _WORD_CHARACTERS:
            yield part
            part = word
        else:
            part = longer
    yield part


def _parts(text: str) -> Iterator[bytes]:
    """The text in UTF-8, cut between characters."""
    part = b""
    for character in text:
        octets = character.encode()
        if len(part) + len(octets) > _WORD_OCTETS:
            yield part
            part = b""
        part += octets
    yield part


def _date(moment: datetime) -> str:
    offset = moment.utcoffset()
    # RFC 5322 has no zones with seconds in them.
    if offset is None or offset.total_seconds() % 60:
        moment = moment.astimezone(UTC)
    return format_datetime(moment)
