"""Profiles: flags over environment over file, and errors that show the place."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pectui.config import Flags, Places, Settings, load_settings
from pectui.domain.quota import QuotaUnit
from pectui.environment import Environment, checked_base_url
from pectui.errors import ConfigError, UsageError

SECRETS = {"PECTUI_TOKEN": "t", "PECTUI_USERNAME": "u@pec.example", "PECTUI_PASSWORD": "p"}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "pectui" / "config.toml", tmp_path / "cache", tmp_path / "state")


def written(places: Places, text: str) -> Places:
    places.config_file.parent.mkdir(exist_ok=True)
    places.config_file.write_text(text)
    return places


def load(places: Places, environ: dict[str, str] | None = None, **flags: object) -> Settings:
    return load_settings(Flags(**flags), environ or {}, places)  # type: ignore[arg-type]  # whatever a test needs


class TestWhichProfile:
    """Who chooses."""

    def test_nothing_chooses_where_nothing_is_set(self, places: Places) -> None:
        assert load(places).profile is None

    def test_production_if_its_secrets_are_there(self, places: Places) -> None:
        profile = load(places, SECRETS).profile
        assert profile is not None
        assert (profile.name, profile.base_url) == ("production", "https://ws.pecmassiva.com")

    @pytest.mark.parametrize("missing", list(SECRETS))
    def test_but_not_if_one_is_missing(self, places: Places, missing: str) -> None:
        assert load(places, {name: v for name, v in SECRETS.items() if name != missing}).profile is None

    def test_the_vendors_own_variable_counts_as_a_token(self, places: Places) -> None:
        environ = {**SECRETS, "OPENAPI_TOKEN": "t", "PECTUI_TOKEN": ""}
        assert load(places, environ).profile is not None

    def test_the_sandbox_by_a_flag(self, places: Places) -> None:
        profile = load(places, SECRETS, sandbox=True).profile
        assert profile is not None
        assert (profile.environment, profile.host) == (Environment.SANDBOX, "test.ws.pecmassiva.com")

    def test_flag_over_variable_over_file(self, places: Places) -> None:
        written(
            places,
            'default_profile = "one"\n'
            + "".join(f'[profiles.{name}]\nenvironment = "sandbox"\n' for name in ("one", "two", "three")),
        )
        names = [
            load(places).profile,
            load(places, {"PECTUI_PROFILE": "two"}).profile,
            load(places, {"PECTUI_PROFILE": "two"}, profile="three").profile,
        ]
        assert [profile and profile.name for profile in names] == ["one", "two", "three"]

    def test_two_flags_that_choose_are_wrong_usage(self, places: Places) -> None:
        with pytest.raises(UsageError, match="don't go together"):
            load(places, sandbox=True, demo=True)

    def test_an_unknown_profile_is_told_with_the_nearest(self, places: Places) -> None:
        with pytest.raises(ConfigError) as caught:
            load(places, profile="prodction")
        assert "production" in caught.value.hint


class TestBaseUrl:
    """Where the mailbox's password may go."""

    @pytest.mark.parametrize(
        "url",
        [
            "https://pec.example",
            "https://pec.example:8443/v1/",
            "http://127.0.0.1:8080",
            "http://[::1]:80",
            "http://localhost:1",
        ],
    )
    def test_allowed(self, places: Places, url: str) -> None:
        profile = load(places, SECRETS, base_url=url).profile
        assert profile is not None
        assert profile.base_url == url.rstrip("/")
        assert profile.custom_base_url

    @pytest.mark.parametrize(
        "url",
        [
            "http://pec.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "https://user:password@pec.example",
            "https://pec.example/?q=1",
            "https://pec.example/#x",
            "ftp://pec.example",
            "pec.example",
            "https://",
            "https://pec.example:99999",
        ],
    )
    def test_refused_without_repeating_it(self, places: Places, url: str) -> None:
        with pytest.raises(ConfigError) as caught:
            load(places, SECRETS, base_url=url)
        assert "password@" not in str(caught.value)

    def test_a_token_never_goes_to_the_other_environment(self, places: Places) -> None:
        with pytest.raises(ConfigError, match="sandbox host"):
            load(places, SECRETS, base_url="https://test.ws.pecmassiva.com")
        with pytest.raises(ConfigError, match="production host"):
            load(places, SECRETS, sandbox=True, base_url="https://WS.pecmassiva.com.")

    @given(st.text())
    def test_anything_is_taken_or_refused_in_words(self, url: str) -> None:
        with suppress(ConfigError):
            assert checked_base_url(url, "--base-url", Environment.PRODUCTION).startswith("http")


class TestTheFile:
    """`config.toml`."""

    def test_everything_it_may_say(self, places: Places) -> None:
        written(
            places,
            """
            default_profile = "comune"
            [profiles.comune]
            environment = "production"
            username = "u"
            sender = "Ufficio@PEC.example"
            mailbox = "INBOX/Archivio"
            token_command = ["pass", "pec/token"]
            password_command = ["pass", "pec/password"]
            base_url = "https://pec.example"
            read_only = true
            quota_unit = "MB"
            concurrency = 2
            """,
        )
        profile = load(places).profile
        assert profile is not None
        assert profile.token_command == ("pass", "pec/token")
        assert profile.own_addresses == {"ufficio@pec.example"}
        assert (profile.read_only, profile.quota_unit, profile.concurrency) == (True, QuotaUnit.MB, 2)
        assert (profile.mailbox, profile.base_url) == ("INBOX/Archivio", "https://pec.example")

    @pytest.mark.parametrize(
        ("text", "place", "words"),
        [
            ('[profiles.a]\nenvironment = "sandbox"\nusrname = "x"', ":3", "username"),
            ('[profiles.a]\nenvironment = "sandbox"\nread_only = "yes"', ":3", "read_only"),
            ('[profiles.a]\nenvironment = "prod"', ":2", "production"),
            ("default_profil = 'x'", ":1", "default_profile"),
            ("this is no TOML", " is not valid TOML", "line 1"),
            ('[profiles.a]\nenvironment = "sandbox"\ntoken = "s3cret"', ":3", ""),
        ],
    )
    def test_errors_name_file_and_line_and_the_right_key(
        self, places: Places, text: str, place: str, words: str
    ) -> None:
        written(places, text)
        with pytest.raises(ConfigError) as caught:
            load(places, profile="a")
        told = f"{caught.value} {caught.value.hint}"
        assert f"config.toml{place}" in told.replace("toml, line ", "toml:")
        assert words in told
        assert "s3cret" not in told

    def test_a_file_that_was_named_must_be_there(self, places: Places, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="no configuration file"):
            load(places, config=str(tmp_path / "nowhere.toml"))

    def test_the_environment_wins_over_it(self, places: Places) -> None:
        written(
            places, '[profiles.a]\nenvironment = "sandbox"\nusername = "file"\nbase_url = "https://a.example"'
        )
        profile = load(
            places, {"PECTUI_USERNAME": "env", "PECTUI_BASE_URL": "https://b.example"}, profile="a"
        ).profile
        assert profile is not None
        assert (profile.username, profile.base_url) == ("env", "https://b.example")
