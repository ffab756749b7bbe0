"""Addresses to send to: which the service takes, and which are the same.

Stricter than what a mail's header may hold (`address`): the service wants bare addresses, and whatever else it might
make of a text ends up in a mail's header. Nothing is mended: what isn't right is refused, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_LONGEST_LOCAL = 64
_LONGEST = 254
"""RFC 5321, 4.5.3.1."""


def split_recipients(text: str) -> tuple[str, ...]:
    """The addresses in `A, B`: between commas, without the blanks around them. Not checked."""
    return tuple(part.strip(" ") for part in text.split(",") if part.strip(" "))


def problem_with_address(text: str) -> str | None:
    """Why `text` can't be sent to, in words that go on after `it`; None where it can."""
    if not text:
        return "is empty"
    if not text.isprintable() or any(letter.isspace() for letter in text):
        return "holds a blank or a control character"
    if not text.isascii():
        return "holds letters that mail addresses can't have"
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        return "is no address: there must be something on both sides of an @"
    if len(text) > _LONGEST or len(local) > _LONGEST_LOCAL:
        return "is longer than an address can be"
    if _LOCAL.fullmatch(local) is None:
        return "has a sign before its @ that can't stand there"
    if _DOMAIN.fullmatch(domain) is None:
        return "has no domain behind its @, such as pec.example.it"
    return None


def same_mailbox(address: str) -> str:
    """What two spellings of one mailbox have in common.

    A domain's case means nothing (RFC 1035). A local part's might, in theory; no provider of PEC tells `Info@` from
    `info@`, and nobody shall get a message twice for a capital letter.
    """
    return address.casefold()


def repeated(addresses: Iterable[str]) -> Iterator[str]:
    """Those that name a mailbox which was named before."""
    seen: set[str] = set()
    for address in addresses:
        mailbox = same_mailbox(address)
        if mailbox in seen:
            yield address
        seen.add(mailbox)
