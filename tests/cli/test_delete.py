"""`pectui delete`: what each way of choosing takes, what it leaves, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pectui.sandbox.faults import parse_fault
from tests.cli.conftest import Runner, Served, Server
from tests.cli.deleting import codes, ids_of, left, two_sends
from tests.cli.sent import ANNA, BRUNO, arrive, delivered, partly_delivered, sent

REPLY = "an answer to a send: --include-replies takes it too"


@pytest.fixture
def mailbox(served: Server) -> Served:
    return two_sends(served(messages=0))


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
