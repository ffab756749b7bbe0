"""`pectui sends --csv`: a delivery report, a line for each recipient."""

from __future__ import annotations

import csv
import io
import re
import signal
import subprocess
from pathlib import Path

import pytest

from pectui.sandbox.dispatch import MAILBOX_FULL, WRONG_ADDRESS
from pectui.sandbox.faults import parse_fault
from pectui.sandbox.texts import Recipient
from tests.cli.conftest import Done, Runner, Served, Server
from tests.cli.sent import ANNA, BRUNO, CARLA, DARIO, arrive, asked, delivered, partly_delivered, sent
from tests.cli.test_sync import read_until
from tests.terminal import PECTUI, Terminal, clean_environment

COLUMNS = [
    "code",
    "subject",
    "recipient",
    "state",
    "reason",
    "sent_at",
    "at",
    "send_state",
    "certified",
    "provisional",
]


def lines(done: Done) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(done.stdout, newline="")))


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=0)


class TestLines:
    """What stands in them."""

    def test_every_recipient(self, pectui: Runner, server: Served) -> None:
        arrive(server, *partly_delivered(send := sent()))
        done = pectui("sends", "--csv", **server.variables)
        assert (done.status, done.stderr) == (0, "1 send: 1 partial; 0 messages without a send code\n")
        rows = lines(done)
        assert [list(row) for row in rows] == [COLUMNS] * 4
        told = [(row["recipient"], row["state"], row["reason"], row["certified"]) for row in rows]
        assert told == [
            (ANNA, "delivered", "", "yes"),
            (BRUNO, "failed", WRONG_ADDRESS, "yes"),
            (CARLA, "failed", MAILBOX_FULL, "yes"),
            (DARIO, "none_expected", "", "no"),
        ]
        assert {(row["code"], row["subject"], row["send_state"]) for row in rows} == {
            (send.code, "Avviso di pagamento", "partial")
        }
        assert {row["sent_at"] for row in rows} == {send.moment.astimezone().isoformat()}
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}[+-][\d:]{5}", row["at"]) for row in rows)

    def test_where_recipients_are_not_known(self, pectui: Runner, server: Served) -> None:
        arrive(server, (refused := sent("1")).refusal("destinatario escluso"))
        arrive(server, (bare := sent("2")).delivery(ANNA, 3))
        rows = lines(pectui("sends", "--csv", refused.code, bare.code, **server.variables))
        told = [(row["recipient"], row["state"], row["reason"], row["send_state"]) for row in rows]
        assert told == [
            ("", "unknown", "destinatario escluso", "refused"),
            (ANNA, "delivered", "", "unknown"),
            ("", "unknown", "", "unknown"),
        ]

    def test_its_bytes(self, home: Path, server: Served) -> None:
        arrive(server, *delivered(sent("1", 'Città "in festa", perché\u202e no')))
        environment = {**clean_environment(home, **server.variables), "PYTHONIOENCODING": "latin-1"}
        done = subprocess.run([*PECTUI, "sends", "--csv"], env=environment, capture_output=True, timeout=60)
        header, row, rest = done.stdout.split(b"\r\n")
        assert (header.decode(), rest, b"\n" in row) == (",".join(COLUMNS), b"", False)
        assert '"Città ""in festa"", perché no"' in row.decode()

    @pytest.mark.parametrize("begins", ["=", "+", "-", "@", " =", "\x1b=", "\u200b@"])
    def test_no_cell_is_a_formula(self, pectui: Runner, server: Served, begins: str) -> None:
        send = sent("1", f"{begins}HYPERLINK(1)")
        people = (Recipient("=1+1@pec.example"),)
        arrive(server, send.acceptance(people), send.failure("=1+1@pec.example", 3, "=cmd|' /C calc'!A0"))
        (row,) = lines(pectui("sends", "--csv", **server.variables))
        for name in ("subject", "recipient", "reason"):
            assert row[name].startswith("'"), name
        assert row["code"] == send.code

    def test_problems_only(self, pectui: Runner, server: Served) -> None:
        arrive(server, *delivered(sent("1")), *partly_delivered(sent("2")))
        rows = lines(pectui("sends", "--csv", "--problems", **server.variables))
        assert {row["send_state"] for row in rows} == {"partial"}
        assert len(asked(server)) == 1, "what is none by its counts is not read"

    def test_the_demo(self, pectui: Runner) -> None:
        rows = lines(pectui("--demo", "sends", "--csv"))
        assert len(rows) > 400
        assert {"delivered", "failed", "late", "none_expected"} <= {row["state"] for row in rows}


