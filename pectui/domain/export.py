"""What an export is: copies of chosen messages in one of four forms, and what they are not.

The service hands out texts, never the signed mail (no .eml, no `daticert.xml`, no signature, no attachments): whoever
finds an export in ten years must read that in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pectui.domain.message import Header, Message

STATEMENT_EN = (
    "These are copies of what the service's API returned, made for convenience. They are not the signed originals: "
    "they hold no signature, no daticert.xml and no attachments, and have no legal value of their own."
)
STATEMENT_IT = (
    "Queste sono copie di quanto restituito dall'API del servizio, fatte per comodità. Non sono gli originali "
    "firmati: non contengono la firma, il file daticert.xml né gli allegati, e non hanno di per sé valore legale."
)


class ExportFormat(StrEnum):
    """The forms. The values are the names that `--format` uses."""

    JSON = "json"
    CSV = "csv"
    MBOX = "mbox"
    EML = "eml"


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """Where to: a folder that is not there yet, and in which form."""

    path: Path
    format: ExportFormat


@dataclass(frozen=True, slots=True)
class ExportOrigin:
    """Of which mailbox. All of it may be shown, as foreign text."""

    profile: str
    environment: str
    host: str
    address: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What is exported, decided once: an export that was interrupted goes on with the same messages."""

    origin: ExportOrigin
    format: ExportFormat
    selection: str
    """What was asked for in words that choose the same again, such as `--all`; "" where messages were marked."""
    begun_at: datetime
    """In UTC."""
    headers: tuple[Header, ...]
    """Each message once, as it was listed when it was chosen, in the order of the export."""

    @property
    def digest(self) -> str:
        """SHA-256 of what was chosen and where: the same for the same messages, whatever their order."""
        whole = hashlib.sha256(
            "\0".join((*_texts(self.origin), self.format)).encode("utf-8", "surrogatepass")
        )
        for row in sorted(repr((header.id, *header.facts)) for header in self.headers):
            whole.update(b"\0" + row.encode("utf-8", "surrogatepass"))
        return whole.hexdigest()


def _texts(origin: ExportOrigin) -> Iterable[str]:
    return (origin.profile, origin.environment, origin.host, origin.address, origin.mailbox)


class TextSource(StrEnum):
    """Who gave a text. `GET /send/{code}` may give it in another encoding than `GET /inbox/{id}`."""

    MESSAGE = "GET /inbox/{id}"
    SEND = "GET /send/{code}"
    KEPT = "kept on this machine"


@dataclass(frozen=True, slots=True)
class FoundText:
    """The text of a message that is exported."""

    body: str
    """As it came."""
    source: TextSource
    read_at: datetime
    """When the service gave it, in UTC."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """What a spreadsheet shows of a message: cleaned, HTML as text."""

    subject: str
    sender: str
    recipient: str
    text: str


@dataclass(frozen=True, slots=True)
class MailCopy:
    """One message, ready to be written."""

    message: Message
    text: FoundText
    decoded: str
    """The text behind its encoding, as it was written: not cleaned."""
    is_html: bool
    clean: CleanText | None = None
    """Made only for the form that shows it."""


@dataclass(frozen=True, slots=True)
class NotExported:
    """A chosen message whose text could not be had, and why, in words for a person."""

    header: Header
    reason: str


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file of a finished export."""

    name: str
    """Relative to the export's folder, with `/`."""
    octets: int
    sha256: str
    """In hexadecimal."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished export says of itself."""

    path: Path
    plan: ExportPlan
    finished_at: datetime
    """In UTC."""
    missing: tuple[NotExported, ...]
    files: tuple[ExportedFile, ...]

    @property
    def copied(self) -> tuple[Header, ...]:
        """The messages that are in it, as they were listed."""
        missing = {one.header for one in self.missing}
        return tuple(header for header in self.plan.headers if header not in missing)
