"""What view 2 writes to a real terminal: nothing while nothing happens, little for a step."""

from __future__ import annotations

from pathlib import Path

from pectui.sandbox.app import create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from tests.terminal import PECTUI, Terminal, clean_environment


def test_it_is_silent_while_idle_and_a_step_is_short(tmp_path: Path) -> None:
    sandbox = create_app(Options(messages=300), clock=system_clock)
    with ServerThread(sandbox) as server:
        environment = clean_environment(
            tmp_path,
            PECTUI_TOKEN=DEMO_CREDENTIALS.token,
            PECTUI_USERNAME=DEMO_CREDENTIALS.username,
            PECTUI_PASSWORD=DEMO_CREDENTIALS.password,
            PECTUI_BASE_URL=server.url,
        )
        with Terminal(PECTUI, environment, columns=120, rows=40) as terminal:
            terminal.wait_for("synced ")
            terminal.settle(1)
            terminal.press("2")
            terminal.wait_for("by time")
            terminal.settle(3)
            # The text of the send follows after a pause, which can't be seen from here on a busy machine.
            assert any(terminal.step("j") < 1024 for _ in range(10))
            terminal.settle(3)
            # Why those in sight failed was read by itself; with that done, nothing is asked and nothing written.
            asked = len(sandbox.requests)
            assert sandbox.count("GET", "/send/")
            assert "~✗" not in terminal.text
            assert terminal.count(2) == 0
            assert len(sandbox.requests) == asked
            terminal.press("q")
            assert terminal.wait() == 0
