"""What the tests of the client share: no proxy of the developer's, and retries without waiting on demand."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
import stamina


@pytest.fixture(autouse=True, scope="session")
def loaded() -> None:
    """httpx loads its back end inside of the first request, which these tests give fractions of a second."""
    anyio.run(anyio.sleep, 0)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def no_waiting() -> Iterator[None]:
    """Up to ten tries, no pauses between them."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield
