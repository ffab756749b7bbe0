"""`pectui cache info` and `pectui cache clear`: what is kept of one mailbox, and nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Runner, Served, Server, make_newer

INFO = [
    "folder",
    "messages",
    "total",
    "texts",
    "text_bytes",
    "bytes",
    "synced_at",
    "full_at",
    "complete",
    "ids_shift",
]


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=60, first_uid=1000)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class TestInfo:
    """How much it is, how old, and where. No secret is needed and nobody is asked."""

    def test_before_anything_was_kept(self, pectui: Runner, server: Served, home: Path) -> None:
        done = pectui("cache", "info", "--json", **server.without_secrets)
        document = done.document
        assert (done.status, list(document)) == (0, INFO)
        assert (document["messages"], document["texts"], document["bytes"]) == (0, 0, 0)
        assert (document["total"], document["synced_at"], document["full_at"]) == (None, None, None)
        assert (document["complete"], document["ids_shift"]) == (False, False)
        assert not Path(document["folder"]).exists(), "looking makes nothing"
        assert Path(document["folder"]).is_relative_to(home / ".cache" / "pectui")

    def test_after_a_sync_and_a_look_at_a_message(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        pectui("show", "1003", **server.variables)
        before = len(server.app.requests)
        document = pectui("cache", "info", "--json", **server.without_secrets).document
        assert (document["messages"], document["total"], document["texts"]) == (60, 60, 1)
        assert 0 < document["text_bytes"] < document["bytes"] <= size_of(Path(document["folder"]))
        assert document["complete"] is True
        for name in ("synced_at", "full_at"):
            assert datetime.fromisoformat(document[name]).tzinfo is not None
        assert len(server.app.requests) == before

    def test_as_text(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        lines = pectui("cache", "info", **server.without_secrets).stdout.splitlines()
        told = {name: text.strip() for name, _, text in (line.partition(":") for line in lines)}
        assert list(told) == [
            "Folder",
            "Messages",
            "Texts",
            "On the disk",
            "Synced",
            "Every page read",
            "Ids",
        ]
        assert told["Messages"] == "60 of 60 that the service counts"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d, just now", told["Synced"])

    def test_ids_that_were_seen_to_shift(self, pectui: Runner, served: Server) -> None:
        server = served(ids="sequence")
        pectui("sync", **server.variables)
        server.app.mailbox.delete(1)
        pectui("sync", **server.variables)
        assert pectui("cache", "info", "--json", **server.without_secrets).document["ids_shift"] is True

    def test_each_mailbox_has_its_own(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        other = {**server.without_secrets, "PECTUI_USERNAME": "somebody-else"}
        assert pectui("cache", "info", "--json", **other).document["messages"] == 0

    def test_a_newer_one_is_left_alone(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        folder = folder_of(pectui, server)
        make_newer(folder)
        done = pectui("cache", "info", "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (1, "What was remembered is of a newer pectui")
        assert str(folder) in done.error["detail"]


class TestClear:
    """All that is kept of this mailbox goes, and nothing else."""

    def test_what_went_is_told(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        pectui("show", "1003", **server.variables)
        before = len(server.app.requests)
        done = pectui("cache", "clear", "--json", **server.without_secrets)
        cleared = done.document["cleared"]
        assert (done.status, list(done.document), list(cleared)) == (
            0,
            ["cleared"],
            ["messages", "texts", "bytes"],
        )
        assert (cleared["messages"], cleared["texts"], cleared["bytes"] > 0) == (60, 1, True)
        assert len(server.app.requests) == before
        info = pectui("cache", "info", "--json", **server.without_secrets).document
        assert (info["messages"], info["texts"], info["synced_at"]) == (0, 0, None)
        assert pectui("show", "1003", "--offline", **server.without_secrets).status == 1
        assert pectui("inbox", "--offline", **server.without_secrets).status == 1

    def test_nothing_of_a_mail_is_left_on_the_disk(self, pectui: Runner, server: Served) -> None:
        server.app.mailbox.deliver("Riservatissima", "riservatissimo")
        pectui("sync", **server.variables)
        pectui("show", str(server.app.mailbox.mails[-1].uid), **server.variables)
        folder = folder_of(pectui, server)
        assert any(b"iservatissim" in path.read_bytes() for path in folder.rglob("*") if path.is_file())
        pectui("cache", "clear", **server.without_secrets)
        assert not any(b"iservatissim" in path.read_bytes() for path in folder.rglob("*") if path.is_file())

    def test_where_nothing_is_kept(self, pectui: Runner, server: Served) -> None:
        done = pectui("cache", "clear", **server.without_secrets)
        assert (done.status, done.stdout) == (0, "forgotten: 0 messages and 0 texts, 0 B\n")

    def test_journals_and_other_mailboxes_stay(self, pectui: Runner, server: Served, home: Path) -> None:
        other = {**server.variables, "PECTUI_SENDER": "", "PECTUI_PROFILE": "second"}
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text('[profiles.second]\nenvironment = "production"\n')
        pectui("sync", **server.variables)
        pectui("sync", **other)
        job = pectui("delete", "1003", "--yes", "--json", **server.variables).document["job"]
        pectui("cache", "clear", **server.without_secrets)
        assert (home / ".local" / "state" / "pectui" / "jobs" / f"{job}.jsonl").exists()
        assert pectui("cache", "info", "--json", **other).document["messages"] == 60

    def test_the_next_sync_reads_everything(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        pectui("cache", "clear", **server.without_secrets)
        document = pectui("sync", "--json", **server.variables).document
        assert (document["new"], document["full"]) == (60, True)

    def test_what_cannot_be_read_is_set_right(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        folder = folder_of(pectui, server)
        for path in folder.glob("*.json"):
            path.write_text("{")
        assert pectui("cache", "clear", **server.without_secrets).status == 0
        assert pectui("cache", "info", "--json", **server.without_secrets).document["messages"] == 0


class TestByHand:
    """Where it can't be cleared, the command that does it is named, to be copied as it is."""

    def test_a_newer_one(self, pectui: Runner, server: Served) -> None:
        pectui("sync", **server.variables)
        folder = folder_of(pectui, server)
        make_newer(folder)
        before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        done = pectui("cache", "clear", "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (1, "The cache was not cleared")
        assert "of a newer pectui" in done.error["detail"]
        assert done.error["hint"].endswith(f"rm -r {folder}")
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before

    def test_something_else_in_its_place(self, pectui: Runner, server: Served, home: Path) -> None:
        folder = folder_of(pectui, server)
        folder.parent.mkdir(parents=True)
        elsewhere = home / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "precious.json").write_text("{}")
        folder.symlink_to(elsewhere)
        done = pectui("cache", "clear", "--json", **server.without_secrets)
        assert (done.status, done.error["title"]) == (1, "The cache was not cleared")
        assert "is a link to somewhere else" in done.error["detail"]
        assert (elsewhere / "precious.json").exists()

    def test_a_path_with_blanks_is_quoted(self, pectui: Runner, server: Served, home: Path) -> None:
        variables = {**server.without_secrets, "XDG_CACHE_HOME": str(home / "my cache")}
        folder = Path(pectui("cache", "info", "--json", **variables).document["folder"])
        folder.parent.mkdir(parents=True)
        folder.write_text("")
        done = pectui("cache", "clear", "--json", **variables)
        assert done.status == 1
        assert done.error["hint"].endswith(f"rm -r '{folder}'")


class TestUsage:
    """What makes no sense."""

    @pytest.mark.parametrize("arguments", [["cache"], ["cache", "clean"], ["cache", "info", "clear"]])
    def test_there_are_two_actions(self, pectui: Runner, arguments: list[str]) -> None:
        assert pectui(*arguments).status == 2

    @pytest.mark.parametrize("action", ["info", "clear"])
    def test_the_demo_keeps_nothing(self, pectui: Runner, action: str) -> None:
        done = pectui("--demo", "cache", action, "--json")
        assert (done.status, done.error["title"]) == (2, "The demo has no cache")

    def test_a_profile_must_be_named(self, pectui: Runner) -> None:
        done = pectui("cache", "info", "--json")
        assert done.status == 78
        assert "PECTUI_PROFILE" in done.error["hint"]
        assert pectui("-S", "cache", "info").status == 78, "without a user name it is nobody's"


def folder_of(pectui: Runner, server: Served) -> Path:
    return Path(pectui("cache", "info", "--json", **server.without_secrets).document["folder"])
