"""Every way to get the configuration file wrong, each with the place and with what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from pectui.config import Places
from pectui.configfile import line_of
from pectui.errors import ConfigError
from tests.configuring import load, profile, refused, write


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "config" / "config.toml", tmp_path / "cache", tmp_path / "state")


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
            ("[profiles.a]\ncache_body = false\n", 2, "Did you mean `cache_bodies`?"),
            ("[profiles.a]\nrefresh = 5\n", 2, "Did you mean `refresh_minutes`?"),
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
            'cache_bodies = "no"',
            "cache_bodies = 0",
            "refresh_minutes = -1",
            "refresh_minutes = 1441",
            "refresh_minutes = 0.5",
            "refresh_minutes = false",
            "full_sync_days = 366",
            "full_sync_days = -7",
            "recipient_price = -0.01",
            "recipient_price = nan",
            'recipient_price = "cheap"',
            'full_sync_days = "weekly"',
            'quota_unit = "GB"',
            "quota_unit = 1",
            "quota_warn = 80.5",
            "quota_crit = true",
            "quota_minutes = 1441",
            'other_mailboxes = "Archivio"',
            'other_mailboxes = ["a", 5]',
            'other_mailboxes = [""]',
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

    @pytest.mark.parametrize(
        ("lines", "line", "told"),
        [
            ('quota_warn = "hunter2"', 3, "quota_warn is a percentage or a size"),
            ("quota_crit = 101", 3, "quota_crit is above 100%"),
            ("quota_warn = 91", 3, "quota_warn is above quota_crit"),
            ("quota_crit = 79", 3, "quota_warn is above quota_crit"),
            ('quota_crit = "80%"\nquota_warn = "81%"', 4, "quota_warn is above quota_crit"),
        ],
    )
    def test_thresholds_that_make_no_sense(self, places: Places, lines: str, line: int, told: str) -> None:
        error = refused(places, f'[profiles.a]\nenvironment = "sandbox"\n{lines}\n')
        assert f"line {line}: {told}" in error.title
        assert error.hint
        assert "hunter2" not in f"{error} {error.hint}"

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
