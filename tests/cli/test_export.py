"""`pectui export`: copies of messages in a folder, from the command line, also after the program was killed."""

from __future__ import annotations

import csv
import email
import email.policy
import json
import mailbox
import signal
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pectui.domain.export import ExportFormat
from pectui.text.body import decode_body
from tests.cli.conftest import Done, Runner, Served, Server
from tests.patience import PATIENCE, in_time
from tests.terminal import PECTUI, clean_environment

CHECK = ["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"]


def rows(folder: Path) -> list[dict[str, Any]]:
    """What an export as JSON holds."""
    return [json.loads(line) for line in (folder / "messages.jsonl").read_text("ascii").splitlines()]


def verified(folder: Path) -> bool:
    return subprocess.run(CHECK, cwd=folder).returncode == 0


def texts_of(server: Served) -> dict[int, str]:
    """What each message of the mailbox says, by its id."""
    found = server.app.mailbox
    return {found.id_of(mail) or 0: decode_body(mail.body) for mail in found.mails}


def body_of(mail: bytes) -> bytes:
    body = email.message_from_bytes(mail, policy=email.policy.default).get_payload(decode=True)
    assert isinstance(body, bytes)
    return body


class TestWhatIsAskedFor:
    def test_all_of_the_mailbox(self, pectui: Runner, served: Server, tmp_path: Path) -> None:
        server = served()
        done = pectui("export", "--all", "--format", "json", "-o", str(tmp_path / "out"), **server.variables)
        assert (done.status, done.stdout) == (0, f"60 messages exported to {tmp_path / 'out'}\n")
        assert "not the signed originals" in done.stderr
        assert {row["id"] for row in rows(tmp_path / "out")} == set(texts_of(server))
        assert verified(tmp_path / "out")

    def test_ids_mean_what_was_last_listed_under_them(
        self, pectui: Runner, served: Server, tmp_path: Path
    ) -> None:
        server = served(ids="sequence")
        listed = pectui("inbox", "--json", **server.variables).document["messages"]
        chosen = [listed[3], listed[12]]
        assert server.app.mailbox.delete(1), "another client deletes: all ids shift"
        ids = [str(one["id"]) for one in chosen]
        target = str(tmp_path / "out")
        done = pectui("export", *ids, "--format", "json", "-o", target, "--json", **server.variables)
        reasons = {one["id"] for one in done.document["missing"]}
        exported = {row["id"]: row["raw_subject"] for row in rows(tmp_path / "out")}
        assert reasons | set(exported) == {one["id"] for one in chosen}
        for one in chosen:
            assert exported.get(one["id"], one["raw_subject"]) == one["raw_subject"]
        assert exported

    def test_all_that_carries_a_code_and_nothing_else(
        self, pectui: Runner, served: Server, tmp_path: Path
    ) -> None:
        server = served(messages=300)
        sends = pectui("sends", "--json", **server.variables).document["sends"]
        codes = [sends[0]["code"], sends[5]["code"]]
        target = str(tmp_path / "out")
        done = pectui("export", "--code", *codes, "--format", "json", "-o", target, **server.variables)
        assert done.status == 0
        wanted = [*sends[0]["message_ids"], *sends[0]["reply_ids"]]
        wanted += [*sends[5]["message_ids"], *sends[5]["reply_ids"]]
        assert sorted(row["id"] for row in rows(tmp_path / "out")) == sorted(wanted)
        assert {row["code"] for row in rows(tmp_path / "out")} == set(codes)

    def test_an_id_that_there_is_not_is_said_to_be_missing(
        self, pectui: Runner, served: Server, tmp_path: Path
    ) -> None:
        target = str(tmp_path / "out")
        done = pectui("export", "3", "999", "--format", "mbox", "-o", target, "--json", **served().variables)
        assert done.status == 1
        document = done.document
        assert (document["requested"], document["exported"]) == (2, 1)
        assert [one["id"] for one in document["missing"]] == [999]
        assert Path(document["manifest"]).is_file()

    def test_a_code_that_nothing_carries(self, pectui: Runner, served: Server, tmp_path: Path) -> None:
        done = pectui(
            *(
                "export",
                "--code",
                "2001010101010101",
                "--format",
                "csv",
                "-o",
                str(tmp_path / "out"),
                "--json",
            ),
            **served().variables,
        )
        assert (done.status, done.error["title"]) == (1, "There is no send 2001010101010101")
        assert not list(tmp_path.glob("out*"))

    @pytest.mark.parametrize(
        ("argv", "title", "hint"),
        [
            (["--format", "csv", "-o", "x"], "It is not clear which messages are meant", "--all"),
            (
                ["--all", "3", "--format", "csv", "-o", "x"],
                "It is not clear which messages are meant",
                "one of",
            ),
            (["--all", "-o", "x"], "The following arguments are required: --format", ""),
            (["--all", "--format", "csv"], "The following arguments are required: -o/--output", ""),
            (["--code", "12", "--format", "csv", "-o", "x"], "`12` is no send's code", "lists the codes"),
            (
                ["--all", "--format", "csv", "-o", "x.csv"],
                "An export is a folder: its manifest and its sums belong to it",
                "Leave the ending out: -o x",
            ),
        ],
    )
    def test_what_makes_no_sense(self, pectui: Runner, argv: list[str], title: str, hint: str) -> None:
        done = pectui("--demo", "export", *argv, "--json")
        assert (done.status, done.error["title"]) == (2, title)
        assert hint in done.error["hint"]


