"""What was asked of whom: all that an error needs in order to say what is wrong in a user's words."""

from __future__ import annotations

from dataclasses import dataclass

from pectui.api.credentials import MailboxCredentials
from pectui.api.excerpt import EXCERPT_LENGTH
from pectui.api.operations import Operation


@dataclass(frozen=True, slots=True)
class Destination:
    """Where requests go and where their secrets came from, in plain words for hints. It holds no secret.

    `environment` is the profile's (`production`, `sandbox`), `token_source` and `password_source` are what a
    user would look at first: a variable's name, a file, a command. Each may be "".
    """

    host: str
    environment: str = ""
    token_source: str = ""
    password_source: str = ""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One operation as it was asked. `about` names its subject: `message 12`, `the send 2020…`, ""."""

    operation: Operation
    destination: Destination
    credentials: MailboxCredentials
    about: str = ""

    def quote(self, text: str, limit: int = EXCERPT_LENGTH) -> str:
        """What the service wrote, fit to be shown."""
        return self.credentials.quote(text, limit)
