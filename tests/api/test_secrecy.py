"""Neither token nor password nor mail in any repr, error, log or traceback, whatever goes wrong.

Tracebacks are rendered with the values of all variables, as a crash of the screen would show them.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from types import TracebackType

import pytest

from pectui.api import HttpxTransport, InProcessTransport, PecClient, Request, Response
from pectui.api.exchange import Transport
from pectui.domain.draft import Attachment, Draft
from pectui.errors import ServiceError
from tests.api.scripted import HERE, ONCE, PASSWORD, SECRETS, TOKEN, Answering, Reply, ScriptedServer, http

MAIL = "Gentile Rossi, la sua pratica"
DRAFT = Draft("a@pec.example", ("b@pec.example",), "x", MAIL)
WITH_FILE = Draft("a@pec.example", ("b@pec.example",), "x", MAIL, (Attachment("a", b"z"),))
HIDDEN = (TOKEN, PASSWORD, "Gentile", "p\\u00e4ssw0rd", "p\\xe4ssw0rd", "Nobody=may")
ASKS: tuple[Callable[[PecClient], Awaitable[object]], ...] = (
    lambda client: client.list_inbox(),
    lambda client: client.get_message(1),
    lambda client: client.delete_message(1),
    lambda client: client.get_send("1"),
    lambda client: client.delete_send("1"),
    lambda client: client.send(DRAFT),
    lambda client: client.send(WITH_FILE),
    lambda client: client.get_quota("INBOX"),
)
ROW = {"id": 1, "object": MAIL, "body": MAIL}
ECHO = {"success": False, "message": f"bad {TOKEN} or {PASSWORD}"}
JSON = (
    ECHO,
    {**ECHO, "success": None},
    {"success": "yes", "data": [ROW]},
    {"success": True, "data": MAIL},
    {"success": True, "data": {**ROW, "body": [MAIL]}},
    [MAIL],
    MAIL,
)
BODIES = (
    *(json.dumps(value).encode() for value in JSON),
    json.dumps({"success": True, "data": [ROW, ROW]}).encode()[:90],
    f"<html><title>{TOKEN}</title>{PASSWORD}</html>".encode(),
    f"{TOKEN} {PASSWORD}".encode(),
    b"",
)


def everything_about(error: BaseException) -> str:
    rendered = traceback.TracebackException.from_exception(error, capture_locals=True)
    texts = ["".join(rendered.format()), repr(error), str(error)]
    if isinstance(error, ServiceError):
        texts += [error.title, error.detail, error.hint]
    return "\n".join(texts)


def assert_hidden(text: str) -> None:
    for secret in HIDDEN:
        assert secret not in text


async def assert_failures_hide(transport: Transport, *, at_least: int) -> None:
    client = PecClient(transport, SECRETS, destination=HERE, retry=ONCE)
    errors: list[ServiceError] = []
    for ask in ASKS:
        try:
            await ask(client)
        except ServiceError as error:
            errors.append(error)
    assert len(errors) >= at_least
    for failed in errors:
        assert failed.__context__ is None
        assert_hidden(everything_about(failed.with_traceback(_without_this_file(failed))))


def _without_this_file(error: BaseException) -> TracebackType | None:
    """The traceback from the client on: this module's own variables are the secrets themselves."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return trace


class TestErrors:
    @pytest.mark.parametrize("status", [200, 302, 400, 401, 402, 403, 404, 429, 500, 502])
    @pytest.mark.parametrize("body", BODIES)
    async def test_refused_and_unreadable_answers(self, body: bytes, status: int) -> None:
        await assert_failures_hide(InProcessTransport(Answering(body, status)), at_least=1)

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(then="close"),
            Reply(then="reset"),
            Reply(f"HTTP/1.1 {TOKEN} {PASSWORD}\r\n\r\n".encode()),
            http(302, headers={"Location": f"https://{TOKEN}/{TOKEN}"}),
            http(200, b"x" * 2000),
            http(200, b"x", {"Content-Encoding": "gzip"}),
        ],
    )
    async def test_broken_connections(self, reply: Reply) -> None:
        async with ScriptedServer(reply) as server:
            transport = HttpxTransport(server.url, largest_answer=1000)
            await assert_failures_hide(transport, at_least=len(ASKS))
            await transport.aclose()

    async def test_no_connection(self) -> None:
        async with ScriptedServer(http()) as server:
            url = server.url
        transport = HttpxTransport(url)
        await assert_failures_hide(transport, at_least=len(ASKS))
        await transport.aclose()


@pytest.mark.usefixtures("no_waiting")
async def test_retries_hide_as_well() -> None:
    client = PecClient(InProcessTransport(Answering(ECHO, 500)), SECRETS)
    with pytest.raises(ServiceError) as caught:
        await client.list_inbox()
    assert_hidden(everything_about(caught.value.with_traceback(_without_this_file(caught.value))))


class TestReprs:
    def test_requests_and_answers_show_neither_headers_nor_bodies(self) -> None:
        request = Request("GET", "/inbox", (("q", MAIL),), {"x-password": PASSWORD}, MAIL.encode())
        assert repr(request) == "Request(method='GET', path='/inbox', timeout=60.0)"
        assert repr(Response(200, {"x": TOKEN}, MAIL.encode())) == "Response(status=200)"

    def test_the_client_shows_nothing(self) -> None:
        assert_hidden(repr(PecClient(InProcessTransport(Answering({})), SECRETS, destination=HERE)))


class TestLog:
    async def test_it_tells_operation_status_and_try_and_nothing_else(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        app = Answering({"success": True, "data": [ROW]})
        client = PecClient(InProcessTransport(app), SECRETS)
        with caplog.at_level(logging.DEBUG):
            await client.list_inbox(query="Bianchi")
            await client.get_send("2020082610003492")
        ours = [record.getMessage() for record in caplog.records if record.name == "pectui.api"]
        assert [message.rpartition(" in ")[0] for message in ours] == [
            "GET /inbox: 200",
            "GET /send/{code}: 200",
        ]
        assert all(message.endswith(" ms, try 1") for message in ours)
        assert_hidden(caplog.text)
        assert "Bianchi" not in caplog.text

    async def test_over_a_socket_too(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            async with ScriptedServer(http(200, ECHO), Reply(then="close")) as server:
                client = PecClient(HttpxTransport(server.url), SECRETS, retry=ONCE)
                for ask in (client.list_inbox(query="Bianchi"), client.send(DRAFT)):
                    with pytest.raises(ServiceError):
                        await ask
                await client.aclose()
        assert "POST /send: UnreachableError in " in caplog.text
        assert_hidden(caplog.text)
        assert "Bianchi" not in caplog.text

    @pytest.mark.usefixtures("no_waiting")
    async def test_it_counts_the_tries(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG, logger="pectui.api"), pytest.raises(ServiceError):
            await PecClient(InProcessTransport(Answering(ECHO, 500)), SECRETS).list_inbox()
        assert [message.rpartition(" ")[2] for message in caplog.messages] == ["1", "2", "3", "4"]
