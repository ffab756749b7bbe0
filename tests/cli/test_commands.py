"""What each command prints, as people and as scripts get it."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from pectui.domain.kind import Kind
from tests.cli.conftest import Runner, Server
from tests.patience import PATIENCE
from tests.terminal import PECTUI, Terminal, clean_environment

MESSAGE = {
    "id": int,
    "date": (str, type(None)),
    "kind": str,
    "subject": str,
    "raw_subject": str,
    "code": (str, type(None)),
    "is_reply": bool,
    "sender": str,
    "recipient": str,
}


def check_message(message: dict[str, object], *, more: tuple[str, ...] = ()) -> None:
    assert list(message) == [*MESSAGE, *more]
    for name, kind in MESSAGE.items():
        assert isinstance(message[name], kind), name  # type: ignore[arg-type]  # a type or a tuple of types
    assert message["kind"] in set(Kind)
    if message["date"] is not None:
        assert datetime.fromisoformat(str(message["date"])).tzinfo is not None


@pytest.fixture(params=["demo", "loopback"])
def mailbox(request: pytest.FixtureRequest, pectui: Runner, served: Server) -> Runner:
    """The same commands on the demo and on a server that only HTTP leads to."""
    if request.param == "demo":
        return lambda *arguments, **more: pectui("--demo", *arguments, **more)
    server = served(messages=981)
    return lambda *arguments, **more: pectui(*arguments, **server.variables, **more)


class TestInbox:
    """`pectui inbox`."""

    def test_its_document(self, mailbox: Runner) -> None:
        done = mailbox("inbox", "--json")
        document = done.document
        assert done.status == 0
        assert list(document) == ["page", "pages", "total", "messages", "stale", "warnings"]
        assert (document["page"], document["pages"], document["total"]) == (1, 40, 981)
        assert (document["stale"], document["warnings"], len(document["messages"])) == (False, [], 25)
        for message in document["messages"]:
            check_message(message)
        dates = [datetime.fromisoformat(message["date"]) for message in document["messages"]]
        assert dates == sorted(dates, reverse=True)

    def test_a_page_in_the_middle_and_the_last_one(self, mailbox: Runner) -> None:
        first = {message["id"] for message in mailbox("inbox", "--json").document["messages"]}
        second = mailbox("inbox", "--page", "2", "--json").document
        last = mailbox("--json", "inbox", "--page", "40").document
        assert (second["page"], len(second["messages"])) == (2, 25)
        assert not first & {message["id"] for message in second["messages"]}
        assert (last["page"], len(last["messages"])) == (40, 6)

    def test_a_page_beyond_the_end(self, mailbox: Runner) -> None:
        done = mailbox("inbox", "--page", "41", "--json")
        assert (done.status, done.document["messages"]) == (0, [])
        assert "There is no page 41" in done.document["warnings"][0]

    def test_all_pages(self, mailbox: Runner) -> None:
        document = mailbox("inbox", "--all", "--json").document
        assert len({message["id"] for message in document["messages"]}) == document["total"] == 981

    def test_a_search_and_a_kind(self, mailbox: Runner) -> None:
        found = mailbox("inbox", "--search", "TARI", "--json").document
        assert 0 < found["total"] < 981
        assert "TARI" in found["messages"][0]["raw_subject"]
        failed = mailbox("inbox", "--kind", "non_delivery", "--json").document["messages"]
        assert {message["kind"] for message in failed} == {"non_delivery"}

    def test_as_text(self, mailbox: Runner) -> None:
        done = mailbox("inbox")
        assert len(done.stdout.splitlines()) == 25
        assert "page 1 of 40, 981 messages" in done.stderr
        assert "\x1b" not in done.stdout

    @pytest.mark.parametrize("arguments", [["--page", "0"], ["--page", "x"], ["--kind", "delivry"]])
    def test_wrong_usage(self, mailbox: Runner, arguments: list[str]) -> None:
        done = mailbox("inbox", *arguments, "--json")
        assert done.status == 2
        assert done.error["title"]

    def test_a_kind_that_was_nearly_right(self, mailbox: Runner) -> None:
        assert "Did you mean `delivery`?" in mailbox("inbox", "--kind", "delivry").stderr


class TestShow:
    """`pectui show ID`."""

    def test_its_document(self, mailbox: Runner) -> None:
        for message_id in ("3", "17", "900"):
            done = mailbox("show", message_id, "--json")
            document = done.document
            assert done.status == 0
            check_message(document, more=("body", "body_is_html"))
            assert document["id"] == int(message_id)
            assert isinstance(document["body"], str)
            assert isinstance(document["body_is_html"], bool)
            assert "<p" not in document["body"]
            assert "%20" not in document["body"]

    def test_as_text_with_what_the_receipt_says(self, mailbox: Runner) -> None:
        failed = mailbox("inbox", "--all", "--json").document["messages"]
        message = next(one for one in failed if one["kind"] == "non_delivery")
        done = mailbox("show", str(message["id"]))
        assert "Failed: not delivered" in done.stdout
        assert re.search(r"Recipient\*: \S+@\S+", done.stdout)
        assert re.search(r"Reason\*: +\S+", done.stdout)

    def test_every_kind_of_body_is_safe_to_print(self, mailbox: Runner) -> None:
        messages = mailbox("inbox", "--json").document["messages"]
        by_kind = {message["kind"]: message for message in messages}
        for message in by_kind.values():
            for form in ([], ["--raw"], ["--html"]):
                printed = mailbox("show", str(message["id"]), *form).stdout
                assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", printed)

    def test_what_is_not_there(self, mailbox: Runner) -> None:
        done = mailbox("show", "999999", "--json")
        assert done.status == 1
        assert "Message not found" in done.error["title"] + done.error["detail"]

    @pytest.mark.parametrize("wrong", ["x", "-3", "1.5", "9" * 40])
    def test_what_is_no_id(self, mailbox: Runner, wrong: str) -> None:
        assert mailbox("show", wrong, "--json").status == 2


OUTCOME = ["requested", "deleted", "already_gone", "refused", "failed", "kept", "job"]


class TestDelete:
    """`pectui delete ID…`."""

    def test_a_dry_run_changes_nothing(self, mailbox: Runner) -> None:
        done = mailbox("delete", "3", "4", "3", "--dry-run", "--json")
        plan = done.document["plan"]
        assert (done.status, plan["messages"], sum(plan["by_kind"].values())) == (0, 2, 2)
        for name in ("sends", "last_proof_of", "replies"):
            assert isinstance(plan[name], list)
        assert mailbox("show", "3").status == 0

    def test_its_document(self, mailbox: Runner) -> None:
        done = mailbox("delete", "3", "--yes", "--json")
        assert list(done.document) == OUTCOME
        assert (done.status, done.document["requested"], done.document["deleted"]) == (0, 1, [3])

    def test_what_is_gone_already_is_no_failure(self, pectui: Runner, served: Server) -> None:
        server = served()
        assert pectui("delete", "3", "--yes", "--json", **server.variables).document["deleted"] == [3]
        again = pectui("delete", "3", "--yes", "--json", **server.variables)
        assert (again.status, again.document["already_gone"]) == (0, [3])
        assert len(server.app.mailbox.mails) == 59

    def test_off_a_terminal_it_needs_yes(self, pectui: Runner, served: Server) -> None:
        server = served()
        done = pectui("delete", "3", "--json", stdin="y\n", **server.variables)
        assert (done.status, done.error["title"]) == (1, "Nothing was deleted")
        assert "--yes" in done.error["hint"]
        assert len(server.app.mailbox.mails) == 60

    def test_read_only_refuses_but_plans(self, pectui: Runner, served: Server) -> None:
        server = served()
        done = pectui("--read-only", "delete", "3", "--yes", "--json", **server.variables)
        assert (done.status, done.error["title"]) == (1, "Nothing was deleted")
        assert pectui("delete", "3", "--dry-run", "--read-only", **server.variables).status == 0
        assert len(server.app.mailbox.mails) == 60

    def test_an_id_means_what_was_listed_under_it(self, pectui: Runner, served: Server) -> None:
        server = served(ids="sequence")
        listed = pectui("inbox", "--json", **server.variables).document["messages"]
        chosen = next(one for one in listed if one["kind"] == "envelope")
        assert server.app.mailbox.delete(1)
        done = pectui("delete", str(chosen["id"]), "--yes", "--json", **server.variables)
        assert done.document["deleted"] == [chosen["id"]]
        left = {mail.subject for mail in server.app.mailbox.mails}
        assert chosen["raw_subject"] not in left

    def test_the_journal_is_kept_for_its_owner(self, pectui: Runner, served: Server, home: Path) -> None:
        server = served()
        job = pectui("delete", "3", "--yes", "--json", **server.variables).document["job"]
        path = home / ".local" / "state" / "pectui" / "jobs" / f"{job}.jsonl"
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize(("typed", "left"), [("y\n", 59), ("\n", 60), ("yes\n", 60), ("n\n", 60)])
    def test_only_y_confirms(self, served: Server, home: Path, typed: str, left: int) -> None:
        server = served()
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, "delete", "3"], environment, columns=120) as terminal:
            terminal.wait_for(lambda text: "confirm:" in text.replace("\n", ""))
            terminal.press(typed)
            assert terminal.wait() == (0 if left == 59 else 1)
        assert len(server.app.mailbox.mails) == left


class TestDoctor:
    """`pectui doctor`."""

    def test_all_is_well(self, pectui: Runner, served: Server) -> None:
        done = pectui("doctor", **served().variables)
        assert done.status == 0
        assert "PROBLEM" not in done.stdout
        assert "60 messages" in done.stdout

    def test_its_document(self, mailbox: Runner) -> None:
        document = mailbox("doctor", "--json").document
        assert document["exit_code"] == 0
        assert all(set(row) == {"what", "ok", "found", "hint"} for row in document["findings"])

    def test_nothing_is_set_up(self, pectui: Runner) -> None:
        done = pectui("doctor")
        assert done.status == 78
        assert "PROBLEM  profile: none" in done.stdout

    def test_wrong_credentials(self, pectui: Runner, served: Server) -> None:
        done = pectui("doctor", **{**served().variables, "PECTUI_TOKEN": "wrong-token"})
        assert done.status == 77
        assert "wrong-token" not in done.stdout + done.stderr


class TestSandbox:
    """`pectui sandbox`."""

    def test_what_it_prints_opens_it(self, pectui: Runner, home: Path) -> None:
        environment = clean_environment(home)
        command = [*PECTUI, "sandbox", "--messages", "30", "--ids", "sequence", "--fault", "quota:500"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            lines = [server.stdout.readline() for _ in range(5)]
            variables = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
            try:
                assert pectui("-S", "inbox", "--json", **variables).document["total"] == 30
            finally:
                server.terminate()
            assert server.wait(PATIENCE) == 0

    @pytest.mark.parametrize("wrong", [["--fault", "nonsense"], ["--port", "70000"], ["--ids", "uuid"]])
    def test_wrong_usage(self, pectui: Runner, wrong: list[str]) -> None:
        assert pectui("sandbox", *wrong).status == 2


class TestWithoutAScreen:
    """The screen says what it needs."""

    def test_a_pipe(self, pectui: Runner) -> None:
        done = pectui("--demo")
        assert done.status == 2
        assert "needs a terminal" in done.stderr
        assert "pectui inbox --json" in done.stderr

    def test_a_dumb_terminal(self, home: Path) -> None:
        with Terminal([*PECTUI, "demo"], clean_environment(home, TERM="dumb")) as terminal:
            assert terminal.wait() == 2
            assert "TERM is 'dumb'" in terminal.text

    def test_stderr_in_a_file(self, home: Path) -> None:
        """Textual paints on stderr: the file would be painted, and the terminal stay black."""
        command = ["sh", "-c", f"{' '.join(PECTUI)} demo 2>{home}/errors; cat {home}/errors"]
        with Terminal(command, clean_environment(home), columns=120) as terminal:
            terminal.wait_for("needs a terminal")
