"""Flags over environment over file: which mailbox on which host, and every way to get it wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pectui.config import Environment, Flags, Places, Profile, Settings, find_places, load_settings
from pectui.configfile import line_of
from pectui.domain.quota import QuotaUnit
from pectui.errors import ConfigError, UsageError

READY = {"PECTUI_TOKEN": "t", "PECTUI_USERNAME": "u", "PECTUI_PASSWORD": "p"}

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

[profiles."second"]
environment = "sandbox"

[keys]
delete = "d,delete"
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config" / "config.toml", tmp_path / "cache", tmp_path / "state")


def write(places: Places, text: str) -> Path:
    places.config_file.parent.mkdir(exist_ok=True)
    places.config_file.write_text(text, "utf-8")
    return places.config_file


def load(places: Places, environ: dict[str, str] | None = None, **flags: object) -> Settings:
    return load_settings(Flags(**flags), environ or {}, places)  # type: ignore[arg-type]  # the tests' own flags


def profile(places: Places, environ: dict[str, str] | None = None, **flags: object) -> Profile:
    found = load(places, environ, **flags).profile
    assert found is not None
    return found


def refused(places: Places, text: str) -> ConfigError:
    write(places, text)
    with pytest.raises(ConfigError) as caught:
        load(places)
    assert caught.value.exit_code == 78
    return caught.value


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
        )
        assert settings.keys == {"delete": "d,delete"}
        assert (settings.config_file, settings.other_profiles) == (path, ("office", "second"))

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


class TestWhatIsWrongInTheFile:
    """Each error names the file and the line, and the nearest right key."""

    @pytest.mark.parametrize(
        ("text", "line", "hint"),
        [
            ('defaut_profile = "x"\n', 1, "Did you mean `default_profile`?"),
            (
                '\n# a = 1\n\n[profiles.a]\nenvironment = "sandbox"\nusrname = "x"\n',
                6,
                "Did you mean `username`?",
            ),
            ('[profiles]\na.environment = "sandbox"\na.sendr = "x"\n', 3, "Did you mean `sender`?"),
            ('profiles = { a = { environment = "sandbox", mailbx = "x" } }\n', 1, "Did you mean `mailbox`?"),
            ('[profiles.a]\nenvironment = "sanbox"\n', 2, 'Did you mean "sandbox"?'),
            ('[profiles.a]\ntoken = "hunter2"\n', 2, "Secrets don't belong in this file"),
        ],
    )
    def test_an_unknown_word(self, places: Places, text: str, line: int, hint: str) -> None:
        error = refused(places, text)
        assert f"{places.config_file}, line {line}: " in error.title
        assert hint in error.hint

    @pytest.mark.parametrize(
        "wrong",
        [
            "username = 5",
            'username = ""',
            'username = "a\\u001bb"',
            'read_only = "yes"',
            "concurrency = 0",
            "concurrency = 17",
            "concurrency = true",
            "concurrency = 2.0",
            'quota_unit = "GB"',
            "quota_unit = 1",
            'token_command = "pass show pec"',
            "token_command = []",
            'token_command = ["pass", 1]',
            'password_file = ["x"]',
            'password_file = "~nobody-of-this-name/x"',
            "sender = 2020-01-01",
        ],
    )
    def test_a_wrong_type_or_value(self, places: Places, wrong: str) -> None:
        error = refused(places, f'[profiles.a]\nenvironment = "sandbox"\n\n{wrong}\n')
        assert f"line 4: `{wrong.split(' ')[0]}` must be " in error.title

    def test_a_value_is_never_repeated(self, places: Places) -> None:
        for text in ('[profiles.a]\npassword = "hunter2"\n', '[profiles.a]\ntoken_command = "hunter2"\n'):
            error = refused(places, text)
            assert "hunter2" not in f"{error} {error.hint}"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("a = \n", "line 1"),
            ("[profiles\n", "line 1"),
            ("a = 1\na = 2\n", "line 2"),
            ("profiles = 5\n", "must be a table"),
            ("[profiles]\na = 5\n", "`a` must be a table"),
            ("[keys]\ndelete = 5\n", "line 2: `delete` must be"),
            ("x = " + "[" * 5000, "not valid TOML"),
            ("[profiles.a]\nusername = 'x'\n\n[profiles.b]\nenvironment = 'demo'\n", None),
        ],
    )
    def test_broken_files(self, places: Places, text: str, words: str | None) -> None:
        if words is None:
            write(places, text)
            with pytest.raises(ConfigError, match="line 1: the profile names no environment"):
                load(places, profile="a")
        else:
            assert words in str(refused(places, text))

    def test_bytes_that_are_no_text(self, places: Places) -> None:
        write(places, "")
        places.config_file.write_bytes(b"a = 1\n# perch\xe9\n")
        with pytest.raises(ConfigError, match="line 2: not UTF-8"):
            load(places)

    def test_a_folder_or_a_huge_file_in_its_place(self, places: Places) -> None:
        places.config_file.mkdir(parents=True)
        with pytest.raises(ConfigError, match="can't be read"):
            load(places)
        places.config_file.rmdir()
        write(places, "#" * 1_000_001)
        with pytest.raises(ConfigError, match="too large"):
            load(places)

    def test_a_byte_order_mark_and_carriage_returns_are_fine(self, places: Places) -> None:
        write(places, "")
        places.config_file.write_bytes(b'\xef\xbb\xbfdefault_profile = "demo"\r\n')
        assert profile(places).name == "demo"

    @pytest.mark.parametrize("name", ["../x", "a b", "-a", "a/b", "", "x" * 65])
    def test_a_name_that_no_file_could_have(self, places: Places, name: str) -> None:
        write(places, f'[profiles."{name}"]\nenvironment = "sandbox"\n')
        with pytest.raises(ConfigError, match="line 1: a profile can't be called"):
            load(places)

    @pytest.mark.parametrize(
        ("name", "other"), [("sandbox", "production"), ("production", "sandbox"), ("demo", "sandbox")]
    )
    def test_a_name_that_promises_another_environment(self, places: Places, name: str, other: str) -> None:
        write(places, f'[profiles.{name}]\nenvironment = "{other}"\n')
        with pytest.raises(ConfigError, match="can't be of the environment"):
            load(places, profile=name)

    def test_a_line_is_found_behind_multi_line_values(self) -> None:
        source = 'a = """\nkey = 1\n"""\nb = [\n  1,\n]\n[t]\n"key" = [\n 2\n]\n'
        assert line_of(source, ("t", "key")) == 8
        assert line_of(source, ("t",)) == 7
        assert line_of(source, ("b",)) == 4
        assert line_of(source, ("key",)) is None


class TestBaseUrl:
    """https, or this machine; a token never goes to the other environment's host."""

    @pytest.mark.parametrize(
        ("url", "host"),
        [
            ("https://ws.example", "ws.example"),
            ("https://ws.example:8443/pec/", "ws.example:8443/pec"),
            ("http://localhost:8000", "localhost:8000"),
            ("http://127.0.0.1:8000/", "127.0.0.1:8000"),
            ("http://127.8.9.1", "127.8.9.1"),
            ("http://[::1]:80", "[::1]:80"),
        ],
    )
    def test_what_is_taken(self, places: Places, url: str, host: str) -> None:
        chosen = profile(places, {**READY, "PECTUI_BASE_URL": url})
        assert (chosen.base_url, chosen.custom_base_url, chosen.host) == (url.rstrip("/"), True, host)

    @pytest.mark.parametrize(
        "url",
        [
            "http://ws.example",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://0.0.0.0",
            "http://10.0.0.1",
            "https://user:hunter2@ws.example",
            "https://hunter2@ws.example",
            "http://127.0.0.1@ws.example",
            "https://ws.example?hunter2",
            "https://ws.example/#hunter2",
            "https://ws.example:hunter2",
            "https://",
            "https://:8000",
            "https://[::1",
            "https://ws example",
            "https://wś.example",
            "ftp://ws.example",
            "ws.example",
            "https:ws.example",
            "https://ws.example\\@other.example",
        ],
    )
    def test_what_is_refused_without_being_repeated(self, places: Places, url: str) -> None:
        with pytest.raises(ConfigError) as caught:
            load(places, {**READY, "PECTUI_BASE_URL": url})
        assert "PECTUI_BASE_URL" in caught.value.title
        assert "hunter2" not in f"{caught.value} {caught.value.hint}"

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://test.ws.pecmassiva.com", "production"),
            ("https://TEST.ws.pecmassiva.com.:443/x", "production"),
            ("https://ws.pecmassiva.com", "sandbox"),
        ],
    )
    def test_the_other_environments_host(self, places: Places, url: str, name: str) -> None:
        with pytest.raises(ConfigError, match="a token never goes to the other"):
            load(places, profile=name, base_url=url)

    def test_the_environments_own_host_is_no_custom_one(self, places: Places) -> None:
        chosen = profile(places, profile="production", base_url="https://ws.pecmassiva.com/")
        assert not chosen.custom_base_url

    def test_the_demo_takes_none(self, places: Places) -> None:
        with pytest.raises(UsageError):
            load(places, demo=True, base_url="https://ws.example")

    def test_the_one_of_the_file_is_checked_too(self, places: Places) -> None:
        refused(
            places,
            'default_profile = "a"\n[profiles.a]\nenvironment = "demo"\nbase_url = "https://x.example"\n',
        )
        write(places, '[profiles.a]\nenvironment = "sandbox"\nbase_url = "http://ws.example"\n')
        with pytest.raises(ConfigError, match="base_url of profile a must begin with https"):
            load(places, profile="a")


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
