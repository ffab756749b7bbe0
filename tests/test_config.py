"""Flags over environment over file: which mailbox it is, and with what manners."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from pectui.config import Environment, Places, Profile, find_places
from pectui.domain.quota import QuotaUnit
from pectui.domain.thresholds import Thresholds, read_thresholds
from pectui.errors import ConfigError, UsageError
from tests.configuring import READY, load, profile, write

FILE = """\
# Two mailboxes of one office.
default_profile = "office"

[profiles.office]
environment = "production"
username = "u123"
sender = "Office@PEC.example"
mailbox = "INBOX.archive"
token_command = ["pass", "show", "pec/token"]
password_file = "office.password"
read_only = true
quota_unit = "MB"
concurrency = 2
cache_bodies = false
refresh_minutes = 0
full_sync_days = 30
quota_warn = 75
quota_crit = "900 MiB"
quota_minutes = 60
other_mailboxes = ["INBOX.sent", "INBOX.sent", " Archivio "]

[profiles."second"]
environment = "sandbox"

[keys]
delete = "d,delete"
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config" / "config.toml", tmp_path / "cache", tmp_path / "state")


class TestWithoutAFile:
    """Two profiles need no file, and the demo needs nothing at all."""

    def test_nothing_at_all_chooses_no_profile(self, places: Places) -> None:
        assert load(places).profile is None

    def test_the_sandbox_is_the_vendors(self, places: Places) -> None:
        chosen = profile(places, {"PECTUI_USERNAME": "u"}, sandbox=True)
        assert (chosen.name, chosen.environment) == ("sandbox", Environment.SANDBOX)
        assert (chosen.base_url, chosen.custom_base_url) == ("https://test.ws.pecmassiva.com", False)
        assert (chosen.username, chosen.mailbox, chosen.read_only) == ("u", "INBOX", False)

    def test_production_is_chosen_once_its_secrets_are_there(self, places: Places) -> None:
        chosen = profile(places, READY)
        assert (chosen.name, chosen.base_url) == ("production", "https://ws.pecmassiva.com")
        assert profile(places, {**READY, "PECTUI_TOKEN": "", "OPENAPI_TOKEN": "t"}).name == "production"

    @pytest.mark.parametrize("missing", READY)
    def test_two_of_three_are_not_enough(self, places: Places, missing: str) -> None:
        for environ in ({**READY, missing: ""}, {**READY, missing: "  "}):
            assert load(places, environ).profile is None

    def test_a_sandbox_token_chooses_no_production(self, places: Places) -> None:
        environ = {**READY, "PECTUI_TOKEN": "", "OPENAPI_SANDBOX_TOKEN": "t"}
        assert load(places, environ).profile is None

    def test_the_demo_has_no_host(self, places: Places) -> None:
        chosen = profile(places, {"PECTUI_BASE_URL": "https://x.example"}, demo=True)
        assert (chosen.environment, chosen.base_url, chosen.host) == (Environment.DEMO, "", "demo")

    def test_a_variable_may_name_the_profile(self, places: Places) -> None:
        assert profile(places, {"PECTUI_PROFILE": "sandbox"}).name == "sandbox"
        assert profile(places, {"PECTUI_PROFILE": "sandbox"}, profile="production").name == "production"

    def test_an_unknown_profile_is_an_error_with_the_nearest_name(self, places: Places) -> None:
        with pytest.raises(ConfigError) as caught:
            load(places, profile="sanbox")
        assert "Did you mean `sandbox`?" in caught.value.hint

    @pytest.mark.parametrize(
        "flags",
        [{"sandbox": True, "demo": True}, {"profile": "x", "sandbox": True}, {"profile": "x", "demo": True}],
    )
    def test_flags_that_contradict_each_other_are_wrong_usage(
        self, places: Places, flags: dict[str, object]
    ) -> None:
        with pytest.raises(UsageError):
            load(places, None, **flags)

    def test_a_missing_file_is_an_error_only_if_somebody_named_it(
        self, places: Places, tmp_path: Path
    ) -> None:
        missing = str(tmp_path / "nothing.toml")
        with pytest.raises(ConfigError, match=r"There is no configuration file .* --config names it"):
            load(places, config=missing)
        with pytest.raises(ConfigError, match=r"There is no configuration file .* PECTUI_CONFIG names it"):
            load(places, {"PECTUI_CONFIG": missing})


