"""`pectui delete`: what each way of choosing takes, what it leaves, what it says, and what it refuses."""

from __future__ import annotations

import json
import os
import pwd
from pathlib import Path

import pytest

from pectui.sandbox.dispatch import Dispatch, dispatch
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.options import DEMO_ADDRESS
from tests.cli.conftest import Runner, Served, Server
from tests.cli.sent import ANNA, BRUNO, arrive, delivered, partly_delivered, sent
from tests.cli.test_interruptions import started, wait_for_request
from tests.patience import PATIENCE
from tests.terminal import PECTUI, Terminal, clean_environment

REPLY = "an answer to a send: --include-replies takes it too"


def left(server: Served) -> list[str]:
    """What is in the mailbox."""
    return [mail.subject for mail in server.app.mailbox.mails]


def ids_of(server: Served, word: str) -> list[int]:
    """Ids of the messages whose subject holds `word`."""
    mailbox = server.app.mailbox
    return [mailbox.id_of(mail) or 0 for mail in mailbox.mails if word in mail.subject]


def prefixed(send: Dispatch) -> Dispatch:
    """Another send, whose code begins with the code of `send`."""
    return dispatch(f"{send.code}7", "Un altro invio", DEMO_ADDRESS, send.moment)


@pytest.fixture
def mailbox(served: Server) -> Served:
    """A send with an answer, and one whose code begins with the first one's; the service matches substrings."""
    server = served(messages=0)
    first = sent(hours=24 * 40)
    second = prefixed(first)
    arrive(server, *delivered(first, ANNA, BRUNO), first.reply(ANNA, "Ricevuto", 60), *delivered(second))
    return server


def codes(server: Served) -> tuple[str, str]:
    found = sorted({mail.subject.split()[-1] for mail in server.app.mailbox.mails}, key=len)
    return found[0], found[-1]


