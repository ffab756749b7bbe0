"""Whom an answer to a message goes to, and under which subject: nothing for what a machine wrote.

The subject keeps the send's code, by which whoever sent it finds the answer (`api.md` 6). Nothing of the message's text
goes along: what is sent has legal effect, and is what its sender has written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

from pectui.domain.address import is_address, is_certified_mail_system
from pectui.domain.kind import Kind
from pectui.domain.message import Message
from pectui.domain.subject import fold_blanks

_WRAPPED = re.compile(r"(?:POSTA CERTIFICATA|ANOMALIA MESSAGGIO) ?: ?", re.IGNORECASE | re.ASCII)
"""What providers put in front."""
_ANSWERED = re.compile(r"(?:RE|R) ?:", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer begins with. Texts are as the service gave them: clean them before showing them."""

    recipient: str
    subject: str
    answers: str
    """Which message is answered: the same for the same message, also where ids shift."""
    is_vouched_for: bool
    """Whether a provider says who wrote the message; ordinary mail may claim any sender."""


@dataclass(frozen=True, slots=True)
class NoReply:
    """Why there is nobody to answer, in words for a person."""

    reason: str


def reply_to(message: Message) -> Reply | NoReply:
    """The beginning of an answer to `message`."""
    if message.kind.is_receipt or message.kind is Kind.PROVIDER_NOTICE:
        return NoReply("The mail system wrote this receipt: nobody would read an answer.")
    if is_certified_mail_system(message.header.sender):
        return NoReply("The mail system wrote this message: nobody would read an answer.")
    if message.is_own_copy:
        return NoReply("This is the mailbox's own copy of what it sent.")
    if not is_address(message.sender):
        return NoReply("It doesn't say who wrote it: its sender is no single address.")
    digest = blake2b(repr(message.header.facts).encode("utf-8", "surrogatepass"), digest_size=8)
    return Reply(
        recipient=message.sender,
        subject=_subject(message.header.subject),
        answers=digest.hexdigest(),
        is_vouched_for=message.kind is Kind.ENVELOPE,
    )


def _subject(raw: str) -> str:
    rest = fold_blanks(raw)
    while wrapped := _WRAPPED.match(rest):
        rest = rest[wrapped.end() :]
    return rest if _ANSWERED.match(rest) else f"Re: {rest}".rstrip()
