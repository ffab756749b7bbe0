"""What a campaign costs, and how it fares when its program is killed.

`python -m tests.benchmarking.campaigns` measures the check of a hundred thousand rows; with `kills COUNT` it kills
programs at random moments until so many were killed, and counts at the server what each recipient got.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pectui.sandbox.app import SandboxApp, create_app
from pectui.sandbox.options import DEMO_ADDRESS, DEMO_CREDENTIALS, Options
from pectui.sandbox.serve import ServerThread
from pectui.session import system_clock
from tests.benchmarking.measuring import report
from tests.patience import PATIENCE
from tests.terminal import PECTUI, clean_environment

_ROWS = 12
_LONGEST_LIFE = 3.0
"""Seconds."""
_MANY = 100_000
_LETTER = ("--subject", "Avviso $pratica", "--body", "Gentile $nome,\n\ndovuti EUR $importo.\n")


def write_table(path: Path, rows: int) -> None:
    """A table as an Italian Excel saves it."""
    lines = (
        f"r{row}@pec.example;Società {row} & figli;{row},50;31/12/2026;P-{row}\r\n" for row in range(rows)
    )
    text = "recipient;nome;importo;scadenza;pratica\r\n" + "".join(lines)
    path.write_bytes(text.encode("utf-8-sig"))


@dataclass
class Campaign:
    """A table, a home and a server of its own; programs that send it one after the other."""

    home: Path
    app: SandboxApp
    url: str
    kills: int = 0
    lives: list[float] = field(default_factory=list)

    @property
    def table(self) -> Path:
        return self.home / "list.csv"

    def run(self, action: str, *arguments: str, life: float | None = None) -> dict[str, Any] | None:
        """What the program says at its end; None where it was killed after `life` seconds."""
        process = subprocess.Popen(
            [*PECTUI, "campaign", action, str(self.table), *arguments, "--json"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            output, errors = process.communicate(timeout=PATIENCE if life is None else life)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            output, errors = process.communicate(timeout=PATIENCE)
        if process.returncode == -signal.SIGKILL:
            self.kills += 1
            return None
        document: dict[str, Any] = json.loads(output)
        if "rows" not in document and document["error"]["title"].startswith("No campaign"):
            return None  # killed before anything was written down
        assert "rows" in document, f"{output}{errors}"
        return document

    def send(self, chance: random.Random, most: int) -> dict[str, Any]:
        """The whole of it, by programs that are killed at random moments, `most` of them."""
        ended, begun = None, False
        while ended is None:
            life = chance.uniform(0.15, _LONGEST_LIFE) if self.kills < most else None
            action, words = ("resume", ()) if begun else ("run", _LETTER)
            ended = self.run(action, *words, "--yes", life=life)
            begun = begun or self._is_journalled
        return ended

    @property
    def received(self) -> Counter[str]:
        """How many PECs each recipient got, by the server."""
        return Counter(recipient for pec in self.app.mailbox.sent for recipient in pec.order.recipients)

    @property
    def _is_journalled(self) -> bool:
        return any('"table": [[' in path.read_text() for path in self.home.rglob("*.jsonl"))

    @property
    def _environment(self) -> dict[str, str]:
        return clean_environment(
            self.home,
            PECTUI_TOKEN=DEMO_CREDENTIALS.token,
            PECTUI_USERNAME=DEMO_CREDENTIALS.username,
            PECTUI_PASSWORD=DEMO_CREDENTIALS.password,
            PECTUI_SENDER=DEMO_ADDRESS,
            PECTUI_BASE_URL=self.url,
        )


def campaigns(folder: Path) -> Iterator[Campaign]:
    """New ones, each in a home of its own."""
    number = 0
    while True:
        number += 1
        home = folder / f"home{number}"
        home.mkdir()
        write_table(home / "list.csv", _ROWS)
        app = create_app(Options(messages=0), credentials=DEMO_CREDENTIALS, clock=system_clock)
        with ServerThread(app) as server:
            yield Campaign(home, app, server.url)


def kill(count: int, seed: int = 7) -> None:
    """Kills so many programs; AssertionError where anybody got two, or was skipped without a word."""
    chance = random.Random(seed)
    killed = doubtful = 0
    with tempfile.TemporaryDirectory() as folder:
        for campaign in campaigns(Path(folder)):
            ended = campaign.send(chance, count - killed)
            killed += campaign.kills
            received = campaign.received
            assert max(received.values()) == 1, "somebody got two"
            assert ended["sent"] + ended["unknown"] == ended["rows"] == _ROWS, ended
            assert ended["sent"] <= len(received) <= _ROWS, "what it calls sent was sent"
            doubtful += ended["unknown"]
            missing = _ROWS - len(received)
            assert ended["unknown"] >= missing, "nobody was skipped without a word"
            if missing == ended["unknown"]:
                again = campaign.run("resume", "--yes", "--resend-unknown") or {}
                assert again["sent"] == _ROWS
                assert campaign.received == dict.fromkeys(campaign.received, 1)
                assert len(campaign.received) == _ROWS
            print(
                f"{killed} killed; {_ROWS} recipients got one each; {ended['unknown']} unknown, {missing} not sent"
            )
            if killed >= count:
                break
    print(f"{killed} programs killed, {doubtful} rows left unknown, nobody got two, nobody was skipped")


def checked_campaign(folder: Path) -> None:
    """A whole process that checks a hundred thousand rows of five columns, beside one that checks a single row."""
    many, one = folder / "many.csv", folder / "one.csv"
    write_table(many, _MANY)
    write_table(one, 1)
    seconds: dict[Path, list[float]] = {many: [], one: []}
    for table in (many, one) * 3:
        started = time.perf_counter()
        command = [*PECTUI, "campaign", "check", str(table), *_LETTER, "--json"]
        done = subprocess.run(command, env=clean_environment(folder), capture_output=True, check=True)
        seconds[table].append(1000 * (time.perf_counter() - started))
        assert not json.loads(done.stdout)["errors"]
    what = f"check of {_MANY:,} rows of a campaign"
    report(what, sorted(seconds[many])[1], "ms", sorted(seconds[one])[1], "that of one row")


if __name__ == "__main__":
    if sys.argv[1:2] == ["kills"]:
        kill(int(sys.argv[2]), *map(int, sys.argv[3:]))
    else:
        with tempfile.TemporaryDirectory() as place:
            checked_campaign(Path(place))
