"""The loopback server: a small asyncio loop around h11, so that `pectui sandbox` needs no server of others.

It serves one ASGI application with keep-alive, and turns a ConnectionResetError out of it into a real TCP
reset. It is for loopback: no TLS, no limits but the size of a header.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Thread
from types import TracebackType
from typing import Any
from urllib.parse import unquote

import h11

from pectui.sandbox.app import Receive, Scope, Send

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_CHUNK = 64 * 1024


async def serve(app: Application, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Starts serving; port 0 takes a free one. Use it as `async with await serve(app) as server`."""
    server = Server(app, host)
    await server.listen(port)
    return server


class Server:
    """A listening server and its connections."""

    def __init__(self, app: Application, host: str) -> None:
        self._app = app
        self._host = host
        self._connections: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    async def listen(self, port: int) -> None:
        self._listener = await asyncio.start_server(self._connected, self._host, port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def aclose(self) -> None:
        """Stops listening, ends every connection, and returns when all of them are closed."""
        if self._listener is not None:
            self._listener.close()
            for task in self._connections:
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            await self._listener.wait_closed()
            self._listener = None

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await _Connection(self._app, reader, writer, self._host, self.port).run()
        except (ConnectionError, asyncio.CancelledError):
            # The client went away, a fault broke the connection, or the server ends: nothing more to say.
            writer.transport.abort()
        finally:
            self._connections.discard(task)
            writer.close()


class _Connection:
    """One client's connection: request, answer, and the next request if both sides want it."""

    def __init__(
        self,
        app: Application,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        host: str,
        port: int,
    ) -> None:
        self._app = app
        self._reader = reader
        self._writer = writer
        self._server = (host, port)
        self._http = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        try:
            while await self._exchange():
                self._http.start_next_cycle()
        except h11.RemoteProtocolError as problem:
            await self._complain(problem.error_status_hint)

    async def _exchange(self) -> bool:
        """One request and its answer; False if the connection is to end."""
        event = await self._next_event()
        if not isinstance(event, h11.Request):
            return False
        body = await self._read_body()
        answered = _Answer(self._http, self._writer, without_body=event.method == b"HEAD")
        pending: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> MutableMapping[str, Any]:
            return pending.pop() if pending else {"type": "http.disconnect"}

        try:
            await self._app(self._scope(event), receive, answered.send)
        except ConnectionResetError:
            _reset_on_close(self._writer)
            raise
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    async def _read_body(self) -> bytes:
        chunks: list[bytes] = []
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Data):
                chunks.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                return b"".join(chunks)
            else:
                raise ConnectionAbortedError("the client left before the end of its request")

    async def _next_event(self) -> object:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self._http.they_are_waiting_for_100_continue:
                await self._write(h11.InformationalResponse(status_code=100, headers=[]))
            self._http.receive_data(await self._reader.read(_CHUNK))

    async def _write(self, event: h11.InformationalResponse) -> None:
        self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()

    async def _complain(self, status: int) -> None:
        """Answers what is no HTTP."""
        answered = _Answer(self._http, self._writer, without_body=False)
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = b'{"success": false, "message": "Bad request"}'
            headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
            await answered.send({"type": "http.response.start", "status": status, "headers": headers})
            await answered.send({"type": "http.response.body", "body": body})

    def _scope(self, event: h11.Request) -> Scope:
        path, _, query = event.target.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": event.http_version.decode("ascii"),
            "method": event.method.decode("ascii"),
            "scheme": "http",
            "path": unquote(path.decode("latin-1"), errors="replace"),
            "raw_path": path,
            "query_string": query,
            "headers": list(event.headers),
            "server": self._server,
        }


class _Answer:
    """Writes what the application sends, as it comes; the head waits for the body's first piece, as ASGI has it.

    An application that fails before that has answered nothing.
    """

    def __init__(self, http: h11.Connection, writer: asyncio.StreamWriter, *, without_body: bool) -> None:
        self._http = http
        self._writer = writer
        self._without_body = without_body
        self._head = b""

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            event = h11.Response(status_code=message["status"], headers=message["headers"])
            # A packet of its own would wake the client for nothing.
            self._head = self._http.send(event) or b""
            return
        written, self._head = self._head, b""
        if not self._without_body:
            written += self._http.send(h11.Data(data=message.get("body", b""))) or b""
        if not message.get("more_body", False):
            written += self._http.send(h11.EndOfMessage()) or b""
        self._writer.write(written)
        await self._writer.drain()


def _reset_on_close(writer: asyncio.StreamWriter) -> None:
    """Closing will send a RST, which the client sees as a connection that broke, not as one that ended."""
    connection = writer.get_extra_info("socket")
    if not writer.transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def run(
    app: Application, port: int = 0, announce: Callable[[str], None] = print, host: str = "127.0.0.1"
) -> None:
    """Serves until SIGINT or SIGTERM. `announce` gets the URL once it answers. OSError if the port is taken."""

    async def until_told() -> None:
        told = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, told.set)
        async with await serve(app, host, port) as server:
            announce(server.url)
            await told.wait()

    asyncio.run(until_told())


class ServerThread:
    """A server in a thread of its own, for tests whose client is synchronous or another process.

    >>> with ServerThread(create_app()) as server:   # doctest: +SKIP
    ...     subprocess.run(["pectui", "inbox", "--base-url", server.url])
    """

    def __init__(self, app: Application, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._server: Server | None = None
        self._thread = Thread(target=self._loop.run_forever, name="pectui sandbox", daemon=True)

    @property
    def url(self) -> str:
        assert self._server is not None, "the server runs inside of its `with` block only"
        return self._server.url

    @property
    def port(self) -> int:
        assert self._server is not None, "the server runs inside of its `with` block only"
        return self._server.port

    def __enter__(self) -> ServerThread:
        self._thread.start()
        try:
            starting = asyncio.run_coroutine_threadsafe(serve(self._app, self._host, self._port), self._loop)
            self._server = starting.result()
        except OSError:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            asyncio.run_coroutine_threadsafe(self._server.aclose(), self._loop).result()
        self._stop()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
