"""`pectui jobs`: what deletions did to each message, and going on with one that was cut off."""

from __future__ import annotations

import json
import re
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import Runner, Served, Server
from tests.cli.sent import arrive, delivered, sent
from tests.cli.test_interruptions import started, told_to_stop, wait_for_request
from tests.patience import PATIENCE

ROW = [
    *("job", "kind", "state", "began_at", "ended_at", "profile", "environment", "mailbox", "total"),
    *("deleted", "already_gone", "left", "refused", "failed", "can_be_resumed"),
]
IDS = [str(number) for number in range(11, 41)]


def left(server: Served) -> list[str]:
    """What is in the mailbox."""
    return [mail.subject for mail in server.app.mailbox.mails]


def killed(home: Path, server: Served, held: str, *command: str, after: int) -> None:
    """Runs the command, and kills it while the service owes it an answer."""
    server.gate.hold(held, after=after)
    with started(home, *command, "--yes", **server.variables) as process:
        wait_for_request(server)
        process.kill()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    server.gate.release()


class TestTheList:
    """It lies on this machine: nobody is asked, and no secret is needed."""

    def test_its_document(self, pectui: Runner, served: Server) -> None:
        server = served()
        first = pectui("delete", "3", "--yes", "--json", **server.variables).document["job"]
        second = pectui("delete", "3", "4", "--yes", "--json", **server.variables).document["job"]
        done = pectui("jobs", "--json")
        assert done.status == 0
        jobs = done.document["jobs"]
        assert [list(job) for job in jobs] == [ROW, ROW]
        assert {job["job"] for job in jobs} == {first, second}
        row = next(job for job in jobs if job["job"] == second)
        assert (row["kind"], row["state"], row["total"]) == ("delete", "finished", 2)
        assert (row["deleted"], row["already_gone"], row["left"]) == (1, 1, 0)
        assert (row["profile"], row["environment"]) == ("production", "production")

    def test_as_text(self, pectui: Runner, served: Server) -> None:
        server = served()
        job = pectui("delete", "3", "4", "--yes", "--json", **server.variables).document["job"]
        done = pectui("jobs")
        assert re.match(rf"{job}  delete  \d{{4}}-.*  finished  2/2  .*\(production\)\n", done.stdout)
        assert done.stderr == "1 job\n"

    def test_there_are_none(self, pectui: Runner, home: Path) -> None:
        done = pectui("jobs", "--json")
        assert (done.status, done.document) == (0, {"jobs": []})
        assert not (home / ".local").exists(), "to look makes no folder"


class TestOneJob:
    """What became of each message, with its reason."""

    def test_its_document(self, pectui: Runner, served: Server) -> None:
        server = served()
        listed = pectui("inbox", "--all", "--json", **server.variables).document["messages"]
        known = Counter(one["raw_subject"] for one in listed)
        going, gone = [one["id"] for one in listed if known[one["raw_subject"]] == 1][:2]
        assert server.app.mailbox.delete(gone), "another client was quicker"
        command = ("delete", str(going), str(gone), "--yes", "--json")
        job = pectui(*command, **server.variables).document["job"]
        done = pectui("jobs", job, "--json")
        assert list(done.document) == [*ROW, "plan", "kept", "items"]
        items = {one["id"]: one for one in done.document["items"]}
        assert (items[going]["outcome"], items[gone]["outcome"]) == ("deleted", "already_gone")
        assert set(items[going]) == {"id", "outcome", "reason", "date", "subject"}
        assert items[going]["subject"]

    def test_as_text(self, pectui: Runner, served: Server) -> None:
        server = served()
        job = pectui("delete", "3", "--yes", "--json", **server.variables).document["job"]
        done = pectui("jobs", job)
        assert "State:    finished" in done.stdout
        assert "Messages: 1: 1 deleted" in done.stdout
        assert re.search(r"^3  deleted  \d{4}-", done.stdout, re.MULTILINE)

    @pytest.mark.parametrize("name", ["20260101-000000-abcdef", "../jobs/x", ""])
    def test_a_name_that_no_job_has(self, pectui: Runner, served: Server, name: str) -> None:
        pectui("delete", "3", "--yes", **served().variables)
        done = pectui("jobs", name, "--json")
        assert (done.status, done.error["title"]) == (1, f"There is no job {name}")


