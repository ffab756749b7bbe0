"""What others may rely on: the public names, what importing them costs, and how many requests run at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

import pectui.api
from pectui.api import InProcessTransport, PecClient
from tests.api.scripted import SECRETS, Receive, Scope, Send
from tests.patience import eventually


def test_the_public_names() -> None:
    assert sorted(pectui.api.__all__) == [
        "Destination",
        "HttpxTransport",
        "InProcessTransport",
        "MailboxCredentials",
        "NO_RETRIES",
        "PecClient",
        "Request",
        "Response",
        "RetryPolicy",
        "Transport",
    ]
    assert all(hasattr(pectui.api, name) for name in pectui.api.__all__)


def test_the_operations_of_the_client() -> None:
    public = [name for name in vars(PecClient) if not name.startswith("_")]
    assert sorted(public) == [
        "aclose",
        "delete_message",
        "delete_send",
        "get_message",
        "get_quota",
        "get_send",
        "list_inbox",
        "send",
    ]


def test_importing_it_loads_neither_httpx_nor_stamina() -> None:
    """The demo's first frame must not wait for what the demo never uses."""
    heavy = ("httpx", "httpcore", "stamina", "anyio", "h11")
    program = f"import sys, pectui.api; print(sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Counting:
    """An application that holds its requests until told, and knows how many it holds."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.inside = 0
        self.most = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.release.wait()
        self.inside -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"success": true, "data": []}'})


@pytest.mark.parametrize("concurrency", [1, 4])
async def test_no_more_requests_run_at_once_than_allowed(concurrency: int) -> None:
    app = Counting()
    client = PecClient(InProcessTransport(app), SECRETS, concurrency=concurrency)
    tasks = [asyncio.create_task(client.list_inbox(page)) for page in range(12)]
    await eventually(lambda: app.inside >= concurrency)
    for _ in range(100):
        await asyncio.sleep(0)
    assert app.inside == concurrency
    app.release.set()
    await asyncio.gather(*tasks)
    assert app.most == concurrency
