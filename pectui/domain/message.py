"""Messages: what the service listed (`Header`), and what it means (`Message`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pectui.domain.kind import Kind


@dataclass(frozen=True, slots=True)
class Header:
    """One row of a listing as the service gave it, nothing interpreted; "" where it gave null or nothing.

    `id` is what the service calls the message now. On some servers it may be another message's tomorrow
    (`Fingerprint` says which message was meant).
    """

    id: int
    date: str
    subject: str
    sender: str
    recipient: str

    @property
    def facts(self) -> tuple[str, str, str, str]:
        """Everything but the id: what stays the same when ids shift."""
        return (self.date, self.subject, self.sender, self.recipient)


@dataclass(frozen=True, slots=True)
class Message:
    """A header and what it means. Texts are as the service gave them: clean them before showing them."""

    header: Header
    date: datetime | None
    """With a zone (UTC where the mail named none); None where the date can't be read."""
    kind: Kind
    subject: str
    """Without the prefixes of PEC and without the send code."""
    code: str | None
    """The send's code: 15 to 20 digits, always a string."""
    is_reply: bool
    """No receipt and no notice of a provider, carries a send's code, and comes from another address than the
    mailbox's own."""
    is_own_copy: bool
    """An envelope that carries a send's code and comes from the mailbox's own address: it belongs to the send.
    Other mail may claim any sender, so it never counts as one."""
    sender: str
    """The bare address, or what stands there where it is none."""
    recipient: str

    @property
    def id(self) -> int:
        return self.header.id


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the inbox in the server's order, as `GET /inbox` gave it.

    `total`, `page` and `pages` are what the service stated, None where it stated nothing usable: `page` and
    `pages` are known to lie. `skipped` counts rows that could not be read; `warnings` say why.
    """

    headers: tuple[Header, ...]
    total: int | None
    page: int | None
    pages: int | None
    skipped: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailText:
    """One message with its text, as `GET /inbox/{id}` and the rows of `GET /send/{code}` give it.

    There is no id: the service sends none. `body` is as it came (often x-www-form-urlencoded, text or HTML).
    """

    date: str
    subject: str
    sender: str
    recipient: str
    body: str

    @property
    def facts(self) -> tuple[str, str, str, str]:
        """What can be compared with a listing's row."""
        return (self.date, self.subject, self.sender, self.recipient)


@dataclass(frozen=True, slots=True)
class SendMail:
    """Every mail of one send that the service found; answers and other sends may be among them."""

    mails: tuple[MailText, ...]
    skipped: int = 0
    warnings: tuple[str, ...] = ()
