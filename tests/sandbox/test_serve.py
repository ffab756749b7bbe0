"""The loopback server: real sockets, keep-alive, faults of the connection, and a clean end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from pectui.sandbox.app import Receive, SandboxApp, Scope, Send, create_app
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import Options
from pectui.sandbox.serve import ServerThread, serve
from tests.patience import PATIENCE
from tests.sandbox.visitor import HEADERS, HandClock, parcel


@pytest.fixture
def app(clock: HandClock) -> SandboxApp:
    return create_app(Options(messages=60), clock=clock)


@pytest.fixture
def client(app: SandboxApp) -> Iterator[httpx.Client]:
    with (
        ServerThread(app) as server,
        httpx.Client(base_url=server.url, headers=HEADERS, timeout=PATIENCE) as client,
    ):
        yield client


def _raw(url: str, request: bytes) -> bytes:
    """Everything that the server says to these bytes until it closes."""
    port = int(url.rpartition(":")[2].rstrip("/"))
    with closing(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        chunks = []
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks)


class TestServing:
    def test_all_seven_operations_answer(self, client: httpx.Client, app: SandboxApp) -> None:
        code = app.mailbox.mails[-1].subject.split()[-1]
        answers = [
            client.get("/inbox", params={"page": 2}),
            client.get("/inbox/30"),
            client.delete("/inbox/30"),
            client.get(f"/send/{code}"),
            client.delete(f"/send/{code}"),
            client.post("/send", json=parcel()),
            client.get("/quota/INBOX"),
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 201, 200]
        assert all(answer.json()["success"] for answer in answers)

    def test_one_connection_serves_many_requests(self, client: httpx.Client) -> None:
        for _ in range(20):
            client.get("/inbox").raise_for_status()
        pool = repr(client._transport._pool)  # type: ignore[attr-defined]  # httpx shows its connections nowhere else
        assert "Connections: 0 active, 1 idle" in pool

    def test_a_body_of_megabytes_arrives_whole(self, client: httpx.Client, app: SandboxApp) -> None:
        file = "QUJD" * 1_000_000
        client.post("/send", json=parcel(attachments=[{"name": "a", "file": file}])).raise_for_status()
        assert app.mailbox.sent[0].order.attachments == (("a", file),)

    def test_a_text_of_megabytes_is_sent_whole(self, client: httpx.Client, app: SandboxApp) -> None:
        mail = app.mailbox.deliver("Lungo", "è una riga\n" * 300_000)
        assert len(client.get(f"/inbox/{mail.uid}").json()["data"]["body"]) == 3_300_000

    def test_a_chunked_request_is_read(self, client: httpx.Client, app: SandboxApp) -> None:
        content = iter([b'{"user', b'name": "x"}'])
        assert client.post("/send", content=content).status_code == 401

    def test_a_path_is_decoded_as_utf_8(self, client: httpx.Client, app: SandboxApp) -> None:
        client.get("/send/citt%C3%A0%20%FF")
        assert app.requests == [("GET", "/send/città \ufffd")]

    def test_a_head_is_refused_without_a_body(self, client: httpx.Client) -> None:
        answer = client.head("/inbox")
        assert (answer.status_code, answer.content) == (405, b"")
        assert client.get("/inbox").status_code == 200

    def test_a_client_may_wait_for_a_100(self, client: httpx.Client) -> None:
        said = _raw(
            str(client.base_url),
            b"POST /send HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
            b"Connection: close\r\n\r\n",
        )
        assert said.startswith(b"HTTP/1.1 100 ")

    def test_what_is_no_http_gets_a_400(self, client: httpx.Client) -> None:
        assert _raw(str(client.base_url), b"\x16\x03\x01\x00\xff nonsense\r\n\r\n").startswith(
            b"HTTP/1.1 400 "
        )

    def test_a_client_that_leaves_early_harms_nobody(self, client: httpx.Client, app: SandboxApp) -> None:
        said = _raw(str(client.base_url), b"POST /send HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        assert said.startswith(b"HTTP/1.1 400 ")
        assert app.requests == []
        assert client.get("/inbox").status_code == 200

    def test_several_clients_are_served_at_once(self, client: httpx.Client, app: SandboxApp) -> None:
        """One who waits for a slow answer holds up nobody."""
        app.set_faults(parse_fault("quota:latency=30"))
        with pytest.raises(httpx.ReadTimeout):
            client.get("/quota/INBOX", timeout=0.05)
        assert client.get("/inbox").status_code == 200


class TestFaultsOfTheConnection:
    @pytest.mark.parametrize(("fault", "left"), [("reset-before", True), ("reset-after", False)])
    def test_a_reset_breaks_the_connection(
        self, client: httpx.Client, app: SandboxApp, fault: str, left: bool
    ) -> None:
        app.set_faults(parse_fault(f"delete:{fault}:times=1"))
        with pytest.raises(httpx.ReadError, match="reset"):
            client.delete("/inbox/1")
        assert (app.mailbox.read(1) is not None) is left
        assert client.get("/inbox").status_code == 200

    def test_a_reset_during_the_answer_cuts_it(self, client: httpx.Client, app: SandboxApp) -> None:
        app.set_faults(parse_fault("inbox:reset-during"))
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            client.get("/inbox")

    def test_a_drip_comes_piece_by_piece(self, client: httpx.Client, app: SandboxApp) -> None:
        # For two seconds: on a busy machine the client takes some of the pieces at once.
        app.set_faults(parse_fault("quota:drip=40"))
        begun = time.monotonic()
        with client.stream("GET", "/quota/INBOX") as answer:
            pieces = list(answer.iter_raw())
        assert b"".join(pieces).startswith(b'{"data"')
        assert len(pieces) >= 3
        assert time.monotonic() - begun >= 0.15

    def test_latency_delays_the_answer(self, client: httpx.Client, app: SandboxApp) -> None:
        app.set_faults(parse_fault("inbox:latency=0.2"))
        begun = time.monotonic()
        assert client.get("/inbox").status_code == 200
        assert time.monotonic() - begun >= 0.2

    @pytest.mark.parametrize("status", [302, 400, 401, 402, 403, 429, 500, 502, 503, 504])
    def test_statuses_travel(self, client: httpx.Client, app: SandboxApp, status: int) -> None:
        app.set_faults(parse_fault(f"{status}=1" if status in (429, 503) else str(status)))
        answer = client.get("/inbox")
        assert answer.status_code == status
        assert ("retry-after" in answer.headers) is (status in (429, 503))

    @pytest.mark.parametrize("fault", ["truncated", "empty", "html"])
    def test_broken_json_is_whole_as_far_as_http_goes(
        self, client: httpx.Client, app: SandboxApp, fault: str
    ) -> None:
        app.set_faults(parse_fault(fault))
        answer = client.get("/inbox")
        assert len(answer.content) == int(answer.headers["content-length"])
        with pytest.raises(ValueError, match=r"."):
            answer.json()


class TestLifeAndEnd:
    async def test_a_closed_server_refuses(self, app: SandboxApp) -> None:
        async with await serve(app) as server, httpx.AsyncClient(headers=HEADERS) as client:
            url = server.url
            assert (await client.get(f"{url}/inbox")).status_code == 200
            await server.aclose()
            with pytest.raises(httpx.TransportError):
                await client.get(f"{url}/inbox")

    async def test_closing_ends_requests_under_way(self) -> None:
        arrived = asyncio.Event()

        async def endless(scope: Scope, receive: Receive, send: Send) -> None:
            arrived.set()
            await asyncio.Event().wait()

        async with await serve(endless) as server, httpx.AsyncClient() as client:
            waiting = asyncio.create_task(client.get(server.url))
            await arrived.wait()
            await server.aclose()
            with pytest.raises(httpx.TransportError):
                await waiting

    async def test_closing_twice_is_closing(self, app: SandboxApp) -> None:
        server = await serve(app)
        await server.aclose()
        await server.aclose()

    async def test_a_taken_port_is_said(self, app: SandboxApp) -> None:
        async with await serve(app) as server:
            with pytest.raises(OSError, match="in use"):
                await serve(app, port=server.port)

    def test_a_thread_says_that_the_port_is_taken(self, app: SandboxApp) -> None:
        with ServerThread(app) as server, pytest.raises(OSError, match="in use"):
            ServerThread(app, port=server.port).__enter__()

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_run_announces_its_url_and_ends_on_a_signal(self, number: signal.Signals) -> None:
        program = (
            "from pectui.sandbox.app import create_app\n"
            "from pectui.sandbox.serve import run\n"
            "run(create_app(), announce=lambda url: print(url, flush=True))\n"
        )
        with subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            url = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
            with httpx.Client(headers=HEADERS, timeout=PATIENCE) as client:
                assert client.get(f"{url}/inbox").status_code == 200
                os.kill(process.pid, number)
                assert process.wait(PATIENCE) == 0
            assert process.stderr.read() == ""
