"""The program as a process of its own, with nothing of this machine's settings."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from tests.gate import Gate
from tests.patience import PATIENCE
from tests.terminal import PECTUI, clean_environment


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.stdout)

    @property
    def error(self) -> dict[str, Any]:
        error = self.document["error"]
        assert set(error) == {"title", "detail", "hint", "exit_code"}
        assert error["exit_code"] == self.status
        return dict(error)


Runner = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def pectui(home: Path) -> Runner:
    """Runs `pectui ARGUMENTS…` with a home folder of its own and whatever variables are given."""

    def run(*arguments: str, stdin: str | None = None, **variables: str) -> Done:
        done = subprocess.run(
            [*PECTUI, *arguments],
            env=clean_environment(home, **variables),
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert "Traceback" not in done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@dataclass(frozen=True)
class Served:
    """A sandbox on loopback behind a gate, and the variables that open it."""

    app: SandboxApp
    gate: Gate
    url: str

    @property
    def variables(self) -> dict[str, str]:
        return {
            "PECTUI_TOKEN": DEMO_CREDENTIALS.token,
            "PECTUI_USERNAME": DEMO_CREDENTIALS.username,
            "PECTUI_PASSWORD": DEMO_CREDENTIALS.password,
            "PECTUI_SENDER": DEMO_ADDRESS,
            "PECTUI_BASE_URL": self.url,
        }

    @property
    def without_secrets(self) -> dict[str, str]:
        """The variables that name the same mailbox to who asks nobody."""
        secrets = ("PECTUI_TOKEN", "PECTUI_PASSWORD")
        named = {name: value for name, value in self.variables.items() if name not in secrets}
        return {**named, "PECTUI_PROFILE": "production"}


def make_newer(folder: Path) -> None:
    """The folder as a pectui of the future would leave it."""
    meta = folder / "meta.json"
    tables = json.loads(meta.read_text())
    tables["1"]["schema"] = 99
    meta.write_text(json.dumps(tables))


Server = Callable[..., Served]


@pytest.fixture
def served() -> Iterator[Server]:
    """Starts sandboxes from options, faults being written as on the command line."""
    running: list[ServerThread] = []

    def start(*faults: str, **options: Any) -> Served:
        from pectui.session import system_clock

        app = create_app(
            Options(**{"messages": 60, **options}),
            credentials=DEMO_CREDENTIALS,
            faults=[parse_fault(text) for text in faults],
            clock=system_clock,
        )
        gate = Gate(app)
        server = ServerThread(gate)
        server.__enter__()
        running.append(server)
        return Served(app, gate, server.url)

    yield start
    for server in running:
        server.__exit__(None, None, None)
