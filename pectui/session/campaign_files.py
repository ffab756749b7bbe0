"""The files of a campaign: its table, its body, and the attachments that stand beside the table."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pectui.domain.campaign.charset import decode
from pectui.domain.campaign.letter import Letter
from pectui.domain.campaign.problem import Problem
from pectui.domain.campaign.rows import SEPARATOR, AttachedFile, CheckedCampaign, check_campaign
from pectui.domain.campaign.rules import RULES
from pectui.domain.campaign.table import read_table
from pectui.errors import UsageError

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


def load_campaign(path: Path, letter: Letter) -> CheckedCampaign:
    """The campaign of a table, with every row checked. UsageError if the table can't be read."""
    table = read_table(read_campaign_file(path, "The table"))
    return check_campaign(table, letter, AttachmentFolder(path.parent).find, RULES)


def read_body(path: Path) -> str:
    """The text of a body's file. UsageError if it can't be read, or its bytes are no text."""
    decoded = decode(read_campaign_file(path, "The body"))
    if isinstance(decoded, Problem):
        raise UsageError("The body can't be read", f"{path}, line {decoded.line}: {decoded.problem}")
    return decoded.text.replace("\r\n", "\n")
