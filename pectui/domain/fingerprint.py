"""Which message was meant, whatever the service calls it now: nothing is deleted that doesn't match one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from pectui.domain.address import clean_address
from pectui.domain.dates import parse_date
from pectui.domain.message import Header, MailText, Message
from pectui.domain.subject import fold_blanks

Key: TypeAlias = tuple[datetime | str, str, str, str]
"""Date, subject, sender and recipient, normalised: equal for twins, whatever their ids."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A message as it was when the user chose it, its strings as the service gave them."""

    id: int
    date: str
    subject: str
    sender: str
    recipient: str
    text_hash: str | None = None
    """`hash_text` of the body, None where it was not read. Twins differ in nothing else."""

    @classmethod
    def of(cls, header: Header) -> Fingerprint:
        """The fingerprint of a listed message, its text not known yet."""
        return cls(header.id, header.date, header.subject, header.sender, header.recipient)

    def with_text(self, body: str) -> Fingerprint:
        """The same with the text known; `body` as it came, not decoded."""
        return replace(self, text_hash=hash_text(body))

    @property
    def key(self) -> Key:
        """What twins share: everything but the id and the text."""
        return _key(parse_date(self.date), self.date, self.subject, self.sender, self.recipient)

    def matches(self, other: Header | MailText) -> bool:
        """True if `other` is the message that was meant, as far as what both tell can say.

        A date, a subject or a sender that only one of them has is a mismatch. The recipient and the text
        count where both are known. Where neither has a date or a subject nothing can be verified: no match.
        """
        date, subject = fold_blanks(self.date), fold_blanks(self.subject)
        if not date and not subject:
            return False
        return (
            _same_moment(date, fold_blanks(other.date))
            and subject == fold_blanks(other.subject)
            and _folded_address(self.sender) == _folded_address(other.sender)
            and _agree_where_known(_folded_address(self.recipient), _folded_address(other.recipient))
            and self._agrees_in_text(other)
        )

    def _agrees_in_text(self, other: Header | MailText) -> bool:
        if self.text_hash is None or not isinstance(other, MailText):
            return True
        return self.text_hash == hash_text(other.body)


def key_of(message: Message) -> Key:
    """`Fingerprint.key` of an interpreted message, without reading its date again."""
    header = message.header
    return _key(message.date, header.date, header.subject, message.sender, message.recipient)


def hash_text(body: str) -> str:
    """SHA-256, in hexadecimal, of a body exactly as it came."""
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _key(moment: datetime | None, date: str, subject: str, sender: str, recipient: str) -> Key:
    return (
        moment or fold_blanks(date),
        fold_blanks(subject),
        _folded_address(sender),
        _folded_address(recipient),
    )


def _folded_address(raw: str) -> str:
    return clean_address(raw).casefold()


def _same_moment(one: str, other: str) -> bool:
    first, second = parse_date(one), parse_date(other)
    if first and second:
        return first == second
    return one == other


def _agree_where_known(one: str, other: str) -> bool:
    return not one or not other or one == other
