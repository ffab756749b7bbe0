"""A client without opinions: it shows the credentials and hands back what came, for tests of the sandbox itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from pectui.sandbox.app import SandboxApp
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEADERS = {
    "authorization": f"Bearer {DEMO_CREDENTIALS.token}",
    "x-username": DEMO_CREDENTIALS.username,
    "x-password": DEMO_CREDENTIALS.password,
}


@dataclass
class HandClock:
    """A clock that moves only when a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def visit(app: SandboxApp, **headers: str) -> httpx.AsyncClient:
    """A client in process, with the right credentials where `headers` says nothing else."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://sandbox", headers={**HEADERS, **headers}
    )


def parcel(**changes: Any) -> dict[str, Any]:
    """The JSON of a right `POST /send`; a change to None leaves the field out."""
    fields: dict[str, Any] = {
        "username": DEMO_CREDENTIALS.username,
        "password": DEMO_CREDENTIALS.password,
        "sender": DEMO_ADDRESS,
        "recipient": ["mario.rossi@pec.cittadini.example"],
        "subject": "Invio di prova",
        "body": "Salve, questa è una <b>prova</b>",
    } | changes
    return {name: value for name, value in fields.items() if value is not None}
