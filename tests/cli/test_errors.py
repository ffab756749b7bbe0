"""Whatever goes wrong: one clear message, the right exit status, no traceback, no secret."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import pytest

from pectui.sandbox.options import DEMO_CREDENTIALS
from tests.cli.conftest import Runner, Server
from tests.cli.test_interruptions import started, wait_for_request
from tests.patience import PATIENCE
from tests.terminal import PECTUI, clean_environment

SECRETS = (DEMO_CREDENTIALS.token, DEMO_CREDENTIALS.password)

FAULTS = [
    ("inbox:401", 77),
    ("inbox:402", 77),
    ("inbox:403", 77),
    ("inbox:429=0", 75),
    ("inbox:html", 69),
    ("inbox:502", 69),
    ("inbox:500", 69),
    ("inbox:truncated", 69),
    ("inbox:empty", 69),
    ("inbox:not-success", 69),
    ("inbox:odd-data", 69),
    ("inbox:302", 69),
    ("inbox:reset-before", 69),
]


class TestTheService:
    """What the service or the line does wrong."""

    @pytest.mark.parametrize(("fault", "status"), FAULTS)
    def test_one_message_and_the_status(
        self, pectui: Runner, served: Server, fault: str, status: int
    ) -> None:
        server = served(fault)
        done = pectui("inbox", "--json", **server.variables)
        assert done.status == status, done.stdout + done.stderr
        assert done.error["title"]
        assert done.error["hint"], "what to do is said"
        assert not any(secret in done.stdout + done.stderr for secret in SECRETS)

    @pytest.mark.parametrize(
        "fault",
        [
            "inbox:odd-rows",
            "inbox:string-ids",
            "inbox:float-ids",
            "inbox:renamed",
            "inbox:nulls",
            "inbox:missing-keys",
            "inbox:numbers-as-strings",
        ],
    )
    def test_what_can_be_survived_is(self, pectui: Runner, served: Server, fault: str) -> None:
        server = served(fault)
        done = pectui("inbox", "--json", **server.variables)
        assert done.status == 0, done.stdout
        assert len(done.document["messages"]) >= 10

    def test_nobody_there(self, pectui: Runner, served: Server) -> None:
        variables = {**served().variables, "PECTUI_BASE_URL": "http://127.0.0.1:9"}
        done = pectui("quota", **variables)
        assert done.status == 69
        assert len(done.stderr.splitlines()) == 2

    def test_a_redirect_is_not_followed(self, pectui: Runner, served: Server) -> None:
        other = served()
        server = served("inbox:302")
        pectui("inbox", **server.variables)
        assert not other.app.requests

    def test_wrong_password_names_both_credentials(self, pectui: Runner, served: Server) -> None:
        variables = {**served().variables, "PECTUI_PASSWORD": "hush-hush"}
        done = pectui("inbox", **variables)
        assert done.status == 77
        assert "token" in done.stderr
        assert "password" in done.stderr
        assert "Authorization is not valid or empty" in done.stderr
        assert "hush-hush" not in done.stderr


class TestTheCommandLine:
    """What the user types wrong."""

    def test_nothing_is_set_up(self, pectui: Runner) -> None:
        done = pectui("inbox", "--json")
        assert done.status == 78
        assert "PECTUI_TOKEN" in done.error["hint"]

    @pytest.mark.parametrize(
        "arguments", [["inbx"], ["inbox", "--serch", "x"], ["campaign"], ["--profil", "x"]]
    )
    def test_unknown_words(self, pectui: Runner, arguments: list[str]) -> None:
        done = pectui(*arguments)
        assert done.status == 2
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 2

    def test_did_you_mean(self, pectui: Runner) -> None:
        assert "Did you mean `inbox`?" in pectui("inbx").stderr
        assert "Did you mean `--search`?" in pectui("inbox", "--serch").stderr

    def test_an_unknown_profile(self, pectui: Runner) -> None:
        assert pectui("--profile", "nowhere", "inbox").status == 78

    def test_flags_stand_before_and_after(self, pectui: Runner) -> None:
        before = pectui("--demo", "--json", "quota")
        after = pectui("quota", "--json", "--demo")
        assert before.document == after.document


class TestHelp:
    """`--help` reads well."""

    @pytest.mark.parametrize(
        "command",
        [
            [],
            ["inbox"],
            ["show"],
            ["quota"],
            ["delete"],
            ["sync"],
            ["cache"],
            ["doctor"],
            ["sandbox"],
            ["demo"],
        ],
    )
    def test_no_line_is_longer_than_80_columns(self, pectui: Runner, command: list[str]) -> None:
        done = pectui(*command, "--help", COLUMNS="80")
        assert done.status == 0
        assert max(map(len, done.stdout.splitlines())) <= 80

    def test_every_command_has_a_module(self) -> None:
        from importlib import import_module

        for name in ("inbox", "show", "sync", "quota", "delete", "cache", "doctor", "sandbox", "screen"):
            assert callable(import_module(f"pectui.cli.commands.{name}").run)


class TestPipesAndSignals:
    """Being one of many in a pipe."""

    def test_a_closed_pipe_is_no_error(self, home: Path) -> None:
        environment = clean_environment(home)
        command = " ".join(PECTUI) + " --demo inbox --all | head -c 10; exit ${PIPESTATUS[0]}"
        done = subprocess.run(
            ["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0
        assert done.stderr == ""

    def test_ctrl_c(self, home: Path, served: Server) -> None:
        server = served()
        server.gate.hold("inbox")
        with started(home, "inbox", **server.variables) as process:
            wait_for_request(server)
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        assert "Traceback" not in stderr

    def test_letters_that_the_terminal_lacks(self, pectui: Runner) -> None:
        assert pectui("--demo", "inbox", LANG="C", LC_ALL="C", PYTHONIOENCODING="ascii").status == 0


class TestSecrets:
    """Neither token nor password nor mail text in a log."""

    @pytest.mark.parametrize("fault", ["quota:latency=0", "inbox:500", "message:html"])
    def test_the_debug_log(self, pectui: Runner, served: Server, home: Path, fault: str) -> None:
        server = served(fault)
        for command in (["inbox", "--search", "riservato"], ["show", "3"], ["quota"]):
            done = pectui("--debug", *command, **server.variables)
            assert not any(secret in done.stdout + done.stderr for secret in SECRETS)
            path = re.search(r"the log is (\S+)", done.stderr)
            assert path, done.stderr
            log = Path(path[1])
            assert log.stat().st_mode & 0o777 == 0o600
            text = log.read_text()
            assert "/inbox" in text or "/quota" in text
            assert not any(secret in text for secret in (*SECRETS, "riservato", "accettato"))

    def test_a_secret_in_a_flag_is_no_flag(self, pectui: Runner) -> None:
        assert pectui("--token", "x", "inbox").status == 2
