"""Requests to an ASGI application in the same process: the demo's way, without sockets and without httpx.

It knows no application: it is given one. What a socket would do to an answer (break off, take too long) it does
as well, so that an error met here is the error met there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from typing import Any
from urllib.parse import unquote, urlencode

from pectui import __version__
from pectui.api.exchange import Request, Response, answer_seconds
from pectui.api.posted import pieces_of
from pectui.errors import UnreachableError

_Message = MutableMapping[str, Any]
# As the ASGI specification has them; an application may type its scope more narrowly.
AsgiApp = Callable[
    [Any, Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]], Awaitable[None]
]

_HOST = "pectui.invalid"


class InProcessTransport:
    """Calls `app` directly."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def send(self, request: Request) -> Response:
        """The application's answer. UnreachableError (`maybe_done`) where it broke off or took too long."""
        answer = _Answer(pieces_of(request.json or b""))
        try:
            async with asyncio.timeout(answer_seconds(request)):
                await self._app(_scope(request), answer.receive, answer.send)
            broken = not answer.complete
        except ConnectionError:
            broken = True
        except TimeoutError:
            raise UnreachableError(
                "The service takes too long",
                f"its answer was not complete after {answer_seconds(request):g} s",
                maybe_done=True,
            ) from None
        if broken:
            raise UnreachableError(
                "The connection to the service broke",
                "the embedded sandbox hung up before its answer was complete",
                maybe_done=True,
            )
        return Response(answer.status, answer.headers, bytes(answer.body))

    async def aclose(self) -> None:
        """Nothing is held."""


class _Answer:
    """The two ends that an application speaks through, and what it said."""

    def __init__(self, request_body: Iterator[bytes]) -> None:
        self._request_body = request_body
        self._piece: bytes | None = next(request_body, b"")
        self._ended = False
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = bytearray()

    @property
    def complete(self) -> bool:
        """True if the answer ended, with as many bytes as it had announced."""
        announced = self.headers.get("content-length", "")
        return self._ended and (not announced.isdigit() or int(announced) == len(self.body))

    async def receive(self) -> _Message:
        if self._piece is None:
            return {"type": "http.disconnect"}
        piece, self._piece = self._piece, next(self._request_body, None)
        return {"type": "http.request", "body": piece, "more_body": self._piece is not None}

    async def send(self, message: _Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in message.get("headers", ())
            }
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            self._ended = not message.get("more_body", False)


def _scope(request: Request) -> dict[str, Any]:
    headers = {"host": _HOST, "user-agent": f"pectui/{__version__}", "accept": "application/json"}
    if request.json is not None:
        headers |= {"content-type": "application/json", "content-length": str(len(request.json))}
    headers |= {name.lower(): value for name, value in request.headers.items()}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path),
        "raw_path": request.path.encode("ascii"),
        "query_string": urlencode(request.query, errors="replace").encode("ascii"),
        "root_path": "",
        "headers": [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 0),
        "server": (_HOST, 80),
    }
