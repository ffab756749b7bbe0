"""`pectui quota`: how full the mailbox is, when it will be full, and a line for each answer."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pectui.domain.quota_history import QuotaSample
from pectui.store.quota_files import FolderQuotaSamples
from tests.cli.conftest import Done, Runner, Served, Server
from tests.patience import PATIENCE, in_time
from tests.terminal import PECTUI, clean_environment

LIMIT = 1024**3
DAY = timedelta(days=1)


def folder(home: Path) -> Path:
    """Where the one mailbox's history lies."""
    (found,) = (home / ".local" / "state" / "pectui" / "quota").iterdir()
    return found


def grown(home: Path, used: int, pace: int, days: int = 30) -> None:
    """As if the mailbox had been watched for so long, while it grew by `pace` bytes a day."""
    store, now = FolderQuotaSamples(folder(home)), datetime.now(UTC).replace(microsecond=0)
    for hours in range(days * 24, 0, -6):
        store.add(QuotaSample(now - timedelta(hours=hours), used - pace * hours // 24, LIMIT))


class TestOnce:
    @pytest.fixture(params=["demo", "loopback"])
    def mailbox(self, request: pytest.FixtureRequest, pectui: Runner, served: Server) -> Runner:
        if request.param == "demo":
            return lambda *arguments, **more: pectui("--demo", *arguments, **more)
        server = served(messages=981)
        return lambda *arguments, **more: pectui(*arguments, **server.variables, **more)

    def test_its_document(self, mailbox: Runner) -> None:
        assert mailbox("quota", "--json").document == {
            "mailbox": "INBOX",
            "used_bytes": 171_012 * 1024,
            "limit_bytes": 1024**3,
            "percent": 16.3,
            "forecast": None,
        }

    def test_as_text(self, mailbox: Runner) -> None:
        done = mailbox("quota")
        assert done.stdout == "INBOX: 167.0 MiB of 1.0 GiB, 16.3%  [###-----------------]  857.0 MiB free\n"
        assert (done.status, done.stderr) == (0, "")

    def test_the_unit_can_be_set(self, pectui: Runner, served: Server, home: Path) -> None:
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text('[profiles.production]\nquota_unit = "MB"\n')
        done = pectui("quota", "--json", **served(messages=981).variables)
        assert done.document["used_bytes"] == 171_012_000_000

    @pytest.mark.parametrize(("usage", "bar"), [(0, "-" * 20), (1, "#" + "-" * 19), (1300, "#" * 20)])
    def test_the_bar_has_an_end(self, pectui: Runner, served: Server, usage: int, bar: str) -> None:
        server = served(messages=1, quota_usage=usage, quota_limit=1000)
        assert f"[{bar}]" in pectui("quota", **server.variables).stdout

    def test_what_is_unknown_is_called_unknown(self, pectui: Runner, served: Server) -> None:
        server = served("quota:nulls")
        assert pectui("quota", "--json", **server.variables).document["percent"] is None
        done = pectui("quota", **server.variables)
        assert done.stdout == "INBOX: unknown of unknown, percent unknown\n"

    def test_a_limit_of_zero_is_unknown(self, pectui: Runner, served: Server) -> None:
        server = served(messages=1, quota_usage=5, quota_limit=0)
        done = pectui("quota", **server.variables)
        assert (done.status, done.stdout) == (0, "INBOX: 5.0 KiB of unknown, percent unknown\n")


class TestTheForecast:
    def test_it_is_told_where_there_is_a_trend(self, pectui: Runner, served: Server, home: Path) -> None:
        server = served(messages=981)
        used = pectui("quota", "--json", **server.variables).document["used_bytes"]
        pace = 20_000_000
        grown(home, used, pace)
        forecast = pectui("quota", "--json", **server.variables).document["forecast"]
        truth = (LIMIT - used) / pace
        assert forecast["days_until_full"] == pytest.approx(truth, rel=0.02)
        assert forecast["earliest"] <= forecast["days_until_full"] <= forecast["latest"]
        assert forecast["bytes_per_day"] == pytest.approx(pace, rel=0.02)
        assert f"; full in about {round(truth)} days" in pectui("quota", **server.variables).stdout

    def test_a_history_that_is_damaged_is_set_aside_and_told(
        self, pectui: Runner, served: Server, home: Path
    ) -> None:
        server = served()
        pectui("quota", **server.variables)
        for path in folder(home).glob("quota-*.json"):
            path.write_text("{")
        done = pectui("quota", "--json", **server.variables)
        assert (done.status, done.document["forecast"]) == (0, None)
        assert "set aside" in done.stderr
        assert pectui("quota", **server.variables).stderr == ""

    def test_every_command_that_asks_adds_to_the_history(
        self, pectui: Runner, served: Server, home: Path
    ) -> None:
        server = served()
        pectui("doctor", **server.variables)
        assert len(FolderQuotaSamples(folder(home)).read()) == 1


class Watched:
    """A `quota --watch` that runs, and what it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.line()))

    def said(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def end(self, number: signal.Signals = signal.SIGINT) -> Done:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        return Done(self.process.returncode, out, err)


@contextmanager
def watching(home: Path, server: Served, *arguments: str) -> Iterator[Watched]:
    command = [*PECTUI, "quota", "--watch", "--interval", "1", *arguments]
    with subprocess.Popen(
        command,
        env=clean_environment(home, **server.variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Watched(process)
        finally:
            process.kill()


class TestWatching:
    def test_a_line_for_each_answer_as_it_comes(self, home: Path, served: Server) -> None:
        with watching(home, served(messages=981)) as watched:
            for _ in range(2):
                assert watched.line().endswith("  167.0 MiB of 1.0 GiB, 16.3%\n")
            done = watched.end()
        assert (done.status, done.stderr) == (130, "")
        assert len(FolderQuotaSamples(folder(home)).read()) in (1, 2)  # one a minute is kept

    def test_json_lines(self, home: Path, served: Server) -> None:
        with watching(home, served("quota:400:times=1:skip=1", messages=981), "--json") as watched:
            documents = [watched.document() for _ in range(3)]
            assert watched.end().status == 130
        times = [datetime.fromisoformat(one.pop("at")) for one in documents]
        assert times == sorted(times)
        assert times[0].tzinfo is not None
        well = {"mailbox": "INBOX", "used_bytes": 175_116_288, "limit_bytes": LIMIT, "percent": 16.3}
        assert documents[0] == documents[2] == {**well, "level": "ok", "error": None}
        assert (documents[1]["used_bytes"], documents[1]["level"]) == (None, "unknown")
        assert documents[1]["error"]

    def test_what_fails_is_told_and_gone_on_with(self, home: Path, served: Server) -> None:
        with watching(home, served("quota:400:times=1")) as watched:
            assert "unknown: " in watched.said()
            assert watched.line().endswith("%\n")
            assert watched.end().status == 130

    def test_a_threshold_that_is_crossed_is_told(self, home: Path, served: Server) -> None:
        server = served(messages=1, quota_usage=790, quota_limit=1000)
        with watching(home, server, "--warn", "80", "--crit", "95%") as watched:
            assert "79.0%" in watched.line()
            for number in range(10):
                server.app.mailbox.deliver(f"Messaggio {number}", "Testo")
            assert watched.said() == "pectui: INBOX went up from OK to WARNING\n"
            watched.end()

    def test_what_is_refused_from_the_start_ends_it(self, pectui: Runner, served: Server) -> None:
        done = pectui("quota", "--watch", **served("quota:401").variables)
        assert (done.status, done.stdout) == (77, "")
        done = pectui("quota", "--watch", "--json", **served("quota:401").variables)
        assert (done.error["exit_code"], done.stdout.count("\n")) == (77, 1), "a line, as all others"

    def test_what_is_refused_later_does_not(self, home: Path, served: Server) -> None:
        with watching(home, served("quota:401:times=1:skip=1")) as watched:
            watched.line()
            assert "unknown: " in watched.said()
            watched.line()
            assert watched.end().status == 130

    def test_ctrl_c_in_a_question(self, home: Path, served: Server) -> None:
        server = served()
        server.gate.hold("quota", after=1)
        with watching(home, server) as watched:
            watched.line()
            assert in_time(lambda: server.gate.waiting > 0)
            done = watched.end()
        assert (done.status, done.stdout, done.stderr) == (130, "", "")

    def test_sigterm(self, home: Path, served: Server) -> None:
        with watching(home, served()) as watched:
            watched.line()
            done = watched.end(signal.SIGTERM)
        assert (done.status, done.stderr) == (143, "")

    def test_a_reader_that_leaves_ends_it(self, home: Path, served: Server) -> None:
        with watching(home, served()) as watched:
            watched.line()
            assert watched.process.stdout is not None
            watched.process.stdout.close()
            assert watched.process.wait(PATIENCE) == 0
            assert watched.process.stderr is not None
            assert watched.process.stderr.read() == ""

    def test_offline_there_is_nothing_to_watch(self, pectui: Runner, served: Server) -> None:
        done = pectui("quota", "--watch", "--offline", **served().without_secrets)
        assert done.status == 1
        assert "offline" in done.stderr


class TestMistakes:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--interval", "5"], "--interval goes with --watch"),
            (["--warn", "5"], "--warn goes with --check or --watch"),
            (["--timeout", "5"], "--timeout goes with --check"),
            (["--watch", "--timeout", "5"], "--timeout goes with --check"),
            (["--watch", "--interval", "0"], "a time like 90s, 15m or 1h"),
            (["--watch", "--interval", "1d"], "a time like 90s, 15m or 1h"),
            (["--watch", "--interval", "-5"], "--interval"),
            (["--watch", "--warn", "x"], "--warn is a percentage or a size"),
            (["--watch", "--warn", "95"], "--warn is above --crit"),
        ],
    )
    def test_they_end_with_status_2(self, pectui: Runner, arguments: list[str], words: str) -> None:
        done = pectui("--demo", "quota", *arguments)
        assert done.status == 2
        assert words in done.stderr
