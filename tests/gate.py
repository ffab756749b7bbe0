"""A gate before the sandbox: what is asked waits there until a test lets it through.

So that what a test says of a slow service doesn't hang on how fast this machine is.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import MutableMapping
from threading import Lock
from typing import Any

from pectui.sandbox.app import Receive, SandboxApp, Scope, Send
from pectui.sandbox.faults import OPERATIONS
from pectui.sandbox.request import routes
from tests.patience import eventually


class Gate:
    """An ASGI application before `app`, open until it is told to hold something.

    What is held has arrived: the sandbox counts it among its requests, and does nothing yet. Which faults strike it
    and what it finds in the mailbox is decided when it is let through. Every method may be called from any thread,
    so a gate can stand in a `ServerThread` as well.
    """

    def __init__(self, app: SandboxApp) -> None:
        self._app = app
        self._lock = Lock()
        self._held: frozenset[str] = frozenset()
        self._free = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """How many requests wait at this moment."""
        with self._lock:
            return len(self._waiting)

    def hold(self, *operations: str, after: int = 0) -> None:
        """From now on the requests of these operations wait, all where none is named, but for the first `after`.

        It takes the place of what was held before; what waits already goes on waiting.
        """
        unknown = set(operations) - set(OPERATIONS)
        if unknown:
            raise ValueError(f"no operation is called {', '.join(sorted(unknown))}")
        with self._lock:
            self._held = frozenset(operations or OPERATIONS)
            self._free = after

    def release(self, count: int | None = None) -> None:
        """Lets `count` requests through, those that wait first and then those that come; None: all, for good."""
        with self._lock:
            if count is None:
                self._held = frozenset()
            ready = len(self._waiting) if count is None else min(count, len(self._waiting))
            let = [self._waiting.popleft() for _ in range(ready)]
            self._free = 0 if count is None else self._free + count - len(let)
        for turn in let:
            turn.get_loop().call_soon_threadsafe(_come, turn)

    async def holds(self, count: int = 1) -> None:
        """Waits until so many requests have arrived that are held."""
        await eventually(lambda: self.waiting >= count)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        arrived = False

        async def held() -> MutableMapping[str, Any]:
            nonlocal arrived
            if not arrived:
                arrived = True
                await self._pass(_operation(scope))
            return await receive()

        await self._app(scope, held if scope["type"] == "http" else receive, send)

    async def _pass(self, operation: str) -> None:
        with self._lock:
            if operation not in self._held:
                return
            if self._free:
                self._free -= 1
                return
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
        try:
            await turn
        finally:
            with self._lock:
                if turn in self._waiting:  # who asked has left
                    self._waiting.remove(turn)


def _operation(scope: Scope) -> str:
    route = routes(scope["path"]).get(scope["method"])
    return route.operation if route is not None else ""


def _come(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
