"""Requests over real connections: the only module that knows httpx, so that it can be swapped in a day.

It follows no redirect (the mailbox's password would go along), checks certificates by the system's store, and
bounds every answer in time and size. httpx is loaded with the first request, in a thread: it takes a tenth of a
second that no first frame should wait for.

httpx and httpcore log URLs with their queries, and a query holds what somebody searched for. Their loggers are
kept at WARNING, where they say nothing, so that a debug log of pectui never shows it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pectui import __version__
from pectui.api.address import parse_address
from pectui.api.exchange import Request, Response, answer_seconds
from pectui.api.posted import Body, pieces_of
from pectui.api.proxies import choose_proxy, proxy_host
from pectui.errors import PectuiError, ProtocolError, UsageError

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 10.0
LARGEST_ANSWER = 64 * 1024 * 1024
# Longer than a person takes to turn a page, shorter than most servers wait.
_KEEP_ALIVE_SECONDS = 30.0
_ALWAYS = {
    "User-Agent": f"pectui/{__version__}",
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Connection": "keep-alive",
}


class HttpxTransport:
    """Speaks to one base URL. Making one checks the URL and the proxy (ConfigError) and opens nothing."""

    def __init__(
        self,
        base_url: str,
        *,
        connect_timeout: float = CONNECT_SECONDS,
        largest_answer: int = LARGEST_ANSWER,
    ) -> None:
        self._address = parse_address(base_url)
        self._proxy = choose_proxy(self._address)
        self._connect_timeout = connect_timeout
        self._largest_answer = largest_answer
        self._opening = asyncio.Lock()
        self._pools: tuple[httpx.AsyncHTTPTransport, httpx.AsyncHTTPTransport] | None = None

    def __repr__(self) -> str:
        return f"HttpxTransport({self._address.url!r})"

    async def send(self, request: Request) -> Response:
        """The answer, whatever its status; no redirect is followed."""
        kept, fresh = self._pools or await self._open()
        # A connection kept alive may be closed by the service at the very moment it is used again. A read is
        # simply repeated; a mail would look as if it might have been sent. So it gets a connection of its own.
        pool = fresh if request.method == "POST" else kept
        import httpx

        progress = _Progress(request)
        failure: PectuiError
        try:
            return await self._exchange(pool, request, progress)
        except (httpx.InvalidURL, UnicodeError):
            # What httpx says of it may hold what was searched for.
            failure = UsageError(
                "This can't be put into a request",
                f"{self._address.netloc} is no host that can exist, or the text to search for is too long",
                "Look at the base URL, or search for less.",
            )
        except (
            httpx.HTTPError,
            OSError,
        ) as error:  # a time-out, too; or a file that can't be read any further
            from pectui.api.failures import Way, explain

            way = Way(self._address, proxy_host(self._proxy) if self._proxy else "", self._connect_timeout)
            failure = explain(error, request, way, maybe_done=progress.begun)
        # Raised out here, so that no frame of httpx with its headers hangs on the error.
        raise failure

    async def aclose(self) -> None:
        pools, self._pools = self._pools, None
        for pool in pools or ():
            await pool.aclose()

    async def _open(self) -> tuple[httpx.AsyncHTTPTransport, httpx.AsyncHTTPTransport]:
        async with self._opening:
            if self._pools is None:
                self._pools = await asyncio.to_thread(self._make_pools)
            return self._pools

    def _make_pools(self) -> tuple[httpx.AsyncHTTPTransport, httpx.AsyncHTTPTransport]:
        """Connections that are kept alive, and such as are not.

        They lie below httpx's client: redirects, cookies and authentication of its own are not wanted here, and would
        take a tenth of each request's time.
        """
        import ssl

        import httpx

        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        if self._address.scheme == "https":
            certificates = ssl.create_default_context()
        else:
            # Only this machine is asked without TLS. Reading certificates would take 20 ms; without any, nobody is
            # trusted.
            certificates = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # httpx gives an https proxy certifi's certificates unless told, and refuses a context for an http one.
        secure = certificates if self._proxy and self._proxy.startswith("https:") else None
        proxy = httpx.Proxy(self._proxy, ssl_context=secure) if self._proxy else None

        def make(kept: int) -> httpx.AsyncHTTPTransport:
            return httpx.AsyncHTTPTransport(
                verify=certificates,
                proxy=proxy,
                trust_env=False,
                limits=httpx.Limits(max_keepalive_connections=kept, keepalive_expiry=_KEEP_ALIVE_SECONDS),
            )

        return make(20), make(0)

    async def _exchange(
        self, pool: httpx.AsyncHTTPTransport, request: Request, progress: _Progress
    ) -> Response:
        async with asyncio.timeout(answer_seconds(request)) as bound:
            progress.bound = bound
            # Without a name: its repr shows the query, and with that what was searched for.
            async with aclosing(await pool.handle_async_request(self._asked(request, progress))) as answer:
                body = await self._read(answer)
                if body is None:
                    raise self._too_large(request)
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status_code, headers, body)

    def _asked(self, request: Request, progress: _Progress) -> httpx.Request:
        import httpx

        return httpx.Request(
            request.method,
            self._url(request),
            # As bytes: httpx would take text for ASCII.
            headers=[
                (name.encode("ascii"), value.encode("latin-1")) for name, value in _headers(request).items()
            ],
            content=None if request.json is None else _chunks(request.json),
            extensions={"timeout": self._timeout(request).as_dict(), "trace": progress},
        )

    def _timeout(self, request: Request) -> httpx.Timeout:
        import httpx

        return httpx.Timeout(request.timeout, connect=self._connect_timeout)

    def _url(self, request: Request) -> str:
        query = urlencode(request.query, errors="replace")
        return f"{self._address.url}{request.path}{'?' if query else ''}{query}"

    async def _read(self, answer: httpx.Response) -> bytes | None:
        """The body, decompressed; None where it is larger than it may be."""
        announced = answer.headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced[:20]) > self._largest_answer:
            return None
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > self._largest_answer:
                return None
        return bytes(body)

    def _too_large(self, request: Request) -> ProtocolError:
        mebibytes = self._largest_answer / (1024 * 1024)
        return ProtocolError(
            "The service's answer is too large",
            f"{request.method} to {self._address.netloc} brought more than {mebibytes:g} MiB",
        )


class _Progress:
    """How far one exchange has come, as httpcore's trace tells it: has a byte left, and by when must it end."""

    def __init__(self, request: Request) -> None:
        self.begun = False
        self.bound: asyncio.Timeout | None = None
        self._seconds = answer_seconds(request)

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Called by httpcore at each step; CONNECT is the proxy's business and not yet the request."""
        if event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
            self.begun = True
            # A large attachment may take its time on a slow line, as long as each piece of it moves.
            self._end_at(None)
        elif event == "http11.receive_response_headers.started" and self.begun:
            self._end_at(asyncio.get_running_loop().time() + self._seconds)

    def _end_at(self, moment: float | None) -> None:
        if self.bound is not None and not self.bound.expired():
            self.bound.reschedule(moment)


def _headers(request: Request) -> Mapping[str, str]:
    headers = {**_ALWAYS, **request.headers}
    if request.json is None:
        return headers
    # With a length httpx sends the pieces as they are, not in HTTP's chunked coding, which old servers refuse.
    return {
        **headers,
        "Content-Type": "application/json",
        "Content-Length": str(len(request.json)),
    }


async def _chunks(body: Body) -> AsyncIterator[bytes]:
    """The body in pieces, so that the write timeout is one for each piece and not one for all."""
    for piece in pieces_of(body):
        yield piece
