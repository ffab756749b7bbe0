"""Messages as JSON Lines: a document a line, so that who reads ten thousand of them needs no memory for all.

It is the form that keeps everything: what came, undecoded, beside what it means. Nothing but ASCII is written, so
that no terminal or pager obeys a stranger's text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pectui.domain.export import ExportedFile, MailCopy
from pectui.store.exports.outputs import Output

NAME = "messages.jsonl"


class JsonLines:
    """Fits `Form`."""

    def __init__(self, folder: Path) -> None:
        self._output = Output(folder, NAME)

    def write(self, copies: Sequence[MailCopy]) -> None:
        for copy in copies:
            line = json.dumps(_document(copy)).replace("\x7f", "\\u007f")
            self._output.write(line.encode("ascii") + b"\n")

    def close(self) -> list[ExportedFile]:
        return [self._output.close()]

    def abandon(self) -> None:
        self._output.abandon()


def _document(copy: MailCopy) -> dict[str, object]:
    """The names of `show --json` where they mean the same; what is raw is as it came."""
    message, header, text = copy.message, copy.message.header, copy.text
    return {
        "id": message.id,
        "date": message.date.isoformat() if message.date else None,
        "kind": message.kind.value,
        "subject": message.subject,
        "code": message.code,
        "is_reply": message.is_reply,
        "sender": message.sender,
        "recipient": message.recipient,
        "decoded_body": copy.decoded,
        "body_is_html": copy.is_html,
        "raw_date": header.date,
        "raw_subject": header.subject,
        "raw_sender": header.sender,
        "raw_recipient": header.recipient,
        "raw_body": text.body,
        "text_from": text.source.value,
        "text_read_at": text.read_at.isoformat(),
    }