class TestReading:
    """Texts are asked for once: what was learned is kept."""

    def test_one_question_for_each_send_and_none_the_second_time(
        self, pectui: Runner, served: Server
    ) -> None:
        server = served(messages=300)
        arrive(server, sent("1").reply(ANNA, "Grazie", 60))
        sends = pectui("sends", "--json", **server.variables).document["sends"]
        with_receipts = {one["code"] for one in sends if one["message_ids"]}
        first = pectui("sends", "--csv", **server.variables)
        assert sorted(asked(server)) == sorted(with_receipts)
        second = pectui("sends", "--csv", **server.variables)
        assert len(asked(server)) == len(with_receipts)
        assert (first.status, second.stdout) == (0, first.stdout)

    def test_what_came_since_is_read(self, pectui: Runner, server: Served) -> None:
        one, two = sent("1"), sent("2")
        arrive(server, *delivered(one), two.acceptance((Recipient(ANNA), Recipient(BRUNO))))
        pectui("sends", "--csv", **server.variables)
        arrive(server, two.delivery(BRUNO, 60))
        rows = lines(pectui("sends", "--csv", **server.variables))
        assert asked(server)[2:] == [two.code]
        assert {row["recipient"]: row["state"] for row in rows if row["code"] == two.code} == {
            ANNA: "accepted",
            BRUNO: "delivered",
        }

    def test_offline_it_says_what_was_never_read(self, pectui: Runner, server: Served) -> None:
        one, two = sent("1"), sent("2", hours=40)
        arrive(server, *delivered(one), *delivered(two))
        pectui("sends", one.code, **server.variables)
        before = len(server.app.requests)
        done = pectui("sends", "--csv", "--offline", **server.without_secrets)
        told = [(row["code"], row["recipient"], row["state"]) for row in lines(done)]
        assert told == [(one.code, ANNA, "delivered"), (two.code, "", "unknown")]
        assert (done.status, len(server.app.requests)) == (0, before)
        assert "1 send was never read: the recipients are not known.\n" in done.stderr

    def test_one_that_cannot_be_read_keeps_none_back(self, pectui: Runner, server: Served) -> None:
        arrive(server, *delivered(sent("1")), *delivered(sent("2")), *delivered(sent("3")))
        server.app.set_faults(parse_fault("receipts:400:times=1"))
        done = pectui("sends", "--csv", **server.variables)
        assert (done.status, len(lines(done))) == (1, 3)
        assert sorted(row["recipient"] for row in lines(done)) == ["", ANNA, ANNA]
        assert "could not be read" in done.stderr
        assert pectui("sends", "--csv", **server.variables).status == 0

    @pytest.mark.parametrize(("fault", "status"), [("receipts:401", 77), ("receipts:500", 69)])
    def test_none_that_can_be_read_is_an_error(
        self, pectui: Runner, server: Served, fault: str, status: int
    ) -> None:
        arrive(server, *delivered(sent("1")), *delivered(sent("2")))
        server.app.set_faults(parse_fault(fault))
        done = pectui("sends", "--csv", **server.variables)
        assert (done.status, done.stdout) == (status, "")

    def test_ctrl_c_keeps_what_was_learned(self, pectui: Runner, home: Path, served: Server) -> None:
        server = served(messages=300)
        pectui("sync", **server.variables)
        server.gate.hold("receipts", after=6)
        command = ["sh", "-c", f"exec {' '.join(PECTUI)} sends --csv >{home}/report.csv"]
        with Terminal(command, clean_environment(home, **server.variables), columns=100) as terminal:
            read_until(server, terminal, lambda text: sends_read(text) >= 8)
            read = sends_read(terminal.text)
            terminal.process.send_signal(signal.SIGINT)
            assert terminal.wait() == 130
            assert terminal.text.strip() == (
                "pectui: interrupted. What was read is kept, and the next run goes on from there."
            )
        assert (home / "report.csv").read_bytes() == b""
        server.gate.release()
        before = asked(server)
        assert pectui("sends", "--csv", **server.variables).status == 0
        assert len(set(before) - set(asked(server)[len(before) :])) >= read, "none of these is read again"


def sends_read(text: str) -> int:
    """What the progress line says, 0 where it isn't there."""
    found = re.search(r"(\d+) of \d+ sends read", text)
    return int(found[1]) if found else 0
