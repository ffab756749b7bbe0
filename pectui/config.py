"""Which mailbox, on which host, with what manners: flags over environment over file, as frozen values.

It knows where pectui's folders are and what a profile is. It never holds a secret (see `credentials`), never
asks anybody anything, and loads the TOML reader only if there is a file to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from pectui.domain.quota import QuotaUnit
from pectui.errors import ConfigError, UsageError


class Environment(StrEnum):
    """What a profile talks to. Tokens belong to one of them and are never shown to the other."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"
    DEMO = "demo"

    @property
    def base_url(self) -> str:
        """The vendor's host; "" for the demo, which has none."""
        return _VENDOR_HOSTS[self.value]


_VENDOR_HOSTS = {
    "production": "https://ws.pecmassiva.com",
    "sandbox": "https://test.ws.pecmassiva.com",
    "demo": "",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One mailbox and how to treat it. Everything here may be shown; `username` and `sender` are foreign text."""

    name: str
    environment: Environment
    base_url: str
    """Without a slash at the end; "" for the demo."""
    custom_base_url: bool = False
    """True if `base_url` is not the environment's own: the badge then shows its host."""
    username: str = ""
    """What the service wants as x-username; it may differ from the sender's address."""
    sender: str = ""
    mailbox: str = "INBOX"
    token_command: tuple[str, ...] = ()
    password_command: tuple[str, ...] = ()
    token_file: Path | None = None
    """Where a token would lie; nothing needs to be there."""
    password_file: Path | None = None
    read_only: bool = False
    quota_unit: QuotaUnit = QuotaUnit.KIB
    concurrency: int = 4

    @property
    def own_addresses(self) -> frozenset[str]:
        """The mailbox's own addresses, casefolded: how a reply is told from one's own copy."""
        return frozenset(name.casefold() for name in (self.username, self.sender) if "@" in name)

    @property
    def host(self) -> str:
        """The host, with the port where one is named; `demo` for the demo."""
        return self.base_url.partition("://")[2] or self.environment.value


@dataclass(frozen=True, slots=True)
class Settings:
    """What flags, environment and file say together."""

    profile: Profile | None
    """None: nothing is set up. The screen then welcomes, a command ends with status 78."""
    json: bool = False
    no_input: bool = False
    color: str = "auto"
    debug: bool = False
    mouse: bool = True
    demo_messages: int = 300
    demo_seed: int = 1
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """`[keys]` of the file: the id of a binding to its keys, as `App.set_keymap` takes them."""
    config_file: Path | None = None
    """The file that was read, None where there is none."""
    chosen_by: str = ""
    """Why it is this profile, in words for `pectui doctor`."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where pectui's files live."""

    config_file: Path
    cache: Path
    state: Path