class TestEveryForm:
    @pytest.mark.parametrize("form", list(ExportFormat))
    def test_opens_with_the_standard_library(
        self, pectui: Runner, served: Server, form: ExportFormat, tmp_path: Path
    ) -> None:
        server = served()
        target = tmp_path / "out"
        assert not pectui("export", "--all", "--format", form, "-o", str(target), **server.variables).status
        assert verified(target)
        wanted = sorted(text.encode() for text in texts_of(server).values())
        if form is ExportFormat.CSV:
            with open(target / "messages.csv", encoding="utf-8-sig", newline="") as file:
                table = list(csv.DictReader(file))
            assert {int(row["id"]) for row in table} == set(texts_of(server))
        elif form is ExportFormat.JSON:
            assert sorted(row["decoded_body"].encode() for row in rows(target)) == wanted
        elif form is ExportFormat.MBOX:
            box = mailbox.mbox(target / "messages.mbox", create=False)
            assert sorted(map(body_of, map(box.get_bytes, box.keys()))) == wanted
            box.close()
        else:
            mails = [path.read_bytes() for path in (target / "messages").iterdir()]
            assert sorted(map(body_of, mails)) == wanted


class TestWhatIsThereAlready:
    def test_is_not_touched(self, pectui: Runner, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "mine").write_text("mine")
        done = pectui("--demo", "export", "--all", "--format", "csv", "-o", str(tmp_path / "out"), "--json")
        assert (done.status, done.error["title"]) == (1, "Nothing was exported")
        assert done.error["hint"] == "Choose another path, or move it away."
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]

    def test_the_same_export_is_there_already(self, pectui: Runner, served: Server, tmp_path: Path) -> None:
        server = served()
        command = ("export", "--all", "--format", "eml", "-o", str(tmp_path / "out"))
        assert pectui(*command, **server.variables).status == 0
        again = pectui(*command, **server.variables)
        assert (again.status, "were exported to" in again.stdout) == (0, True)
        server.app.mailbox.deliver("nuovo", "Testo")
        newer = pectui(*command, **server.variables)
        assert newer.status == 1
        assert "an export that was finished on" in newer.stderr


class TestOffline:
    def test_what_was_read_before(self, pectui: Runner, served: Server, tmp_path: Path) -> None:
        server = served(first_uid=500)
        pectui("inbox", "--all", **server.variables)
        pectui("show", "510", **server.variables)
        before = server.app.count("GET", "/")
        command = ("export", "--all", "--offline", "--format", "json", "-o", str(tmp_path / "out"), "--json")
        done = pectui(*command, **server.without_secrets)
        assert (done.status, done.document["exported"]) == (1, 1)
        assert [row["id"] for row in rows(tmp_path / "out")] == [510]
        assert server.app.count("GET", "/") == before


class TestInterrupted:
    """At any moment; the same command goes on and ends as if nothing had happened."""

    def run(self, server: Served, home: Path, form: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*PECTUI, "export", "--all", "--format", form, "-o", str(home / "out"), "--json"],
            env=clean_environment(home, **server.variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_by_a_signal_it_says_where_it_goes_on(
        self, pectui: Runner, served: Server, home: Path, number: signal.Signals, status: int
    ) -> None:
        server = served()
        server.gate.hold("message", "receipts", after=5)
        with self.run(server, home, "json") as process:
            assert in_time(lambda: server.gate.waiting > 0)
            kept = home / "out.unfinished" / "texts.jsonl"
            assert in_time(lambda: kept.exists() and kept.stat().st_size > 0)
            process.send_signal(number)
            out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (status, "")
        assert f"What was read is in {home / 'out'}.unfinished, and the same command goes on" in err
        server.gate.release()
        server.app.mailbox.deliver("nuovo", "Testo")
        done = pectui("export", "--all", "--format", "json", "-o", str(home / "out"), **server.variables)
        assert done.status == 0
        assert "going on with an interrupted export" in done.stderr
        assert "1 message that is new is not in it" in done.stderr
        assert len(rows(home / "out")) == 60

    @pytest.mark.parametrize("form", ["json", "eml"])
    def test_by_kills_at_random_moments(self, pectui: Runner, served: Server, home: Path, form: str) -> None:
        """Among its questions, each time after some more of them, and at last when it writes."""
        dice = Random(form)
        server = served(messages=400)
        unfinished = home / "out.unfinished"
        for _ in range(6):
            server.gate.hold("message", "receipts", after=dice.randrange(40))
            with self.run(server, home, form) as process:
                assert in_time(lambda: server.gate.waiting > 0)
                process.kill()
                process.communicate(timeout=PATIENCE)
            server.gate.release()
            assert unfinished.exists()
            assert not (home / "out").exists()
        with self.run(server, home, form) as process:
            assert in_time(lambda: (unfinished / "files").exists() or (home / "out").exists())
            process.kill()
            process.communicate(timeout=PATIENCE)
        assert not (home / "out").exists() or verified(home / "out")
        before = server.app.count("GET", "/")
        done = self.finished(pectui, server, home, form)
        assert done.document["exported"] == 400
        assert verified(home / "out")
        assert server.app.count("GET", "/") - before <= 3, "what was read is not read again"
        if form == "json":
            assert sorted(row["decoded_body"] for row in rows(home / "out")) == sorted(
                texts_of(server).values()
            )
        assert [path.name for path in home.glob("out*")] == ["out"]

    def finished(self, pectui: Runner, server: Served, home: Path, form: str) -> Done:
        command = ("export", "--all", "--format", form, "-o", str(home / "out"), "--json")
        done = pectui(*command, **server.variables)
        assert done.status == 0
        return done
