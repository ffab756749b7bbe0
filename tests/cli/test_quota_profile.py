"""What a profile says of its quota, to the commands: thresholds, the interval, and another mailbox of the same user."""

from __future__ import annotations

from pathlib import Path

import pytest

from pectui.store.quota_files import FolderQuotaSamples
from tests.cli.conftest import Done, Runner, Server


@pytest.fixture
def configured(home: Path, pectui: Runner, served: Server) -> Runner:
    """`quota` of a mailbox that is half full, by a profile with the given lines."""
    server = served(messages=1, quota_usage=500, quota_limit=1000)

    def run(lines: str, *arguments: str) -> Done:
        config = home / ".config" / "pectui" / "config.toml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(f"[profiles.production]\n{lines}\n")
        return pectui("quota", *arguments, **{**server.variables, "PECTUI_PROFILE": "production"})

    return run


class TestThresholds:
    @pytest.mark.parametrize(
        ("lines", "flags", "status"),
        [
            ("quota_warn = 50", [], 1),
            ('quota_warn = 10\nquota_crit = "500 KiB"', [], 2),
            ("quota_warn = 10\nquota_crit = 20", ["--warn", "60", "--crit", "70"], 0),
            ("quota_crit = 95", ["--warn", "40"], 1),
        ],
    )
    def test_a_check_goes_by_those_of_the_profile(
        self, configured: Runner, lines: str, flags: list[str], status: int
    ) -> None:
        assert configured(lines, "--check", *flags).status == status

    @pytest.mark.parametrize(
        ("lines", "flags", "told"),
        [
            ("quota_warn = 40\nquota_crit = 60", ["--warn", "70"], "--warn is above quota_crit"),
            ("quota_warn = 70", ["--crit", "60"], "quota_warn is above --crit"),
            ("", ["--warn", "95"], "--warn is above --crit"),
        ],
    )
    def test_a_contradiction_names_who_said_what(
        self, configured: Runner, lines: str, flags: list[str], told: str
    ) -> None:
        assert configured(lines, "--check", *flags).stdout.startswith(f"PECTUI UNKNOWN - {told}")


class TestAnotherMailbox:
    def test_it_is_asked_for_and_has_a_history_of_its_own(self, configured: Runner, home: Path) -> None:
        assert configured("", "--json").document["mailbox"] == "INBOX"
        assert configured("", "--json", "--mailbox", "Inbox").document["mailbox"] == "Inbox"
        folders = list((home / ".local" / "state" / "pectui" / "quota").iterdir())
        assert [len(FolderQuotaSamples(folder).read()) for folder in folders] == [1, 1]

    def test_one_that_is_not_there_is_unknown(self, configured: Runner) -> None:
        done = configured("", "--check", "--mailbox", "Archivio")
        assert (done.status, "unavailable" in done.stdout) == (3, True)

    @pytest.mark.parametrize("name", ["", "  ", "a\nb"])
    def test_a_name_that_is_none(self, configured: Runner, name: str) -> None:
        assert configured("", "--mailbox", name).status == 2
