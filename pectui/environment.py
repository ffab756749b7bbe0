"""Production, sandbox, demo: which host belongs to which, and which base URL may stand in for it.

A token and a mailbox's password go along with every request, so that a wrong host is worth an error of its
own. It knows no profile and no file.
"""

from __future__ import annotations

import re
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from pectui.errors import ConfigError

_URL = re.compile(r"[a-z]+://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._~/-]*)?")


class Environment(StrEnum):
    """What a profile talks to. Tokens belong to one of them and are never shown to the other."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"
    DEMO = "demo"

    @property
    def base_url(self) -> str:
        """The vendor's host; "" for the demo, which has none."""
        return VENDOR_HOSTS[self.value]


VENDOR_HOSTS = {
    "production": "https://ws.pecmassiva.com",
    "sandbox": "https://test.ws.pecmassiva.com",
    "demo": "",
}


def checked_base_url(url: str, origin: str, environment: Environment) -> str:
    """`url` without a slash at its end. It is not repeated in errors: it might hold a password."""
    if environment is Environment.DEMO:
        raise ConfigError(f"{origin} makes no sense", "the demo talks to no host", "Take it away.")
    try:
        parts = urlsplit(url)
        host, user, _port = (parts.hostname or "").rstrip("."), parts.username, parts.port
    except ValueError:
        raise ConfigError(f"{origin} is no URL") from None
    if user is not None or "@" in parts.netloc:
        raise ConfigError(
            f"{origin} holds a user name or password", "", "Use PECTUI_USERNAME and PECTUI_PASSWORD instead."
        )
    if not _URL.fullmatch(url) or not host:
        raise ConfigError(
            f"{origin} is no plain URL of a host", "no query, no fragment", "Write it like https://host:port."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise ConfigError(
            f"{origin} must begin with https://",
            "the mailbox's password goes along with every request",
            "http:// is for this machine alone (localhost, 127.0.0.1, ::1).",
        )
    for other in (Environment.PRODUCTION, Environment.SANDBOX):
        if other is not environment and host == urlsplit(other.base_url).hostname:
            raise ConfigError(
                f"{origin} is the {other.value} host, but the profile is of {environment.value}",
                "a token never goes to the other environment's host",
                "Use -S or --profile sandbox."
                if other is Environment.SANDBOX
                else "Use --profile production.",
            )
    return url.rstrip("/")


def service_name(base_url: str) -> str:
    """The service behind `base_url`, by the same name however its URL is written; "" for the demo's, which has none."""
    parts = urlsplit(base_url)
    host = (parts.hostname or "").rstrip(".")
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{host}{port}{parts.path.rstrip('/')}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
