"""What is being written survives a kill and a dropped connection, in a real terminal."""

from __future__ import annotations

import json
import signal
import stat
from pathlib import Path

from tests.tui.test_at_the_terminal import serving


def test_a_dropped_connection_keeps_the_last_letter_and_a_kill_what_was_kept(tmp_path: Path) -> None:
    with serving(tmp_path, messages=3) as mailbox:
        with mailbox.open("-S") as terminal:
            terminal.wait_for("3 messages")
            terminal.press("c")
            terminal.wait_for("Ctrl-S send")
            terminal.press("a@pec.example\tAvviso di prova")
            terminal.wait_for("Avviso di prova")
            terminal.process.send_signal(signal.SIGHUP)
            terminal.wait()
        with mailbox.open("-S") as terminal:
            terminal.wait_for("3 messages")
            terminal.press("c")
            terminal.wait_for("1 draft: Ctrl-L")
            terminal.press("\x0c")
            terminal.wait_for("1 other draft")
            terminal.press("\r")
            terminal.wait_for("1 recipient · 0.05 EUR")
            terminal.press("Egregi")
            terminal.wait_for("Egregi")
            terminal.settle(1.2)  # longer than the pause after which it is kept
            assert "kept " in terminal.text
            assert terminal.count(0.5) == 0
            terminal.process.kill()
            terminal.process.wait()
    (file,) = tmp_path.glob(".local/state/pectui/drafts/*/*.json")
    written = json.loads(file.read_text())
    assert (written["recipients"], written["subject"], written["body"]) == (
        "a@pec.example",
        "Avviso di prova",
        "Egregi",
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
