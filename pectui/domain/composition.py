"""What somebody is writing: as it was typed, with addresses that are none yet and files that are not there.

It is no message that could go out; what is wrong with it is told when it is checked. The body never shows in a `repr`.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_BETWEEN_ADDRESSES = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Composition:
    """The fields of a message as they were typed."""

    recipients: str = ""
    """However many, with whatever stands between them."""
    subject: str = ""
    body: str = field(default="", repr=False)
    is_html: bool = False
    attachments: tuple[str, ...] = ()
    """Paths of files."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """The recipients one by one, unchecked: no address holds a blank, a comma or a semicolon."""
        return tuple(part for part in _BETWEEN_ADDRESSES.split(self.recipients) if part)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost with it."""
        texts = (self.recipients, self.subject, self.body, *self.attachments)
        return not any(text.strip() for text in texts)


class DraftState(StrEnum):
    """Whether it may have gone out already. The values are what is written to the disk."""

    UNFINISHED = "unfinished"
    SENDING = "sending"
    """It was being sent, and nobody wrote down what came of it."""
    UNKNOWN = "unknown"
    """It was sent, and the answer got lost."""


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """Something written that is kept until it was surely sent, or until its writer throws it away."""

    name: str
    composition: Composition
    saved_at: datetime
    state: DraftState = DraftState.UNFINISHED
    answers: str = ""
    """Which message it answers, so that answering that again goes on with it; "" where it answers none."""
    digest: str = ""
    """Of the content as it was sent, where it was: by it the journals tell what became of that."""


def new_name() -> str:
    """A name that no other draft has."""
    return secrets.token_hex(8)
