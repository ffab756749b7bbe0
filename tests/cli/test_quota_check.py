"""`pectui quota --check`: one line in the grammar of monitoring plugins and a status of 0 to 3, whatever happens."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pectui.cli.quota.verdict import Verdict
from pectui.domain.quota import Quota
from pectui.domain.thresholds import Thresholds, read_thresholds
from tests.cli.conftest import Done, Runner, Served, Server
from tests.patience import PATIENCE, in_time
from tests.terminal import PECTUI, Terminal, clean_environment

STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_RANGE = rf"@?(?:(?:~|{_NUMBER}):)?(?:{_NUMBER})?"
_VALUE = rf"(?:{_NUMBER}(?:s|us|ms|%|B|KB|MB|GB|TB|c)?|U)"
_PERFORMANCE = (
    rf"(?:'[^'=]+'|[^'= ]+)=(?P<value>{_VALUE})"
    rf"(?:;(?P<warn>{_RANGE})(?:;(?P<crit>{_RANGE})(?:;(?P<min>(?:{_NUMBER})?)(?:;(?P<max>(?:{_NUMBER})?))?)?)?)?"
)
LINE = re.compile(rf"[A-Z]+ (?P<state>{'|'.join(STATES)}) - [^|\n]+(?: \| {_PERFORMANCE})?\n")
"""The output of a plugin with one figure, after the Monitoring Plugins Development Guidelines."""


def parsed(done: Done) -> re.Match[str]:
    """The line's parts; it must be the only one, in the grammar, and say the same as the status."""
    found = LINE.fullmatch(done.stdout)
    assert found is not None, done.stdout
    assert STATES.index(found["state"]) == done.status
    return found


def unknown(done: Done) -> str:
    """The line of a check that could not tell; there is nothing else."""
    found = parsed(done)
    assert (found["state"], found["value"]) == ("UNKNOWN", None)
    assert done.stdout.startswith("PECTUI UNKNOWN - ")
    return done.stdout


class TestTheLine:
    @pytest.mark.parametrize(
        ("usage", "status"),
        [(0, 0), (799, 0), (800, 1), (899, 1), (900, 2), (1000, 2), (1300, 2)],
    )
    def test_from_empty_to_overfull(self, pectui: Runner, served: Server, usage: int, status: int) -> None:
        server = served(messages=1, quota_usage=usage, quota_limit=1000)
        done = pectui("quota", "--check", **server.variables)
        found = parsed(done)
        assert (done.status, done.stderr) == (status, "")
        assert f"{usage / 10}% of 1000.0 KiB" in done.stdout
        assert (found["value"], found["min"], found["max"]) == (f"{usage * 1024}B", "0", "1024000")
        # The figures must say the same to who judges by them: a plain range is well from 0 to its number.
        assert (usage * 1024 > int(found["warn"])) is (status >= 1)
        assert (usage * 1024 > int(found["crit"])) is (status >= 2)

    def test_as_the_manual_has_it(self, pectui: Runner) -> None:
        done = pectui("--demo", "quota", "--check")
        assert done.stdout == (
            "PECTUI OK - INBOX 16.3% of 1.0 GiB | usage=175116288B;858993459;966367641;0;1073741824\n"
        )

    @pytest.mark.parametrize(
        ("warn", "crit", "state"),
        [
            ("10", "90", "WARNING"),
            ("10%", "16%", "CRITICAL"),
            ("100MiB", "900MiB", "WARNING"),
            ("100MB", "167MiB", "CRITICAL"),
            ("16.30%", "1GiB", "WARNING"),
            ("16.31%", "100", "OK"),
            ("0", "0", "CRITICAL"),
        ],
    )
    def test_thresholds_in_percent_and_as_sizes(
        self, pectui: Runner, warn: str, crit: str, state: str
    ) -> None:
        done = pectui("--demo", "quota", "--check", "--warn", warn, "--crit", crit)
        assert parsed(done)["state"] == state

    def test_where_it_stands_on_the_line_does_not_matter(self, pectui: Runner) -> None:
        for argv in (["--demo", "quota", "--check", "--json"], ["quota", "--demo", "--json", "--check"]):
            assert parsed(pectui(*argv))["state"] == "OK"

    @pytest.mark.parametrize(
        ("quota", "words", "said"),
        [
            (Quota("INBOX", 79_999, 100_000), (None, None), "OK - INBOX 79.9% of 97.7 KiB"),
            (Quota("INBOX", 950 << 20, None), ("900MiB", "1000MiB"), "WARNING - INBOX 950.0 MiB"),
            (Quota("INBOX", 5, None), ("900MiB", "1000MiB"), "UNKNOWN - INBOX: the service gave no usable"),
            (Quota("INBOX", 950 << 20, None), (None, None), "UNKNOWN - INBOX: the service gave no usable"),
            (Quota("INBOX", None, 5), (None, None), "UNKNOWN - INBOX: the service gave no usable figure for"),
            (Quota("In|box\n\x1b[31m", 1, 5), (None, None), "OK - In/box [31m 20.0% of 5 B"),
            (Quota("INBOX", 2**63 - 1, 1), (None, None), "CRITICAL - INBOX 92"),
        ],
    )
    def test_odd_figures_and_names(
        self,
        capsys: pytest.CaptureFixture[str],
        quota: Quota,
        words: tuple[str | None, str | None],
        said: str,
    ) -> None:
        thresholds: Thresholds = read_thresholds(*words)
        status = Verdict().of(quota, thresholds)
        done = Done(status, capsys.readouterr().out, "")
        parsed(done)
        assert done.stdout.startswith(f"PECTUI {said}")

    def test_it_is_told_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        verdict = Verdict()
        assert (verdict.unknown("first"), verdict.unknown("second")) == (3, 3)
        assert capsys.readouterr().out == "PECTUI UNKNOWN - first\n"


