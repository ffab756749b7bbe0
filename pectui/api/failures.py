"""Why no answer came, in words a person can act on.

Loaded only once something has failed. It looks at what the operating system and the TLS library said, not at
the HTTP library's classes where it can: those are many and say little.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from pectui.api.address import Address
from pectui.api.excerpt import clean
from pectui.api.exchange import Request, UntrustedError, answer_seconds
from pectui.errors import ProtocolError, ServiceError, UnreachableError

_TITLE = "The service can't be reached"
_CHECK_NETWORK = "Check the network connection and the base URL."
_LOOK_FIRST = "It may have been carried out all the same: look before trying again."


@dataclass(frozen=True, slots=True)
class Way:
    """How the request went: to which address, by which proxy ("" for none), and how long a connection may take."""

    address: Address
    proxy: str
    connect_seconds: float

    @property
    def next_stop(self) -> str:
        """The first host on the way."""
        return f"the proxy {self.proxy}" if self.proxy else self.address.netloc


def explain(error: Exception, request: Request, way: Way, *, maybe_done: bool) -> ServiceError:
    """The error for people that `error` stands for. `maybe_done`: a byte of the request may have left."""
    found = tuple(_causes(error))
    names = {type(cause).__name__ for cause in found}
    if "DecodingError" in names:
        return ProtocolError(
            "The service's answer can't be read", f"{request.method}: its compressed body is broken"
        )
    if maybe_done:
        return _broken(error, names, request, way)
    return _not_connected(error, found, names, way)


def _broken(error: Exception, names: set[str], request: Request, way: Way) -> UnreachableError:
    """The connection stood, and something went wrong on it."""
    if type(error) is TimeoutError:
        title = "The service takes too long"
        detail = f"its answer was not complete after {answer_seconds(request):g} s"
    elif isinstance(error, OSError):
        title = "The request broke off"
        detail = f"what it carries can't be read any further: {clean(error.strerror or type(error).__name__)}"
    elif "ReadTimeout" in names:
        title = "The service takes too long"
        detail = f"{way.address.netloc} was silent for {request.timeout:g} s"
    elif "WriteTimeout" in names:
        title = "The connection to the service broke"
        detail = f"{way.address.netloc} took in nothing for {request.timeout:g} s"
    elif (
        "RemoteProtocolError" in names and "disconnect" not in str(error) and "peer closed" not in str(error)
    ):
        title = "The connection to the service broke"
        detail = f"what {way.address.netloc} answered is no HTTP"
    else:
        title = "The connection to the service broke"
        detail = f"{way.address.netloc} hung up before its answer was complete"
    hint = "Try again." if request.method == "GET" else _LOOK_FIRST
    return UnreachableError(title, detail, hint, maybe_done=True)


def _not_connected(
    error: Exception, found: tuple[BaseException, ...], names: set[str], way: Way
) -> UnreachableError:
    """No connection came about, so nothing was asked of the service."""
    for cause in found:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(cause, way)
        # A handshake that is still waiting is an SSLError, too: then the time-out is what happened.
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLWantReadError):
            reason = clean(cause.reason or "the handshake failed").replace("_", " ").lower()
            return UnreachableError(
                "No safe connection to the service",
                f"TLS with {way.address.netloc} failed: {reason}",
                "Check the base URL: does that port speak https?",
            )
        if isinstance(cause, socket.gaierror):
            return UnreachableError(_TITLE, f"there is no host named {_host(way)}", _CHECK_NETWORK)
    if "ProxyError" in names:
        return UnreachableError(
            "The proxy refused to connect to the service",
            f"{way.next_stop} answered {clean(str(error))}",
            "Check HTTPS_PROXY, or name the service's host in NO_PROXY.",
        )
    return UnreachableError(_TITLE, _why(found, error, names, way), _CHECK_NETWORK)


def _why(found: tuple[BaseException, ...], error: Exception, names: set[str], way: Way) -> str:
    numbers = {cause.errno for cause in found if isinstance(cause, OSError)}
    if numbers & {errno.ECONNREFUSED}:
        return f"{way.next_stop} refused the connection"
    if numbers & {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}:
        return f"there is no way to {way.next_stop} from here"
    if "ConnectTimeout" in names:
        return f"no connection to {way.next_stop} within {way.connect_seconds:g} s"
    if type(error) is TimeoutError or names & {"ReadTimeout", "PoolTimeout"}:
        return f"no connection by way of {way.next_stop} in time"
    return f"no connection to {way.next_stop}"


def _untrusted(cause: ssl.SSLCertVerificationError, way: Way) -> UntrustedError:
    return UntrustedError(
        "The service's certificate can't be trusted",
        f"{way.address.netloc}: {clean(cause.verify_message)}",
        "pectui goes by the system's certificates. Where a company's proxy signs, install its certificate there "
        "or name it in SSL_CERT_FILE.",
    )


def _host(way: Way) -> str:
    return way.proxy.rpartition(":")[0] or way.proxy if way.proxy else way.address.host


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and everything that led to it, groups taken apart."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting.extend(cause for cause in (current.__cause__, current.__context__) if cause is not None)
