"""`pectui campaign run`, `resume` and `status`: each row once, none lost, none twice."""

from __future__ import annotations

import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from pectui.sandbox.faults import parse_fault
from tests.cli.conftest import Done, Runner, Served, Server
from tests.cli.test_interruptions import started, told_to_stop, wait_for_request
from tests.patience import PATIENCE, in_time
from tests.terminal import PECTUI, Terminal, clean_environment

LETTER = ("--subject", "Avviso $n", "--body", "Gentile $n")
NUMBERS = ("rows", "sent", "pending", "unknown", "failed", "refused")


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=0, send_interval=0)


def table_of(home: Path, *rows: str, name: str = "list.csv") -> Path:
    path = home / name
    path.write_text("recipient;n\n" + "".join(f"{row}\n" for row in rows))
    return path


def numbers(done: Done) -> tuple[int, ...]:
    assert list(done.document) == list(NUMBERS)
    return tuple(done.document[name] for name in NUMBERS)


def received(server: Served) -> Counter[str]:
    """How many PECs each recipient got."""
    return Counter(one for pec in server.app.mailbox.sent for one in pec.order.recipients)


class TestRun:
    """Every row becomes a PEC of its own."""

    def test_each_row_is_sent_once_however_often_it_is_run(
        self, pectui: Runner, home: Path, server: Served
    ) -> None:
        table = table_of(home, "a@pec.example;1", "b@pec.example;2")
        done = pectui("campaign", "run", str(table), *LETTER, "--yes", "--json", **server.variables)
        assert (done.status, numbers(done)) == (0, (2, 2, 0, 0, 0, 0))
        orders = [pec.order for pec in server.app.mailbox.sent]
        assert [(one.recipients, one.subject, one.body) for one in orders] == [
            (("a@pec.example",), "Avviso 1", "Gentile 1"),
            (("b@pec.example",), "Avviso 2", "Gentile 2"),
        ]
        again = pectui("campaign", "run", str(table), *LETTER, "--yes", **server.variables)
        assert (again.status, again.stdout) == (0, "2 rows: 2 sent\n")
        assert "2 rows went out already" in again.stderr
        before = len(server.app.requests)
        status = pectui("campaign", "status", str(table), "--json", **server.without_secrets)
        assert (status.status, numbers(status)) == (0, (2, 2, 0, 0, 0, 0))
        assert (received(server), len(server.app.requests)) == (
            {"a@pec.example": 1, "b@pec.example": 1},
            before,
        )

    def test_nothing_is_sent_while_a_row_is_wrong(self, pectui: Runner, home: Path, server: Served) -> None:
        table = table_of(home, "a@pec.example;1", "nobody;2")
        done = pectui("campaign", "run", str(table), *LETTER, "--yes", "--json", **server.variables)
        assert done.status == 1
        (error,) = done.document["errors"]
        assert (error["line"], error["column"]) == (3, "recipient")
        assert not server.app.requests

    @pytest.mark.parametrize(
        ("flags", "title"),
        [
            ((), "Nothing was sent"),
            (("--yes", "--read-only"), "Nothing was sent"),
            (("--yes", "--offline"), "Nothing was sent"),
        ],
    )
    def test_is_refused_at_once(
        self, pectui: Runner, home: Path, server: Served, flags: tuple[str, ...], title: str
    ) -> None:
        table = table_of(home, "a@pec.example;1")
        done = pectui("campaign", "run", str(table), *LETTER, *flags, "--json", **server.variables)
        assert (done.status, done.error["title"], server.app.requests) == (1, title, [])

    def test_a_dry_run_sends_nothing(self, pectui: Runner, home: Path, server: Served) -> None:
        table = table_of(home, "a@pec.example;1")
        done = pectui("campaign", "run", str(table), *LETTER, "--dry-run", **server.variables)
        assert (done.status, server.app.requests) == (0, [])
        assert "  Subject: Avviso 1" in done.stdout.splitlines()
        assert "1 row to be sent now, for 0.05 EUR" in done.stderr.splitlines()

    def test_above_25_rows_their_number_is_typed(self, home: Path, server: Served) -> None:
        table = table_of(home, *(f"r{row}@pec.example;{row}" for row in range(26)))
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, "campaign", "run", str(table), *LETTER], environment) as terminal:
            terminal.wait_for("Type the number 26 to confirm: ")
            terminal.press("y\r")
            terminal.wait_for("it was not confirmed")
        assert not server.app.requests

    def test_the_day_s_recipients_end_it_in_order(self, pectui: Runner, home: Path, server: Served) -> None:
        table = table_of(home, "a@pec.example;1", "b@pec.example;2")
        run = ("campaign", "run", str(table), *LETTER, "--daily-limit", "1", "--yes")
        done = pectui(*run, **server.variables)
        assert (done.status, done.stdout) == (75, "2 rows: 1 sent, 1 pending\n")
        assert f"It goes on tomorrow: pectui campaign resume {table}" in done.stderr
        assert received(server) == {"a@pec.example": 1}

    def test_a_file_that_is_not_what_was_checked_is_not_sent(self, home: Path, server: Served) -> None:
        (home / "a.pdf").write_bytes(b"checked")
        table = home / "list.csv"
        table.write_text("recipient;attachments\na@pec.example;a.pdf\n")
        run = ("campaign", "run", str(table), "--subject", "s", "--body", "b")
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, *run], environment) as terminal:
            terminal.wait_for("Type y to confirm: ")
            (home / "a.pdf").write_bytes(b"another")
            terminal.press("y\r")
            terminal.wait_for("it has changed since it was checked")
            assert terminal.wait() == 1
            assert "1 row: 1 failed" in terminal.text
        assert not server.app.mailbox.sent


