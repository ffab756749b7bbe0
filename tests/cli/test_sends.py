"""`pectui sends`: what became of each send, as the listing tells."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from pectui.domain.send import SendState
from pectui.domain.subject import is_code
from pectui.sandbox.dispatch import WRONG_ADDRESS, Dispatch
from pectui.sandbox.mail import Letter
from pectui.sandbox.texts import Recipient
from tests.cli.conftest import Runner, Server
from tests.cli.sent import ANNA, BRUNO, arrive, delivered, partly_delivered, sent
from tests.terminal import PECTUI, Terminal, clean_environment

SEND = {
    "code": str,
    "subject": str,
    "sent_at": (str, type(None)),
    "state": str,
    "accepted": int,
    "delivered": int,
    "failed": int,
    "late": int,
    "replies": int,
    "recipients_known": bool,
    "is_read": bool,
    "archived": bool,
    "message_ids": list,
    "reply_ids": list,
    "other_ids": list,
}
TWO = (Recipient(ANNA), Recipient(BRUNO))

STATES: list[tuple[SendState, float, Callable[[Dispatch], list[Letter]]]] = [
    (SendState.DELIVERED, 30, delivered),
    (SendState.PARTIAL, 30, partly_delivered),
    (SendState.FAILED, 30, lambda send: [send.acceptance(TWO[:1]), send.failure(ANNA, 4, WRONG_ADDRESS)]),
    (SendState.FAILED, 30, lambda send: [send.acceptance(TWO[:1]), send.warning(ANNA), send.expiry(ANNA)]),
    (SendState.LATE, 13, lambda send: [send.acceptance(TWO[:1]), send.warning(ANNA)]),
    (SendState.PENDING, 2, lambda send: [send.acceptance(TWO)]),
    (SendState.INCOMPLETE, 30, lambda send: [send.acceptance(TWO)]),
    (SendState.REFUSED, 30, lambda send: [send.refusal("destinatario escluso")]),
    (SendState.UNKNOWN, 30, lambda send: [send.delivery(ANNA, 3)]),
]


@pytest.fixture(params=["demo", "loopback"])
def mailbox(request: pytest.FixtureRequest, pectui: Runner, served: Server) -> Runner:
    """The same command on the demo and on a server that only HTTP leads to."""
    if request.param == "demo":
        return lambda *arguments: pectui("--demo", *arguments)
    server = served(messages=300)
    return lambda *arguments: pectui(*arguments, **server.variables)


class TestItsDocument:
    """A promise to scripts."""

    def test_names_and_types(self, mailbox: Runner) -> None:
        done = mailbox("sends", "--json")
        document = done.document
        assert (done.status, done.stderr) == (0, "")
        assert list(document) == ["sends", "unassigned", "stale", "warnings"]
        assert (document["stale"], document["warnings"]) == (False, [])
        assert document["unassigned"] > 0
        assert len(document["sends"]) > 50
        for send in document["sends"]:
            assert list(send) == [*SEND]
            for name, kind in SEND.items():
                assert isinstance(send[name], kind), name  # type: ignore[arg-type]  # a type or a tuple of types
            assert is_code(send["code"])
            assert send["state"] in set(SendState)
            assert all(type(one) is int for one in send["message_ids"] + send["reply_ids"])
            assert len(send["reply_ids"]) == send["replies"]
            assert send["sent_at"] is None or datetime.fromisoformat(send["sent_at"]).tzinfo is not None
        codes = [send["code"] for send in document["sends"]]
        times = [code[:14] for code in codes]
        assert (len(set(codes)), times) == (len(codes), sorted(times, reverse=True))

    def test_every_message_belongs_to_one_send_or_to_none(self, pectui: Runner, served: Server) -> None:
        server = served(messages=300)
        document = pectui("sends", "--json", **server.variables).document
        ids = [
            number
            for send in document["sends"]
            for name in ("message_ids", "reply_ids", "other_ids")
            for number in send[name]
        ]
        assert len(ids) == len(set(ids)) == 300 - document["unassigned"]

    def test_what_is_listed_costs_one_request_once_it_is_known(self, pectui: Runner, served: Server) -> None:
        server = served(messages=60)
        first = pectui("sends", "--json", **server.variables).document
        before = len(server.app.requests)
        arrive(server, *delivered(send := sent()))
        again = pectui("sends", "--json", **server.variables).document
        assert [one["code"] for one in again["sends"] if one not in first["sends"]] == [send.code]
        assert len(server.app.requests) - before == 1

    def test_an_empty_mailbox(self, pectui: Runner, served: Server) -> None:
        variables = served(messages=0).variables
        document = pectui("sends", "--json", **variables).document
        assert (document["sends"], document["unassigned"]) == ([], 0)
        done = pectui("sends", **variables)
        assert (done.status, done.stdout, done.stderr) == (
            0,
            "",
            "0 sends; 0 messages without a send code\n",
        )

    def test_its_ids_mean_these_messages(self, pectui: Runner, served: Server) -> None:
        server = served(ids="sequence", messages=60)
        arrive(server, *delivered(send := sent()))
        chosen = pectui("sends", "--json", **server.variables).document["sends"]
        number = next(one for one in chosen if one["code"] == send.code)["message_ids"][0]
        meant = server.app.mailbox.read(number)
        assert server.app.mailbox.delete(1), "another client deletes the oldest one: all ids shift"
        done = pectui("delete", str(number), "--yes", "--json", **server.variables)
        assert done.document["deleted"] == [number]
        assert meant is not None
        assert server.app.mailbox.id_of(meant) is None
        assert len(server.app.mailbox.mails) == 60


class TestStates:
    """Every one of them, by the counts of receipts and by their texts."""

    @pytest.fixture
    def document(self, pectui: Runner, served: Server) -> Callable[..., list[dict[str, object]]]:
        server = served(messages=0)
        for tail, (_, hours, receipts) in enumerate(STATES):
            arrive(server, *receipts(sent(str(tail), hours=hours)))

        def ask(*arguments: str) -> list[dict[str, object]]:
            sends: list[dict[str, object]] = pectui(
                "sends", "--json", *arguments, **server.variables
            ).document["sends"]
            return sorted(sends, key=lambda one: str(one["code"])[14:])

        return ask

    def test_by_counts_then_by_texts(self, document: Callable[..., list[dict[str, object]]]) -> None:
        expected = [str(state) for state, _, _ in STATES]
        listed = document()
        assert [one["state"] for one in listed] == expected
        assert not any(one["recipients_known"] or one["is_read"] for one in listed)
        read = document(*(str(one["code"]) for one in listed))
        assert [one["state"] for one in read] == expected
        known = [one["state"] for one in read if not one["recipients_known"]]
        assert known == ["refused", "unknown"], "the acceptance tells the recipients"
        assert document() == [{name: one[name] for name in SEND} for one in read], "it is remembered"

    def test_problems(self, document: Callable[..., list[dict[str, object]]]) -> None:
        problems = [str(state) for state, _, _ in STATES if state.is_problem]
        assert [one["state"] for one in document("--problems")] == problems
        codes = [str(one["code"]) for one in document()]
        assert [one["state"] for one in document("--problems", *codes)] == problems


class TestAsText:
    """A line for each send; what is counted goes to stderr."""

    def test_columns_and_counts(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        arrive(server, *delivered(one := sent("1", "Avviso", hours=30)))
        arrive(server, *partly_delivered(two := sent("22", "Convocazione", hours=40)))
        arrive(server, two.reply(ANNA, "Grazie", 60))
        server.app.mailbox.deliver("Una lettera")
        done = pectui("sends", **server.variables)
        lines = [line.split() for line in done.stdout.splitlines()]
        assert [line[:1] + line[3:] for line in lines] == [
            ["delivered~", "1/?", one.code, "Avviso"],
            ["partial~", "1/?", "2", "failed", "1", "reply", two.code, "Convocazione"],
        ]
        begins = {re.search("  20[0-9]{13}", line) for line in done.stdout.splitlines()}
        assert len({found.start() for found in begins if found}) == 1, "columns stand under each other"
        assert done.stderr == "2 sends: 1 partial, 1 delivered; 1 message without a send code\n"
        pectui("sends", two.code, **server.variables)
        assert "partial    " in (again := pectui("sends", **server.variables).stdout)
        assert "  1/3  2 failed  1 reply  " in again, "ordinary mail is not expected to be delivered"

    @pytest.mark.parametrize(
        ("columns", "shown"),
        [
            (120, ["20", "1/?", "2 failed", "1 reply", "Convocazione"]),
            (80, ["20", "1/?", "2 failed", "Convoc"]),
            (60, ["1/?", "2 failed", "Convoc"]),
            (52, ["1/?", "Convoc"]),
            (44, ["Convoc"]),
            (32, []),
            (20, []),
        ],
    )
    def test_on_a_narrow_terminal_no_code_is_cut(
        self, home: Path, served: Server, columns: int, shown: list[str]
    ) -> None:
        """It is what gets copied: the rest goes first. What even then is too long, the terminal wraps."""
        server = served(messages=0)
        arrive(server, *delivered(one := sent("123456", "Avviso", hours=30)))
        arrive(server, *partly_delivered(two := sent("22", "Convocazione dell'assemblea", hours=40)))
        arrive(server, two.reply(ANNA, "Grazie", 60))
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, "sends", "--color", "never"], environment, columns=columns) as terminal:
            assert terminal.wait() == 0
            lines = bytes(terminal.written).decode().splitlines()[-3:-1]
        assert one.code in lines[0].split()
        assert two.code in lines[1].split()
        state, *others = re.split(" {2,}", lines[1].replace(f"  {two.code}", "").rstrip())
        assert state == "partial~"
        assert len(others) == len(shown)
        assert all(other.startswith(one) for other, one in zip(others, shown, strict=True))
        assert columns < 32 or max(map(len, lines)) <= columns

    def test_problems_say_what_was_left_out(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        arrive(server, *delivered(sent("1")), *partly_delivered(sent("2")))
        done = pectui("sends", "--problems", **server.variables)
        assert [line.split()[0] for line in done.stdout.splitlines()] == ["partial~"]
        assert done.stderr.splitlines() == [
            "1 of 2 sends: 1 partial; 0 messages without a send code",
            "1 more is judged by counts of receipts alone: `pectui sends --csv` reads their texts.",
        ]

    def test_colour_is_for_problems_and_for_terminals(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        arrive(server, *delivered(sent("1")), *partly_delivered(sent("2")))
        plain = pectui("sends", **server.variables).stdout
        coloured = pectui("sends", "--color", "always", **server.variables).stdout
        assert "\x1b" not in plain
        assert coloured == plain.replace("partial~", "\x1b[1;31mpartial~\x1b[0m")

    def test_hostile_subjects(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        arrive(server, *delivered(sent("1", "\x1b[2J\x1b]52;c;eA==\x07Pa\u202ega\x9bmento\nfalso [/]")))
        for arguments in (["sends"], ["sends", "--json"], ["sends", "--csv"]):
            done = pectui(*arguments, **server.variables)
            assert done.status == 0
            assert "Pagamento falso [/]" in done.stdout
            assert not set("\x1b\x07\x9b\u202e") & set(done.stdout + done.stderr)


class TestFailing:
    """The listing is as it is now, or there is none."""

    @pytest.mark.parametrize(("fault", "status"), [("inbox:401", 77), ("inbox:500", 69), ("inbox:429=0", 75)])
    def test_the_service(self, pectui: Runner, served: Server, fault: str, status: int) -> None:
        done = pectui("sends", "--json", **served(fault).variables)
        assert (done.status, bool(done.error["hint"])) == (status, True)

    def test_nobody_there(self, pectui: Runner, served: Server) -> None:
        variables = {**served().variables, "PECTUI_BASE_URL": "http://127.0.0.1:9"}
        assert pectui("sends", "--json", **variables).status == 69

    @pytest.mark.parametrize("form", ["--json", "--csv", "--problems"])
    def test_nobody_reads(self, home: Path, form: str) -> None:
        line = f"({' '.join(PECTUI)} --demo sends {form}; echo $? >&2) | head -n 1 >{home}/first"
        done = subprocess.run(
            ["bash", "-c", line],
            env=clean_environment(home),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (home / "first").read_text()
        assert done.stderr.splitlines()[-1] == "0"
        assert "Traceback" not in done.stderr
