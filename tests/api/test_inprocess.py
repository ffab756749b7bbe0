"""An application in the same process answers as one behind a socket would."""

from __future__ import annotations

import asyncio

import pytest

from pectui.api import InProcessTransport, Request
from pectui.errors import UnreachableError
from tests.api.scripted import Answering, Receive, Scope, Send

GET = Request("GET", "/quota/A%2FB", (("q", "a ü"),), {"X-Username": "è"})


async def test_the_application_sees_a_request_as_a_server_gives_it() -> None:
    app = Answering(b"body", 201, {"X-Odd": "Value"})
    response = await InProcessTransport(app).send(GET)
    assert (response.status, response.body, response.headers) == (201, b"body", {"x-odd": "Value"})
    scope = app.asked[0]
    assert (scope["method"], scope["path"], scope["raw_path"]) == ("GET", "/quota/A/B", b"/quota/A%2FB")
    assert scope["query_string"] == b"q=a+%C3%BC"
    assert dict(scope["headers"])[b"x-username"] == "è".encode("latin-1")


async def test_a_body_comes_with_its_length() -> None:
    app = Answering(b"")
    await InProcessTransport(app).send(Request("POST", "/send", json=b"{}"))
    assert app.bodies == [b"{}"]
    assert dict(app.asked[0]["headers"])[b"content-length"] == b"2"


async def test_after_the_body_the_client_is_gone() -> None:
    """An application that asks again must not wait for ever."""
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend([(await receive())["type"], (await receive())["type"]])
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    await InProcessTransport(app).send(GET)
    assert seen == ["http.request", "http.disconnect"]


class TestBrokenAnswers:
    async def test_a_reset_may_have_come_after_the_deed(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            raise ConnectionResetError

        with pytest.raises(UnreachableError, match="broke") as caught:
            await InProcessTransport(app).send(GET)
        assert caught.value.maybe_done

    @pytest.mark.parametrize("more", [True, False])
    async def test_half_an_answer_is_none(self, more: bool) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            headers = [(b"content-length", b"10")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"half", "more_body": more})

        with pytest.raises(UnreachableError) as caught:
            await InProcessTransport(app).send(GET)
        assert caught.value.maybe_done

    async def test_an_endless_answer_ends(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await asyncio.Event().wait()

        with pytest.raises(UnreachableError, match="too long") as caught:
            await InProcessTransport(app).send(Request("GET", "/inbox", timeout=0.05))
        assert caught.value.maybe_done

    async def test_a_mistake_of_the_application_is_not_hidden(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            raise KeyError("mistake")

        with pytest.raises(KeyError, match="mistake"):
            await InProcessTransport(app).send(GET)
