"""Services that answer what a test tells them to: raw bytes on a real socket, or one answer in process."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal

from pectui.api import InProcessTransport, MailboxCredentials, PecClient, RetryPolicy
from pectui.api.inquiry import Destination

TOKEN = "t0ken-N0body-may-see"
PASSWORD = "pässw0rd&Nobody=may see"
SECRETS = MailboxCredentials(TOKEN, "ente-demo", PASSWORD)
HERE = Destination("ws.pecmassiva.com", "production", "OPENAPI_TOKEN", "PECTUI_PASSWORD")
ONCE = RetryPolicy(tries=1)


@dataclass(frozen=True)
class Reply:
    """What the server does after it has read one request."""

    data: bytes = b""
    then: Literal["keep", "close", "reset", "silence"] = "keep"
    pieces: int = 0
    """Above 0: the data are written in pieces of this size, a moment apart."""
    pause: float = 0.02


def http(
    status: int = 200, body: bytes | object = b"", headers: Mapping[str, str] | None = None, **more: Any
) -> Reply:
    """A proper HTTP answer; a body that isn't bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return Reply("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content, **more)


class ScriptedServer:
    """Gives its replies one after the other, the last one for ever, and remembers what it was sent."""

    def __init__(self, *replies: Reply, tls: ssl.SSLContext | None = None) -> None:
        self._replies = list(replies)
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> ScriptedServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        self.requests.append(head + await reader.readexactly(length))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        size = reply.pieces or max(1, len(reply.data))
        for start in range(0, len(reply.data), size):
            writer.write(reply.data[start : start + size])
            await writer.drain()
            if reply.pieces:
                await asyncio.sleep(reply.pause)
        if reply.then == "silence":
            await asyncio.Event().wait()
        if reply.then == "reset":
            handle: socket.socket = writer.get_extra_info("socket")
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return reply.then == "keep"


Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Answering:
    """An ASGI application with one answer to everything, and a memory of what was asked."""

    def __init__(
        self, body: bytes | object, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        self._body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._status = status
        self._headers = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        self.asked: list[Scope] = []
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


def client_of(app: Answering, retry: RetryPolicy = ONCE) -> PecClient:
    return PecClient(InProcessTransport(app), SECRETS, destination=HERE, retry=retry)


def told(body: bytes | object, status: int = 200, headers: Mapping[str, str] | None = None) -> PecClient:
    """A client of a service that answers this, and is asked once."""
    return client_of(Answering(body, status, headers))
