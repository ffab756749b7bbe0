"""What keeps the service at work: questions that follow each other closely, and cost no more than they must."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence

import pytest

from pectui.api import HttpxTransport, PecClient, Request, Response
from pectui.api import client as client_module
from tests.api.scripted import SECRETS, ScriptedServer, http

EMPTY = {"success": True, "data": []}
STEPS = 8
"""How often other tasks get their turn while a request goes out; over a socket it is about as often."""


class Noting:
    """A transport that notes when a request has gone out."""

    def __init__(self) -> None:
        self.happened: list[str] = []

    async def send(self, request: Request) -> Response:
        for _ in range(STEPS):
            await asyncio.sleep(0)
        self.happened.append(f"asked for {dict(request.query)['page']}")
        await asyncio.sleep(0.01)
        return Response(200, {}, json.dumps(EMPTY).encode())

    async def aclose(self) -> None:
        pass


async def test_the_next_question_goes_out_before_an_answer_is_taken_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A thousandth of a second is enough where nothing else wants the processor.
    monkeypatch.setattr(client_module, "_LEAVING_SECONDS", 0.05)
    transport = Noting()
    client = PecClient(transport, SECRETS, concurrency=1)

    async def ask(page: int) -> None:
        await client.list_inbox(page)
        transport.happened.append(f"read {page}")

    pages = range(1, 21)
    await asyncio.gather(*map(ask, pages))
    happened = transport.happened
    ahead = [
        page
        for page in pages[:-1]
        if happened.index(f"asked for {page + 1}") < happened.index(f"read {page}")
    ]
    # Not even then each time on a machine that is busy with other things.
    assert len(ahead) > len(pages) / 2


class Looking:
    """Stands before Python's own finders, and notes what is looked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        self.names.append(name)


async def test_a_request_looks_for_no_module() -> None:
    """httpcore asks for sniffio each time: where that is not installed, the search takes as long as the request."""
    looking = Looking()
    async with ScriptedServer(http(200, EMPTY)) as server:
        client = PecClient(HttpxTransport(server.url), SECRETS)
        await client.list_inbox()
        sys.meta_path.insert(0, looking)
        try:
            await client.list_inbox(2)
        finally:
            sys.meta_path.remove(looking)
            await client.aclose()
    assert looking.names == []