class TestTheFile:
    """`[profiles.NAME]`, `[keys]` and `default_profile`."""

    def test_every_key_reaches_the_profile(self, places: Places) -> None:
        path = write(places, FILE)
        settings = load(places)
        assert settings.profile == Profile(
            name="office",
            environment=Environment.PRODUCTION,
            base_url="https://ws.pecmassiva.com",
            custom_base_url=False,
            username="u123",
            sender="Office@PEC.example",
            mailbox="INBOX.archive",
            token_command=("pass", "show", "pec/token"),
            token_file=path.parent / "secrets" / "office.token",
            password_file=path.parent / "office.password",
            read_only=True,
            quota_unit=QuotaUnit.MB,
            concurrency=2,
            cache_bodies=False,
            refresh_minutes=0,
            full_sync_days=30,
            quota_warn="75",
            quota_crit="900 MiB",
            quota_minutes=60,
            other_mailboxes=("INBOX.sent", "Archivio"),
        )
        assert settings.profile.thresholds == read_thresholds("75%", "900MiB")
        assert settings.keys == {"delete": "d,delete"}
        assert (settings.config_file, settings.other_profiles) == (path, ("office", "second"))

    def test_what_it_does_not_say_has_a_value_all_the_same(self, places: Places) -> None:
        write(places, FILE)
        chosen = profile(places, profile="second")
        assert (chosen.mailbox, chosen.concurrency, chosen.quota_unit) == ("INBOX", 4, QuotaUnit.KIB)
        assert (chosen.cache_bodies, chosen.refresh_minutes, chosen.full_sync_days) == (True, 5, 7)
        assert (chosen.thresholds, chosen.quota_minutes, chosen.other_mailboxes) == (Thresholds(), 15, ())

    def test_the_environment_wins_over_it_and_flags_over_both(self, places: Places) -> None:
        write(places, FILE)
        environ = {
            "PECTUI_USERNAME": "other",
            "PECTUI_SENDER": "new@pec.example",
            "PECTUI_BASE_URL": "https://one.example",
            "PECTUI_READ_ONLY": "0",
        }
        chosen = profile(places, environ)
        assert (chosen.username, chosen.sender, chosen.read_only) == ("other", "new@pec.example", False)
        assert (chosen.base_url, chosen.custom_base_url) == ("https://one.example", True)
        chosen = profile(places, environ, base_url="https://two.example", read_only=True)
        assert (chosen.base_url, chosen.read_only) == ("https://two.example", True)

    def test_an_empty_variable_counts_as_unset(self, places: Places) -> None:
        write(places, FILE)
        environ = {"PECTUI_USERNAME": "", "PECTUI_PROFILE": " ", "PECTUI_CONFIG": "", "PECTUI_READ_ONLY": ""}
        chosen = profile(places, environ)
        assert (chosen.name, chosen.username, chosen.read_only) == ("office", "u123", True)

    def test_another_file_may_be_named(self, places: Places, tmp_path: Path) -> None:
        write(places, FILE)
        other = tmp_path / "other.toml"
        other.write_text('default_profile = "sandbox"\n')
        assert profile(places, config=str(other)).name == "sandbox"
        assert profile(places, {"PECTUI_CONFIG": str(other)}).name == "sandbox"

    def test_a_profile_may_be_the_demo(self, places: Places) -> None:
        write(places, 'default_profile = "try"\n[profiles.try]\nenvironment = "demo"\nread_only = true\n')
        chosen = profile(places)
        assert (chosen.environment, chosen.read_only) == (Environment.DEMO, True)

    def test_a_name_may_stand_for_its_environment(self, places: Places) -> None:
        write(places, '[profiles.sandbox]\nusername = "u9"\n')
        chosen = profile(places, sandbox=True)
        assert (chosen.username, chosen.environment) == ("u9", Environment.SANDBOX)

    def test_the_mailboxes_own_addresses(self, places: Places) -> None:
        write(places, FILE)
        assert profile(places).own_addresses == {"office@pec.example"}
        assert profile(places, {"PECTUI_USERNAME": "A@b.example"}).own_addresses == {
            "office@pec.example",
            "a@b.example",
        }


class TestManners:
    """What belongs to no profile."""

    @pytest.mark.parametrize(
        ("value", "read_only"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("false", False)]
    )
    def test_read_only_by_variable(self, places: Places, value: str, read_only: bool) -> None:
        assert profile(places, {"PECTUI_READ_ONLY": value}, sandbox=True).read_only is read_only

    def test_read_only_must_be_clear(self, places: Places) -> None:
        with pytest.raises(ConfigError, match="PECTUI_READ_ONLY"):
            load(places, {"PECTUI_READ_ONLY": "maybe"}, sandbox=True)

    def test_the_mouse_is_off_over_ssh_unless_asked_for(self, places: Places) -> None:
        assert load(places).mouse
        assert not load(places, {"SSH_CONNECTION": "x"}).mouse
        assert load(places, {"SSH_CONNECTION": "x"}, mouse=True).mouse

    def test_offline_is_for_what_is_remembered(self, places: Places) -> None:
        assert load(places, sandbox=True, offline=True).offline
        assert not load(places, sandbox=True).offline
        with pytest.raises(UsageError, match="--offline and the demo"):
            load(places, demo=True, offline=True)

    def test_the_demos_size(self, places: Places) -> None:
        settings = load(places, demo_messages=0, demo_seed=0)
        assert (settings.demo_messages, settings.demo_seed) == (0, 0)

    def test_the_folders_follow_xdg(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("CONFIG", "CACHE", "STATE"):
            monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
        found = find_places()
        assert found.config_file == tmp_path / "CONFIG" / "pectui" / "config.toml"
        assert found.cache == tmp_path / "CACHE" / "pectui"
        assert found.state == tmp_path / "STATE" / "pectui"
        assert not os.listdir(tmp_path)


class TestThePriceOfARecipient:
    @pytest.mark.parametrize(
        ("written", "price"),
        [("", "0.05"), ("recipient_price = 0.04", "0.04"), ("recipient_price = 0", "0")],
    )
    def test_is_the_standard_plans_unless_the_file_says_another(
        self, written: str, price: str, places: Places
    ) -> None:
        write(places, f'[profiles.a]\nenvironment = "sandbox"\n{written}\n')
        assert profile(places, profile="a").recipient_price == Decimal(price)

    def test_can_be_unknown(self, places: Places) -> None:
        write(places, '[profiles.a]\nenvironment = "sandbox"\nrecipient_price = "unknown"\n')
        assert profile(places, profile="a").recipient_price is None
