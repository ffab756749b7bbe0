"""Ctrl-C, SIGTERM, questions to a person, and streams that are closed or full."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Runner, Served, Server
from tests.patience import PATIENCE, in_time
from tests.terminal import PECTUI, Terminal, clean_environment


def started(home: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PECTUI, *arguments],
        env=clean_environment(home, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_request(server: Served) -> None:
    """Waits until a request has arrived that the server holds back."""
    assert in_time(lambda: server.gate.waiting > 0), "the request never came"


def told_to_stop(process: subprocess.Popen[str]) -> str:
    """Waits until the program says that it was told; what it said."""
    assert process.stderr is not None
    line = process.stderr.readline()
    while "stopping" not in line:
        assert line, "the program left without a word"
        line = process.stderr.readline()
    return line


class TestWhileDeleting:
    """The message in hand is seen to its end; what was not tried is said."""

    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_the_first_signal_stops_after_the_message_in_hand(
        self, home: Path, served: Server, number: signal.Signals, status: int
    ) -> None:
        server = served()
        server.gate.hold("delete")
        with started(home, "delete", "3", "4", "5", "--yes", "--json", **server.variables) as process:
            wait_for_request(server)
            process.send_signal(number)
            assert "stopping after what is in hand" in told_to_stop(process)
            server.gate.release()
            out, _ = process.communicate(timeout=PATIENCE)
        outcome = json.loads(out)
        assert process.returncode == status
        assert (outcome["requested"], len(outcome["deleted"]), len(outcome["failed"])) == (3, 1, 2)
        assert {one["reason"] for one in outcome["failed"]} == {"not tried: the job was cancelled"}
        assert outcome["job"]
        left = len(server.app.mailbox.mails)
        assert left == 59, "what it says is what was done"

    def test_the_second_does_not_wait(self, home: Path, served: Server) -> None:
        server = served()
        server.gate.hold("delete")
        with started(home, "delete", "3", "4", "--yes", **server.variables) as process:
            wait_for_request(server)
            process.send_signal(signal.SIGINT)
            told_to_stop(process)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        assert "Traceback" not in err
        assert out.count("failed: unknown: the job was broken off") == 2


class TestWhileReading:
    """What is said to be kept is kept, and nothing else."""

    def interrupted(self, home: Path, server: Served, held: str, *command: str) -> list[str]:
        """What the program says when it is told to stop while the service owes it an answer.

        Of sends some were read by then: no more than 16 are asked for ahead.
        """
        server.gate.hold(held, after=24)
        with started(home, *command, **server.variables) as process:
            wait_for_request(server)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (130, "")
        assert "Traceback" not in err
        return [line.removeprefix("pectui: interrupted. ") for line in err.splitlines()]

    def kept(self, home: Path) -> list[Path]:
        return list((home / ".local" / "state").rglob("sends-*.json"))

    def test_sends_that_are_kept(self, home: Path, served: Server) -> None:
        said = self.interrupted(home, served(messages=300), "receipts", "sends", "--csv")
        assert said == ["What was read is kept, and the next run goes on from there."]
        assert self.kept(home)

    @pytest.mark.parametrize("wanted", ["--csv", "codes"])
    def test_sends_of_which_nothing_may_be_kept(
        self, pectui: Runner, home: Path, served: Server, wanted: str
    ) -> None:
        server = served(messages=300)
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text("[profiles.production]\ncache_bodies = false\n")
        codes = [one["code"] for one in pectui("sends", "--json", **server.variables).document["sends"]]
        words = codes if wanted == "codes" else [wanted]
        said = self.interrupted(home, server, "receipts", "sends", *words)
        assert said == ["What was read of sends is not kept."]
        assert not self.kept(home)

    def test_sends_that_can_not_be_written_down(self, home: Path, served: Server) -> None:
        in_the_way = home / ".local" / "state" / "pectui" / "sends"
        in_the_way.parent.mkdir(parents=True)
        in_the_way.write_text("in the way")
        said = self.interrupted(home, served(messages=300), "receipts", "sends", "--csv")
        assert said[-1] == "What was read of sends is not kept."
        assert "What became of the sends can't be kept" in said[0]

    def test_a_listing_that_can_not_be_written_down(self, home: Path, served: Server) -> None:
        (home / ".cache").mkdir()
        (home / ".cache" / "pectui").write_text("in the way")
        said = self.interrupted(home, served(messages=2500), "inbox", "sync")
        assert said[-1] == "What was read is not kept."
        said = self.interrupted(home, served(messages=300), "receipts", "sends", "--csv")
        assert said[-1] == "What was read of sends is kept, what was listed is not."
        assert self.kept(home)


class TestElsewhere:
    """Any other command closes what it has opened and leaves."""

    def test_sigterm(self, home: Path, served: Server) -> None:
        server = served()
        server.gate.hold("inbox")
        with started(home, "inbox", **server.variables) as process:
            wait_for_request(server)
            process.terminate()
            out, err = process.communicate(timeout=PATIENCE)
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
            timeout=PATIENCE,
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
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [*PECTUI, *arguments.split()],
            env=clean_environment(home),
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (status, b"")

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
