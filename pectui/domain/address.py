"""Addresses as mail headers write them, and the bare address in them.

The service hands on what the mail's header said, often with its quotes, a display name and blanks. Whom such
a text names decides whether a receipt is one and whose answer a mail is, so the rules are strict: what a
display name claims never counts, but for `Per conto di: a@b`, with which a provider names an envelope's author.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NEVER = r"\s\x00-\x1f\x7f\"<>@(),:;\\\[\]"
_ADDRESS = rf"[^'{_NEVER}][^{_NEVER}]*@[^'{_NEVER}]+"
"""A bare address. An apostrophe may stand in it (`d'angelo@…`), but one before or behind it is a quote."""
_WHOLE = re.compile(_ADDRESS)
_PER_CONTO_DI = re.compile(r"\bper conto di ?:", re.IGNORECASE | re.ASCII)
_AUTHOR = re.compile(rf"[ \"'<]*({_ADDRESS})")
_QUOTED = re.compile(r'"[^"]*"')
_BRACKETED = re.compile(r"<([^<>]*)>")
_COMMENT = re.compile(r" ?\([^()]*\)$")
_SYSTEM = "posta-certificata"


def clean_address(raw: str) -> str:
    """The bare address that `raw` names, its case kept; with commas where it names several in brackets.

    What names no address comes back folded, without the quotes around it.
    """
    if len(raw) > 1_000:
        return _clean(raw)
    return _clean_remembered(raw)


def is_certified_mail_system(raw_sender: str) -> bool:
    """True for `posta-certificata@…`, the one sender of receipts; never for `Per conto di: …`."""
    if len(raw_sender) > 1_000:
        return _is_system(raw_sender)
    return _is_system_remembered(raw_sender)


def same_address(one: str, other: str) -> bool:
    """True if both name the same address, case ignored. Two that name none are not the same."""
    first, second = clean_address(one).casefold(), clean_address(other).casefold()
    return bool(first) and first == second


def is_address(text: str) -> bool:
    """True if `text` is a bare address and nothing else."""
    return _WHOLE.fullmatch(text) is not None


def _clean(raw: str) -> str:
    folded = " ".join(raw.split())
    if is_address(folded):
        return folded
    if author := _author(folded):
        return author
    # A quoted display name may hold anything, brackets included: look outside of it first.
    if bracketed := _bracketed(_QUOTED.sub(" ", folded)):
        return bracketed
    bare = _without_quotes(folded)
    if bracketed := _bracketed(bare):
        return bracketed
    bare = _COMMENT.sub("", bare)
    claimed = _PER_CONTO_DI.match(bare)
    return _without_quotes(bare[claimed.end() :] if claimed else bare)


def _is_system(raw_sender: str) -> bool:
    if _PER_CONTO_DI.search(" ".join(raw_sender.split())):
        return False
    local, at, domain = _clean(raw_sender).partition("@")
    return bool(at) and bool(domain) and "@" not in domain and local.isascii() and local.lower() == _SYSTEM


# A mailbox of a hundred thousand receipts holds a handful of senders and thousands of recipients.
_clean_remembered = lru_cache(maxsize=8192)(_clean)
_is_system_remembered = lru_cache(maxsize=1024)(_is_system)


def _author(folded: str) -> str:
    claimed = _PER_CONTO_DI.search(folded)
    if claimed is None:
        return ""
    author = _AUTHOR.match(folded, claimed.end())
    return author[1] if author else ""


def _bracketed(text: str) -> str:
    found = (inside.strip() for inside in _BRACKETED.findall(text))
    return ", ".join(inside for inside in found if is_address(inside))


def _without_quotes(text: str) -> str:
    return text.strip(" \"'")
