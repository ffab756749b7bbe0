"""`pectui sync` and `pectui inbox --all`: what is remembered follows the service, with few requests."""

from __future__ import annotations

import json
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from pectui.sandbox.faults import parse_fault
from pectui.sandbox.mailbox import Page
from tests.cli.conftest import Done, Runner, Served, Server, make_newer
from tests.cli.test_interruptions import started, wait_for_request
from tests.patience import PATIENCE
from tests.terminal import PECTUI, Terminal, clean_environment

OUTCOME = ["new", "gone", "total", "messages", "pages", "full", "agrees", "warnings", "synced_at", "full_at"]


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=60, first_uid=1000)


def listings(server: Served) -> int:
    return server.app.count("GET", "/inbox")


def numbers(done: Done) -> tuple[int, int, int]:
    return (done.document["new"], done.document["gone"], done.document["messages"])


class TestItsAnswer:
    """One document, or one line."""

    def test_the_first_time_every_page_is_read(self, pectui: Runner, server: Served) -> None:
        done = pectui("sync", "--json", **server.variables)
        document = done.document
        assert (done.status, done.stderr, list(document)) == (0, "", OUTCOME)
        assert numbers(done) == (60, 0, 60)
        assert (document["total"], document["full"], document["agrees"]) == (60, True, True)
        assert document["pages"] == listings(server) == 3
        for name in ("synced_at", "full_at"):
            assert datetime.fromisoformat(document[name]).tzinfo is not None

    def test_nothing_new_is_one_request(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        before = len(server.app.requests)
        done = pectui("sync", "--json", **server.variables)
        assert (done.status, numbers(done), done.document["full"]) == (0, (0, 0, 60), False)
        assert len(server.app.requests) - before == 1

    def test_what_came_and_what_went(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        for number in range(3):
            server.app.mailbox.deliver(f"Una lettera {number}")
        server.app.mailbox.delete(1010)
        assert numbers(pectui("sync", "--json", **server.variables)) == (3, 1, 62)

    def test_full_reads_every_page_again(self, pectui: Runner, server: Served) -> None:
        first = pectui("sync", "--json", **server.variables).document
        before = listings(server)
        again = pectui("sync", "--full", "--json", **server.variables).document
        assert (again["full"], listings(server) - before) == (True, 3)
        assert again["full_at"] > first["full_at"]

    def test_as_text(self, pectui: Runner, server: Served) -> None:
        first = pectui("sync", **server.variables)
        assert (first.stdout, first.stderr) == ("60 new, 0 gone, 60 messages; 3 pages read\n", "")
        again = pectui("sync", **server.variables)
        assert (again.stdout, again.stderr) == ("0 new, 0 gone, 60 messages; 1 page read\n", "")

    def test_the_demo_can_be_synced_too(self, pectui: Runner) -> None:
        assert numbers(pectui("--demo", "sync", "--json")) == (981, 0, 981)

    def test_an_empty_mailbox(self, pectui: Runner, served: Server) -> None:
        assert numbers(pectui("sync", "--json", **served(messages=0).variables)) == (0, 0, 0)


class TestFailing:
    """What was read is kept, and the exit status tells."""

    def test_offline_it_is_refused_without_secrets(self, pectui: Runner, server: Served) -> None:
        done = pectui("--offline", "sync", "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (1, "The mailbox was not read")
        assert "pectui is offline" in done.error["detail"]

    def test_an_error_in_the_middle(self, pectui: Runner, served: Server) -> None:
        server = served("inbox:401:skip=6", messages=400)
        done = pectui("sync", "--json", **server.variables)
        assert (done.status, "error" in done.document) == (77, True)
        info = pectui("cache", "info", "--json", **server.without_secrets).document
        assert 25 <= info["messages"] < 400
        assert (info["complete"], info["synced_at"]) == (False, None)
        server.app.set_faults()
        before = listings(server)
        rest = pectui("sync", "--json", **server.variables)
        assert (rest.status, rest.document["messages"]) == (0, 400)
        assert listings(server) - before < 16, "what was read is not read again"

    def test_another_hand_that_never_rests(
        self, pectui: Runner, served: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server = served(messages=100)
        mailbox, listed = server.app.mailbox, server.app.mailbox.page

        def restless(number: int | None = None, query: str = "") -> Page:
            mailbox.delete(mailbox.mails[len(mailbox.mails) // 2].uid)
            return listed(number, query)

        monkeypatch.setattr(mailbox, "page", restless)
        done = pectui("sync", "--json", **server.variables)
        assert (done.status, done.document["agrees"]) == (1, False)
        assert "The mailbox changed all the while" in done.document["warnings"][-1]
        assert "The mailbox changed all the while" in pectui("sync", **server.variables).stderr
        everything = pectui("inbox", "--all", "--json", **server.variables).document
        assert (everything["stale"], len(everything["messages"]) > 0) == (True, True)

    def test_a_memory_that_cannot_be_used_is_no_success(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        folder = Path(pectui("cache", "info", "--json", **server.variables).document["folder"])
        make_newer(folder)
        done = pectui("sync", "--json", **server.variables)
        assert (done.status, numbers(done)) == (1, (60, 0, 60))
        assert "of a newer pectui" in done.stderr


class TestInterruptions:
    """Ctrl-C and SIGTERM leave what was read, and say so."""

    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_what_was_read_is_kept(
        self, pectui: Runner, home: Path, served: Server, number: signal.Signals, status: int
    ) -> None:
        server = served(messages=2500)
        server.gate.hold("inbox", after=6)
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, "sync"], environment, columns=100) as terminal:
            read_until(server, terminal, lambda text: pages_read(text) >= 8)
            read = pages_read(terminal.text)
            terminal.process.send_signal(number)
            assert terminal.wait() == status
            assert terminal.text.strip() == (
                "pectui: interrupted. What was read is kept, and the next sync goes on from there."
            )
        info = pectui("cache", "info", "--json", **server.without_secrets).document
        assert info["messages"] >= 25 * read
        assert info["complete"] is False
        server.gate.release()
        before = listings(server)
        rest = pectui("sync", "--json", **server.variables)
        assert (rest.status, rest.document["messages"]) == (0, 2500)
        assert listings(server) - before <= 100 - read + 2

    def test_at_once_even_if_the_service_is_silent(self, home: Path, served: Server) -> None:
        server = served()
        server.gate.hold("inbox")
        with started(home, "sync", **server.variables) as process:
            wait_for_request(server)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out) == (130, "")
        assert len(err.splitlines()) == 1


class TestProgress:
    """A line for who watches; nothing for a pipe."""

    def test_it_counts_pages_and_leaves_nothing_behind(self, home: Path, served: Server) -> None:
        server = served(messages=400)
        server.gate.hold("inbox", after=1)
        environment = clean_environment(home, **server.variables)
        begun = time.monotonic()
        with Terminal([*PECTUI, "sync"], environment) as terminal:
            the_next_pages_are_read(server, terminal)
            terminal.wait_for(lambda text: re.search(r"\d+ of 16 pages read", text) is not None)
            server.gate.release()
            assert terminal.wait() == 0
            seconds = time.monotonic() - begun
            assert terminal.screen.display[0].rstrip() == "400 new, 0 gone, 400 messages; 16 pages read"
            assert not "".join(terminal.screen.display[1:]).strip()
            # Four times a second, and in the answer.
            assert terminal.written.count(b"pages read") <= 4 * seconds + 2, "not every page is told"

    def test_no_longer_than_the_terminal_is_wide(self, home: Path, served: Server) -> None:
        server = served(messages=400)
        server.gate.hold("inbox", after=1)
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, "sync"], environment, columns=12) as terminal:
            the_next_pages_are_read(server, terminal)
            terminal.wait_for("of 16")
            assert terminal.screen.cursor.y == 0
            server.gate.release()
            assert terminal.wait() == 0

    def test_json_has_none(self, home: Path, server: Served) -> None:
        environment = clean_environment(home, **server.variables)
        with Terminal([*PECTUI, "sync", "--json"], environment) as terminal:
            assert terminal.wait() == 0
            document = json.loads(bytes(terminal.written).decode().replace("\r\n", "\n"))
        assert document["messages"] == 60


class TestInboxAll:
    """`pectui inbox --all`: a sync, then everything."""

    def test_everything_newest_first_and_one_request_once_it_is_known(
        self, pectui: Runner, server: Served
    ) -> None:
        first = pectui("inbox", "--all", "--json", **server.variables).document
        before = len(server.app.requests)
        server.app.mailbox.deliver("Ultima lettera")
        again = pectui("inbox", "--all", "--json", **server.variables).document
        assert (len(first["messages"]), len(again["messages"]), again["total"]) == (60, 61, 61)
        assert (again["page"], again["pages"], again["stale"], again["warnings"]) == (1, 1, False, [])
        assert again["messages"][0]["subject"] == "Ultima lettera"
        assert again["messages"][1:] == first["messages"]
        dates = [datetime.fromisoformat(message["date"]) for message in again["messages"]]
        assert dates == sorted(dates, reverse=True)
        assert len(server.app.requests) - before == 1

    def test_a_kind_of_all_of_them(self, pectui: Runner, server: Served) -> None:
        everything = pectui("inbox", "--all", "--json", **server.variables).document["messages"]
        done = pectui("inbox", "--all", "--kind", "non_delivery", "--json", **server.variables)
        expected = [message for message in everything if message["kind"] == "non_delivery"]
        assert done.document["messages"] == expected != []

    def test_the_service_failing_is_an_error_and_no_old_list(self, pectui: Runner, server: Served) -> None:
        pectui("inbox", "--all", **server.variables)
        server.app.set_faults(parse_fault("inbox:401"))
        done = pectui("inbox", "--all", **server.variables)
        assert (done.status, done.stdout) == (77, "")

    def test_its_ids_mean_these_messages(self, pectui: Runner, served: Server) -> None:
        server = served(ids="sequence")
        listed = pectui("inbox", "--all", "--json", **server.variables).document["messages"]
        often = Counter(one["raw_subject"] for one in listed)
        chosen = next(one for one in listed[30:] if often[one["raw_subject"]] == 1)
        assert server.app.mailbox.delete(1), "another client deletes the oldest one: all ids shift"
        assert pectui("sync", **server.variables).status == 0, "a sync shows nothing to anybody"
        done = pectui("delete", str(chosen["id"]), "--yes", "--json", **server.variables)
        assert done.document["deleted"] == [chosen["id"]]
        assert chosen["raw_subject"] not in {mail.subject for mail in server.app.mailbox.mails}

    def test_a_search_is_still_the_services(self, pectui: Runner, server: Served) -> None:
        done = pectui("inbox", "--all", "--search", "TARI", "--json", **server.variables)
        assert done.document["total"] == len(done.document["messages"]) > 0
        assert all("q=TARI" in target for target in server.app.targets)


def the_next_pages_are_read(server: Served, terminal: Terminal) -> None:
    """Lets the second page be read, and the three that are asked for with it, later than the first one was told.

    Later by so much that the second is told as well: a page is not where another one was told a moment ago.
    """
    terminal.wait_for(lambda _: server.gate.waiting > 0)
    time.sleep(0.3)
    server.gate.release(4)


def read_until(server: Served, terminal: Terminal, told: Callable[[str], bool]) -> None:
    """Lets one answer after the other through until the line of progress says so, sixty at most.

    The line changes only if it did not change a moment ago: of some answers it says nothing.
    """
    terminal.wait_for(lambda _: server.gate.waiting > 0)
    for _ in range(60):
        if told(terminal.text):
            return
        server.gate.release(1)
        terminal.read(0.3)
    terminal.wait_for(told)


def pages_read(text: str) -> int:
    """What the progress line says, 0 where it isn't there."""
    found = re.search(r"(\d+) of \d+ pages read", text)
    return int(found[1]) if found else 0
