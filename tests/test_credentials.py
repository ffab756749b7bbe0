"""Where secrets come from, and that they never show."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pectui.config import Profile
from pectui.credentials import Redactor, find_secrets
from pectui.environment import Environment
from pectui.errors import ConfigError


def profile(tmp_path: Path, **more: object) -> Profile:
    values = {
        "token_file": tmp_path / "p.token",
        "password_file": tmp_path / "p.password",
        "username": "u",
        **more,
    }
    return Profile("p", Environment.SANDBOX, "https://pec.example", **values)  # type: ignore[arg-type]  # whatever a test needs


def printing(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; sys.stdout.write({text!r})")


def private(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_text(text)
    path.chmod(mode)


class TestTheOrder:
    """Environment, command, file, prompt."""

    def test_each_place_in_turn(self, tmp_path: Path) -> None:
        environ = {"PECTUI_TOKEN": "from-environment", "PECTUI_PASSWORD": "x"}
        commands = {"token_command": printing("from-command\nmore"), "password_command": printing("x")}
        private(tmp_path / "p.token", "from-file\n")
        private(tmp_path / "p.password", "x")
        by_command = profile(tmp_path, **commands)
        assert find_secrets(by_command, environ, prompt=None).token == "from-environment"
        assert find_secrets(by_command, {}, prompt=None).token == "from-command"
        assert find_secrets(profile(tmp_path), {}, prompt=None).token == "from-file"
        (tmp_path / "p.token").unlink()
        assert find_secrets(profile(tmp_path), {}, prompt=lambda question: "typed").token == "typed"

    def test_the_vendors_variable_of_the_same_environment_only(self, tmp_path: Path) -> None:
        environ = {"OPENAPI_TOKEN": "production's", "OPENAPI_SANDBOX_TOKEN": "ours", "PECTUI_PASSWORD": "x"}
        assert find_secrets(profile(tmp_path), environ, prompt=None).token == "ours"

    def test_where_it_came_from_is_remembered_in_words(self, tmp_path: Path) -> None:
        secrets = find_secrets(
            profile(tmp_path), {"PECTUI_TOKEN": "t0ken", "PECTUI_PASSWORD": "x"}, prompt=None
        )
        assert secrets.token_from == "the variable PECTUI_TOKEN"

    def test_a_password_keeps_its_blanks(self, tmp_path: Path) -> None:
        secrets = find_secrets(
            profile(tmp_path), {"PECTUI_TOKEN": " t ", "PECTUI_PASSWORD": " p "}, prompt=None
        )
        assert (secrets.token, secrets.password) == ("t", " p ")


class TestRefusing:
    """What can't be used is said, and never shown."""

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
    def test_a_file_that_others_may_read(self, tmp_path: Path, mode: int) -> None:
        private(tmp_path / "p.token", "s3cret", mode)
        with pytest.raises(ConfigError) as caught:
            find_secrets(profile(tmp_path), {"PECTUI_PASSWORD": "x"}, prompt=None)
        assert "chmod 600" in caught.value.hint
        assert "s3cret" not in str(caught.value)

    def test_a_command_that_fails(self, tmp_path: Path) -> None:
        command = (sys.executable, "-c", "print('s3cret'); raise SystemExit(3)")
        with pytest.raises(ConfigError, match="status 3") as caught:
            find_secrets(profile(tmp_path, token_command=command), {"PECTUI_PASSWORD": "x"}, prompt=None)
        assert "s3cret" not in str(caught.value) + caught.value.hint

    @pytest.mark.parametrize("token", ["Bearer s3cret", "s3\ncret\x00", "s3 cret", "s3crèt"])
    def test_what_no_header_can_carry(self, tmp_path: Path, token: str) -> None:
        with pytest.raises(ConfigError) as caught:
            find_secrets(profile(tmp_path), {"PECTUI_TOKEN": token, "PECTUI_PASSWORD": "x"}, prompt=None)
        assert "s3" not in str(caught.value) + caught.value.hint

    def test_nothing_anywhere(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            find_secrets(profile(tmp_path), {}, prompt=None)
        assert "OPENAPI_SANDBOX_TOKEN" in caught.value.hint

    def test_no_user_name(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="no user name"):
            find_secrets(profile(tmp_path, username=""), {}, prompt=None)


class TestSecrecy:
    """A secret shows nowhere."""

    def test_a_repr_hides_it(self, tmp_path: Path) -> None:
        secrets = find_secrets(
            profile(tmp_path), {"PECTUI_TOKEN": "t0ken", "PECTUI_PASSWORD": "pa55"}, prompt=None
        )
        assert repr(secrets) == "Secrets(token=***, password=***)"

    @pytest.mark.parametrize("secret", ["pa55 w/ord", 'qu"ote', "perché", "a+b%"])
    def test_the_redactor_knows_every_shape(self, secret: str) -> None:
        import json
        from urllib.parse import quote, quote_plus

        redactor = Redactor()
        redactor.learn(secret)
        for shape in (secret, quote(secret), quote_plus(secret), json.dumps(secret), repr(secret)):
            assert secret not in redactor.redact(f"before {shape} after")
            assert "***" in redactor.redact(f"before {shape} after")
        assert redactor.redact("Authorization: Bearer abc.def") == "Authorization: Bearer ***"
