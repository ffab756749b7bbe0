"""Which proxy the environment names for the service's host, decided once and by ourselves.

httpx would open every proxy that the environment names, needed or not, and fail over one it can't speak to.
This machine itself is never asked through a proxy, whatever the environment says.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pectui.api.address import Address
from pectui.errors import ConfigError


def choose_proxy(address: Address) -> str | None:
    """The proxy's URL (it may hold a password: don't show it), None for the straight way.

    Reads HTTPS_PROXY, ALL_PROXY and NO_PROXY in the usual spellings. Raises ConfigError for a proxy that
    pectui can't speak to.
    """
    if address.is_loopback:
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    named = proxies.get(address.scheme) or proxies.get("all")
    if not named or proxy_bypass(address.netloc):
        return None
    return _checked(named if "://" in named else f"http://{named}")


def _checked(proxy: str) -> str:
    try:
        parts = urlsplit(proxy)
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    hint = "Set HTTPS_PROXY to http://HOST:PORT, or name the service's host in NO_PROXY."
    if not usable:
        raise ConfigError("The proxy can't be used", "HTTPS_PROXY or ALL_PROXY is no URL", hint)
    if parts.scheme not in ("http", "https"):
        raise ConfigError(
            "The proxy can't be used", f"pectui speaks to http proxies, not {parts.scheme}", hint
        )
    return proxy


def proxy_host(proxy: str) -> str:
    """The proxy's host and port, without user name and password."""
    return urlsplit(proxy).netloc.rpartition("@")[2]
