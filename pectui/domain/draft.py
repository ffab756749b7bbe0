"""What goes out: one PEC to one or many recipients, and the service's answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class Content(Protocol):
    """What a file holds, read piece by piece: the same each time, whatever becomes of the file meanwhile."""

    def __len__(self) -> int:
        """In octets."""

    def piece(self, start: int, length: int) -> bytes:
        """`length` octets from `start` on, fewer only at the end."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as the service wants it: `content` are its bytes, encoded only on the wire."""

    name: str
    content: bytes | Content = field(repr=False)
    media_type: str = "application/octet-stream"

    def __len__(self) -> int:
        """Octets of its content."""
        return len(self.content)

    def piece(self, start: int, length: int) -> bytes:
        """A part of its content."""
        if isinstance(self.content, bytes):
            return self.content[start : start + length]
        return self.content.piece(start, length)


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