class TestGoingOn:
    """No plan is shown again and nobody is asked: it was confirmed."""

    def test_after_ctrl_c(self, pectui: Runner, home: Path, served: Server) -> None:
        server = served()
        server.gate.hold("delete", after=5)
        with started(home, "delete", *IDS, "--yes", "--json", **server.variables) as process:
            wait_for_request(server)
            process.send_signal(signal.SIGINT)
            told_to_stop(process)
            server.gate.release()
            out, err = process.communicate(timeout=PATIENCE)
        outcome = json.loads(out)
        job = outcome["job"]
        assert process.returncode == 130
        assert f"pectui jobs --resume {job}" in err
        assert {one["reason"] for one in outcome["failed"]} == {"not tried: the job was cancelled"}
        (row,) = pectui("jobs", "--json").document["jobs"]
        assert (row["state"], row["can_be_resumed"]) == ("stopped", True)
        assert (row["deleted"], row["left"]) == (len(outcome["deleted"]), len(outcome["failed"]))
        done = pectui("jobs", "--resume", job, "--json", **server.variables)
        assert (done.status, done.document["job"], done.document["requested"]) == (0, job, 30)
        assert sorted(done.document["deleted"]) == sorted(map(int, IDS))
        assert len(left(server)) == 30
        again = pectui("jobs", "--resume", job, "--json", **server.variables)
        assert (again.status, again.error["title"]) == (1, f"Job {job} was not resumed")

    @pytest.mark.parametrize("ids", ["uid", "sequence"])
    @pytest.mark.parametrize("after", [0, 1, 4])
    def test_after_a_kill_the_end_is_the_same(
        self, pectui: Runner, home: Path, served: Server, ids: str, after: int
    ) -> None:
        undisturbed, server = served(ids=ids), served(ids=ids)
        wanted = pectui("delete", *IDS, "--yes", "--json", **undisturbed.variables).document
        killed(home, server, "delete", "delete", *IDS, after=after)
        jobs = pectui("jobs", "--json").document["jobs"]
        (cut_off,) = [one for one in jobs if one["state"] == "interrupted"]
        assert (cut_off["total"], cut_off["left"] > 0) == (30, True)
        done = pectui("jobs", "--resume", "last", "--json", **server.variables)
        assert done.document["job"] == cut_off["job"]
        gone = {*done.document["deleted"], *done.document["already_gone"]}
        assert (done.status, gone) == (0, set(wanted["deleted"]))
        assert left(server) == left(undisturbed)

    def test_whole_sends_after_a_kill(self, pectui: Runner, home: Path, served: Server) -> None:
        server = served(messages=5)
        for tail in range(10, 20):
            arrive(server, *delivered(sent(str(tail), hours=24 * 40)))
        killed(home, server, "delete-send", "delete", "--completed", after=4)
        assert len(left(server)) > 5
        done = pectui("jobs", "--resume", "last", "--json", **server.variables)
        assert (done.status, done.document["requested"], len(done.document["deleted"])) == (0, 20, 20)
        assert len(left(server)) == 5

    def test_what_runs_is_left_alone(self, pectui: Runner, home: Path, served: Server) -> None:
        server = served()
        server.gate.hold("delete")
        with started(home, "delete", *IDS, "--yes", "--json", **server.variables) as process:
            wait_for_request(server)
            (row,) = pectui("jobs", "--json").document["jobs"]
            assert (row["state"], row["ended_at"]) == ("running", None)
            done = pectui("jobs", "--resume", row["job"], "--json", **server.variables)
            assert (done.status, done.error["detail"]) == (1, "it is running")
            server.gate.release()
            process.communicate(timeout=PATIENCE)
        assert process.returncode == 0

    def test_another_mailbox(self, pectui: Runner, home: Path, served: Server) -> None:
        server, other = served(), served()
        killed(home, server, "delete", "delete", *IDS, after=3)
        job = pectui("jobs", "--json").document["jobs"][0]["job"]
        done = pectui("jobs", "--resume", job, "--json", **other.variables)
        assert (done.status, done.error["title"]) == (1, f"Job {job} was not resumed")
        assert done.error["hint"] == "Choose its profile, production."
        done = pectui("jobs", "--resume", "last", "--json", **other.variables)
        assert (done.status, done.error["title"]) == (1, "No job was resumed")
        assert other.app.count("DELETE") == 0

    def test_where_nothing_may_be_deleted(self, pectui: Runner, home: Path, served: Server) -> None:
        server = served()
        killed(home, server, "delete", "delete", *IDS, after=3)
        before = len(server.app.requests)
        for flag in ("--read-only", "--offline"):
            done = pectui("jobs", "--resume", "last", flag, "--json", **server.variables)
            assert (done.status, done.error["title"]) == (1, "Nothing was deleted")
        assert len(server.app.requests) == before

    def test_two_names_are_too_many(self, pectui: Runner) -> None:
        done = pectui("jobs", "x", "--resume", "last", "--json")
        assert (done.status, done.error["title"]) == (2, "Name one job only")
