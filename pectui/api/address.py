"""Where the service is: a base URL, checked before a secret goes there.

https only, but for this machine itself: the mailbox's password travels in a header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pectui.errors import ConfigError

_HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.ASCII | re.IGNORECASE)
_HINT = (
    "It looks like https://ws.pecmassiva.com; http is taken for this machine only (http://127.0.0.1:8080)."
)


@dataclass(frozen=True, slots=True)
class Address:
    """A base URL taken apart. `path` has no slash at its end; most often it is empty."""

    scheme: str
    host: str
    port: int | None
    path: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.path}"

    @property
    def netloc(self) -> str:
        """Host and port as people write them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)


def parse_address(base_url: str) -> Address:
    """The address in `base_url`. Raises ConfigError, and never repeats a URL that holds a password."""
    problem, parts, port = _split(base_url)
    if not problem and parts is not None and parts.hostname:
        return Address(parts.scheme, parts.hostname, port, parts.path.rstrip("/"))
    raise ConfigError("The base URL can't be used", f"it {problem}", _HINT)


def is_loopback(host: str) -> bool:
    """True for names and addresses that never leave this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    return _is_address(host) and ip_address(host).is_loopback


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _split(base_url: str) -> tuple[str, SplitResult | None, int | None]:
    """What is wrong ("" if nothing is), the parts, and the port."""
    if not base_url.isascii() or not base_url.isprintable() or " " in base_url:
        return "holds blanks or characters that a URL can't have", None, None
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        return "is no URL: its host or its port can't be read", None, None
    return _problem(parts), parts, port


def _problem(parts: SplitResult) -> str:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "is no http or https URL with a host"
    if not (_HOST_NAME.fullmatch(parts.hostname) or _is_address(parts.hostname)):
        return "names a host that can't exist"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or a password, which belong elsewhere"
    if parts.query or parts.fragment:
        return "has a query or a fragment"
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return f"is plain http to {parts.hostname}, where the mailbox's password would be readable on the way"
    return ""