class TestByCode:
    """Receipts and own copies of exactly that send go; answers only if that was asked for."""

    def test_answers_and_look_alikes_stay(self, pectui: Runner, mailbox: Served) -> None:
        first, second = codes(mailbox)
        (reply,) = ids_of(mailbox, "Re:")
        done = pectui("delete", "--code", first, "--yes", "--json", **mailbox.variables)
        assert done.status == 0
        assert len(done.document["deleted"]) == 3
        assert done.document["kept"] == [{"id": reply, "reason": REPLY}]
        assert [subject.split()[-1] for subject in left(mailbox)] == [first, second, second]

    def test_with_their_answers(self, pectui: Runner, mailbox: Served) -> None:
        first, second = codes(mailbox)
        done = pectui("delete", "--code", first, "--include-replies", "--yes", "--json", **mailbox.variables)
        assert (done.status, len(done.document["deleted"]), done.document["kept"]) == (0, 4, [])
        assert {subject.split()[-1] for subject in left(mailbox)} == {second}

    def test_the_plan_in_words(self, pectui: Runner, mailbox: Served) -> None:
        first, _ = codes(mailbox)
        done = pectui("delete", "--code", first, "--dry-run", **mailbox.variables)
        assert done.status == 0
        assert "To be deleted from PRODUCTION" in done.stdout
        assert (
            f"! This is the last proof of delivery of send {first}, and it was not exported." in done.stdout
        )
        assert f"kept: {REPLY}" in done.stdout
        assert len(left(mailbox)) == 6

    def test_failures_of_a_send_go_too(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        send = sent()
        arrive(server, *partly_delivered(send))
        done = pectui("delete", "--code", send.code, "--yes", "--json", **server.variables)
        assert (done.status, len(done.document["deleted"])) == (0, 4)
        assert left(server) == []

    def test_a_code_that_nothing_carries(self, pectui: Runner, mailbox: Served) -> None:
        first, _ = codes(mailbox)
        unknown = "2001010101010101"
        done = pectui("delete", "--code", unknown, "--yes", "--json", **mailbox.variables)
        assert (done.status, done.error["title"]) == (1, f"There is no send {unknown}")
        done = pectui("delete", "--code", unknown, first, "--yes", "--json", **mailbox.variables)
        assert (done.status, len(done.document["deleted"])) == (1, 3)
        assert f"Nothing in the mailbox carries the code {unknown}." in done.stderr

    def test_what_is_gone_already_is_no_failure(self, pectui: Runner, mailbox: Served) -> None:
        _, second = codes(mailbox)
        command = ("delete", "--code", second, "--yes", "--json")
        assert pectui(*command, **mailbox.variables).status == 0
        again = pectui(*command, **mailbox.variables)
        assert (again.status, again.document["requested"]) == (0, 0)
        assert f"Nothing of the send {second} is in the mailbox any more." in again.stderr


class TestFound:
    """`--search`: all that the service finds, on every page, each shown in the plan."""

    def test_all_pages(self, pectui: Runner, served: Server) -> None:
        server = served(messages=10)
        for number in range(30):
            server.app.mailbox.deliver(f"Da cancellare {number}", "Testo")
        done = pectui("delete", "--search", "da cancellare", "--dry-run", **server.variables)
        assert all(f"  {number}  " in done.stdout for number in ids_of(server, "Da cancellare"))
        command = ("delete", "--search", "da cancellare", "--yes", "--json")
        done = pectui(*command, **server.variables)
        assert (done.status, len(done.document["deleted"])) == (0, 30)
        assert (len(left(server)), ids_of(server, "Da cancellare")) == (10, [])

    def test_nothing_is_found(self, pectui: Runner, mailbox: Served) -> None:
        done = pectui("delete", "--search", "nessuno", "--yes", "--json", **mailbox.variables)
        assert (done.status, done.document["requested"], done.document["job"]) == (0, 0, None)


class TestCompleted:
    """`--completed`: only what surely reached everybody, and is old enough."""

    def test_receipts_of_old_deliveries_alone(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        old, failed, young = (
            sent("1", "vecchio", hours=24 * 31),
            sent("2", "fallito", hours=24 * 32),
            sent("3", "recente", hours=24 * 29),
        )
        arrive(server, *delivered(old, ANNA, BRUNO), old.reply(ANNA, "Grazie", 60), *partly_delivered(failed))
        arrive(server, *delivered(young), *delivered(sent("4", "senza accettazione", hours=24 * 40))[1:])
        server.app.mailbox.deliver("Una lettera", "Testo")
        done = pectui("delete", "--completed", "--yes", "--json", **server.variables)
        assert (done.status, len(done.document["deleted"])) == (0, 3)
        assert [one["reason"] for one in done.document["kept"]] == ["an answer to a send"]
        assert not any("vecchio" in subject and "Re:" not in subject for subject in left(server))
        assert len(left(server)) == 9

    @pytest.mark.parametrize(("age", "goes"), [("29d", True), ("4w", True), ("700h", True), ("31d", False)])
    def test_how_old(self, pectui: Runner, served: Server, age: str, goes: bool) -> None:
        server = served(messages=0)
        arrive(server, *delivered(sent(hours=24 * 30)))
        done = pectui("delete", "--completed", "--older-than", age, "--dry-run", "--json", **server.variables)
        assert done.document["plan"]["messages"] == (2 if goes else 0)

    def test_what_can_not_be_read_stays(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        read, unread = sent("1", "letto", hours=24 * 31), sent("2", "non letto", hours=24 * 32)
        arrive(server, *delivered(read), *delivered(unread))
        assert pectui("sends", read.code, **server.variables).status == 0
        server.app.set_faults(parse_fault("receipts:500"))
        done = pectui("delete", "--completed", "--dry-run", "--json", **server.variables)
        assert (done.status, done.document["plan"]["messages"]) == (1, 2)
        assert f"Send {unread.code} was left alone, since receipts could not be read" in done.stderr

    def test_a_service_that_reads_nothing(self, pectui: Runner, served: Server) -> None:
        server = served("receipts:500", messages=0)
        arrive(server, *delivered(sent(hours=24 * 31)))
        assert pectui("delete", "--completed", "--yes", "--json", **server.variables).status == 69
        assert len(left(server)) == 2

    def test_an_acceptance_that_names_not_everybody(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        send = sent(hours=24 * 31)
        arrive(server, send.acceptance(()), send.delivery(ANNA, 3))
        done = pectui("delete", "--completed", "--yes", "--json", **server.variables)
        assert (done.status, done.document["requested"]) == (0, 0)
        assert len(left(server)) == 2


class TestIds:
    """What the last listing showed under them; from the command line and from a file."""

    def test_many_are_captured_before_anything_is_synced(self, pectui: Runner, served: Server) -> None:
        server = served(messages=60, ids="sequence")
        listed = pectui("inbox", "--all", "--json", **server.variables).document["messages"]
        subjects = {one["id"]: one["raw_subject"] for one in listed}
        assert server.app.mailbox.delete(45), "another client deletes: the ids above shift"
        ids = list(range(31, 61))
        done = pectui("delete", *map(str, ids), "--yes", "--json", **server.variables)
        outcome = done.document
        told = {one["id"] for one in (*outcome["refused"], *outcome["failed"])} | set(outcome["already_gone"])
        assert (outcome["requested"], told | set(outcome["deleted"])) == (30, set(ids))
        assert 10 < len(outcome["deleted"]) < 30
        gone = {45, *outcome["deleted"]}
        assert sorted(left(server)) == sorted(text for one, text in subjects.items() if one not in gone)

    def test_from_a_file(self, pectui: Runner, served: Server, tmp_path: Path) -> None:
        server = served()
        (tmp_path / "ids").write_text("# old ones\n3\n\n 4  # a receipt\r\n3\n")
        done = pectui("delete", "5", "--from", str(tmp_path / "ids"), "--yes", "--json", **server.variables)
        assert (done.status, sorted(done.document["deleted"])) == (0, [3, 4, 5])

    def test_from_stdin(self, pectui: Runner, served: Server) -> None:
        server = served()
        done = pectui("delete", "--from", "-", "--yes", "--json", stdin="3\n4\n", **server.variables)
        assert (done.status, sorted(done.document["deleted"])) == (0, [3, 4])
        done = pectui("delete", "--from", "-", stdin="5\n", **server.variables)
        assert done.status == 1
        assert "stdin" in done.stderr
        assert len(left(server)) == 58

    def test_an_empty_list_is_nothing_to_do(self, pectui: Runner, served: Server) -> None:
        server = served()
        done = pectui("delete", "--from", "-", "--yes", "--json", stdin="# none\n", **server.variables)
        assert (done.status, done.document["requested"]) == (0, 0)

    @pytest.mark.parametrize("line", ["abc", "12 13", "-4", "1e3"])
    def test_a_line_that_is_no_id(self, pectui: Runner, tmp_path: Path, line: str) -> None:
        path = tmp_path / "ids"
        path.write_text(f"3\n{line}\n")
        done = pectui("--demo", "delete", "--from", str(path), "--yes", "--json")
        assert (done.status, done.error["title"]) == (
            2,
            f"{path}, line 2: an id is a whole number, not '{line}'",
        )

    def test_a_file_that_is_not_there(self, pectui: Runner, tmp_path: Path) -> None:
        done = pectui("--demo", "delete", "--from", str(tmp_path / "ids"), "--yes", "--json")
        assert (done.status, done.error["detail"]) == (2, "No such file or directory")

    def test_many_that_were_never_listed(self, pectui: Runner, served: Server) -> None:
        server = served()
        ids = [str(number) for number in range(1, 71)]
        done = pectui("delete", *ids, "--yes", "--json", **server.variables)
        assert (done.status, len(done.document["deleted"])) == (0, 60)
        assert done.document["already_gone"] == list(range(61, 71))

    def test_of_many_messages_the_plan_still_knows_the_last_proofs(
        self, pectui: Runner, served: Server
    ) -> None:
        server = served(messages=0)
        sends = [sent(str(number), hours=24 * 40) for number in range(10, 40)]
        arrive(server, *(letter for send in sends for letter in delivered(send)))
        ids = [str(number) for number in ids_of(server, "CONSEGNA")]
        done = pectui("delete", *ids, "--dry-run", "--json", **server.variables)
        plan = done.document["plan"]
        assert (len(plan["last_proof_of"]), plan["proof_unknown"]) == (30, [])
        words = pectui("delete", *ids, "--dry-run", **server.variables).stdout
        assert "30 sends lose their last proof of delivery, and none was exported" in words


class TestTogether:
    """What several ways choose is put together, each message once."""

    def test_ids_and_a_code(self, pectui: Runner, mailbox: Served) -> None:
        first, second = codes(mailbox)
        chosen = ids_of(mailbox, second)[0]
        (reply,) = ids_of(mailbox, "Re:")
        command = ("delete", str(chosen), str(reply), "--code", second, first, "--yes", "--json")
        done = pectui(*command, **mailbox.variables)
        assert (done.status, len(done.document["deleted"]), done.document["kept"]) == (0, 6, [])
        assert left(mailbox) == []


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
