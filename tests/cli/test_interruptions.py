"""Ctrl-C, SIGTERM, questions to a person, and streams that are closed or full."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Runner, Served, Server
from tests.terminal import PECTUI, Terminal, clean_environment


def started(home: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PECTUI, *arguments],
        env=clean_environment(home, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_request(server: Served, method: str) -> None:
    end = time.monotonic() + 20
    while not server.app.count(method):
        assert time.monotonic() < end, "the request never came"
        time.sleep(0.005)


class TestWhileDeleting:
    """The message in hand is seen to its end; what was not tried is said."""

    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_the_first_signal_stops_after_the_message_in_hand(
        self, home: Path, served: Server, number: signal.Signals, status: int
    ) -> None:
        server = served("delete:latency=0.7")
        with started(home, "delete", "3", "4", "5", "--yes", "--json", **server.variables) as process:
            wait_for_request(server, "DELETE")
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
        outcome = json.loads(out)
        assert process.returncode == status
        assert "stopping after the message in hand" in err
        assert (outcome["requested"], len(outcome["deleted"]), len(outcome["failed"])) == (3, 1, 2)
        assert {one["reason"] for one in outcome["failed"]} == {"not tried: the job was interrupted"}
        assert outcome["job"]
        left = len(server.app.mailbox.mails)
        assert left == 59, "what it says is what was done"

    def test_the_second_does_not_wait(self, home: Path, served: Server) -> None:
        server = served("delete:latency=60")
        with started(home, "delete", "3", "4", "--yes", **server.variables) as process:
            wait_for_request(server, "DELETE")
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            while "stopping" not in process.stderr.readline():
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "Traceback" not in err
        assert out.count("failed: unknown: the job was broken off") == 2


class TestElsewhere:
    """Any other command closes what it has opened and leaves."""

    def test_sigterm(self, home: Path, served: Server) -> None:
        server = served("inbox:latency=60")
        with started(home, "inbox", **server.variables) as process:
            wait_for_request(server, "GET")
            process.terminate()
            out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (143, "", "")


class TestQuestions:
    """A person is asked on a terminal only, and may say no in any way."""

    def test_ctrl_c_at_the_question_deletes_nothing(self, served: Server, home: Path) -> None:
        server = served()
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, "delete", "3"], environment, columns=120) as terminal:
            terminal.wait_for("Type y to confirm")
            terminal.press("\x03")
            assert terminal.wait() == 130
            assert "Traceback" not in terminal.text
        assert len(server.app.mailbox.mails) == 60

    def test_the_end_of_input_is_no_yes(self, served: Server, home: Path) -> None:
        server = served()
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, "delete", "3"], environment, columns=120) as terminal:
            terminal.wait_for("Type y to confirm")
            terminal.press("\x04")
            assert terminal.wait() == 1
            assert "Nothing was deleted: it was not confirmed" in terminal.text
        assert len(server.app.mailbox.mails) == 60

    def test_production_is_red(self, served: Server, home: Path) -> None:
        environment = clean_environment(home, **served().variables)
        with Terminal([*PECTUI, "delete", "3"], environment, columns=120) as terminal:
            terminal.wait_for("Type y to confirm")
            assert b"\x1b[1;31mPRODUCTION\x1b[0m" in terminal.written
            terminal.press("n\n")
            terminal.wait()

    def test_a_missing_password_is_asked_for_without_echo(self, served: Server, home: Path) -> None:
        server = served()
        variables = server.variables
        password = variables.pop("PECTUI_PASSWORD")
        environment = clean_environment(home, **variables, PECTUI_PROFILE="production")
        with Terminal([*PECTUI, "quota"], environment, columns=100) as terminal:
            terminal.wait_for("Password of the profile production:")
            terminal.press(password + "\n")
            assert terminal.wait() == 0
            assert "MiB" in terminal.text
            assert password not in terminal.text

    def test_ctrl_c_there_leaves_at_once(self, served: Server, home: Path) -> None:
        variables = served().variables
        del variables["PECTUI_PASSWORD"]
        environment = clean_environment(home, **variables, PECTUI_PROFILE="production")
        with Terminal([*PECTUI, "quota"], environment, columns=100) as terminal:
            terminal.wait_for("Password of the profile production:")
            terminal.press("\x03")
            assert terminal.wait() == 130
            assert terminal.settings() == terminal.before

    def test_no_input_asks_nothing(self, served: Server, home: Path) -> None:
        server = served()
        variables = server.variables
        environment = clean_environment(home, **variables)
        with Terminal([*PECTUI, "delete", "3", "--no-input"], environment, columns=120) as terminal:
            assert terminal.wait() == 1
            assert "nobody confirmed it" in terminal.text
        del variables["PECTUI_PASSWORD"]
        environment = clean_environment(home, **variables, PECTUI_PROFILE="production")
        with Terminal([*PECTUI, "quota", "--no-input"], environment, columns=120) as terminal:
            assert terminal.wait() == 78
            assert "has no password" in terminal.text
        assert not server.app.requests


class TestStreams:
    """Readers that leave, disks that are full, streams that were never there."""

    def shell(self, home: Path, line: str) -> subprocess.CompletedProcess[str]:
        program = " ".join(PECTUI)
        return subprocess.run(
            ["bash", "-c", line.replace("pectui", program)],
            env=clean_environment(home),
            capture_output=True,
            text=True,
            timeout=60,
        )

    @pytest.mark.parametrize(
        ("arguments", "status"),
        [
            ("--demo inbox --all --json", 0),
            ("--demo show 3", 0),
            ("--help", 0),
            ("--demo show 9999 --json", 1),
        ],
    )
    def test_nobody_reads(self, home: Path, arguments: str, status: int) -> None:
        done = self.shell(home, f"(sleep 0.2; pectui {arguments}; echo $? >&2) | true")
        assert done.stderr == f"{status}\n"

    def test_a_full_disk_is_told(self, home: Path) -> None:
        done = self.shell(home, "pectui --demo quota > /dev/full")
        assert done.returncode == 1
        assert done.stderr.startswith("pectui: The output can't be written: No space left")

    @pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    def test_streams_that_were_closed_before(self, home: Path, closed: str) -> None:
        done = self.shell(home, f"pectui --demo inbox {closed}")
        assert done.returncode == 0
        assert "Traceback" not in done.stderr

    def test_a_narrow_terminal(self, home: Path) -> None:
        with Terminal([*PECTUI, "--demo", "inbox"], clean_environment(home), columns=60, rows=40) as terminal:
            assert terminal.wait() == 0
            lines = bytes(terminal.written).decode().splitlines()
        assert len(lines) == 26
        assert max(map(len, lines)) <= 60


class TestDoctorsFindings:
    """Problems that only a look at files shows; the worst one is the exit status."""

    def test_a_configuration_that_others_can_write(self, pectui: Runner, home: Path) -> None:
        path = home / ".config" / "pectui" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text('default_profile = "demo"\n')
        assert pectui("doctor").status == 0
        path.chmod(0o666)
        done = pectui("doctor")
        assert done.status == 78
        assert "PROBLEM  configuration file" in done.stdout

    def test_where_secrets_come_from_and_never_what_they_are(
        self, pectui: Runner, served: Server, home: Path
    ) -> None:
        server = served()
        variables = server.variables
        secrets = home / ".config" / "pectui" / "secrets"
        secrets.mkdir(parents=True)
        path = secrets / "production.password"
        path.write_text(variables.pop("PECTUI_PASSWORD"))
        path.chmod(0o600)
        variables["PECTUI_PROFILE"] = "production"
        done = pectui("doctor", **variables)
        assert done.status == 0
        assert f"password: from the file {path}" in done.stdout
        assert "token: from the variable PECTUI_TOKEN" in done.stdout
        assert not any(one in done.stdout for one in (path.read_text(), variables["PECTUI_TOKEN"]))
        path.chmod(0o644)
        done = pectui("doctor", "--json", **variables)
        assert done.status == done.document["exit_code"] == 78
        assert f"Run: chmod 600 '{path}'" in [row["hint"] for row in done.document["findings"]]

    def test_a_command_is_run_once(self, pectui: Runner, served: Server, home: Path) -> None:
        server = served()
        variables = server.variables
        password = variables.pop("PECTUI_PASSWORD")
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(
            'default_profile = "production"\n[profiles.production]\n'
            f"password_command = ['sh', '-c', 'echo x >> {home}/runs; echo {password}']\n"
        )
        assert pectui("doctor", **variables).status == 0
        assert (home / "runs").read_text() == "x\n"

    def test_a_file_that_is_wrong(self, pectui: Runner, home: Path) -> None:
        path = home / ".config" / "pectui" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text("[profiles.a]\nusrname = 'x'\n")
        done = pectui("doctor")
        assert done.status == 78
        assert "line 2: unknown key `usrname`" in done.stdout
        assert "Did you mean `username`?" in done.stdout

    def test_nobody_there(self, pectui: Runner, served: Server) -> None:
        variables = {**served().variables, "PECTUI_BASE_URL": "http://127.0.0.1:9"}
        done = pectui("doctor", **variables)
        assert done.status == 69
        assert "PROBLEM  service" in done.stdout
