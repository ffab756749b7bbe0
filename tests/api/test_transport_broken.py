"""Requests over real sockets that break on the way: whether they may have arrived, and what the user reads."""

from __future__ import annotations

import asyncio
import logging
import socket

import httpx
import pytest

from pectui.api import HttpxTransport, PecClient, Request
from pectui.api.exchange import UntrustedError
from pectui.api.failures import Way, explain
from tests.api.asking import GET, POST, ask, broken, free_port, tls_server
from tests.api.scripted import SECRETS, Reply, ScriptedServer, http
from tests.patience import eventually


class TestNothingWasAsked:
    """No byte of the request has left: `maybe_done` is false."""

    async def test_a_refused_connection(self) -> None:
        port = free_port()
        error = await broken(f"http://127.0.0.1:{port}", POST)
        assert error.detail == f"127.0.0.1:{port} refused the connection"
        assert not error.maybe_done

    async def test_a_handshake_that_never_ends(self) -> None:
        """A server that accepts and stays silent, where TLS was to begin."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            error = await broken(f"https://127.0.0.1:{port}", POST, connect_timeout=0.2)
        assert "within 0.2 s" in error.detail
        assert not error.maybe_done

    async def test_a_server_that_speaks_no_tls(self) -> None:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            error = await broken(f"https://127.0.0.1:{port}", POST)
        assert error.title == "No safe connection to the service"
        assert "https" in error.hint
        assert not error.maybe_done

    async def test_a_certificate_that_nobody_trusts(self) -> None:
        async with tls_server() as server:
            error = await broken(f"https://localhost:{server.port}", POST)
        assert isinstance(error, UntrustedError)
        assert "certificate" in error.title
        assert "self-signed" in error.detail or "self signed" in error.detail
        assert "SSL_CERT_FILE" in error.hint
        assert not error.maybe_done
        assert server.requests == []

    async def test_a_certificate_that_nobody_trusts_is_not_tried_again(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Waiting doesn't make it trustworthy."""
        async with tls_server() as server:
            caplog.set_level(logging.DEBUG, logger="pectui.api")
            client = PecClient(HttpxTransport(f"https://localhost:{server.port}"), SECRETS)
            with pytest.raises(UntrustedError):
                await client.list_inbox()
            await client.aclose()
        assert [message.rpartition(", ")[2] for message in caplog.messages] == ["try 1"]

    def test_a_host_that_does_not_exist(self) -> None:
        """By the resolver's error itself: asking a resolver would leave this machine."""
        cause = httpx.ConnectError("no")
        cause.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        from pectui.api.address import parse_address

        way = Way(parse_address("https://ws.pecmassiva.example"), "", 10)
        error = explain(cause, GET, way, maybe_done=False)
        assert "no host named ws.pecmassiva.example" in error.detail
        assert "network" in error.hint

    def test_no_network(self) -> None:
        import errno

        from pectui.api.address import parse_address

        cause = httpx.ConnectError("All connection attempts failed")
        several = [OSError(errno.ENETUNREACH, "x"), OSError(errno.EHOSTUNREACH, "y")]
        cause.__cause__ = ExceptionGroup("several", several)
        way = Way(parse_address("https://ws.pecmassiva.example"), "", 10)
        assert "no way to ws.pecmassiva.example" in explain(cause, GET, way, maybe_done=False).detail


class TestItMayHaveBeenDone:
    """A byte of the request may have left: `maybe_done` is true."""

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(then="close"),
            Reply(then="reset"),
            Reply(b"HTTP/1.1 200 OK\r\n", then="close"),
            Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", then="close"),
            Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", then="reset"),
            Reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha", then="close"),
        ],
    )
    async def test_a_connection_that_breaks(self, reply: Reply) -> None:
        async with ScriptedServer(reply) as server:
            error = await broken(server.url, POST)
            assert error.maybe_done
            assert error.title == "The connection to the service broke"
            assert "hung up" in error.detail
            assert "look before trying again" in error.hint
            assert (await broken(server.url, GET)).hint == "Try again."

    @pytest.mark.parametrize(
        "data", [b"SSH-2.0-OpenSSH_9\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 50 + b"\r\n\r\n"]
    )
    async def test_an_answer_that_is_no_http(self, data: bytes) -> None:
        async with ScriptedServer(Reply(data, then="silence")) as server:
            error = await broken(server.url, POST)
        assert error.maybe_done
        assert "no HTTP" in error.detail

    @pytest.mark.parametrize(
        "data", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
    )
    async def test_silence(self, data: bytes) -> None:
        async with ScriptedServer(Reply(data, then="silence")) as server:
            error = await broken(server.url, Request("POST", "/send", json=b"{}", timeout=2))
        assert error.maybe_done
        assert error.title == "The service takes too long"
        assert "silent for 2 s" in error.detail

    async def test_an_answer_that_drips_for_ever(self) -> None:
        """Each piece comes in time; the whole doesn't."""
        reply = http(200, b"x" * 10_000, pieces=40, pause=0.05)
        async with ScriptedServer(reply) as server:
            error = await broken(server.url, Request("GET", "/inbox", timeout=2))
        assert error.maybe_done
        assert "not complete after 4 s" in error.detail

    async def test_a_slow_answer_within_its_time_is_fine(self) -> None:
        reply = http(200, b"x" * 100, pieces=40, pause=0.02)
        async with ScriptedServer(reply) as server:
            assert len((await ask(server.url)).body) == 100

    async def test_a_server_that_takes_nothing_in(self) -> None:
        """The request begins to leave and gets stuck."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            request = Request("POST", "/send", json=b"x" * 30_000_000, timeout=2)
            error = await broken(url, request)
        assert error.maybe_done
        assert "took in nothing for 2 s" in error.detail

    async def test_a_cancelled_request_is_cancelled(self) -> None:
        async with ScriptedServer(Reply(then="silence")) as server:
            transport = HttpxTransport(server.url)
            task = asyncio.create_task(transport.send(GET))
            await eventually(lambda: bool(server.requests))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await transport.aclose()
