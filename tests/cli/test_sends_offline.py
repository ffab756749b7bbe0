"""`pectui sends --offline`: sends as they are remembered, and what was learned of those whose receipts are gone."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Runner, Served, Server
from tests.cli.sent import ANNA, BRUNO, CARLA, DARIO, arrive, delivered, partly_delivered, remove, sent


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=0)


class TestTheList:
    """What the last sync saw."""

    def test_it_is_the_same_but_for_its_age(self, pectui: Runner, server: Served) -> None:
        arrive(server, *delivered(sent("1")), *partly_delivered(sent("2")))
        online = pectui("sends", "--json", **server.variables).document
        before = len(server.app.requests)
        done = pectui("sends", "--offline", "--json", **server.without_secrets)
        assert done.document["sends"] == online["sends"]
        assert (done.status, done.document["stale"], len(server.app.requests)) == (0, True, before)
        assert re.fullmatch(
            r"Listed from memory: the service last agreed with it on \d{4}-\d\d-\d\d \d\d:\d\d, .*\.",
            done.document["warnings"][0],
        )
        assert "Listed from memory: " in pectui("sends", "--offline", **server.without_secrets).stderr

    def test_before_the_first_sync_there_is_nothing(self, pectui: Runner, server: Served) -> None:
        for more in ([], ["--problems"], ["2020082610003492"]):
            done = pectui("sends", "--offline", "--json", *more, **server.without_secrets)
            assert (done.status, done.error["title"]) == (1, "Nothing is remembered of this mailbox")

    def test_problems(self, pectui: Runner, server: Served) -> None:
        arrive(server, *delivered(sent("1")), *partly_delivered(two := sent("2")))
        pectui("sync", **server.variables)
        document = pectui("sends", "--offline", "--problems", "--json", **server.without_secrets).document
        assert [one["code"] for one in document["sends"]] == [two.code]

    def test_the_demo_remembers_nothing(self, pectui: Runner) -> None:
        done = pectui("--demo", "sends", "--offline")
        assert (done.status, "nothing of the demo is remembered" in done.stderr) == (2, True)


class TestCodes:
    """What was learned of them before."""

    def test_what_was_read_and_what_was_not(self, pectui: Runner, server: Served) -> None:
        one, two = sent("1"), sent("2")
        arrive(server, *delivered(one), *delivered(two))
        online = pectui("sends", one.code, "--json", **server.variables).document["sends"][0]
        done = pectui("sends", one.code, two.code, "--offline", "--json", **server.without_secrets)
        assert done.status == 0
        read, unread = done.document["sends"]
        assert read == {**online, "from_memory": True}
        assert (unread["recipients"], unread["recipients_known"], unread["read_at"]) == ([], False, None)
        assert "1 send was never read: the recipients are not known." in done.document["warnings"]
        text = pectui("sends", one.code, "--offline", **server.without_secrets).stdout
        assert re.search(r"From memory: read on \d{4}-\d\d-\d\d \d\d:\d\d, just now\n", text)

    def test_one_that_nobody_knows(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        done = pectui("sends", "2020082610003492", "--offline", "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (1, "Nothing is remembered of a send 2020082610003492")
        assert "pectui is offline" in done.error["detail"]


class TestWhatIsGone:
    """Receipts are deleted to make room; what they said stays."""

    @pytest.fixture
    def code(self, pectui: Runner, server: Served) -> str:
        arrive(server, *partly_delivered(send := sent()))
        pectui("sends", send.code, **server.variables)
        remove(server, send.code)
        pectui("sync", **server.variables)
        return send.code

    @pytest.mark.parametrize("offline", [False, True])
    def test_recipients_survive(self, pectui: Runner, server: Served, code: str, offline: bool) -> None:
        more = {True: ["--offline"], False: []}[offline]
        done = pectui("sends", code, "--json", *more, **server.variables)
        (found,) = done.document["sends"]
        assert (done.status, found["state"], found["archived"]) == (0, "partial", True)
        assert (found["message_ids"], found["subject"]) == ([], "Avviso di pagamento")
        assert {one["address"]: one["state"] for one in found["recipients"]} == {
            ANNA: "delivered",
            BRUNO: "failed",
            CARLA: "failed",
            DARIO: "none_expected",
        }
        text = pectui("sends", code, *more, **server.variables).stdout
        assert "Archived:    nothing of it is in the mailbox any more" in text

    def test_it_is_listed_still(self, pectui: Runner, server: Served, code: str) -> None:
        (found,) = pectui("sends", "--json", **server.variables).document["sends"]
        assert (found["code"], found["state"], found["archived"]) == (code, "partial", True)

    def test_clearing_the_cache_keeps_it(self, pectui: Runner, server: Served, code: str) -> None:
        assert pectui("cache", "clear", **server.without_secrets).status == 0
        done = pectui("sends", code, "--offline", "--json", **server.without_secrets)
        assert (done.status, done.document["sends"][0]["state"]) == (0, "partial")
        assert "no sync came to its end yet" in done.document["warnings"][0]
