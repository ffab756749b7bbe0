"""Messages for mail programs: all in one mbox, or each in an .eml file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from time import asctime

from pectui.domain.export import ExportedFile, MailCopy
from pectui.domain.message import Message
from pectui.store.exports.outputs import Output
from pectui.store.exports.rfc5322 import as_mail, ascii_address
from pectui.store.files import FOLDER_MODE

MBOX_NAME = "messages.mbox"
EML_FOLDER = "messages"
_NOBODY = "MAILER-DAEMON"
_EPOCH = "Thu Jan  1 00:00:00 1970"


class Mbox:
    """Fits `Form`. No line of a message begins like a separator: `as_mail` writes none (RFC 4155, appendix A)."""

    def __init__(self, folder: Path) -> None:
        self._output = Output(folder, MBOX_NAME)

    def write(self, copies: Sequence[MailCopy]) -> None:
        for copy in copies:
            self._output.write(_separator(copy.message) + as_mail(copy, b"\n") + b"\n")

    def close(self) -> list[ExportedFile]:
        return [self._output.close()]

    def abandon(self) -> None:
        self._output.abandon()


class EmlFiles:
    """Fits `Form`. Names say date, kind and id, and nothing that a stranger wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: list[ExportedFile] = []
        self._names: set[str] = set()
        (folder / EML_FOLDER).mkdir(FOLDER_MODE)
        (folder / EML_FOLDER).chmod(FOLDER_MODE)

    def write(self, copies: Sequence[MailCopy]) -> None:
        for copy in copies:
            output = Output(self._folder, f"{EML_FOLDER}/{self._name(copy.message)}.eml")
            try:
                output.write(as_mail(copy, b"\r\n"))
            except OSError:
                output.abandon()
                raise
            self._written.append(output.close())

    def close(self) -> list[ExportedFile]:
        return self._written

    def abandon(self) -> None:
        return None

    def _name(self, message: Message) -> str:
        date = f"{message.date.astimezone(UTC):%Y%m%dT%H%M%SZ}" if message.date else "undated"
        name = first = f"{date}-{message.kind.value}-{message.id}"
        number = 1
        while name in self._names:
            number += 1
            name = f"{first}-{number}"
        self._names.add(name)
        return name


def _separator(message: Message) -> bytes:
    sender = ascii_address(message.sender) or _NOBODY
    when = asctime(message.date.astimezone(UTC).timetuple()) if message.date else _EPOCH
    return f"From {sender} {when}\n".encode("ascii")
