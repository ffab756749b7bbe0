"""Requests over real sockets: what goes out, what comes back, and on which way."""

from __future__ import annotations

import asyncio
import gzip
import logging

import pytest

from pectui import __version__
from pectui.api import HttpxTransport, Request
from pectui.errors import ConfigError, ProtocolError
from tests.api.asking import CERTIFICATE, GET, POST, ask, broken, failure, free_port, tls_server
from tests.api.scripted import Reply, ScriptedServer, http


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
