"""What goes out: one PEC to one or many recipients, and the service's answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as the service wants it: `content` are its bytes, encoded only on the wire."""

    name: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Draft:
    """One PEC. `body` is plain text or HTML; the service doesn't tell them apart."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    body: str = field(repr=False)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The service's answer to `POST /send`: the code and how many went out, None where it didn't say."""

    code: str | None
    sent: int | None
