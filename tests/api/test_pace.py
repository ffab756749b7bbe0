"""What keeps the service at work: questions that follow each other closely, and cost no more than they must."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pectui.api import HttpxTransport, PecClient
from tests.api.scripted import SECRETS, ScriptedServer, http

EMPTY = {"success": True, "data": []}


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
