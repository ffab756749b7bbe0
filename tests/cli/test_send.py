"""`pectui send`: what is shown, what is asked, what goes out, and what is said of what nobody knows."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pectui.cli.commands import send
from pectui.cli.main import main
from pectui.engine import send_pace
from tests.cli.conftest import Done, Runner, Served, Server
from tests.patience import PATIENCE
from tests.terminal import PECTUI, clean_environment

MAIL = ("--to", "mario.rossi@pec.example.it", "--subject", "Avviso di scadenza", "--body", "Gentile Rossi")
Send = Callable[..., Done]


@pytest.fixture
def sending(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Served], Send]:
    """Runs `pectui send` in this process, against a sandbox, without pauses between two sends or two looks."""
    monkeypatch.setattr(send, "_LOOKS", (0.0, 0.0))
    monkeypatch.setattr(send_pace, "INTERVAL", 0.0)

    def against(served: Served) -> Send:
        for name, value in clean_environment(home, **served.variables).items():
            monkeypatch.setenv(name, value)

        def run(*arguments: str) -> Done:
            status = main(["send", *(arguments or MAIL)])
            told = capsys.readouterr()
            return Done(status, told.out, told.err)

        return run

    return against


class TestWhatIsShown:
    def test_a_dry_run_shows_the_message_and_its_cost_and_sends_nothing(
        self, served: Server, sending: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "atto.pdf").write_bytes(b"x" * 2_500)
        server = served()
        run = sending(server)
        more = ("--to", "b@pec.example.it", "--attach", str(tmp_path / "atto.pdf"), "--dry-run")
        done = run(*MAIL, *more)
        assert done.status == 0
        for words in ("PRODUCTION", "mario.rossi@pec.example.it, b@pec.example.it", "Avviso di scadenza"):
            assert words in done.stdout
        assert "atto.pdf, 2.5 kB" in done.stdout
        assert "0.10 EUR" in done.stdout
        plan = run(*MAIL, *more, "--json").document["plan"]
        assert (plan["cost_eur"], plan["bytes"]) == ("0.10", 2_513)
        assert server.app.count("POST") == 0

    def test_without_a_terminal_it_needs_yes(self, served: Server, sending: Any) -> None:
        server = served()
        done = sending(server)()
        assert (done.status, server.app.count("POST")) == (1, 0)
        assert "give --yes" in done.stderr

    def test_read_only_refuses(self, served: Server, sending: Any) -> None:
        server = served()
        done = sending(server)(*MAIL, "--yes", "--read-only")
        assert (done.status, server.app.count("POST")) == (1, 0)


class TestWhatIsWrong:
    @pytest.mark.parametrize("subject", ["Avviso\nBcc: x@pec.example.it", "Avviso\x07", "Avviso\r", ""])
    def test_a_subject_with_control_characters_is_refused(
        self, subject: str, served: Server, sending: Any
    ) -> None:
        server = served()
        done = sending(server)("--to", "a@pec.example.it", "--subject", subject, "--body", "x", "--yes")
        assert (done.status, server.app.count("POST")) == (2, 0)

    def test_so_is_a_recipient_twice_and_one_that_is_none(self, served: Server, sending: Any) -> None:
        server = served()
        to = ("--to", "a@pec.example.it,A@PEC.example.it,b pec.example.it")
        done = sending(server)(*to, "--subject", "x", "--body", "x", "--yes")
        assert (done.status, server.app.count("POST")) == (2, 0)
        assert "named twice" in done.stderr
        assert "holds a blank" in done.stderr

    def test_too_large_a_file_is_refused_before_it_is_read(
        self, served: Server, sending: Any, tmp_path: Path
    ) -> None:
        with (tmp_path / "enorme").open("wb") as file:
            file.truncate(100_000_001)
        done = sending(served())(*MAIL, "--yes", "--attach", str(tmp_path / "enorme"))
        assert done.status == 1
        assert "larger than the 100 MB" in done.stderr


class TestOneMessage:
    def test_goes_out_with_its_file_and_its_code_is_told(
        self, served: Server, sending: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "atto.txt").write_text("testo dell'atto")
        server = served()
        done = sending(server)(*MAIL, "--attach", str(tmp_path / "atto.txt"), "--yes", "--json")
        (sent,) = server.app.mailbox.sent
        assert done.document == {"code": sent.code, "sent": 1, "state": "sent"}
        assert done.status == 0
        assert sent.order.attachments == (("atto.txt", "data:text/plain;base64,dGVzdG8gZGVsbCdhdHRv"),)

    def test_is_not_sent_twice_but_by_force(self, served: Server, sending: Any) -> None:
        server = served(send_interval=0)
        run = sending(server)
        run(*MAIL, "--yes")
        again = run(*MAIL, "--yes")
        assert (again.status, len(server.app.mailbox.sent)) == (1, 1)
        assert server.app.mailbox.sent[0].code in again.stderr
        assert "--force" in again.stderr
        assert run(*MAIL, "--yes", "--force").status == 0
        assert len(server.app.mailbox.sent) == 2

    def test_refused_by_the_relay_is_told_with_its_code(self, served: Server, sending: Any) -> None:
        run = sending(served())
        done = run("--to", "refused@pec.example.it", "--subject", "x", "--body", "y", "--yes", "--json")
        assert done.status == 1
        assert done.document["state"] == "refused"
        assert done.document["code"] is not None

    def test_that_surely_was_not_sent_ends_with_its_own_status(self, served: Server, sending: Any) -> None:
        server = served("send:402:times=1", send_interval=0)
        run = sending(server)
        assert run(*MAIL, "--yes", "--json").error["exit_code"] == 77
        assert run(*MAIL, "--yes").status == 0


class TestWhatNobodyKnows:
    @pytest.mark.parametrize("fault", ["reset-after", "failed-after", "truncated"])
    def test_is_settled_by_the_inbox(self, fault: str, served: Server, sending: Any) -> None:
        server = served(f"send:{fault}:times=1")
        done = sending(server)(*MAIL, "--yes", "--json")
        (sent,) = server.app.mailbox.sent
        assert done.document == {"code": sent.code, "sent": 1, "state": "sent"}
        assert (done.status, server.app.count("POST")) == (0, 1)

    def test_stays_so_until_the_user_says_to_send_it_again(self, served: Server, sending: Any) -> None:
        server = served("send:500:times=1", send_interval=0)
        run = sending(server)
        done = run(*MAIL, "--yes", "--json")
        assert (done.status, done.document) == (1, {"code": None, "sent": None, "state": "unknown"})
        again = run(*MAIL, "--yes")
        assert (again.status, server.app.count("POST")) == (1, 1)
        assert "--resend-unknown" in again.stderr
        assert run(*MAIL, "--yes", "--resend-unknown").status == 0
        assert len(server.app.mailbox.sent) == 1

    def test_includes_what_ctrl_c_broke_off(self, home: Path, served: Server, pectui: Runner) -> None:
        server = served()
        server.gate.hold("send")
        process = subprocess.Popen(
            [*PECTUI, "send", *MAIL, "--yes", "--json"],
            env=clean_environment(home, **server.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        asyncio.run(server.gate.holds())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        assert json.loads(out)["state"] == "unknown"
        assert "Traceback" not in err
        (journal,) = home.rglob("sendings/*/*.jsonl")
        steps = [json.loads(line)["step"] for line in journal.read_text().splitlines()]
        assert steps == ["plan", "post", "unknown"]
