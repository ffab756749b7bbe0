"""Requests over real sockets: what goes wrong on the way, and whether the request may have arrived."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import ssl
from pathlib import Path

import httpx
import pytest

from pectui import __version__
from pectui.api import HttpxTransport, PecClient, Request, Response
from pectui.api.exchange import UntrustedError
from pectui.api.failures import Way, explain
from pectui.errors import ConfigError, ProtocolError, ServiceError, UnreachableError
from tests.api.scripted import SECRETS, Reply, ScriptedServer, http
from tests.patience import eventually

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


class TestAnAnswer:
    async def test_status_headers_and_body_come_as_they_are(self) -> None:
        async with ScriptedServer(http(418, b"body", {"X-Odd": "Value"})) as server:
            response = await ask(server.url)
        assert (response.status, response.body, response.headers["x-odd"]) == (418, b"body", "Value")

    async def test_the_request_names_the_program_and_carries_path_query_and_headers(self) -> None:
        request = Request("GET", "/quota/A%2FB%20c", (("q", "a b&ü"),), {"x-password": "pä ss"})
        async with ScriptedServer(http()) as server:
            await ask(f"{server.url}/prefix/", request)
        head = server.requests[0].decode("latin-1")
        assert head.startswith("GET /prefix/quota/A%2FB%20c?q=a+b%26%C3%BC HTTP/1.1\r\n")
        assert f"\r\nUser-Agent: pectui/{__version__}\r\n" in head
        assert "\r\nx-password: pä ss\r\n" in head
        assert "\r\nAccept-Encoding: gzip\r\n" in head

    async def test_a_body_goes_out_with_its_length_and_not_chunked(self) -> None:
        request = Request("POST", "/send", json=b"x" * 300_000)
        async with ScriptedServer(http(201)) as server:
            await ask(server.url, request)
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
        assert body == request.json
        assert b"content-length: 300000" in head.lower()
        assert b"transfer-encoding" not in head.lower()
        assert b"content-type: application/json" in head.lower()

    async def test_a_compressed_body_is_unpacked(self) -> None:
        reply = http(200, gzip.compress(b'{"a": 1}'), {"Content-Encoding": "gzip"})
        async with ScriptedServer(reply) as server:
            assert (await ask(server.url)).body == b'{"a": 1}'

    async def test_a_redirect_is_an_answer_and_not_followed(self) -> None:
        async with ScriptedServer(http()) as other:
            async with ScriptedServer(http(302, headers={"Location": f"{other.url}/x"})) as server:
                assert (await ask(server.url)).status == 302
            assert other.connections == 0


class TestConnections:
    async def test_reads_share_a_connection(self) -> None:
        async with ScriptedServer(http()) as server:
            transport = HttpxTransport(server.url)
            for _ in range(3):
                await transport.send(GET)
            await transport.aclose()
        assert (len(server.requests), server.connections) == (3, 1)

    async def test_each_send_has_a_connection_of_its_own(self) -> None:
        """On one that the service has just closed, a mail would look as if it might have gone out."""
        async with ScriptedServer(http()) as server:
            transport = HttpxTransport(server.url)
            for request in (GET, POST, POST, GET):
                await transport.send(request)
            await transport.aclose()
        assert server.connections == 3

    async def test_closing_twice_is_fine_and_it_opens_again(self) -> None:
        async with ScriptedServer(http()) as server:
            transport = HttpxTransport(server.url)
            await transport.aclose()
            await transport.send(GET)
            await transport.aclose()
            await transport.aclose()
            assert (await transport.send(GET)).status == 200
            await transport.aclose()

    async def test_many_first_requests_at_once_open_one_client(self) -> None:
        async with ScriptedServer(http()) as server:
            transport = HttpxTransport(server.url)
            answers = await asyncio.gather(*(transport.send(GET) for _ in range(8)))
            await transport.aclose()
        assert [answer.status for answer in answers] == [200] * 8


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


class TestTooLarge:
    async def test_an_announced_size_is_refused_before_it_is_read(self) -> None:
        reply = Reply(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx", then="silence")
        async with ScriptedServer(reply) as server:
            error = await failure(server.url)
        assert isinstance(error, ProtocolError)
        assert "64 MiB" in error.detail

    async def test_an_unannounced_one_when_it_is_reached(self) -> None:
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        reply = Reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 20, then="silence")
        async with ScriptedServer(reply) as server:
            error = await failure(server.url, largest_answer=1024 * 1024)
        assert isinstance(error, ProtocolError)
        assert "1 MiB" in error.detail

    async def test_one_that_is_small_until_unpacked(self) -> None:
        packed = gzip.compress(b"x" * 3_000_000)
        async with ScriptedServer(http(200, packed, {"Content-Encoding": "gzip"})) as server:
            assert isinstance(await failure(server.url, largest_answer=1024 * 1024), ProtocolError)

    async def test_a_body_that_can_t_be_unpacked_is_a_protocol_error(self) -> None:
        async with ScriptedServer(http(200, b"not packed", {"Content-Encoding": "gzip"})) as server:
            error = await failure(server.url)
        assert isinstance(error, ProtocolError)
        assert "compressed" in error.detail


def tls_server() -> ScriptedServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return ScriptedServer(http(200, b"safe"), tls=context)


async def test_certificates_are_the_system_s_and_not_a_bundle_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    async with tls_server() as server:
        assert (await ask(f"https://localhost:{server.port}")).body == b"safe"


class TestProxies:
    async def test_this_machine_is_never_asked_through_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
        async with ScriptedServer(http()) as server:
            assert (await ask(server.url)).status == 200
            assert (await ask(server.url.replace("127.0.0.1", "localhost"))).status == 200

    async def test_a_refusing_proxy_is_told_from_the_service(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with ScriptedServer(http(407)) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://me:pr0xy-word@127.0.0.1:{proxy.port}")
            error = await broken("https://ws.pecmassiva.example", POST)
        assert error.title == "The proxy refused to connect to the service"
        assert f"the proxy 127.0.0.1:{proxy.port} answered 407" in error.detail
        assert "pr0xy-word" not in f"{error} {error.hint}"
        assert not error.maybe_done
        assert proxy.requests[0].startswith(b"CONNECT ws.pecmassiva.example:443 ")
        assert b"subject" not in proxy.requests[0]

    @pytest.mark.parametrize("reply", [Reply(then="silence"), Reply(then="close"), http(200, then="close")])
    async def test_what_breaks_before_the_tunnel_stands_asked_nothing(
        self, monkeypatch: pytest.MonkeyPatch, reply: Reply
    ) -> None:
        async with ScriptedServer(reply) as proxy:
            monkeypatch.setenv("https_proxy", proxy.url)
            request = Request("POST", "/send", json=b"{}", timeout=0.3)
            error = await broken("https://ws.pecmassiva.example", request)
        assert not error.maybe_done

    async def test_a_proxy_that_is_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        port = free_port()
        monkeypatch.setenv("ALL_PROXY", f"127.0.0.1:{port}")
        error = await broken("https://ws.pecmassiva.example")
        assert error.detail == f"the proxy 127.0.0.1:{port} refused the connection"

    @pytest.mark.parametrize(
        "exempt", ["ws.pecmassiva.example", ".pecmassiva.example", "*", "x, pecmassiva.example"]
    )
    def test_no_proxy_is_honoured(self, monkeypatch: pytest.MonkeyPatch, exempt: str) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
        monkeypatch.setenv("NO_PROXY", exempt)
        HttpxTransport("https://ws.pecmassiva.example")

    @pytest.mark.parametrize(
        "proxy", ["socks5://me:pr0xy-word@127.0.0.1:1", "http://me:pr0xy-word@h:x", "http://"]
    )
    def test_a_proxy_that_can_t_be_used_is_a_matter_of_configuration(
        self, monkeypatch: pytest.MonkeyPatch, proxy: str
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        with pytest.raises(ConfigError, match="proxy") as caught:
            HttpxTransport("https://ws.pecmassiva.example")
        assert "pr0xy-word" not in f"{caught.value} {caught.value.hint}"


class TestBaseUrls:
    @pytest.mark.parametrize(
        "url",
        [
            "https://ws.pecmassiva.com",
            "https://ws.pecmassiva.com:8443/v1/",
            "http://localhost:8080",
            "http://127.0.0.2:8080",
            "http://[::1]:8080",
        ],
    )
    def test_https_anywhere_and_http_on_this_machine(self, url: str) -> None:
        assert repr(HttpxTransport(url)) == f"HttpxTransport('{url.rstrip('/')}')"

    @pytest.mark.parametrize(
        "url",
        [
            "http://ws.pecmassiva.com",
            "http://localhost.example.com",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "ftp://localhost",
            "ws.pecmassiva.com",
            "https://",
            "",
            "https://ws.pecmassiva.com/?x=1",
            "https://ws.pecmassiva.com/#x",
            "https://ws.pecmassiva.com:99999",
            "https://ws.pecmassiva.com:x",
            "https://ws..com",
            f"https://{'a' * 64}.com",
            "https://ws%2Ecom",
            "https://[::1",
            "https://ws.pec massiva.com",
            "https://ws.pecmassiva.com\n",
            "https://pecmassivà.com",
        ],
    )
    def test_everything_else_is_refused(self, url: str) -> None:
        with pytest.raises(ConfigError, match="base URL"):
            HttpxTransport(url)

    def test_a_password_in_it_is_refused_and_not_shown(self) -> None:
        with pytest.raises(ConfigError) as caught:
            HttpxTransport("https://me:s3cret@ws.pecmassiva.com")
        assert "s3cret" not in f"{caught.value} {caught.value.hint}"


async def test_the_library_s_own_logs_stay_out(caplog: pytest.LogCaptureFixture) -> None:
    """They hold URLs with what somebody searched for."""
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    with caplog.at_level(logging.DEBUG):
        async with ScriptedServer(http()) as server:
            await ask(server.url, Request("GET", "/inbox", (("q", "rossi"),)))
    assert not [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]
    assert "rossi" not in caplog.text
