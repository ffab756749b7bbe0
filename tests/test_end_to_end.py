"""The installed program as a person meets it: in a real terminal, from the first page to the last key."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pectui.sandbox.app import create_app
from pectui.sandbox.options import DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from tests.gate import Gate
from tests.patience import PATIENCE
from tests.terminal import PECTUI, Terminal, clean_environment

DEMO = [*PECTUI, "demo"]


def total(text: str) -> int:
    found = re.search(r"(\d+) messages", text)
    assert found, text
    return int(found.group(1))


class TestTheDemo:
    """`pectui demo`, driven by keys."""

    def test_start_page_read_delete_quit(self, tmp_path: Path) -> None:
        with Terminal(DEMO, clean_environment(tmp_path), columns=120, rows=40) as terminal:
            terminal.wait_for(lambda text: "page 1/" in text and "DEMO" in text)
            terminal.settle()
            before = total(terminal.text)
            terminal.press("n")
            terminal.wait_for("page 2/")
            terminal.press("p")
            terminal.wait_for("page 1/")
            terminal.press("jj")
            terminal.settle()
            terminal.press("d")
            terminal.wait_for("y")
            terminal.wait_for("no undo")
            terminal.settle()
            terminal.press("\r")
            terminal.wait_for(lambda text: "no undo" not in text)
            assert total(terminal.text) == before, "Enter means no"
            terminal.press("d")
            terminal.wait_for("no undo")
            terminal.settle()
            terminal.press("y")
            terminal.wait_for(f"{before - 1} messages")
            terminal.settle()
            terminal.press("q")
            assert terminal.wait() == 0
            assert terminal.settings() == terminal.before
            assert b"\x1b[?1049l" in terminal.written[-2000:], "the screen before is given back"
            assert b"\x1b[?25h" in terminal.written[-2000:], "the cursor shows again"

    def test_it_survives_every_size(self, tmp_path: Path) -> None:
        with Terminal(DEMO, clean_environment(tmp_path)) as terminal:
            terminal.wait_for("page 1/")
            for columns, rows in ((40, 12), (200, 60), (20, 5), (80, 24)):
                terminal.resize(columns, rows)
                terminal.settle()
            terminal.wait_for(lambda text: "page 1/" in text and "DEMO" in text)
            terminal.press("q")
            assert terminal.wait() == 0

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_signals_leave_in_order(self, tmp_path: Path, number: signal.Signals) -> None:
        with Terminal(DEMO, clean_environment(tmp_path)) as terminal:
            terminal.wait_for("page 1/")
            terminal.process.send_signal(number)
            terminal.wait()
            assert terminal.settings() == terminal.before
            assert b"\x1b[?1049l" in terminal.written[-2000:]

    @pytest.mark.parametrize("how", ["q", "SIGTERM"])
    def test_leaving_during_a_deletion_sees_it_to_its_end(self, tmp_path: Path, how: str) -> None:
        sandbox = create_app(Options(messages=30, ids="sequence"), clock=system_clock)
        gate = Gate(sandbox)
        gate.hold("delete")
        with ServerThread(gate) as server:
            environment = clean_environment(
                tmp_path,
                PECTUI_TOKEN=DEMO_CREDENTIALS.token,
                PECTUI_USERNAME=DEMO_CREDENTIALS.username,
                PECTUI_PASSWORD=DEMO_CREDENTIALS.password,
                PECTUI_BASE_URL=server.url,
            )
            with Terminal(PECTUI, environment) as terminal:
                terminal.wait_for("page 1/")
                terminal.settle()
                terminal.press("d")
                terminal.wait_for("no undo")
                terminal.settle()
                terminal.press("y")
                terminal.wait_for(lambda _: gate.waiting == 1)
                if how == "q":
                    terminal.press("q")
                    terminal.wait_for("Leave all the same")
                    terminal.settle()
                    terminal.press("y")
                else:
                    terminal.process.send_signal(signal.SIGTERM)
                terminal.wait_for("Leaving as soon as the message in hand is settled")
                assert len(sandbox.mailbox.mails) == 30
                gate.release()
                terminal.wait()
                assert "Deleted" in terminal.text
        assert len(sandbox.mailbox.mails) == 29
        journal = next((tmp_path / ".local/state/pectui/jobs").glob("*.jsonl")).read_text()
        assert [json.loads(line)["step"] for line in journal.splitlines()][-2:] == ["deleted", "end"]

    def test_an_idle_screen_writes_nothing(self, tmp_path: Path) -> None:
        with Terminal(DEMO, clean_environment(tmp_path)) as terminal:
            terminal.wait_for("page 1/")
            terminal.settle(3)

    def test_a_cursor_move_writes_less_than_a_kilobyte(self, tmp_path: Path) -> None:
        with Terminal(DEMO, clean_environment(tmp_path), columns=120, rows=40) as terminal:
            terminal.wait_for("page 1/")
            # The text of the message follows after a pause, which can't be seen from here on a busy machine.
            assert any(terminal.step("j") < 1024 for _ in range(10))

    def test_nothing_is_left_on_the_disk(self, tmp_path: Path) -> None:
        with Terminal(DEMO, clean_environment(tmp_path)) as terminal:
            terminal.wait_for("page 1/")
            terminal.press("q")
            terminal.wait()
        assert list(tmp_path.iterdir()) == []


class TestWhereThereIsNoScreen:
    """A pipe or a dumb terminal gets a hint, not escape codes."""

    def test_a_pipe(self, tmp_path: Path) -> None:
        done = subprocess.run(
            DEMO,
            env=clean_environment(tmp_path),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 2
        assert b"\x1b" not in done.stdout + done.stderr
        assert b"terminal" in done.stderr
        assert b"inbox" in done.stderr

    def test_a_dumb_terminal(self, tmp_path: Path) -> None:
        with Terminal(DEMO, clean_environment(tmp_path, TERM="dumb")) as terminal:
            assert terminal.wait() == 2
            assert b"\x1b" not in terminal.written
            assert "TERM" in terminal.text


class TestTheInstalledProgram:
    """The console script, not only the module."""

    def test_it_is_on_the_path(self) -> None:
        script = Path(sys.executable).with_name("pectui")
        done = subprocess.run(
            [script, "--version"], capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        assert re.fullmatch(r"pectui \d+\.\d+\.\d+\n", done.stdout)

    def test_its_processes_show_no_secret(self, tmp_path: Path) -> None:
        environment = clean_environment(
            tmp_path, PECTUI_TOKEN="tok-secret", PECTUI_USERNAME="u", PECTUI_PASSWORD="pw-secret"
        )
        environment["PECTUI_BASE_URL"] = "http://127.0.0.1:9"
        with Terminal(PECTUI, environment) as terminal:
            terminal.wait_for("PRODUCTION")
            command_line = Path(f"/proc/{terminal.process.pid}/cmdline")
            if command_line.exists():
                assert b"secret" not in command_line.read_bytes()
            terminal.settle(1)
            assert "secret" not in terminal.text
            os.kill(terminal.process.pid, signal.SIGTERM)
            terminal.wait()
