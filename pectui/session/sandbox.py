"""The embedded sandbox, served on loopback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pectui.session.clock import system_clock


@dataclass(frozen=True, slots=True)
class SandboxPlan:
    """What `pectui sandbox` serves: the sandbox's options by name, and its faults as they were typed."""

    port: int = 0
    switches: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def run_sandbox(plan: SandboxPlan, announce: Callable[[str, dict[str, str]], None]) -> None:
    """Serves the embedded sandbox on loopback until SIGINT or SIGTERM.

    `announce` gets its URL and the variables that open it, once it answers. ValueError for a switch or a fault
    that makes no sense, OSError for a port that can't be had.
    """
    from pectui.sandbox.app import create_app
    from pectui.sandbox.faults import parse_fault
    from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
    from pectui.sandbox.serve import run

    app = create_app(
        Options(**plan.switches),
        credentials=DEMO_CREDENTIALS,
        faults=[parse_fault(text) for text in plan.faults],
        clock=system_clock,
    )
    variables = {
        "PECTUI_TOKEN": DEMO_CREDENTIALS.token,
        "PECTUI_USERNAME": DEMO_CREDENTIALS.username,
        "PECTUI_PASSWORD": DEMO_CREDENTIALS.password,
        "PECTUI_SENDER": DEMO_ADDRESS,
    }
    run(app, plan.port, lambda url: announce(url, variables))