class TestInterrupted:
    """It can be gone on with at any row."""

    def test_ctrl_c_pauses_after_the_message_in_hand(
        self, pectui: Runner, home: Path, server: Served
    ) -> None:
        table = table_of(home, "a@pec.example;1", "b@pec.example;2")
        server.gate.hold("send")
        with started(
            home, "campaign", "run", str(table), *LETTER, "--yes", "--json", **server.variables
        ) as process:
            wait_for_request(server)
            process.send_signal(signal.SIGINT)
            told_to_stop(process)
            server.gate.release()
            out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, json.loads(out)["sent"], json.loads(out)["pending"]) == (130, 1, 1)
        assert f"pectui campaign resume {table}" in err
        done = pectui("campaign", "resume", str(table), "--yes", "--json", **server.variables)
        assert (done.status, numbers(done)) == (0, (2, 2, 0, 0, 0, 0))
        assert received(server) == {"a@pec.example": 1, "b@pec.example": 1}

    def test_killed_while_the_service_owes_an_answer(
        self, pectui: Runner, home: Path, server: Served
    ) -> None:
        table = table_of(home, "a@pec.example;1", "b@pec.example;2")
        server.gate.hold("send")
        with started(home, "campaign", "run", str(table), *LETTER, "--yes", **server.variables) as process:
            wait_for_request(server)
            process.kill()
            process.communicate(timeout=PATIENCE)
        server.gate.release()
        assert in_time(lambda: len(server.app.mailbox.sent) == 1)
        status = pectui("campaign", "status", str(table), "--json", **server.without_secrets)
        assert (status.status, numbers(status)) == (1, (2, 0, 1, 1, 0, 0))
        done = pectui("campaign", "resume", str(table), "--yes", "--json", **server.variables)
        assert (done.status, numbers(done)) == (0, (2, 2, 0, 0, 0, 0))
        assert "1 row went out after all: the inbox shows the acceptance" in done.stderr
        assert received(server) == {"a@pec.example": 1, "b@pec.example": 1}

    def test_one_that_nobody_knows_of_is_sent_again_on_demand_only(
        self, pectui: Runner, home: Path, server: Served
    ) -> None:
        table = table_of(home, "a@pec.example;1")
        server.app.set_faults(parse_fault("send:reset-before:times=1"))
        resume = ("campaign", "resume", str(table), "--yes", "--json")
        done = pectui("campaign", "run", str(table), *LETTER, "--yes", "--json", **server.variables)
        assert (done.status, numbers(done)) == (1, (1, 0, 0, 1, 0, 0))
        done = pectui(*resume, **server.variables)
        assert (done.status, numbers(done), received(server)) == (1, (1, 0, 0, 1, 0, 0), {})
        done = pectui(*resume, "--resend-unknown", **server.variables)
        assert (done.status, numbers(done), received(server)) == (0, (1, 1, 0, 0, 0, 0), {"a@pec.example": 1})


class TestChanged:
    """The table may change in between: what went out stays sent, another content is another message."""

    def test_rows_that_changed_are_shown_and_sent(self, pectui: Runner, home: Path, server: Served) -> None:
        table = table_of(home, "a@pec.example;1", "b@pec.example;2")
        run = ("campaign", "run", str(table), *LETTER, "--yes", "--daily-limit", "1")
        pectui(*run, **server.variables)
        again = pectui(
            "campaign", "run", str(table), "--subject", "x", "--body", "$n", "--dry-run", **server.variables
        )
        assert "! 1 row of them to recipients who had another message of it, or may have" in again.stderr
        table_of(home, "c@pec.example;3", "a@pec.example;1")
        resume = ("campaign", "resume", str(table), "--daily-limit", "0")
        plan = pectui(*resume, "--dry-run", **server.variables)
        told = plan.stderr.splitlines()
        assert "! 1 row new or changed since the campaign was confirmed: other messages" in told
        assert "! 1 row of the campaign not in the table any more, and never sent" in told
        done = pectui(*resume, "--yes", "--json", **server.variables)
        assert (done.status, numbers(done)) == (0, (2, 2, 0, 0, 0, 0))
        assert received(server) == {"a@pec.example": 1, "c@pec.example": 1}

    def test_a_table_that_was_moved_is_found_by_what_it_holds(
        self, pectui: Runner, home: Path, server: Served
    ) -> None:
        table = table_of(home, "a@pec.example;1")
        pectui("campaign", "run", str(table), *LETTER, "--yes", **server.variables)
        moved = table.rename(home / "moved.csv")
        done = pectui("campaign", "status", str(moved), "--json", **server.without_secrets)
        assert numbers(done) == (1, 1, 0, 0, 0, 0)

    def test_of_another_table_nothing_is_known(self, pectui: Runner, home: Path, server: Served) -> None:
        table = table_of(home, "a@pec.example;1")
        done = pectui("campaign", "status", str(table), "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (1, "No campaign of this table was found")
