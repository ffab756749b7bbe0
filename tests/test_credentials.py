"""Where secrets are looked for, in which order, and that no text ever holds one."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import pectui.credentials
from pectui.config import Environment, Profile
from pectui.credentials import Redactor, Secrets, find_secrets, redactor
from pectui.errors import ConfigError

SECRET = "hunter2-do-not-tell"


def says(code: str) -> tuple[str, ...]:
    """A command that runs a line of Python."""
    return (sys.executable, "-c", code)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(
        name="office",
        environment=Environment.PRODUCTION,
        base_url="https://ws.pecmassiva.com",
        username="u",
        token_file=tmp_path / "office.token",
        password_file=tmp_path / "office.password",
    )


def keep(path: Path | None, text: str | bytes, mode: int = 0o600) -> None:
    assert path is not None
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)


def refused(profile: Profile, environ: dict[str, str]) -> ConfigError:
    """The error, after a look that it doesn't hold the secret."""
    with pytest.raises(ConfigError) as caught:
        find_secrets(profile, environ, prompt=None)
    assert SECRET not in f"{caught.value!r} {caught.value} {caught.value.hint}"
    assert caught.value.exit_code == 78
    return caught.value


class TestTheOrder:
    """Environment, command, file, prompt: the first place that has it wins, and is remembered."""

    def test_the_environment_comes_first(self, profile: Profile) -> None:
        keep(profile.token_file, "from-file")
        profile = replace(profile, token_command=says("print('from-command')"))
        environ = {"PECTUI_TOKEN": "from-variable", "PECTUI_PASSWORD": "p"}
        secrets = find_secrets(profile, environ, prompt=None)
        assert (secrets.token, secrets.token_from) == ("from-variable", "the variable PECTUI_TOKEN")

    def test_then_the_command(self, profile: Profile) -> None:
        keep(profile.password_file, "from-file")
        command = says("print('from-command'); print('second line')")
        profile = replace(profile, password_command=command)
        secrets = find_secrets(profile, {"PECTUI_TOKEN": "t", "PECTUI_PASSWORD": ""}, prompt=None)
        assert secrets.password == "from-command"
        assert secrets.password_from == f"password_command ({sys.executable})"

    def test_then_the_file(self, profile: Profile) -> None:
        keep(profile.token_file, "t-from-file\n")
        keep(profile.password_file, " p with blanks \r\nnot this\n")
        secrets = find_secrets(profile, {}, prompt=lambda question: pytest.fail(question))
        assert (secrets.token, secrets.password) == ("t-from-file", " p with blanks ")
        assert secrets.password_from == f"the file {profile.password_file}"

    def test_then_a_person(self, profile: Profile) -> None:
        asked: list[str] = []

        def prompt(question: str) -> str:
            asked.append(question)
            return "typed"

        secrets = find_secrets(profile, {"PECTUI_PASSWORD": "p"}, prompt=prompt)
        assert (secrets.token, secrets.token_from) == ("typed", "the prompt")
        assert asked == ["Token of the profile office: "]

    def test_else_an_error_that_says_where_it_could_be(self, profile: Profile) -> None:
        error = refused(profile, {"PECTUI_TOKEN": SECRET})
        assert error.title == "The profile office has no password"
        assert error.hint == (
            f"Set PECTUI_PASSWORD, or add `password_command` to the profile, "
            f"or write it to {profile.password_file} (mode 0600)."
        )

    @pytest.mark.parametrize(
        ("environment", "variable"),
        [(Environment.PRODUCTION, "OPENAPI_TOKEN"), (Environment.SANDBOX, "OPENAPI_SANDBOX_TOKEN")],
    )
    def test_a_token_of_the_other_environment_is_never_taken(
        self, profile: Profile, environment: Environment, variable: str
    ) -> None:
        profile = replace(profile, environment=environment)
        environ = {"OPENAPI_TOKEN": "for-one", "OPENAPI_SANDBOX_TOKEN": "for-other", "PECTUI_PASSWORD": "p"}
        secrets = find_secrets(profile, environ, prompt=None)
        assert secrets.token == environ[variable]
        del environ[variable]
        refused(profile, environ)

    def test_without_a_user_name_nothing_is_looked_for(self, profile: Profile) -> None:
        profile = replace(profile, username="", token_command=says("open('/dev/full', 'w').write('x')"))
        assert "PECTUI_USERNAME" in refused(profile, {}).hint


