"""The files of a campaign: its table, its body, and the attachments that stand beside the table."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pectui.domain.campaign.charset import decode
from pectui.domain.campaign.finished import finished
from pectui.domain.campaign.letter import Letter
from pectui.domain.campaign.problem import Problem
from pectui.domain.campaign.rows import SEPARATOR, AttachedFile, CheckedCampaign, check_campaign
from pectui.domain.campaign.table import read_table
from pectui.domain.outgoing import Outgoing
from pectui.errors import UsageError

if TYPE_CHECKING:
    from pectui.engine.send_files import Files

_MOST = 256 * 1024 * 1024
"""Bytes of a table or a body; more is no file that somebody meant."""


def read_campaign_file(path: Path, what: str) -> bytes:
    """All of the file; `what` names it in the UsageError that tells why it can't be read."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > _MOST:
                raise UsageError(f"{what} is too large", f"{path}: {status.st_size:,} bytes")
            return file.read()
    except OSError as error:
        raise UsageError(
            f"{what} can't be read", f"{path}: {error.strerror or type(error).__name__}"
        ) from error
    except ValueError as error:
        raise UsageError(f"{what} can't be read", "its name can be no file's") from error


class AttachmentFolder:
    """Finds attachments by the paths of a table, from the table's own folder on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, named: str) -> Path:
        return self._folder / named

    def find(self, named: str) -> AttachedFile | str:
        """The file, or what is wrong with it. Nothing of it is read."""
        path = self.path(named)
        try:
            status = path.stat()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "no file has such a name"
            hint = f" (several are separated by {SEPARATOR})" if any(sign in named for sign in ";,\n") else ""
            return f"{named}: {reason}{hint}"
        if not stat.S_ISREG(status.st_mode):
            return f"{named}: it is no regular file"
        if not os.access(path, os.R_OK):
            return f"{named}: it can't be read"
        if not status.st_size:
            return f"{named}: the file is empty"
        return AttachedFile(path.name, status.st_size)


@dataclass(frozen=True, slots=True)
class LoadedCampaign:
    """A table that was read and checked with its letter."""

    path: Path
    """From the root on, whatever links lead there."""
    folder: Path
    """Where its attachments are looked for."""
    sha256: str
    """Of the table as it was read."""
    checked: CheckedCampaign


def campaign_path(path: Path) -> Path:
    """By what a campaign is found again, however its file is called today."""
    return Path(os.path.realpath(path))


def load_campaign(path: Path, letter: Letter) -> LoadedCampaign:
    """The campaign of a table, with every row checked. UsageError if the table can't be read."""
    data = read_campaign_file(path, "The table")
    folder = path.absolute().parent
    checked = check_campaign(read_table(data), letter, AttachmentFolder(folder).find)
    return LoadedCampaign(campaign_path(path), folder, sha256(data).hexdigest(), checked)


def messages_of(campaign: LoadedCampaign, files: Files) -> list[Outgoing]:
    """The PEC of each row, its files read and told apart by their content. RefusedHereError where one can't be sent."""
    folder = AttachmentFolder(campaign.folder)
    letter = campaign.checked.letter
    messages = []
    for row in campaign.checked.rows:
        message = finished(campaign.checked, row)
        enclosures = tuple(files.examine(folder.path(path)) for path in message.paths)
        messages.append(
            Outgoing(
                (message.recipient,),
                message.subject,
                message.body,
                letter.letter.is_html,
                enclosures,
                message.line,
            )
        )
    return messages


def read_body(path: Path) -> str:
    """The text of a body's file. UsageError if it can't be read, or its bytes are no text."""
    decoded = decode(read_campaign_file(path, "The body"))
    if isinstance(decoded, Problem):
        raise UsageError("The body can't be read", f"{path}, line {decoded.line}: {decoded.problem}")
    return decoded.text.replace("\r\n", "\n")
