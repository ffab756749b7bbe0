"""`pectui quota --prometheus FILE`: metrics that are whole, readable by their collector, and never of yesterday."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pectui.cli.quota.metrics import metrics
from pectui.config import Profile
from pectui.domain.quota import Quota
from pectui.domain.quota_history import QuotaSample
from pectui.environment import Environment
from pectui.store.quota_files import FolderQuotaSamples
from tests.cli.conftest import Runner, Server
from tests.cli.test_quota import watching
from tests.patience import in_time

_HELP = re.compile(r"# HELP ([a-z_]+) .+")
_TYPE = re.compile(r"# TYPE ([a-z_]+) gauge")
_SAMPLE = re.compile(r'([a-z_]+)(\{[a-z]+="(?:[^"\\\n]|\\.)*"(?:,[a-z]+="(?:[^"\\\n]|\\.)*")*\})? ([0-9]+)')

UP, USED, LIMIT, SUCCESS = (
    "pectui_up",
    "pectui_quota_used_bytes",
    "pectui_quota_limit_bytes",
    "pectui_quota_last_success_timestamp_seconds",
)


def figures(text: str) -> dict[str, int]:
    """The metrics by name; each must be described, and nothing else may be there."""
    assert text.endswith("\n")
    lines = text.splitlines()
    found: dict[str, int] = {}
    for help_, type_, sample in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        matches = _HELP.fullmatch(help_), _TYPE.fullmatch(type_), _SAMPLE.fullmatch(sample)
        assert all(matches), text
        (name,) = {match[1] for match in matches if match}
        assert matches[2] is not None
        found[name] = int(matches[2][3])
    return found


@pytest.fixture
def path(home: Path) -> Path:
    return home / "metrics.prom"


class TestTheFile:
    def test_after_an_answer(self, pectui: Runner, served: Server, path: Path) -> None:
        begun = int(time.time())
        done = pectui("quota", "--prometheus", str(path), **served(messages=981).variables)
        assert (done.status, "16.3%" in done.stdout) == (0, True)
        found = figures(path.read_text())
        success = found.pop(SUCCESS)
        assert found == {UP: 1, USED: 175_116_288, LIMIT: 1 << 30}
        assert begun <= success <= time.time()
        assert '{profile="production",mailbox="INBOX"}' in path.read_text()

    @pytest.mark.parametrize("check", [[], ["--check"]])
    def test_what_was_before_is_kept_out_when_the_service_fails(
        self, pectui: Runner, served: Server, path: Path, check: list[str]
    ) -> None:
        server = served("quota:400:skip=1")
        pectui("quota", "--prometheus", str(path), *check, **server.variables)
        before = figures(path.read_text())
        done = pectui("quota", "--prometheus", str(path), *check, **server.variables)
        assert done.status == (3 if check else 69)
        assert figures(path.read_text()) == {UP: 0, SUCCESS: before[SUCCESS]}

    def test_also_when_a_secret_is_missing(self, pectui: Runner, served: Server, path: Path) -> None:
        variables = {**served().variables, "PECTUI_PROFILE": "production"}
        pectui("quota", "--prometheus", str(path), **variables)
        before = figures(path.read_text())
        del variables["PECTUI_PASSWORD"]
        assert pectui("quota", "--prometheus", str(path), **variables).status == 78
        assert figures(path.read_text()) == {UP: 0, SUCCESS: before[SUCCESS]}

    def test_a_success_in_the_future_is_none(
        self, pectui: Runner, served: Server, home: Path, path: Path
    ) -> None:
        server = served("quota:400:skip=1")
        pectui("quota", **server.variables)
        (folder,) = (home / ".local" / "state" / "pectui" / "quota").iterdir()
        FolderQuotaSamples(folder).add(QuotaSample(datetime.now(UTC) + timedelta(days=9), 5, 10))
        pectui("quota", "--prometheus", str(path), **server.variables)
        assert figures(path.read_text())[SUCCESS] <= time.time()

    def test_also_when_there_is_no_answer_in_time(self, pectui: Runner, served: Server, path: Path) -> None:
        server = served()
        server.gate.hold("quota")
        arguments = ["quota", "--check", "--timeout", "1", "--prometheus", str(path)]
        assert pectui(*arguments, **server.variables).status == 3
        assert figures(path.read_text()) == {UP: 0}

    def test_also_when_nothing_is_set_up(self, pectui: Runner, path: Path) -> None:
        path.write_text("old")
        assert pectui("quota", "--prometheus", str(path)).status == 78
        assert figures(path.read_text()) == {UP: 0}

    def test_figures_that_make_no_sense_are_none(self, pectui: Runner, served: Server, path: Path) -> None:
        assert pectui("quota", "--prometheus", str(path), **served("quota:nulls").variables).status == 0
        assert figures(path.read_text()) == {UP: 0}

    def test_the_collector_may_read_it_and_no_other_file_is_left(self, pectui: Runner, home: Path) -> None:
        folder = home / "textfile"
        folder.mkdir()
        path = folder / "pectui.prom"
        pectui("--demo", "quota", "--prometheus", str(path))
        assert path.stat().st_mode & 0o777 == 0o644
        path.chmod(0o640)
        inode = path.stat().st_ino
        pectui("--demo", "quota", "--prometheus", str(path))
        assert path.stat().st_mode & 0o777 == 0o640
        assert path.stat().st_ino != inode, "replaced as a whole"
        assert [one.name for one in folder.iterdir()] == ["pectui.prom"]

    def test_what_is_no_plain_file_is_not_replaced(self, pectui: Runner, home: Path, path: Path) -> None:
        other = home / "other"
        other.write_text("precious")
        path.symlink_to(other)
        done = pectui("--demo", "quota", "--prometheus", str(path))
        assert done.status == 1
        assert "is not a plain file" in done.stderr
        assert path.is_symlink()
        assert other.read_text() == "precious"

    def test_a_folder_that_is_not_there(self, pectui: Runner, home: Path) -> None:
        done = pectui("--demo", "quota", "--prometheus", str(home / "no" / "x.prom"))
        assert done.status == 1
        assert "The metrics can't be written" in done.stderr
        done = pectui("--demo", "quota", "--json", "--prometheus", str(home / "no" / "x.prom"))
        assert done.error["title"] == "The metrics can't be written"
        done = pectui("--demo", "quota", "--check", "--prometheus", str(home / "no" / "x.prom"))
        assert (done.status, done.stdout[:17]) == (3, "PECTUI UNKNOWN - ")

    def test_while_it_is_watched(self, home: Path, served: Server, path: Path) -> None:
        server = served("quota:400:times=1:skip=1")
        with watching(home, server, "--prometheus", str(path)) as watched:
            watched.line()
            assert in_time(lambda: path.exists() and figures(path.read_text())[UP] == 1)
            watched.said()
            assert in_time(lambda: USED not in figures(path.read_text()))
            watched.line()
            assert in_time(lambda: figures(path.read_text())[UP] == 1)
            watched.end()
        assert figures(path.read_text())[UP] == 1


class TestTheFormat:
    def test_odd_names_stay_within_their_quotes(self) -> None:
        profile = Profile('a"b\\c\n', Environment.PRODUCTION, "", mailbox="In\u202ebox €")
        text = metrics(profile, Quota("", 5, None), None)
        assert figures(text) == {UP: 1, USED: 5}
        assert '{profile="a\\"b\\\\c ",mailbox="Inbox €"}' in text