class TestCommands:
    """`token_command` and `password_command`: no shell, no chatter, no secrets in errors."""

    @pytest.mark.parametrize(
        ("code", "why"),
        [
            (f"import sys; print('{SECRET}'); print('{SECRET}', file=sys.stderr); sys.exit(3)", "status 3"),
            ("import os; os.kill(os.getpid(), 15)", "status -15"),
            ("pass", "nothing is there"),
            (f"print(); print('{SECRET}')", "nothing is there"),
            (f"import sys; sys.stdout.buffer.write(b'\\xe9{SECRET}')", "not UTF-8"),
            (f"print('{SECRET}\\x07')", "control characters"),
        ],
    )
    def test_one_that_fails(
        self, profile: Profile, code: str, why: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        profile = replace(profile, password_command=says(code))
        error = refused(profile, {"PECTUI_TOKEN": "t"})
        assert why in error.detail
        assert f"password_command ({sys.executable})" in error.title
        assert "".join(capfd.readouterr()) == ""

    @pytest.mark.parametrize("program", ["/nonexistent/pass", "/etc/passwd", "/"])
    def test_one_that_cannot_be_started(self, profile: Profile, program: str) -> None:
        profile = replace(profile, token_command=(program, SECRET))
        assert f"token_command ({program})" in refused(profile, {}).title

    def test_one_that_hangs(self, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pectui.credentials, "COMMAND_TIMEOUT", 0.2)
        profile = replace(
            profile, token_command=says(f"import time; print('{SECRET}', flush=True); time.sleep(60)")
        )
        assert "longer than" in refused(profile, {}).detail

    def test_its_words_are_no_shell(self, profile: Profile, tmp_path: Path) -> None:
        witness = tmp_path / "witness"
        command = ("echo", f"$(touch {witness}); touch {witness}")
        profile = replace(profile, password_command=command)
        secrets = find_secrets(profile, {"PECTUI_TOKEN": "t", "PATH": os.environ["PATH"]}, prompt=None)
        assert secrets.password == command[1]
        assert not witness.exists()


class TestFiles:
    """A file that only its owner can read."""

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o610])
    def test_one_that_others_may_touch_is_refused(self, profile: Profile, mode: int) -> None:
        keep(profile.token_file, SECRET, mode)
        error = refused(profile, {})
        assert error.detail == "others may read it"
        assert error.hint == f"Run: chmod 600 '{profile.token_file}'"

    @pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
    def test_ones_that_are_fine(self, profile: Profile, mode: int) -> None:
        keep(profile.token_file, SECRET, mode)
        secrets = find_secrets(profile, {"PECTUI_PASSWORD": "p"}, prompt=None)
        assert secrets.token == SECRET

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
    def test_one_that_belongs_to_another_is_refused(self, profile: Profile) -> None:
        keep(profile.token_file, SECRET)
        assert profile.token_file is not None
        os.chown(profile.token_file, 12345, 12345)
        assert refused(profile, {}).detail == "it belongs to another user"

    def test_folders_and_pipes_are_refused_at_once(self, profile: Profile) -> None:
        assert profile.token_file is not None
        profile.token_file.mkdir()
        assert refused(profile, {}).detail == "it is no ordinary file"
        profile.token_file.rmdir()
        os.mkfifo(profile.token_file, 0o600)
        assert refused(profile, {}).detail == "it is no ordinary file"

    @pytest.mark.parametrize(
        ("text", "why"), [("", "nothing"), ("\n" + SECRET, "nothing"), (b"\xff" + SECRET.encode(), "UTF-8")]
    )
    def test_what_cannot_be_used(self, profile: Profile, text: str | bytes, why: str) -> None:
        keep(profile.token_file, text)
        assert why in refused(profile, {}).detail

    def test_a_link_leads_to_the_file(self, profile: Profile, tmp_path: Path) -> None:
        keep(tmp_path / "elsewhere", SECRET)
        assert profile.token_file is not None
        profile.token_file.symlink_to(tmp_path / "elsewhere")
        assert find_secrets(profile, {"PECTUI_PASSWORD": "p"}, prompt=None).token == SECRET


