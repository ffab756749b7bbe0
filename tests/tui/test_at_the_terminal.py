"""What goes over the line: nothing while nothing happens, little for a key, the remembered page before any answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from tests.gate import Gate
from tests.terminal import PECTUI, Terminal, clean_environment


class Mailbox:
    """A server on loopback, and the environment of somebody who uses it."""

    def __init__(self, home: Path, url: str, sandbox: SandboxApp, gate: Gate) -> None:
        self.sandbox = sandbox
        self.gate = gate
        self.environment = clean_environment(
            home,
            PECTUI_TOKEN=DEMO_CREDENTIALS.token,
            PECTUI_USERNAME=DEMO_CREDENTIALS.username,
            PECTUI_PASSWORD=DEMO_CREDENTIALS.password,
            PECTUI_BASE_URL=url,
        )

    def open(self, *flags: str, columns: int = 80, rows: int = 24) -> Terminal:
        return Terminal([*PECTUI, *flags], self.environment, columns=columns, rows=rows)

    def remember(self) -> None:
        """Runs the program until all is remembered."""
        with self.open() as terminal:
            terminal.wait_for("synced ")
            terminal.settle()
            terminal.press("q")
            assert terminal.wait() == 0


@contextmanager
def serving(home: Path, messages: int) -> Iterator[Mailbox]:
    sandbox = create_app(Options(messages=messages), clock=system_clock)
    gate = Gate(sandbox)
    with ServerThread(gate) as server:
        yield Mailbox(home, server.url, sandbox, gate)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with serving(tmp_path, messages=300) as mailbox:
        yield mailbox


class TestTheWholeList:
    """w, in a real terminal."""

    def test_it_is_silent_while_idle_and_a_step_is_short(self, mailbox: Mailbox) -> None:
        with mailbox.open(columns=120, rows=40) as terminal:
            terminal.wait_for("synced ")
            terminal.press("w")
            terminal.wait_for("all 300 messages")
            terminal.settle(3)
            # The text of the message follows after a pause, which can't be seen from here on a busy machine.
            assert any(terminal.step("j") < 1024 for _ in range(10))
            terminal.press("q")
            assert terminal.wait() == 0


class TestTheNextRun:
    """What the last run remembered."""

    def test_its_page_stands_there_before_the_service_has_answered(self, mailbox: Mailbox) -> None:
        mailbox.remember()
        mailbox.gate.hold()
        with mailbox.open() as terminal:
            terminal.wait_for("~ from memory, ")
            assert "page 1/12 · 300 messages" in terminal.text
            assert " min old" in terminal.text
            terminal.press("nn")
            terminal.wait_for("page 3/12")
            terminal.press("q")
            assert terminal.wait() == 0

    def test_offline_it_is_silent_and_asks_nobody(self, mailbox: Mailbox) -> None:
        mailbox.remember()
        asked = len(mailbox.sandbox.requests)
        with mailbox.open("--offline") as terminal:
            terminal.wait_for("OFFLINE")
            terminal.wait_for("~ from memory")
            terminal.settle(3)
            terminal.press("wG")
            terminal.wait_for("all 300 messages")
            terminal.press("d")
            terminal.wait_for("nothing can be deleted now")
            terminal.press("q")
            assert terminal.wait() == 0
        assert len(mailbox.sandbox.requests) == asked

    def test_a_service_that_is_gone_is_an_offline_sign(self, tmp_path: Path) -> None:
        with serving(tmp_path, messages=60) as mailbox:
            mailbox.remember()
        with mailbox.open() as terminal:
            terminal.wait_for("~ from memory")
            terminal.wait_for("OFFLINE")
            assert "page 1/3 · 60 messages" in terminal.text
            terminal.press("q")
            assert terminal.wait() == 0
