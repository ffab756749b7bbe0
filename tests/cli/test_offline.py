"""`--offline`: what is remembered is all there is, nobody is asked, and no secret is needed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import Runner, Served, Server, make_newer
from tests.terminal import PECTUI, Terminal, clean_environment


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=60, first_uid=1000)


class TestWhatNeedsTheService:
    """It is refused at once, and before anything is asked."""

    @pytest.mark.parametrize("more", [["--yes"], ["--dry-run"], []])
    def test_deleting(self, pectui: Runner, server: Served, more: list[str]) -> None:
        done = pectui("--offline", "delete", "1003", *more, "--json", **server.variables)
        assert (done.status, done.error["title"]) == (1, "Nothing was deleted")
        assert "pectui is offline" in done.error["detail"]
        assert not server.app.requests
        assert len(server.app.mailbox.mails) == 60

    def test_the_quota(self, pectui: Runner, server: Served) -> None:
        done = pectui("quota", "--offline", "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (69, "pectui is offline")
        assert "--offline" in done.error["hint"]

    def test_the_sandbox_is_no_place_for_it(self, pectui: Runner) -> None:
        assert pectui("sandbox", "--offline").status == 2

    @pytest.mark.parametrize("arguments", [["--demo", "inbox"], ["--demo", "show", "3"]])
    def test_nothing_of_the_demo_is_remembered(self, pectui: Runner, arguments: list[str]) -> None:
        done = pectui(*arguments, "--offline")
        assert done.status == 2
        assert "nothing of the demo is remembered" in done.stderr


class TestTheProfile:
    """Its name and its user name are enough."""

    def test_a_profile_must_be_named_where_no_secrets_choose_it(self, pectui: Runner, server: Served) -> None:
        variables = server.without_secrets
        del variables["PECTUI_PROFILE"]
        done = pectui("inbox", "--offline", "--json", **variables)
        assert done.status == 78
        assert "--profile" in done.error["hint"]

    def test_a_user_name_is_needed(self, pectui: Runner) -> None:
        done = pectui("-S", "inbox", "--offline", "--json")
        assert done.status == 78
        assert "PECTUI_USERNAME" in done.error["hint"]


class TestInbox:
    """`pectui inbox --offline`: what is remembered, and how old that is."""

    def test_its_document(self, pectui: Runner, server: Served) -> None:
        online = pectui("inbox", "--page", "2", "--json", **server.variables).document
        pectui("sync", **server.variables)
        before = len(server.app.requests)
        done = pectui("inbox", "--offline", "--page", "2", "--json", **server.without_secrets)
        document = done.document
        assert (done.status, list(document)) == (0, list(online))
        assert document["messages"] == online["messages"]
        assert (document["page"], document["pages"], document["total"]) == (2, 3, 60)
        assert document["stale"] is True
        assert len(document["warnings"]) == 1
        assert re.fullmatch(
            r"Listed from memory: the service last agreed with it on "
            r"\d{4}-\d\d-\d\d \d\d:\d\d, (just now|\d+ minutes? ago)\.",
            document["warnings"][0],
        )
        assert len(server.app.requests) == before, "nobody was asked"

    def test_as_text_the_age_is_told_apart_from_the_data(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        done = pectui("--offline", "inbox", **server.without_secrets)
        assert len(done.stdout.splitlines()) == 25
        assert done.stderr.startswith("page 1 of 3, 60 messages\nListed from memory: ")

    def test_all_of_it_newest_first(self, pectui: Runner, server: Served) -> None:
        online = pectui("inbox", "--all", "--json", **server.variables).document
        document = pectui("inbox", "--offline", "--all", "--json", **server.without_secrets).document
        assert document["messages"] == online["messages"]
        assert (document["page"], document["pages"], document["total"]) == (1, 1, 60)

    def test_every_page_once(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        pages = [
            pectui("inbox", "--offline", "--json", "--page", number, **server.without_secrets).document
            for number in ("1", "2", "3", "4")
        ]
        assert [len(page["messages"]) for page in pages] == [25, 25, 10, 0]
        assert len({message["id"] for page in pages for message in page["messages"]}) == 60
        assert "There is no page 4: what is remembered ends with page 3." in pages[3]["warnings"]

    @pytest.mark.parametrize("everything", [[], ["--all"]])
    def test_a_search_in_subjects_senders_and_recipients(
        self, pectui: Runner, server: Served, everything: list[str]
    ) -> None:
        server.app.mailbox.deliver("Perch\u00c9 no", sender="uno@pec.example", recipient="due@pec.example")
        server.app.mailbox.deliver("Altro", "perch\u00e9 no", sender="TRE@pec.example")
        pectui("sync", **server.variables)
        for query, subject in (
            ("perch\u00e9", "Perch\u00c9 no"),
            ("UNO@PEC", "Perch\u00c9 no"),
            ("due@", "Perch\u00c9 no"),
            ("tre@", "Altro"),
        ):
            arguments = ["inbox", "--offline", "--json", "--search", query, *everything]
            found = pectui(*arguments, **server.without_secrets).document
            assert [message["raw_subject"] for message in found["messages"]] == [subject]
            assert (found["total"], found["pages"]) == (1, 1)
            assert "Texts were not searched" in found["warnings"][1]

    def test_what_is_found_has_pages_too(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        arguments = ["inbox", "--offline", "--json", "--search", "@"]
        found = pectui(*arguments, "--page", "3", **server.without_secrets).document
        assert (found["page"], found["pages"], found["total"], len(found["messages"])) == (3, 3, 60, 10)

    def test_a_kind(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        arguments = ["inbox", "--offline", "--all", "--kind", "acceptance", "--json"]
        kinds = {one["kind"] for one in pectui(*arguments, **server.without_secrets).document["messages"]}
        assert kinds == {"acceptance"}

    def test_its_ids_mean_these_messages(self, pectui: Runner, served: Server) -> None:
        server = served(ids="sequence")
        pectui("sync", **server.variables)
        document = pectui("inbox", "--offline", "--json", **server.without_secrets).document
        often = Counter(message["raw_subject"] for message in document["messages"])
        chosen = next(one for one in document["messages"] if often[one["raw_subject"]] == 1)
        assert server.app.mailbox.delete(1), "another client deletes the oldest one: all ids shift"
        pectui("sync", **server.variables)
        done = pectui("delete", str(chosen["id"]), "--yes", "--json", **server.variables)
        assert done.document["deleted"] == [chosen["id"]]
        assert chosen["raw_subject"] not in {mail.subject for mail in server.app.mailbox.mails}

    def test_before_the_first_sync_there_is_nothing_to_list(self, pectui: Runner, server: Served) -> None:
        for more in ([], ["--all"], ["--search", "x"]):
            done = pectui("inbox", "--offline", "--json", *more, **server.without_secrets)
            assert (done.status, done.error["title"]) == (1, "Nothing is remembered of this mailbox")
            assert "pectui sync" in done.error["hint"]

    def test_an_empty_mailbox_is_remembered_as_empty(self, pectui: Runner, served: Server) -> None:
        server = served(messages=0)
        pectui("sync", **server.variables)
        done = pectui("inbox", "--offline", "--json", **server.without_secrets)
        assert (done.status, done.document["messages"], done.document["total"]) == (0, [], 0)

    def test_what_was_not_read_to_its_end(self, pectui: Runner, served: Server) -> None:
        server = served("inbox:401:skip=6", messages=400)
        assert pectui("sync", **server.variables).status == 77
        document = pectui("inbox", "--offline", "--json", **server.without_secrets).document
        assert document["total"] == 400
        assert "no sync came to its end yet" in document["warnings"][0]
        assert re.search(r": \d+ of 400 are remembered\.$", document["warnings"][1])

    def test_oldest_first_on_the_server_is_newest_first_here(self, pectui: Runner, served: Server) -> None:
        server = served(order="oldest", messages=60)
        everything = pectui("inbox", "--all", "--json", **server.variables).document["messages"]
        page = pectui("inbox", "--offline", "--json", **server.without_secrets).document
        assert page["messages"] == everything[:25]

    def test_a_memory_of_a_newer_pectui(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        info = pectui("cache", "info", "--json", **server.without_secrets).document
        make_newer(Path(info["folder"]))
        done = pectui("inbox", "--offline", "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (1, "What is remembered of this mailbox can't be read")


class TestShow:
    """`pectui show ID --offline`."""

    def test_a_text_that_was_read_before(self, pectui: Runner, server: Served) -> None:
        online = pectui("show", "1003", "--json", **server.variables)
        before = len(server.app.requests)
        done = pectui("show", "1003", "--offline", "--json", **server.without_secrets)
        assert (done.status, done.document) == (0, online.document)
        assert re.search(r"the text was kept on \d{4}-\d\d-\d\d \d\d:\d\d, just now", done.stderr)
        assert len(server.app.requests) == before

    @pytest.mark.parametrize("listed", [False, True])
    def test_what_was_never_read(self, pectui: Runner, server: Served, listed: bool) -> None:
        if listed:
            pectui("inbox", "--all", **server.variables)
        done = pectui("show", "1003", "--offline", "--json", **server.without_secrets)
        assert done.status == 1
        assert "was not read before" in done.error["title"]

    def test_texts_are_not_kept_where_they_may_not_be(
        self, pectui: Runner, server: Served, home: Path
    ) -> None:
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text("[profiles.production]\n")
        pectui("show", "1003", **server.variables)
        config.write_text("[profiles.production]\ncache_bodies = false\n")
        pectui("show", "1004", **server.variables)
        assert pectui("cache", "info", "--json", **server.without_secrets).document["texts"] == 0
        for message_id in ("1003", "1004"):
            assert pectui("show", message_id, "--offline", **server.without_secrets).status == 1


class TestDoctor:
    """`pectui doctor --offline`, and what it tells of the memory."""

    def test_nobody_is_asked_and_no_secret_is_missed(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        before = len(server.app.requests)
        done = pectui("doctor", "--offline", **server.without_secrets)
        assert (done.status, "PROBLEM" in done.stdout) == (0, False)
        assert "memory: 60 messages, synced on " in done.stdout
        assert len(server.app.requests) == before

    def test_it_asks_no_more_than_before(self, pectui: Runner, server: Served) -> None:
        done = pectui("doctor", **server.variables)
        assert "memory: nothing yet; it will lie in " in done.stdout
        assert len(server.app.requests) == 2

    def test_a_memory_of_a_newer_pectui(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        info = pectui("cache", "info", "--json", **server.without_secrets).document
        make_newer(Path(info["folder"]))
        done = pectui("doctor", "--offline", **server.without_secrets)
        assert done.status == 1
        assert "PROBLEM  memory: What was remembered is of a newer pectui" in done.stdout


class TestTheScreen:
    """`pectui --offline`."""

    def test_it_asks_for_no_secret(self, server: Served, home: Path, pectui: Runner) -> None:
        pectui("sync", **server.variables)
        environment = clean_environment(home, **server.without_secrets)
        with Terminal([*PECTUI, "--offline"], environment, columns=120) as terminal:
            terminal.wait_for(lambda text: "posta-certificata" in text or "PRODUCTION" in text)
            assert "Token of" not in terminal.text
            terminal.press("q")
            assert terminal.wait() == 0