class TestUnknown:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["--frob"],
            ["--warn"],
            ["--warn", "x"],
            ["--crit", "900M"],
            ["--warn", "95"],
            ["--timeout", "0"],
            ["--interval", "5"],
            ["--watch"],
            ["more"],
            ["--check=yes"],
            ["--profile", "nobody's"],
            ["--config", "/nowhere"],
            ["--base-url", "https://x.example"],
            ["--offline"],
            ["--help"],
            ["--version"],
        ],
    )
    def test_wrong_usage(self, pectui: Runner, arguments: list[str]) -> None:
        done = pectui("--demo", "quota", "--check", *arguments)
        assert done.status == 3
        if arguments[0] not in ("--help", "--version"):
            unknown(done)
        assert done.stderr == ""

    def test_nothing_is_set_up(self, pectui: Runner) -> None:
        assert "No mailbox is set up" in unknown(pectui("quota", "--check"))

    @pytest.mark.parametrize("missing", ["PECTUI_TOKEN", "PECTUI_PASSWORD"])
    def test_missing_secrets_are_not_asked_for(self, served: Server, home: Path, missing: str) -> None:
        variables = {**served().variables, "PECTUI_PROFILE": "production"}
        del variables[missing]
        environment = clean_environment(home, **variables)
        with Terminal([*PECTUI, "quota", "--check"], environment, columns=120) as terminal:
            assert terminal.wait() == 3
            assert f"has no {missing.removeprefix('PECTUI_').lower()}" in terminal.text

    @pytest.mark.parametrize(
        "fault",
        ["401", "402", "403", "400", "302", "html", "truncated", "empty", "not-success", "nulls", "odd-data"],
    )
    def test_whatever_the_service_says(self, pectui: Runner, served: Server, fault: str) -> None:
        unknown(pectui("quota", "--check", **served(f"quota:{fault}").variables))

    def test_nobody_there(self, pectui: Runner, served: Server) -> None:
        variables = {**served().variables, "PECTUI_BASE_URL": "http://127.0.0.1:9"}
        unknown(pectui("quota", "--check", **variables))

    def test_a_configuration_that_is_wrong(self, pectui: Runner, home: Path) -> None:
        path = home / ".config" / "pectui" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text("[profiles.a]\nusrname = 'x'\n")
        assert "unknown key `usrname`" in unknown(pectui("quota", "--check"))

    def test_a_mistake_of_ours(self, home: Path) -> None:
        script = (
            "import sys\n"
            "import pectui.cli.commands.quota as quota\n"
            "def broken(invocation): raise ZeroDivisionError('hunter2')\n"
            "quota.run = broken\n"
            "from pectui.cli.main import main\n"
            "sys.exit(main(['--demo', 'quota', '--check']))\n"
        )
        done = subprocess.run(
            [PECTUI[0], "-c", script],
            env=clean_environment(home),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.stdout == "PECTUI UNKNOWN - pectui made a mistake (ZeroDivisionError)\n"
        assert (done.returncode, done.stderr) == (3, "")

    def test_a_secret_is_not_repeated(self, pectui: Runner) -> None:
        done = pectui("quota", "--check", "--token=hunter2")
        assert "hunter2" not in unknown(done)


class TestTime:
    def test_a_service_that_does_not_answer(self, pectui: Runner, served: Server) -> None:
        server = served()
        server.gate.hold("quota")
        said = unknown(pectui("quota", "--check", "--timeout", "1", **server.variables))
        assert said == "PECTUI UNKNOWN - There was no answer in time: 1 s were given\n"

    def test_a_command_for_a_secret_that_does_not_end(
        self, pectui: Runner, served: Server, home: Path
    ) -> None:
        variables = served().variables
        del variables["PECTUI_PASSWORD"]
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(
            'default_profile = "production"\n[profiles.production]\n'
            f"password_command = ['sh', '-c', 'echo $$ > {home}/pid; exec sleep 600']\n"
        )
        assert "in time" in unknown(pectui("quota", "--check", "--timeout", "1", **variables))
        pid = int((home / "pid").read_text())
        assert in_time(lambda: not Path(f"/proc/{pid}").exists()), "it is not left behind"

    def test_a_disk_that_hangs_does_not_change_the_verdict(
        self, pectui: Runner, served: Server, home: Path
    ) -> None:
        server = served(messages=981)
        pectui("quota", "--check", **server.variables)
        (lock,) = (home / ".local" / "state" / "pectui" / "quota").rglob("lock")
        with lock.open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            begun = time.monotonic()
            done = pectui("quota", "--check", "--timeout", "1", **server.variables)
            taken = time.monotonic() - begun
        assert parsed(done)["state"] == "OK"
        assert taken < 9, "less than a lock is waited for"


def started(home: Path, server: Served) -> subprocess.Popen[str]:
    server.gate.hold("quota")
    process = subprocess.Popen(
        [*PECTUI, "quota", "--check"],
        env=clean_environment(home, **server.variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert in_time(lambda: server.gate.waiting > 0)
    return process


class TestEndedFromOutside:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_it_still_says_so(self, home: Path, served: Server, number: signal.Signals) -> None:
        with started(home, served()) as process:
            process.send_signal(number)
            out, err = process.communicate(timeout=PATIENCE)
        unknown(Done(process.returncode, out, err))
        assert err == ""

    def test_sigterm_before_the_service_is_asked(self, pectui: Runner, served: Server, home: Path) -> None:
        variables = served().variables
        del variables["PECTUI_PASSWORD"]
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(
            'default_profile = "production"\n[profiles.production]\n'
            "password_command = ['sh', '-c', 'kill -TERM $PPID; exec sleep 600']\n"
        )
        done = pectui("quota", "--check", **variables)
        assert "it was interrupted" in unknown(done)
        assert done.stderr == ""

    def test_a_full_disk_behind_stdout(self, home: Path) -> None:
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [*PECTUI, "--demo", "quota", "--check", "--warn", "1"],
                env=clean_environment(home),
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=PATIENCE,
            )
        assert (done.returncode, done.stderr) == (3, b"")

    def test_nobody_reads_the_line(self, home: Path) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [*PECTUI, "--demo", "quota", "--check", "--warn", "1"],
            env=clean_environment(home),
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (1, b"")

    @pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
    def test_streams_that_were_closed_before(self, home: Path, closed: str) -> None:
        line = f"{' '.join(PECTUI)} --demo quota --check --warn 1 {closed}"
        done = subprocess.run(["bash", "-c", line], env=clean_environment(home), timeout=PATIENCE)
        assert done.returncode == 1
