"""`pectui delete`: what it refuses, what it asks for, and copies before anything goes."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from pectui.sandbox.options import DEMO_ADDRESS
from tests.cli.conftest import Runner, Served, Server
from tests.cli.deleting import codes, ids_of, left, two_sends
from tests.cli.sent import arrive, delivered, sent
from tests.cli.test_interruptions import started, wait_for_request
from tests.patience import PATIENCE
from tests.terminal import PECTUI, Terminal, clean_environment


@pytest.fixture
def mailbox(served: Server) -> Served:
    return two_sends(served(messages=0))


class TestWrongUsage:
    """Said before anything is read or asked."""

    @pytest.mark.parametrize(
        ("argv", "title"),
        [
            ([], "It is not clear which messages are meant"),
            (["--search", " "], "--search looks for nothing"),
            (["3", "--older-than", "30d"], "--older-than means nothing without --completed"),
            (["3", "--include-replies"], "--include-replies means nothing without --code"),
            (["3", "--export-format", "csv"], "--export-format means nothing without --export"),
            (["--completed", "--older-than", "30"], "Argument --older-than: an age such as 30d"),
            (["--completed", "--older-than", "0d"], "Argument --older-than: an age such as 30d"),
            (["--code", "12"], "`12` is no send's code"),
            (["3", "--export", "x.mbox"], "An export is a folder"),
        ],
    )
    def test_what_makes_no_sense(self, pectui: Runner, argv: list[str], title: str) -> None:
        done = pectui("--demo", "delete", *argv, "--yes", "--json")
        assert done.status == 2
        assert done.error["title"].startswith(title)


class TestGuards:
    """A read-only profile, a number to be typed, and a line for each deed that stays."""

    def test_read_only_refuses_before_anything_is_asked(self, pectui: Runner, mailbox: Served) -> None:
        first, _ = codes(mailbox)
        done = pectui("delete", "--code", first, "--yes", "--json", "--read-only", **mailbox.variables)
        assert (done.status, done.error["title"]) == (1, "Nothing was deleted")
        assert not mailbox.app.requests

    @pytest.mark.parametrize(("typed", "goes"), [("30\n", True), ("y\n", False), ("29\n", False)])
    def test_above_25_the_number_is_typed(self, served: Server, home: Path, typed: str, goes: bool) -> None:
        server = served()
        environment = clean_environment(home, **server.variables)
        ids = [str(number) for number in range(1, 31)]
        with Terminal([*PECTUI, "delete", *ids], environment, columns=160, rows=80) as terminal:
            terminal.wait_for("Type the number 30 to confirm")
            assert b"\x1b[1;31mPRODUCTION\x1b[0m" in terminal.written
            terminal.press(typed)
            assert terminal.wait() == (0 if goes else 1)
            assert ("30 messages deleted" in terminal.text) is goes
        assert len(left(server)) == (30 if goes else 60)

    def test_progress_is_shown_to_who_watches(self, served: Server, home: Path) -> None:
        server = served()
        server.gate.hold("delete", after=20)
        environment = clean_environment(home, **server.variables)
        ids = [str(number) for number in range(1, 31)]
        with Terminal([*PECTUI, "delete", *ids, "--yes"], environment, columns=160, rows=80) as terminal:
            terminal.wait_for(lambda text: "of 30 messages (" in text)
            server.gate.release()
            assert terminal.wait() == 0

    def test_every_deed_is_in_the_audit_log(self, pectui: Runner, mailbox: Served, home: Path) -> None:
        first, _ = codes(mailbox)
        done = pectui("delete", "--code", first, "--yes", "--json", **mailbox.variables)
        log = home / ".local" / "state" / "pectui" / "audit.jsonl"
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert sorted(line["id"] for line in lines) == sorted(done.document["deleted"])
        for line in lines:
            assert line["user"] == pwd.getpwuid(os.getuid()).pw_name
            assert (line["profile"], line["mailbox"]) == ("production", DEMO_ADDRESS)
            assert (line["act"], line["outcome"]) == ("delete", "deleted")
        assert log.stat().st_mode & 0o777 == 0o600


class TestExportFirst:
    """`--export`: what goes is on the disk before the first DELETE, or nothing goes."""

    def test_copies_then_deletes(self, pectui: Runner, mailbox: Served, tmp_path: Path) -> None:
        first, _ = codes(mailbox)
        target = tmp_path / "proof"
        command = ("delete", "--code", first, "--export", str(target), "--export-format", "json", "--yes")
        done = pectui(*command, **mailbox.variables)
        assert done.status == 0
        assert f"send {first}, and a copy of it was exported." in done.stderr
        rows = [json.loads(line) for line in (target / "messages.jsonl").read_text().splitlines()]
        assert len(rows) == 3
        assert {row["code"] for row in rows} == {first}
        assert (target / "manifest.json").is_file()
        assert len(left(mailbox)) == 3

    def test_they_are_there_before_the_first_message_goes(
        self, home: Path, mailbox: Served, tmp_path: Path
    ) -> None:
        first, _ = codes(mailbox)
        target = tmp_path / "proof"
        mailbox.gate.hold("delete", "delete-send")
        command = ("delete", "--code", first, "--export", str(target), "--yes")
        with started(home, *command, **mailbox.variables) as process:
            wait_for_request(mailbox)
            assert (target / "manifest.json").is_file()
            mailbox.gate.release()
            process.communicate(timeout=PATIENCE)
        assert process.returncode == 0

    def test_what_can_not_be_exported_keeps_all_of_it(
        self, home: Path, pectui: Runner, served: Server, tmp_path: Path
    ) -> None:
        server = served(first_uid=500)
        pectui("inbox", "--all", **server.variables)
        server.gate.hold("message", "receipts")
        command = (
            "delete",
            *map(str, range(500, 530)),
            "--export",
            str(tmp_path / "proof"),
            "--yes",
            "--json",
        )
        with started(home, *command, **server.variables) as process:
            wait_for_request(server)
            server.app.mailbox.delete(529)
            server.gate.release()
            out, _ = process.communicate(timeout=PATIENCE)
        error = json.loads(out)["error"]
        assert (process.returncode, error["title"]) == (1, "Nothing was deleted")
        assert error["detail"].startswith("1 message could not be exported: 529, since ")
        assert server.app.count("DELETE") == 0

    def test_a_service_that_fails_while_copies_are_made(
        self, pectui: Runner, served: Server, tmp_path: Path
    ) -> None:
        server = served("message:500", "receipts:500", messages=0)
        arrive(
            server, *(letter for tail in range(30, 60) for letter in delivered(sent(str(tail), hours=900)))
        )
        ids = [str(number) for number in ids_of(server, "CONSEGNA")]
        pectui("inbox", "--all", **server.variables)
        target = tmp_path / "proof"
        done = pectui("delete", *ids, "--export", str(target), "--yes", "--json", **server.variables)
        assert done.status != 0
        assert "error" in done.document
        assert server.app.count("DELETE") == 0

    def test_a_place_that_is_taken(self, pectui: Runner, mailbox: Served, tmp_path: Path) -> None:
        first, _ = codes(mailbox)
        (tmp_path / "proof").mkdir()
        (tmp_path / "proof" / "mine").write_text("mine")
        command = ("delete", "--code", first, "--export", str(tmp_path / "proof"), "--yes", "--json")
        done = pectui(*command, **mailbox.variables)
        assert (done.status, done.error["title"]) == (1, "Nothing was exported, and nothing was deleted")
        assert len(left(mailbox)) == 6