class TestWhatNoRequestCouldCarry:
    """Refused before anything is sent, in words."""

    @pytest.mark.parametrize(
        ("token", "why"),
        [
            (f"Bearer {SECRET}", "begins with `Bearer`"),
            (f"{SECRET} x", "no token has"),
            (f"{SECRET}é", "no token has"),
            (f"{SECRET}\nx", "no token has"),
            (f"{SECRET}\udce9", "no token has"),
        ],
    )
    def test_tokens(self, profile: Profile, token: str, why: str) -> None:
        assert why in refused(profile, {"PECTUI_TOKEN": token}).detail

    def test_passwords(self, profile: Profile) -> None:
        environ = {"PECTUI_TOKEN": "t", "PECTUI_PASSWORD": f"{SECRET}\n"}
        assert "control characters" in refused(profile, environ).detail
        environ["PECTUI_PASSWORD"] = " perché no? "
        assert find_secrets(profile, environ, prompt=None).password == " perché no? "


class TestSecrecy:
    """`repr` shows ***, and what the process has found is known to the redactor."""

    def test_no_repr_holds_one(self) -> None:
        secrets = Secrets(SECRET, SECRET, "the variable X", "the prompt")
        for text in (repr(secrets), str(secrets), f"{secrets}", f"{[secrets]}", repr((secrets,))):
            assert SECRET not in text
            assert "***" in text

    def test_an_unusable_one_is_learnt_too(self, profile: Profile) -> None:
        refused(profile, {"PECTUI_TOKEN": f"{SECRET} with a blank"})
        assert SECRET not in redactor.redact(f"x {SECRET} with a blank y")

    def test_what_was_found_is_learnt(self, profile: Profile) -> None:
        find_secrets(profile, {"PECTUI_TOKEN": "tok-5591", "PECTUI_PASSWORD": "pa ss-5592"}, prompt=None)
        left = redactor.redact("tok-5591 | pa ss-5592 | pa+ss-5592 | pa%20ss-5592")
        assert "559" not in left


class TestRedactor:
    """Secrets in any of the shapes that texts give them."""

    def test_it_knows_the_usual_shapes(self) -> None:
        secret = 'p"à\\s/s w+rd'
        known = Redactor()
        known.learn(secret)
        for shape in (secret, json.dumps(secret), repr(secret), quote_plus(secret), repr(secret.encode())):
            assert "w+rd" not in known.redact(shape)
            assert "w%2Brd" not in known.redact(shape)

    def test_a_bearer_is_hidden_without_being_known(self) -> None:
        assert Redactor().redact("{'authorization': 'Bearer abc.def'}") == "{'authorization': 'Bearer ***'}"

    def test_the_longer_of_two_is_hidden_whole(self) -> None:
        known = Redactor()
        known.learn("abc", "abcdef")
        assert known.redact("abcdef abc") == "*** ***"

    def test_nothing_learnt_changes_nothing(self) -> None:
        known = Redactor()
        known.learn("", "")
        assert known.redact("as it was") == "as it was"

    def test_its_repr_holds_none(self) -> None:
        known = Redactor()
        known.learn(SECRET)
        assert SECRET not in repr(known)

    @given(st.text(min_size=1), st.text(), st.text())
    @example("\ud800", "", "")
    @example(".*", "a", "b")
    def test_a_learnt_secret_is_never_left(self, secret: str, before: str, after: str) -> None:
        known = Redactor()
        known.learn(secret)
        if secret not in "***":
            assert secret not in known.redact(before + secret + after).replace("***", "")
