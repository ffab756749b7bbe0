"""One question and one answer over HTTP, and the seam where the network can be replaced.

It knows neither the service's fields nor how bytes travel. Headers and bodies hold secrets and mail, so neither
shows in a repr: a traceback with the values of its variables gives nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pectui.api.posted import Body
from pectui.errors import UnreachableError


@dataclass(frozen=True, slots=True)
class Request:
    """What goes out. `path` is percent-encoded and starts with a slash; `query` is not encoded yet.

    `json` is the body, whole or in pieces. `timeout` are the seconds that the service may be silent; the whole answer
    may take twice as long.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Body | None = field(default=None, repr=False)
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, whole. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


class Transport(Protocol):
    """Carries requests. It follows no redirect, judges no status and tries nothing twice."""

    async def send(self, request: Request) -> Response:
        """The answer, whatever its status. UnreachableError where none came, with `maybe_done` if a byte of the
        request may have left; ProtocolError where it can't be taken in."""

    async def aclose(self) -> None:
        """Gives connections back. Closing twice is fine."""


class UntrustedError(UnreachableError):
    """The service's certificate can't be trusted: trying again would change nothing."""


def answer_seconds(request: Request) -> float:
    """How long an answer may take in all, however steadily it drips in."""
    return 2 * request.timeout
