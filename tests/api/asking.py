"""One request to a server that a test scripts, and what went wrong with it."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from pectui.api import HttpxTransport, Request, Response
from pectui.errors import ServiceError, UnreachableError
from tests.api.scripted import ScriptedServer, http

# Made for these tests: a key and a certificate for localhost that nobody trusts, valid until 2120.
CERTIFICATE = Path(__file__).with_name("localhost.pem")
GET = Request("GET", "/inbox", timeout=30)
POST = Request("POST", "/send", json=b'{"subject": "x"}', timeout=30)


async def ask(url: str, request: Request = GET, **options: float) -> Response:
    transport = HttpxTransport(url, **options)  # type: ignore[arg-type]  # each option is a number
    try:
        return await transport.send(request)
    finally:
        await transport.aclose()


async def failure(url: str, request: Request = GET, **options: float) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await ask(url, request, **options)
    return caught.value


async def broken(url: str, request: Request = GET, **options: float) -> UnreachableError:
    error = await failure(url, request, **options)
    assert isinstance(error, UnreachableError)
    return error


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tls_server() -> ScriptedServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return ScriptedServer(http(200, b"safe"), tls=context)
