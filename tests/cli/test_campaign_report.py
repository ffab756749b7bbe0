"""`pectui campaign report` and campaigns among the jobs: what became of each row."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pectui.sandbox.dates import rome
from pectui.sandbox.dispatch import MAILBOX_FULL, dispatch
from pectui.sandbox.options import DEMO_ADDRESS
from tests.cli.conftest import Done, Runner, Served, Server
from tests.cli.sent import arrive
from tests.cli.test_campaign_run import LETTER, table_of

LOST = "lost@pec.example"
COLUMNS = ["line", "recipient", "code", "state", "sent_at", "outcome", "outcome_at", "reason"]


@pytest.fixture
def server(served: Server) -> Served:
    return served(messages=0, send_interval=0)


@pytest.fixture
def table(pectui: Runner, home: Path, server: Served) -> Path:
    """A campaign of two rows, of which the day's limit let one go."""
    table = table_of(home, f"{LOST};1", "=b@pec.example;2")
    run = ("campaign", "run", str(table), *LETTER, "--daily-limit", "1", "--yes")
    assert pectui(*run, **server.variables).status == 75
    return table


def lines(done: Done) -> list[dict[str, str]]:
    assert done.stdout.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(done.stdout[1:], newline="")))


class TestReport:
    """A line for each row, with what its receipts say."""

    def test_it_joins_codes_with_receipts(self, pectui: Runner, server: Served, table: Path) -> None:
        (pec,) = server.app.mailbox.sent
        first, second = lines(pectui("campaign", "report", str(table), **server.variables))
        assert list(first) == COLUMNS
        assert (first["line"], first["recipient"], first["code"]) == ("2", LOST, pec.code)
        assert (first["state"], first["outcome"], second["state"]) == ("sent", "accepted", "pending")
        assert (second["recipient"], second["code"], second["sent_at"]) == ("'=b@pec.example", "", "")
        send = dispatch(pec.code, "Avviso 1", DEMO_ADDRESS, rome(datetime.now(UTC)).replace(microsecond=0))
        arrive(server, send.failure(LOST, 3, MAILBOX_FULL))
        first, _ = lines(pectui("campaign", "report", str(table), **server.variables))
        assert (first["outcome"], first["reason"]) == ("failed", MAILBOX_FULL)
        before = len(server.app.requests)
        offline = lines(pectui("campaign", "report", str(table), "--offline", **server.without_secrets))
        assert (offline[0], len(server.app.requests)) == (first, before)


class TestJobs:
    """Each run of a campaign is a job with the same states as a deletion."""

    def test_in_the_list_and_alone(self, pectui: Runner, server: Served, table: Path) -> None:
        (row,) = pectui("jobs", "--json").document["jobs"]
        assert (row["kind"], row["state"], row["file"]) == ("campaign", "stopped", str(table))
        told = ("total", "sent", "pending", "unknown", "failed", "refused", "can_be_resumed")
        assert [row[name] for name in told] == [2, 1, 1, 0, 0, 0, True]
        one = pectui("jobs", row["job"], "--json").document
        assert [(item["line"], item["outcome"]) for item in one["items"]] == [(2, "sent"), (3, "pending")]
        text = pectui("jobs", row["job"])
        assert f"pectui campaign resume {table}" in text.stderr
        assert pectui("jobs").stdout.split()[:2] == [row["job"], "campaign"]
        refused = pectui("jobs", "--resume", row["job"], "--json", **server.variables)
        assert (refused.status, refused.error["title"]) == (1, f"Job {row['job']} is a campaign")

    def test_what_a_later_run_has_sent_is_not_left_in_the_first(
        self, pectui: Runner, server: Served, table: Path
    ) -> None:
        pectui("campaign", "resume", str(table), "--yes", "--daily-limit", "0", **server.variables)
        jobs = pectui("jobs", "--json").document["jobs"]
        assert [(job["state"], job["sent"], job["can_be_resumed"]) for job in jobs] == [
            ("finished", 2, False)
        ] * 2
