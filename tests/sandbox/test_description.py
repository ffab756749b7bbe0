"""The sandbox against descriptions of the service: ours everywhere, the vendor's where it lies beside the project.

Schemathesis makes up requests from the description, right and wrong ones, and compares each answer with what the
description states for its status. Everything goes over a real socket.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pectui.sandbox.app import create_app
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from tests.patience import PATIENCE
from tests.sandbox.visitor import HEADERS, HandClock, parcel

OURS = Path(__file__).with_name("service.openapi.json")
VENDORS = Path(__file__).parents[3] / "shared" / "reference" / "pecmassiva.openapi.json"
OPERATIONS = [
    ("/inbox", "GET"),
    ("/inbox/{id}", "GET"),
    ("/inbox/{id}", "DELETE"),
    ("/send/{code}", "GET"),
    ("/send/{code}", "DELETE"),
    ("/send", "POST"),
    ("/quota/{mailbox}", "GET"),
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 25
FRAMING = {"content-length", "transfer-encoding", "connection", "expect", "host", "upgrade"}
"""Headers that say where a request ends: with made-up ones it is none of HTTP, which nobody describes."""


@pytest.fixture
def url() -> Iterator[str]:
    """No limit on sends, and deleting twice goes unnoticed: the vendor describes neither that 429 nor that 404."""
    options = Options(messages=60, send_interval=0, delete_missing="deleted")
    with ServerThread(create_app(options, clock=HandClock())) as server:
        yield server.url


def _check(
    description: Path, url: str, path: str, method: str, mode: GenerationMode, **sure: Any
) -> set[int]:
    """Tries the operation with made-up requests; the statuses that came back. `sure` stands in every right body."""
    schema = schemathesis.openapi.from_dict(json.loads(description.read_text(encoding="utf-8")))
    statuses: set[int] = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def probe(case: schemathesis.Case[Any]) -> None:
        for name in [name for name in case.headers or () if name.lower() in FRAMING]:
            del case.headers[name]
        if isinstance(case.body, dict) and mode is GenerationMode.POSITIVE:
            case.body |= sure
        response = case.call(base_url=url, headers=HEADERS, timeout=PATIENCE)
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    probe()
    return statuses


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_right_requests_are_answered_as_we_describe(url: str, path: str, method: str) -> None:
    credentials = {"username": DEMO_CREDENTIALS.username, "password": DEMO_CREDENTIALS.password}
    statuses = _check(OURS, url, path, method, GenerationMode.POSITIVE, **credentials)
    assert statuses & {200, 201}


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_wrong_requests_are_answered_as_we_describe(url: str, path: str, method: str) -> None:
    assert _check(OURS, url, path, method, GenerationMode.NEGATIVE)


@pytest.mark.skipif(not VENDORS.exists(), reason="the vendor's description isn't beside this project")
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_it_keeps_to_the_vendor_s_description(url: str, path: str, method: str) -> None:
    """The vendor calls every field of a send a string and none required: what is sure here makes sends possible."""
    statuses = _check(VENDORS, url, path, method, GenerationMode.POSITIVE, **parcel())
    assert statuses & {200, 201}


def test_a_wrong_answer_would_be_found() -> None:
    """The checks bite: against a sandbox that spoils its numbers our description doesn't hold."""
    app = create_app(
        Options(messages=60), clock=HandClock(), faults=[parse_fault("quota:numbers-as-strings")]
    )
    with ServerThread(app) as server, pytest.raises(schemathesis.core.failures.FailureGroup):
        _check(OURS, server.url, "/quota/{mailbox}", "GET", GenerationMode.POSITIVE)
