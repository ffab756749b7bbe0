"""What can't be put into a request is said in words; what was searched for is in none of them, nor in a traceback."""

from __future__ import annotations

import traceback

import pytest

from pectui.api import HttpxTransport, Request
from pectui.errors import PectuiError, ProtocolError, UsageError
from tests.api.scripted import ScriptedServer, http

SOUGHT = "geheimes"


async def fail(transport: HttpxTransport, query: str) -> PectuiError:
    try:
        with pytest.raises(PectuiError) as caught:
            await transport.send(Request("GET", "/inbox", (("q", query),)))
    finally:
        await transport.aclose()
    rendered = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [
        line
        for frame in rendered.stack
        if "/pectui/" in frame.filename
        for line in (frame.locals or {}).values()
    ]
    assert SOUGHT not in "".join([*ours, str(caught.value), caught.value.hint])
    assert caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize("host", ["999.999.999.999", "xn--a.invalid", "xn--zzzz--.invalid"])
async def test_a_host_that_can_not_exist(host: str) -> None:
    error = await fail(HttpxTransport(f"https://{host}"), SOUGHT)
    assert isinstance(error, UsageError)
    assert host in error.detail


async def test_a_search_that_makes_no_url() -> None:
    error = await fail(HttpxTransport("http://127.0.0.1:9"), SOUGHT * 10_000)
    assert isinstance(error, UsageError)
    assert "search for less" in error.hint


async def test_nor_does_an_answer_that_is_too_large_show_it() -> None:
    async with ScriptedServer(http(200, b"x" * 100)) as server:
        error = await fail(HttpxTransport(server.url, largest_answer=10), SOUGHT)
    assert isinstance(error, ProtocolError)
